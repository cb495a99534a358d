"""What is confirmed to the platform is done, and nothing else."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.buttons import Button
from bot.channels.telegram.inbound import Place
from bot.channels.telegram.offset import Offset
from bot.channels.telegram.outbox import Fate, Outbox
from bot.channels.telegram.pace import Pace, Spacing
from bot.channels.telegram.render import Part
from bot.channels.telegram.wire import open_line


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["done", "again", "poll"]))))
def test_the_offset_never_passes_what_is_not_done(steps: list[tuple[int, str]]) -> None:
    """In whatever order work ends: each update is worked on until it is done, once at a time."""
    offset, base, done, working = Offset(), 1000, set[int](), set[int]()
    for number, step in steps:
        for fetched in range(max(offset.next(), base), base + 10):
            taken = offset.take(fetched)
            assert taken == (fetched not in done and fetched not in working)
            working |= {fetched} if taken else set()
        if step != "poll" and base + number in working:
            offset.finish(base + number, done=step == "done")
            working.discard(base + number)
            done |= {base + number} if step == "done" else set()
        assert all(below in done for below in range(base, min(offset.next(), base + 10)))


def test_numbers_that_start_again_lower_are_new() -> None:
    """After a quiet week the platform picks any number."""
    offset = Offset()
    assert offset.next() == 0
    assert offset.take(5000)
    offset.finish(5000, done=True)
    assert offset.next() == 5001
    assert offset.take(17)
    assert not offset.take(17)
    offset.finish(17, done=True)
    offset.finish(17, done=False)
    assert offset.next() == 18


def test_spacing_keeps_one_chats_messages_apart_and_lets_others_pass() -> None:
    """The second to one chat waits its gap; another chat's first does not wait for it."""

    async def order() -> list[str]:
        spacing, came = Spacing(0.0), list[str]()

        async def send(chat: int, name: str) -> None:
            await spacing.wait(chat, 0.05)
            came.append(name)

        await asyncio.gather(send(1, "a1"), send(1, "a2"), send(1, "a3"), send(2, "b1"))
        return came

    assert asyncio.run(order()) == ["a1", "b1", "a2", "a3"]


def test_what_cannot_leave_waits_and_is_never_called_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens at the address: each try is safe to repeat, and the update stays open."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    async def deliver() -> Fate:
        line = open_line("4242:token", "http://127.0.0.1:9/")
        async with asyncio.timeout(30):
            await line._request[1].initialize()
            try:
                return await Outbox(line, Pace(tries=2, chat=0, backoff=0.01)).deliver(
                    Place(1), (Part("文", buttons=(Button("键", "t:1"),)),)
                )
            finally:
                await line._request[0].shutdown()
                await line._request[1].shutdown()

    assert asyncio.run(deliver()) is Fate.WAITING
