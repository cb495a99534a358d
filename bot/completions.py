"""The way to an OpenAI-compatible API: one completion, whole and small and in time, or a reason why not."""

import asyncio
import json
import threading
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

import httpx

from bot.rewriting import Model, ModelError

_LARGEST_BODY = 64 * 1024
_LONGEST_DRAFT = 4000
_GRACE_SECONDS = 0.5
_THOUGHT_ENDS = "</think>"


class Connections:
    """Connections to the model, held by an event loop of their own: only there a request ends when its time is over."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._client: httpx.AsyncClient | None = None

    def ask(self, messages: list[dict[str, str]], most_tokens: int) -> str:
        """The text of one completion; raises ``ModelError`` for everything else, at the latest when time is over."""
        body = {
            "model": self._model.name,
            "messages": messages,
            "temperature": 0.2,
            "max_tokens": most_tokens,
            "stream": False,
        }
        asking: Future[str] = asyncio.run_coroutine_threadsafe(self._asked(body), self._running())
        try:
            return asking.result(self._model.seconds + _GRACE_SECONDS)
        except TimeoutError as late:
            asking.cancel()
            raise ModelError("超时") from late

    def close(self) -> None:
        """End the loop; what is still being asked is dropped."""
        with self._lock:
            if self._loop is None or self._thread is None:
                return
            with suppress(TimeoutError):
                asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result(_GRACE_SECONDS)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(_GRACE_SECONDS)
            if not self._thread.is_alive():
                self._loop.close()
            self._loop = self._thread = None

    def _running(self) -> asyncio.AbstractEventLoop:
        """The loop, started when it is first needed: a deployment that never asks has no extra thread."""
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name="rewriting", daemon=True)
                self._thread.start()
            return self._loop

    async def _asked(self, body: dict[str, Any]) -> str:
        try:
            async with asyncio.timeout(self._model.seconds):
                return _text(await self._posted(body))
        except (TimeoutError, httpx.TimeoutException) as late:
            raise ModelError("超时") from late
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as broken:
            raise ModelError(f"连不上（{type(broken).__name__}）") from broken

    async def _posted(self, body: dict[str, Any]) -> bytes:
        headers = {"accept": "application/json", "accept-encoding": "identity"}
        if self._model.key:
            headers["authorization"] = f"Bearer {self._model.key}"
        read = b""
        async with self._opened().stream("POST", self._model.endpoint, json=body, headers=headers) as answer:
            if answer.status_code != httpx.codes.OK:
                raise ModelError(f"状态码 {answer.status_code}")
            async for piece in answer.aiter_raw():
                read += piece
                if len(read) > _LARGEST_BODY:
                    raise ModelError("回答太大")
        return read

    def _opened(self) -> httpx.AsyncClient:
        if self._client is None:
            # The question goes to the address that was set and nowhere else: no proxies, no redirects.
            self._client = httpx.AsyncClient(timeout=self._model.seconds, trust_env=False)
        return self._client

    async def _shut(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()
            self._client = None


def _text(body: bytes) -> str:
    """The words of a completion, without what a model thought aloud."""
    try:
        said = json.loads(body)["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError) as broken:
        raise ModelError("不是约定的格式") from broken
    if not isinstance(said, str):
        raise ModelError("不是约定的格式")
    return said.rpartition(_THOUGHT_ENDS)[2].strip()[:_LONGEST_DRAFT]
