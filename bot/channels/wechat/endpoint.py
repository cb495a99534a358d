"""The webhook at /wechat, written against bare ASGI because every message of every follower passes here.

Answers of the five-second rule: an attempt waits ``answer_within`` seconds. If the answer is not there by then, an
account with customer-service permission hands it over to a later delivery and says ``success``. Any other account
leaves attempts 1 and 2 hanging, so that the platform drops them and tries again, and uses attempt 3 for the answer or
for a holding sentence. Each attempt that is still open gets the same bytes: the platform reads one of them, and tries
again only when it read none, so an answer cannot reach the person twice; the only way to send it twice would be a
passive reply beside a later delivery, and handing over rules that out.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

import structlog
from fastapi import APIRouter, FastAPI
from starlette.routing import Route
from starlette.types import Receive as Incoming
from starlette.types import Scope, Send

from bot.channels.wechat import inbound, render
from bot.channels.wechat.account import Account, Later, Receive
from bot.channels.wechat.crypto import BrokenCipherError, Codec, ForeignAppError, is_genuine
from bot.channels.wechat.inbound import Push
from bot.channels.wechat.work import Work, Workroom, outline
from bot.core.clock import Clock

_log = structlog.get_logger(__name__)
HOLDING = "这个问题要多查一会儿。请过一分钟再问一次{page}。"
"""What the last attempt says when the answer is still being worked on."""
_HOLDING_PAGE = "，或在{link}上问"
_LARGEST_BODY = 64 * 1024
_LARGEST_READ = 1024 * 1024
"""A sender of more than the limit is read to here, so that it can hear why it was refused."""
_LONGEST_QUERY = 4096
_LAST_ATTEMPT = 3
_ATTEMPT_SECONDS = 5
_HELD_TIMES = 2.0
"""Held attempts end after this many times ``answer_within``; the platform has gone long before."""
_YOUNG = 60
"""A message older than this says nothing about which attempt this is: its time is not to be believed."""


@dataclass(frozen=True, slots=True)
class _Answer:
    status: HTTPStatus = HTTPStatus.OK
    body: bytes = b""
    media: bytes = b"text/plain; charset=utf-8"


_SUCCESS = _Answer(body=b"success")
_FORBIDDEN = _Answer(HTTPStatus.FORBIDDEN)
_TOO_LARGE = _Answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
_XML = b"application/xml; charset=utf-8"


def router(account: Account, receive: Receive, clock: Clock, later: Later | None = None) -> APIRouter:
    """The webhook at /wechat; ``later`` delivers answers that miss the five seconds, where the account may."""
    room = Workroom(receive, later, account.threads)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await room.close()

    routes = APIRouter(lifespan=lifespan)
    routes.routes.append(Route("/wechat", Endpoint(account, room, clock), methods=["GET", "POST"]))
    return routes


class Endpoint:
    """Proves that a request is genuine, reads it, has it answered, and seals the answer."""

    def __init__(self, account: Account, room: Workroom, clock: Clock) -> None:
        self._account = account
        self._room = room
        self._clock = clock
        self._token = account.token.encode()
        self._codec = Codec(account.token, account.aes_key, account.app_id) if account.aes_key else None

    async def __call__(self, scope: Scope, receive: Incoming, send: Send) -> None:
        """One request."""
        query = _query(scope["query_string"])
        if scope["method"] == "POST":
            answer = await self._pushed(query, receive)
        else:
            answer = self._checked(query)
        headers = [
            (b"content-type", answer.media),
            (b"content-length", b"%d" % len(answer.body)),
            (b"x-content-type-options", b"nosniff"),
        ]
        await send({"type": "http.response.start", "status": answer.status.value, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})

    def _checked(self, query: dict[bytes, bytes]) -> _Answer:
        """The address check: the echo goes back as it came."""
        if not self._is_fresh(query) or not self._is_signed(query):
            return _refused("signature or time", _FORBIDDEN)
        return _Answer(body=query.get(b"echostr", b""))

    async def _pushed(self, query: dict[bytes, bytes], receive: Incoming) -> _Answer:
        if not self._is_fresh(query):
            return _refused("time", _FORBIDDEN)
        if (query.get(b"encrypt_type") == b"aes") != (self._codec is not None):
            return _refused("mode", _FORBIDDEN)
        if self._codec is None and not self._is_signed(query):
            return _refused("signature", _FORBIDDEN)
        body = await _body(receive)
        if body is None:
            return _refused("size", _TOO_LARGE)
        if self._codec is None:
            return await self._answered(body, receive)
        sealed = self._sealed(query, inbound.legible(body))
        if sealed is None:
            return _refused("signature", _FORBIDDEN)
        try:
            return await self._answered(self._codec.open(sealed), receive)
        except ForeignAppError:
            return _refused("app id", _FORBIDDEN)
        except BrokenCipherError:
            return _refused("cipher", _SUCCESS)

    async def _answered(self, clear: bytes, receive: Incoming) -> _Answer:
        """What a genuine request gets; from here on nothing in it can lead to a fault the platform sees."""
        try:
            push = inbound.read(clear)
            content = await self._content(push, receive)
            if not content:
                return _SUCCESS
            now = int(self._clock.now().timestamp())
            answer = render.xml(push, content, now)
            return _Answer(body=self._codec.seal(answer, now) if self._codec else answer, media=_XML)
        except Exception as failure:  # noqa: BLE001 - around one turn: the platform must not see a fault
            _log.warning("message not understood", channel="wechat", **outline(failure))
            return _SUCCESS

    async def _content(self, push: Push, receive: Incoming) -> str:
        """The text to answer with on this connection; empty for none."""
        work = self._room.attend(push.message) if push.message else None
        if work is None:
            return ""
        attempt = max(work.attempts, self._attempt_by_age(push))
        if not await work.wait(self._account.answer_within) and not self._room.hand_over(work):
            if attempt >= _LAST_ATTEMPT and not work.done.done():
                return self._holding()
            await self._hold(work, receive)
        return render.passive(work.replies or (), self._account.public_url)

    async def _hold(self, work: Work, receive: Incoming) -> None:
        """Leave the connection unanswered until the answer is there or the platform has dropped it."""
        gone = asyncio.ensure_future(_gone(receive))
        try:
            await work.wait(self._account.answer_within * (_HELD_TIMES - 1), gone)
        finally:
            gone.cancel()

    def _holding(self) -> str:
        url = self._account.public_url
        page = _HOLDING_PAGE.format(link=render.link(url, "/", "网页")) if url else ""
        return HOLDING.format(page=page)

    def _attempt_by_age(self, push: Push) -> int:
        """Which attempt this must be by the message's age; counts rightly after a restart and on several machines."""
        age = self._clock.now().timestamp() - push.created
        return 1 + int(age) // _ATTEMPT_SECONDS if 0 <= age < _YOUNG else 1

    def _is_signed(self, query: dict[bytes, bytes]) -> bool:
        parts = (self._token, query.get(b"timestamp", b""), query.get(b"nonce", b""))
        return is_genuine(query.get(b"signature", b""), *parts)

    def _sealed(self, query: dict[bytes, bytes], body: bytes) -> bytes | None:
        """The encrypted text in ``body`` that the query's signature vouches for."""
        given = query.get(b"msg_signature", b"")
        parts = (self._token, query.get(b"timestamp", b""), query.get(b"nonce", b""))
        return next((text for text in inbound.sealed(body) if is_genuine(given, *parts, text)), None)

    def _is_fresh(self, query: dict[bytes, bytes]) -> bool:
        stamp = query.get(b"timestamp", b"")
        if not stamp.isdigit() or len(stamp) > 13:
            return False
        seconds = int(stamp)
        if len(stamp) == 13 and self._account.millisecond_timestamps:
            seconds //= 1000
        return abs(self._clock.now().timestamp() - seconds) <= self._account.clock_window


async def _body(receive: Incoming) -> bytes | None:
    """The request's body; None when it is larger than allowed, or never arrived whole."""
    chunks: list[bytes] = []
    size = 0
    while size <= _LARGEST_READ:
        event = await receive()
        if event["type"] == "http.disconnect":
            return None
        chunk = event.get("body", b"")
        size += len(chunk)
        if size <= _LARGEST_BODY:
            chunks.append(chunk)
        if not event.get("more_body", False):
            return b"".join(chunks) if size <= _LARGEST_BODY else None
    return None


async def _gone(receive: Incoming) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _query(raw: bytes) -> dict[bytes, bytes]:
    """The parameters byte for byte; nothing when they are too long to be genuine."""
    if len(raw) > _LONGEST_QUERY:
        return {}
    pairs = (pair.partition(b"=") for pair in raw.split(b"&"))
    return {
        name: unquote_to_bytes(value.replace(b"+", b" ")) if b"%" in value or b"+" in value else value
        for name, _, value in pairs
    }


def _refused(reason: str, answer: _Answer) -> _Answer:
    _log.warning("request refused", channel="wechat", reason=reason, status=answer.status.value)
    return answer
