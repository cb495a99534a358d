"""The webhook as a bare ASGI application: senders that break off, and bodies without end."""

import asyncio
from collections.abc import Sequence
from typing import Any

from bot.channels.wechat import Account
from bot.channels.wechat.endpoint import Endpoint
from bot.channels.wechat.work import Workroom
from bot.core.clock import FixedClock
from bot.core.messages import InboundMessage
from tests.fakes.wechat_platform import Credentials, WeChatPlatform, text

SHARED = Credentials()


def _send(clock: FixedClock, events: Sequence[dict[str, Any]]) -> tuple[int, bytes, int, int]:
    """Status and body of the answer, how many events were taken, and how many messages were worked on."""
    worked: list[InboundMessage] = []
    room = Workroom(lambda asked: (worked.append(asked), ())[1], None, 0)
    endpoint = Endpoint(Account(SHARED.token, ""), room, clock)
    query, _ = WeChatPlatform("", SHARED, clock=clock).request(text("x"))
    scope = {
        "type": "http",
        "method": "POST",
        "query_string": "&".join(f"{k}={v}" for k, v in query.items()).encode(),
    }
    waiting, sent = list(events), []

    async def receive() -> dict[str, Any]:
        return waiting.pop(0)

    async def send(event: dict[str, Any]) -> None:
        sent.append(event)

    asyncio.run(endpoint(scope, receive, send))  # type: ignore[arg-type]  # plain dictionaries will do
    return sent[0]["status"], sent[1]["body"], len(events) - len(waiting), len(worked)


def test_a_sender_that_breaks_off_leaves_nothing_behind(clock: FixedClock) -> None:
    """Half a message is not worked on."""
    half = {"type": "http.request", "body": text("x").encode()[:50], "more_body": True}
    assert _send(clock, [half, {"type": "http.disconnect"}])[3] == 0


def test_a_body_without_end_is_not_read_to_the_end(clock: FixedClock) -> None:
    """Somewhat more than the limit is read, so that the sender hears the refusal; not everything."""
    chunk = {"type": "http.request", "body": b"x" * 64 * 1024, "more_body": True}
    status, body, taken, worked = _send(clock, [chunk] * 1000)
    assert (status, body, worked) == (413, b"", 0)
    assert taken < 20


def test_a_message_in_pieces_is_put_together(clock: FixedClock) -> None:
    """Chunks come as the network likes."""
    whole = text("工资").encode()
    pieces = [
        {"type": "http.request", "body": whole[place : place + 7], "more_body": True}
        for place in range(0, len(whole), 7)
    ]
    assert _send(clock, [*pieces, {"type": "http.request"}]) == (200, b"success", len(pieces) + 1, 1)
