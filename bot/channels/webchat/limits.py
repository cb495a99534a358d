"""How fast one browser, or one address, may ask."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable

_MOST_KEYS = 10_000


class Limiter:
    """A token bucket for each key, in memory; past ``most_keys`` the longest unused are forgotten."""

    def __init__(
        self,
        burst: int,
        per_minute: int,
        most_keys: int = _MOST_KEYS,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """``seconds`` only ever moves forward; the wall clock would let a correction refill every bucket."""
        self._burst = burst
        self._per_second = per_minute / 60
        self._most_keys = most_keys
        self._seconds = seconds
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, key: str) -> int:
        """Take one turn: 0 when ``key`` may go on, else the seconds until it may. Called from one event loop."""
        now = self._seconds()
        left, since = self._buckets.pop(key, (float(self._burst), now))
        left = min(float(self._burst), left + (now - since) * self._per_second)
        allowed = left >= 1
        self._buckets[key] = (left - 1 if allowed else left, now)
        while len(self._buckets) > self._most_keys:
            self._buckets.popitem(last=False)
        return 0 if allowed else math.ceil((1 - left) / self._per_second)

    def __len__(self) -> int:
        """How many keys are remembered."""
        return len(self._buckets)
