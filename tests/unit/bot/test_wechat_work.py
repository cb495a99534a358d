"""The work behind pushes: once each, in order per sender, shared by all who wait."""

import asyncio
import threading
from collections.abc import Callable

import pytest
import structlog

from bot.channels.wechat.account import Account
from bot.channels.wechat.work import Work, Workroom
from bot.core.errors import SettingsError
from bot.core.messages import InboundMessage, Reply, ReplyKind

LONG = 20.0
SAID = "what a person wrote"


def _message(number: int, sender: str = "a") -> InboundMessage:
    return InboundMessage("wechat", sender, f"{sender}{number}", str(number))


def _echo(message: InboundMessage) -> tuple[Reply, ...]:
    return (Reply(ReplyKind.ANSWER, message.text),)


def _run(room: Workroom, scenario: Callable[[], object]) -> None:
    async def whole() -> None:
        try:
            await scenario()  # type: ignore[misc]
        finally:
            await room.close()

    asyncio.run(whole())


@pytest.mark.parametrize("threads", [0, 1, 8])
def test_questions_of_one_person_are_worked_on_in_the_order_they_came(threads: int) -> None:
    """Fifty rapid questions of two people, on any number of threads."""
    seen: list[str] = []
    room = Workroom(lambda message: seen.append(message.message_id) or _echo(message), None, threads)

    async def scenario() -> None:
        works = [room.attend(_message(number, sender)) for number in range(50) for sender in "ab"]
        assert all([await work.wait(LONG) for work in works if work])

    _run(room, scenario)
    for sender in "ab":
        assert [key for key in seen if key[0] == sender] == [f"{sender}{number}" for number in range(50)]


def test_one_slow_person_keeps_nobody_else_waiting() -> None:
    """Another sender's question overtakes."""
    free = threading.Event()
    room = Workroom(lambda message: (message.sender == "a" and free.wait(LONG), _echo(message))[1], None, 2)

    async def scenario() -> None:
        slow, behind = room.attend(_message(1)), room.attend(_message(2))
        other = room.attend(_message(1, "b"))
        assert slow
        assert behind
        assert other
        assert await other.wait(LONG)
        assert not slow.done.done()
        free.set()
        assert await behind.wait(LONG)
        assert slow.done.done()

    _run(room, scenario)


def test_a_repeat_attaches_to_the_running_work() -> None:
    """Three attempts, one call, one result."""
    free, calls = threading.Event(), []

    def receive(message: InboundMessage) -> tuple[Reply, ...]:
        calls.append(message)
        free.wait(LONG)
        return _echo(message)

    room = Workroom(receive, None, 4)

    async def scenario() -> None:
        first, second, third = (room.attend(_message(1)) for _ in range(3))
        assert first is second is third
        assert first
        assert first.attempts == 3
        assert not await first.wait(0.0)
        free.set()
        assert await first.wait(LONG)
        assert first.replies == _echo(_message(1))

    _run(room, scenario)
    assert len(calls) == 1


def test_who_hangs_up_stops_waiting() -> None:
    """The other side being gone ends the wait and leaves the work alone."""
    free = threading.Event()
    room = Workroom(lambda message: (free.wait(LONG), _echo(message))[1], None, 1)

    async def scenario() -> None:
        work = room.attend(_message(1))
        assert work
        gone = asyncio.get_running_loop().create_future()
        gone.set_result(None)
        assert not await work.wait(LONG, gone)
        free.set()
        assert await work.wait(LONG)

    _run(room, scenario)


def test_an_answer_that_is_handed_over_is_delivered_once_and_nowhere_else() -> None:
    """Neither the connections still open nor later repeats get it as well."""
    free, delivered = threading.Event(), []
    room = Workroom(
        lambda message: (free.wait(LONG), _echo(message))[1],
        lambda sender, replies: delivered.append((sender, replies[0].text)),
        1,
    )

    async def scenario() -> None:
        work, repeat = room.attend(_message(1)), room.attend(_message(1))
        assert work
        assert repeat is work
        assert room.hand_over(work)
        assert room.hand_over(work)
        free.set()
        assert await work.wait(LONG)
        assert work.replies is None
        assert room.attend(_message(1)) is None

    _run(room, scenario)
    assert delivered == [("a", "1")]


