"""One turn for the web: the synchronous middle is asked from a thread, the answer comes back whole or streamed."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import structlog
from starlette.concurrency import run_in_threadpool

from bot.channels.webchat.errors import RefusedError
from bot.core.errors import NiangjiaError
from bot.core.messages import InboundMessage, Reply

_log = structlog.get_logger(__name__)
_HEARTBEAT_SECONDS = 15.0
_TROUBLE = 503

Receive = Callable[[InboundMessage], tuple[Reply, ...]]


async def replies(receive: Receive, message: InboundMessage) -> tuple[Reply, ...]:
    """The replies to ``message``; raises ``RefusedError`` with a sentence when there are none."""
    try:
        return await run_in_threadpool(receive, message)
    except NiangjiaError as known:
        raise RefusedError(_TROUBLE, str(known)) from known
    except Exception as unknown:  # around one page: people get a sentence, the log gets the traceback
        _log.exception("web turn failed", kind=message.kind.value)
        raise RefusedError(_TROUBLE, "刚才出了点问题，没有答上来。你写的内容还在，请再试一次。") from unknown


async def events(
    receive: Receive, message: InboundMessage, seen: int = 0, heartbeat: float = _HEARTBEAT_SECONDS
) -> AsyncIterator[str]:
    """The same as server-sent events; the first ``seen`` replies reached the reader before the line broke."""
    turn = asyncio.create_task(_settled(receive, message))
    yield _event(0, "typing", {})
    while not (await asyncio.wait({turn}, timeout=heartbeat))[0]:
        yield ": 还在找\n\n"
    settled = turn.result()
    if isinstance(settled, RefusedError):
        yield _event(0, "error", {"error": str(settled)})
        return
    for number, reply in enumerate(settled, start=1):
        if number > seen:
            yield _event(number, "reply", reply.to_dict())
    yield _event(len(settled) + 1, "done", {})


async def _settled(receive: Receive, message: InboundMessage) -> tuple[Reply, ...] | RefusedError:
    """A value either way: nobody may be left to take an exception when the reader has gone."""
    try:
        return await replies(receive, message)
    except RefusedError as refused:
        return refused


def _event(number: int, name: str, data: dict[str, Any]) -> str:
    return f"id: {number}\nevent: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
