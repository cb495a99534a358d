"""Mutated requests against the webhook: ``python -m tests.fuzz_wechat --count 10000`` prints what came back.

Half of the requests are signed after they were spoilt, so that they get past the signature and to the parser.
"""

import argparse
import asyncio
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode

from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot import logs
from bot.channels.wechat import Account, router
from bot.channels.wechat.crypto import Codec
from bot.core.clock import FixedClock
from bot.core.messages import InboundMessage, Reply, ReplyKind
from tests.fakes.wechat_platform import Credentials, Mode, WeChatPlatform, element, event, message, sign, text

SHARED = Credentials()
NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
_LEAKS = re.compile(rb"Traceback|Error|Exception|File \"|wechat/|test-token|abcdefghijklmnopqrstuvwxyz")
_GENUINE = (
    text("老板拖欠工资怎么办", msg_id="1"),
    text("1", msg_id="2"),
    message("voice", element("Recognition", "拖欠工资") + "<MsgId>3</MsgId>"),
    message("image", element("PicUrl", "http://x.example") + "<MsgId>4</MsgId>"),
    message("location", "<Location_X>23.1</Location_X><Label>x</Label><MsgId>5</MsgId>"),
    event("subscribe", element("EventKey", "qrscene_1")),
    event("unsubscribe"),
    event("CLICK", element("EventKey", "人工")),
    event("MASSSENDJOBFINISH", "<MsgID>6</MsgID><Status>send success</Status>"),
)
_PIECES = (
    b"<![CDATA[",
    b"]]>",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
    b"&a;",
    b"&#0;",
    b"&#x110000;",
    b"<?xml version='1.0' encoding='utf-16'?>",
    b"<xml>",
    b"</xml>",
    b"<Encrypt>QUJD</Encrypt>",
    b"<FromUserName>a b</FromUserName>",
    b"<CreateTime>99999999999999999999</CreateTime>",
    b"<MsgType>event</MsgType>",
    b"<Event></Event>",
    b"\x00\x07\x1f",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    "👩‍👩‍👧".encode(),
    b"A" * 70_000,
    b"<a>" * 3_000,
)
_NAMES = ("signature", "timestamp", "nonce", "openid", "encrypt_type", "msg_signature", "echostr")
_VALUES = (
    "",
    "0",
    "-1",
    "9" * 400,
    "1e9",
    "%00",
    "aes",
    "raw",
    "é",
    "\x00",
    "<script>",
    "../../etc",
    "a" * 5000,
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing done to some bytes; places count from the start and wrap around."""

    kind: str
    place: int
    width: int
    piece: bytes

    def apply(self, data: bytes) -> bytes:
        """``data`` with this fault in it."""
        place = self.place % (len(data) + 1)
        end = min(len(data), place + self.width)
        made = {
            "insert": (data[:place], self.piece, data[place:]),
            "replace": (data[:place], self.piece, data[end:]),
            "cut": (data[:place], data[end:]),
            "end": (data[:place],),
            "double": (data[:end], data[place:]),
        }
        return b"".join(made[self.kind])


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one request is made: what is genuine in it, and what is spoilt before and after signing."""

    mode: Mode
    xml: str
    inside: tuple[Fault, ...]
    outside: tuple[Fault, ...]
    parameters: tuple[tuple[str, str], ...]
    in_query: tuple[Fault, ...]
    method: str
    foreign: bool
    """Whether it goes to the endpoint of the other mode."""


@dataclass(frozen=True, slots=True)
class Spoilt:
    """One request as it goes over the wire."""

    method: str
    query: bytes
    body: bytes
    safe: bool


@dataclass(slots=True)
class Tally:
    """What came back."""

    statuses: Counter[int] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    leaks: int = 0
    worked: int = 0

    def note(self, method: str, status: int, body: bytes) -> None:
        """Count one answer."""
        self.statuses[status] += 1
        kinds = {b"": "empty", b"success": "success"}
        self.answers[kinds.get(body, "echo" if method == "GET" else "reply")] += 1
        self.leaks += bool(_LEAKS.search(body)) and not body.startswith(b"<xml><Encrypt>")


def faults(most: int) -> st.SearchStrategy[tuple[Fault, ...]]:
    """Up to ``most`` faults; none about half of the time."""
    pieces = st.sampled_from(_PIECES) | st.binary(max_size=6)
    kinds = st.sampled_from(("insert", "replace", "cut", "end", "double"))
    fault = st.builds(Fault, kinds, st.integers(0, 2000), st.integers(0, 12), pieces)
    return st.just(()) | st.lists(fault, min_size=1, max_size=most).map(tuple)


def recipes() -> st.SearchStrategy[Recipe]:
    """Requests spoilt before they are signed, after, or both, or not at all."""
    parameter = st.tuples(st.sampled_from(_NAMES), st.sampled_from(_VALUES) | st.text(max_size=8))
    numbered = st.tuples(st.sampled_from(_GENUINE), st.integers(0, 10**6))
    seldom = st.integers(0, 9).map(lambda number: number == 0)
    return st.builds(
        Recipe,
        mode=st.sampled_from(Mode),
        xml=numbered.map(lambda pair: pair[0].replace("<MsgId>", f"<MsgId>{pair[1]}")),
        inside=faults(4),
        outside=faults(2),
        parameters=st.just(()) | st.lists(parameter, max_size=2).map(tuple),
        in_query=st.just(()) | faults(1),
        method=st.sampled_from(("POST", "POST", "POST", "GET")),
        foreign=seldom,
    )


def cook(recipe: Recipe) -> Spoilt:
    """The request of a recipe."""
    platform = WeChatPlatform("", SHARED, recipe.mode, FixedClock(NOW))
    query, body = platform.request(recipe.xml)
    if recipe.inside:
        query, body = _signed(query, _spoil(recipe.xml.encode(), recipe.inside), recipe.mode)
    sent = urlencode(query | dict(recipe.parameters), errors="replace").encode()
    safe = (recipe.mode is not Mode.PLAIN) != recipe.foreign
    return Spoilt(recipe.method, _spoil(sent, recipe.in_query), _spoil(body, recipe.outside), safe)


def _spoil(data: bytes, done: tuple[Fault, ...]) -> bytes:
    for fault in done:
        data = fault.apply(data)
    return data


def _signed(query: dict[str, str], inner: bytes, mode: Mode) -> tuple[dict[str, str], bytes]:
    """The spoilt ``inner`` in an envelope that is in order, or bare in plain mode."""
    if mode is Mode.PLAIN:
        return query, inner
    sealed = Codec(SHARED.token, SHARED.aes_key, SHARED.app_id).seal(inner, 1)
    encrypted = sealed.partition(b"<Encrypt><![CDATA[")[2].partition(b"]")[0].decode()
    signature = sign(SHARED.token, query["timestamp"], query["nonce"], encrypted)
    return query | {"msg_signature": signature}, f"<xml><Encrypt>{encrypted}</Encrypt></xml>".encode()


class Target:
    """Both kinds of webhook, called without a network in between; a fault is raised, not turned into a status."""

    def __init__(self) -> None:
        self.tally = Tally()
        self._webs = {safe: self._web(SHARED.aes_key if safe else "") for safe in (True, False)}
        self._loop = asyncio.Runner()

    def send(self, request: Spoilt) -> tuple[int, bytes]:
        """The status and body of one answer."""
        status, body = self._loop.run(self._call(request))
        self.tally.note(request.method, status, body)
        return status, body

    def close(self) -> None:
        """End the loop."""
        self._loop.close()

    def _web(self, aes_key: str) -> FastAPI:
        web = FastAPI()
        account = Account(SHARED.token, SHARED.app_id, aes_key, public_url="https://union.example", threads=0)
        web.include_router(router(account, self._receive, FixedClock(NOW)))
        return web

    def _receive(self, asked: InboundMessage) -> tuple[Reply, ...]:
        self.tally.worked += 1
        return (Reply(ReplyKind.ANSWER, asked.text),)

    async def _call(self, request: Spoilt) -> tuple[int, bytes]:
        sent: list[dict[str, object]] = []

        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": request.body, "more_body": False}

        async def send(event_sent: dict[str, object]) -> None:
            sent.append(event_sent)

        scope = {
            "type": "http",
            "method": request.method,
            "path": "/wechat",
            "query_string": request.query,
            "headers": [],
        }
        await self._webs[request.safe](scope, receive, send)  # type: ignore[arg-type]  # plain dictionaries will do
        return int(str(sent[0]["status"])), bytes(sent[1]["body"])  # type: ignore[call-overload]


def run(count: int) -> Tally:
    """Send ``count`` requests; the first fault stops the run with the request that caused it."""
    target = Target()
    phases = [Phase.generate, Phase.shrink]
    checks = list(HealthCheck)

    @settings(max_examples=count, deadline=None, database=None, phases=phases, suppress_health_check=checks)
    @given(recipes())
    def sending(recipe: Recipe) -> None:
        status, body = target.send(cook(recipe))
        assert status in (200, 403, 413)
        assert target.tally.leaks == 0
        assert status == 200 or body == b""

    try:
        sending()
    finally:
        target.close()
    return target.tally


def main() -> int:
    """Run as a program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    count = parser.parse_args().count
    logs.configure("ERROR")
    began = time.monotonic()
    tally = run(count)
    total = sum(tally.statuses.values())
    faults = sum(number for status, number in tally.statuses.items() if status >= 500)
    print(f"{total} requests in {time.monotonic() - began:.1f} s, {tally.worked} reached the core")
    print("statuses:", ", ".join(f"{status}: {number}" for status, number in sorted(tally.statuses.items())))
    print("answers:", ", ".join(f"{name}: {number}" for name, number in tally.answers.most_common()))
    print(f"5xx: {faults}, answers with the text of a fault or a secret: {tally.leaks}")
    return 1 if faults or tally.leaks else 0


if __name__ == "__main__":
    sys.exit(main())