def test_an_answer_that_is_there_is_not_handed_over() -> None:
    """Nor is one for which there is no later way."""
    ready = Workroom(_echo, lambda _sender, _replies: None, 0)
    work = ready.attend(_message(1))
    assert work
    assert not ready.hand_over(work)
    assert work.replies == _echo(_message(1))
    assert not Workroom(_echo, None, 0).hand_over(Work(_message(1)))


def test_a_failing_late_delivery_is_logged_and_the_next_works() -> None:
    """The thread lives on; the log does not say to whom or what."""
    free, texts = threading.Event(), []

    def later(_sender: str, replies: tuple[Reply, ...]) -> None:
        texts.append(replies[0].text)
        raise RuntimeError(SAID)

    room = Workroom(lambda message: (free.wait(LONG), _echo(message))[1], later, 1)

    async def scenario() -> None:
        works = [work for number in (1, 2) if (work := room.attend(_message(number)))]
        assert all(map(room.hand_over, works))
        free.set()
        assert await works[1].wait(LONG)

    with structlog.testing.capture_logs() as logs:
        _run(room, scenario)
    assert texts == ["1", "2"]
    assert [line["error"] for line in logs] == ["RuntimeError"] * 2
    assert SAID not in str(logs)


def test_a_crash_gives_no_answer_and_may_be_tried_again() -> None:
    """The next attempt calls again instead of finding a dead end."""
    calls: list[str] = []

    def receive(message: InboundMessage) -> tuple[Reply, ...]:
        calls.append(message.message_id)
        if len(calls) == 1:
            raise RuntimeError(SAID)
        return _echo(message)

    room = Workroom(receive, None, 1)

    async def scenario() -> None:
        first = room.attend(_message(1))
        assert first
        assert await first.wait(LONG)
        assert first.replies is None
        second = room.attend(_message(1))
        assert second
        assert await second.wait(LONG)
        assert second.replies == _echo(_message(1))

    with structlog.testing.capture_logs() as logs:
        _run(room, scenario)
    assert SAID not in str(logs)


def test_what_was_handed_over_is_not_remembered_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded; the platform's repeats come within seconds."""
    monkeypatch.setattr("bot.channels.wechat.work._REMEMBERED", 2)
    free = threading.Event()
    room = Workroom(lambda message: (free.wait(LONG), _echo(message))[1], lambda *_: None, 1)

    async def scenario() -> None:
        works = [work for number in (1, 2, 3) if (work := room.attend(_message(number)))]
        assert all(map(room.hand_over, works))
        free.set()
        assert await works[2].wait(LONG)
        assert room.attend(_message(3)) is None
        assert room.attend(_message(1)) is not None

    _run(room, scenario)


@pytest.mark.parametrize(
    ("fields", "hint"),
    [
        ({"token": ""}, "TOKEN"),
        ({"token": "  "}, "TOKEN"),
        ({"aes_key": "short"}, "43"),
        ({"aes_key": "a" * 44}, "43"),
        ({"aes_key": "a" * 43, "app_id": ""}, "APP_ID"),
    ],
)
def test_an_account_anybody_could_speak_for_is_refused(fields: dict[str, str], hint: str) -> None:
    """With a sentence that says which setting to mend."""
    with pytest.raises(SettingsError, match=hint):
        Account(**{"token": "t", "app_id": "wx1"} | fields)


def test_an_account_does_not_show_its_secrets() -> None:
    """Neither token nor key in its representation."""
    shown = repr(Account("very-secret-token", "wx1", "k" * 43))
    assert "very-secret-token" not in shown
    assert "k" * 43 not in shown
