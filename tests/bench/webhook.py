"""What the WeChat protocol costs: the webhook without a database beside a bare hello on the same server."""

import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from statistics import median
from urllib.parse import parse_qsl

import httpx
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto

from bot.channels.wechat import Account, router
from bot.core.clock import SystemClock
from bot.core.messages import Reply, ReplyKind
from tests.bench import load
from tests.bench.load import Pace, Rounds
from tests.bench.places import Bench, Server, generator
from tests.bench.report import Result
from tests.fakes.wechat_platform import Credentials, text

_REPLY = ("可以要求补发。拖欠工资可以向劳动监察投诉，也可以申请仲裁，最晚一年内提出。" * 5)[:150]
_BAR = 0.4
_ROUNDS = 24
_ROUND_SECONDS = 0.25
_CONNECTIONS = (4, 1)
_MESSAGES = 1000
_PATHS = ("/hello", "/wechat", "/wechatpy")

_Answering = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Compared:
    """Hello, webhook and wechatpy over all rounds at one number of connections."""

    connections: int
    hellos: list[Pace]
    webhooks: list[Pace]
    peers: list[Pace]

    @property
    def ratio(self) -> float:
        """Webhook answers for each hello."""
        return _ratio(self.webhooks, self.hellos)

    @property
    def faults(self) -> int:
        """Answers that were none."""
        return sum(pace.faults for side in (self.hellos, self.webhooks, self.peers) for pace in side)

    @property
    def detail(self) -> str:
        """The figures behind the ratio."""
        rates = "/".join(
            f"{median(pace.per_second for pace in side):.0f}" for side in (self.webhooks, self.hellos)
        )
        busy, floor = _microseconds(self.webhooks), _microseconds(self.hellos)
        return (
            f"{self.connections} conn. {self.ratio:.3f} ({rates} a second; by server CPU {floor / busy:.3f}, "
            f"{busy:.0f}/{floor:.0f} µs; bare wechatpy {_ratio(self.peers, self.hellos):.3f}, "
            f"{_microseconds(self.peers):.0f} µs)"
        )


def application() -> ASGIApp:
    """The webhook as it is deployed, in safe mode with one fixed answer; hello and wechatpy before any framework."""
    shared = Credentials()
    account = Account(shared.token, shared.app_id, shared.aes_key, threads=0)
    web = FastAPI()
    web.include_router(router(account, lambda _message: (Reply(ReplyKind.ANSWER, _REPLY),), SystemClock()))
    bare: dict[str, _Answering] = {"/hello": _hello, "/wechatpy": _wechatpy(shared)}

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        await bare.get(scope.get("path", ""), web)(scope, receive, send)

    return dispatch


def webhook_ratio(bench: Bench) -> Result:
    """The same signed requests to webhook and hello, interleaved, on kept-alive connections; the worse ratio counts."""
    with bench.served_by("tests.bench.webhook:application") as server:
        _prove(server)
        compared = _compare(server, _ROUND_SECONDS * min(1.0, bench.seconds / 60))
    worst, faults = min(side.ratio for side in compared), sum(side.faults for side in compared)
    detail = f"{'; '.join(side.detail for side in compared)}; medians of {_ROUNDS} rounds, {faults} faults; "
    detail += f"floor: bare ASGI hello; system load {os.getloadavg()[0]:.1f}"
    return Result("webhook_ratio", worst, "×", 1.0, worst, detail, f"≥ {_BAR}", worst >= _BAR and not faults)


async def _hello(_scope: Scope, _receive: Receive, send: Send) -> None:
    await _send(send, b"hello", b"text/plain")


def _wechatpy(shared: Credentials) -> _Answering:
    """The same protocol by wechatpy as its documentation shows it."""
    crypto = WeChatCrypto(shared.token, shared.aes_key, shared.app_id)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        query = dict(parse_qsl(scope["query_string"].decode()))
        body = (await receive())["body"]
        given = (query["msg_signature"], query["timestamp"], query["nonce"])
        asked = parse_message(crypto.decrypt_message(body, *given))
        sealed = crypto.encrypt_message(create_reply(_REPLY, asked).render(), query["nonce"])
        await _send(send, sealed.encode(), b"application/xml")

    return answer


async def _send(send: Send, body: bytes, media: bytes) -> None:
    headers = [(b"content-type", media), (b"content-length", b"%d" % len(body))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _prove(server: Server) -> None:
    """What is measured are whole replies in the platform's form."""
    platform = server.platform
    for path in _PATHS[1:]:
        query, body = platform.request(text("老板拖欠工资怎么办"))
        answer = httpx.post(f"{platform.base_url}{path}", params=query, content=body, trust_env=False)
        assert platform.read(answer).text == _REPLY, path


def _compare(server: Server, seconds: float) -> list[_Compared]:
    platform = server.platform
    requests = [platform.request(text(f"第{number}问：老板拖欠工资怎么办")) for number in range(_MESSAGES)]
    sides = [[load.wire("POST", path, query, body, keep=True) for query, body in requests] for path in _PATHS]
    rounds, process = Rounds(_ROUNDS, seconds), server.process.pid
    compared = []
    with generator() as shooting:
        for connections in _CONNECTIONS:
            shooting.begin(load.contest, server.port, sides, connections, rounds, process)
            compared.append(_Compared(connections, *shooting.finish()))
    return compared


def _ratio(side: Sequence[Pace], floor: Sequence[Pace]) -> float:
    """The two halves of a round are compared, whatever else the machine did in it."""
    return median(one.per_second / other.per_second for one, other in zip(side, floor, strict=True))


def _microseconds(paces: Sequence[Pace]) -> float:
    """Processor time of the server for one request."""
    return sum(pace.server_seconds for pace in paces) / sum(pace.requests for pace in paces) * 1e6
