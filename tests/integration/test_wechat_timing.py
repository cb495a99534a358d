"""The five-second rule, with seconds made shorter: slow answers, held attempts, late deliveries, restarts.

The answer is released by the test when an attempt begins, so nothing depends on how fast the machine is.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from fastapi import FastAPI

from bot.channels.wechat import Account, Later, router
from bot.channels.wechat.endpoint import HOLDING
from bot.core.clock import FixedClock
from bot.core.messages import InboundMessage, Reply, ReplyKind
from tests.fakes.wechat_platform import ACCOUNT, WORKER, Credentials, Outcome, WeChatPlatform, text
from tests.integration.live import serve

SHARED = Credentials()
WITHIN = 0.6
"""Stands for 4.0 seconds."""
PATIENCE = 0.85
"""Stands for the platform's 5."""
LONG = 30.0


class Desk:
    """A ``receive`` that answers when it is told to."""

    def __init__(self) -> None:
        self.free = threading.Event()
        self.calls = 0

    def __call__(self, asked: InboundMessage) -> tuple[Reply, ...]:
        """Wait, then answer."""
        self.calls += 1
        assert self.free.wait(LONG)
        return (Reply(ReplyKind.ANSWER, f"答：{asked.text}"),)


Place = Callable[..., AbstractContextManager[WeChatPlatform]]


@pytest.fixture
def desk() -> Desk:
    """Who answers."""
    return Desk()


@pytest.fixture
def place(clock: FixedClock, desk: Desk) -> Iterator[Place]:
    """Serves a webhook in front of the desk."""

    @contextmanager
    def serving(later: Later | None = None) -> Iterator[WeChatPlatform]:
        web = FastAPI()
        ours = Account(SHARED.token, SHARED.app_id, answer_within=WITHIN, public_url="https://union.example")
        web.include_router(router(ours, desk, clock, later))
        with serve(web) as base:
            yield WeChatPlatform(base, SHARED, clock=clock, patience=PATIENCE)
            desk.free.set()

    yield serving
    desk.free.set()


def test_an_answer_in_time_goes_out_on_the_first_attempt(place: Place, desk: Desk) -> None:
    """As after 3.9 seconds."""
    with place() as platform:
        threading.Timer(WITHIN / 4, desk.free.set).start()
        seen = platform.push(text("甲"))
    assert (seen.outcome, seen.text, seen.attempts, desk.calls) == (Outcome.REPLY, "答：甲", 1, 1)


@pytest.mark.parametrize("attempt", [2, 3])
def test_a_slower_answer_goes_out_on_the_attempt_that_is_open(place: Place, desk: Desk, attempt: int) -> None:
    """As after 6 seconds: the first attempt is left hanging, the next attaches and brings the answer."""
    with place() as platform:
        platform.before_attempt = lambda number: desk.free.set() if number == attempt else None
        seen = platform.push(text("甲"))
    assert (seen.outcome, seen.text, seen.attempts) == (Outcome.REPLY, "答：甲", attempt)


def test_the_last_attempt_says_that_it_takes_longer(place: Place, desk: Desk) -> None:
    """As after 20 seconds: no outage notice, but a sentence with a way on; the answer is there for a repeat."""
    with place() as platform:
        asked = text("甲")
        seen = platform.push(asked)
        assert (seen.outcome, seen.attempts, desk.calls) == (Outcome.REPLY, 3, 1)
        assert seen.text == HOLDING.format(page='，或在<a href="https://union.example/">网页</a>上问')
        desk.free.set()
        assert platform.push(asked).text == "答：甲"


def test_overlapping_attempts_share_one_answer(place: Place, desk: Desk) -> None:
    """The second comes while the first is open: the same bytes on both."""
    with place() as platform:
        platform.before_attempt = lambda number: desk.free.set() if number == 2 else None
        seen = platform.push(text("甲"), overlapping=True)
    assert {answer.outcome for answer in seen.answers} == {Outcome.REPLY}
    assert len({answer.clear for answer in seen.answers}) == 1
    assert seen.text == "答：甲"


def test_with_customer_service_a_slow_answer_comes_later_and_once(place: Place, desk: Desk) -> None:
    """The platform hears ``success`` in time; neither it nor a stray repeat gets the answer as well."""
    sent: list[tuple[str, str]] = []
    arrived = threading.Event()

    def later(openid: str, replies: tuple[Reply, ...]) -> None:
        sent.append((openid, replies[0].text))
        arrived.set()

    with place(later) as platform:
        asked = text("甲")
        seen = platform.push(asked)
        assert (seen.outcome, seen.attempts) == (Outcome.NOTHING, 1)
        assert platform.push(asked).outcome is Outcome.NOTHING
        desk.free.set()
        assert arrived.wait(LONG)
        assert platform.push(asked).outcome is Outcome.NOTHING
    assert (sent, desk.calls) == ([(WORKER, "答：甲")], 1)


def test_with_customer_service_a_fast_answer_is_still_passive(place: Place, desk: Desk) -> None:
    """A later delivery costs one of the few messages the platform allows."""
    sent: list[str] = []
    desk.free.set()
    with place(lambda openid, _replies: sent.append(openid)) as platform:
        assert platform.push(text("甲")).text == "答：甲"
    assert not sent


def test_after_a_restart_the_age_tells_the_last_attempt(place: Place, desk: Desk, clock: FixedClock) -> None:
    """A server that came up between the attempts does not leave the third one hanging."""
    asked = text("甲", created=int(clock.now().timestamp()))
    clock.advance(seconds=11)
    with place() as platform:
        platform.attempts = 1
        seen = platform.push(asked)
    assert seen.outcome is Outcome.REPLY
    assert seen.text.startswith(HOLDING.partition("{")[0])


def test_a_time_nobody_can_believe_says_nothing_about_the_attempt(place: Place, desk: Desk) -> None:
    """Test tools send fixed times; their first attempt is still the first."""
    with place() as platform:
        platform.attempts = 1
        assert platform.push(text("甲", created=1)).outcome is Outcome.OUTAGE
        assert platform.push(text("乙", created=4_000_000_000)).outcome is Outcome.OUTAGE


def test_the_time_in_the_reply_is_the_messages(place: Place, desk: Desk) -> None:
    """So that every attempt gets the same bytes."""
    desk.free.set()
    with place() as platform:
        answer = platform.push(text("甲", created=1_700_000_000)).answers[0]
    assert b"<CreateTime>1700000000</CreateTime>" in answer.clear
    assert ACCOUNT.encode() in answer.clear
