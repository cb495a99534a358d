"""The channel against the fake Bot API, with waits scaled down."""

from collections.abc import Iterator
from contextlib import contextmanager

from bot.channels.telegram import Polling, Receive
from bot.channels.telegram.pace import Pace
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.integration import live

QUICK = Pace(
    poll=1,
    settling=0.02,
    chat=0.0,
    group=0.0,
    overall=0.0,
    typing_after=0.05,
    typing_every=0.05,
    backoff=0.01,
    longest_backoff=0.02,
    tries=3,
    hold=0.3,
    grace=1.0,
    threads=4,
)


@contextmanager
def platform(chat_gap: float = 0.0) -> Iterator[tuple[FakeTelegram, str]]:
    """A fake platform and its address."""
    fake = FakeTelegram(chat_gap)
    with live.serve(fake.app()) as address:
        yield fake, address


@contextmanager
def polling(address: str, receive: Receive, pace: Pace = QUICK, token: str = TOKEN) -> Iterator[Polling]:
    """The channel at work."""
    channel = Polling(token, address, receive, pace)
    channel.start()
    try:
        yield channel
    finally:
        channel.stop()
