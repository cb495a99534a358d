"""How fast, how often and how long: the platform's limits, and how they are kept."""

import asyncio
import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds and counts; the defaults are the platform's figures with a little air."""

    poll: int = 25
    """How long one call for updates may stay open."""
    settling: float = 0.3
    """How long work in hand is given before the next call, which confirms what is done."""
    chat: float = 1.05
    """Between two messages to one person."""
    group: float = 3.1
    """Between two messages to one group."""
    overall: float = 0.036
    """Between two messages to anybody."""
    typing_after: float = 1.0
    typing_every: float = 4.5
    """The typing sign fades after five seconds."""
    backoff: float = 0.5
    longest_backoff: float = 30.0
    tries: int = 6
    """How often one turn, or a message that surely did not leave, is tried."""
    hold: float = 30.0
    """How long a delivery may keep its update unconfirmed; longer than all tries take without a request to wait."""
    grace: float = 5.0
    """How long work in hand may take after a stop."""
    threads: int = 8
    """Turns worked on at the same time."""

    def pause(self, attempt: int) -> float:
        """The wait after failed ``attempt`` (0, 1, 2…): doubled each time, with jitter."""
        longest = min(self.longest_backoff, self.backoff * 2.0 ** min(attempt, 16))
        return random.uniform(longest / 2, longest)  # noqa: S311 - spreads retries, hides nothing


class Spacing:
    """Gives every message its moment, so that no limit is met."""

    def __init__(self, overall: float) -> None:
        self._overall = overall
        self._next: dict[int, float] = {}
        self._next_of_all = 0.0

    async def wait(self, chat: int, gap: float) -> None:
        """Wait for the turn of ``chat`` and keep its next one ``gap`` seconds away."""
        clock = asyncio.get_running_loop().time
        now = clock()
        at = max(now, self._next.get(chat, 0.0))
        self._next = {busy: until for busy, until in self._next.items() if until > now}
        self._next[chat] = at + gap
        await asyncio.sleep(at - now)
        at = max(clock(), self._next_of_all)
        self._next_of_all = at + self._overall
        await asyncio.sleep(at - clock())
        self._next[chat] = max(self._next.get(chat, 0.0), clock() + gap)

    def sent(self, chat: int, gap: float) -> None:
        """A message to ``chat`` has arrived: on a slow line the platform counts the gap from later than we did."""
        self._next[chat] = max(self._next.get(chat, 0.0), asyncio.get_running_loop().time() + gap)
