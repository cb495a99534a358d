"""Which updates are done: the platform forgets what is below the offset, and repeats the rest."""

import asyncio
import contextlib


class Offset:
    """The number the next call for updates confirms."""

    def __init__(self) -> None:
        self._open: set[int] = set()
        self._again: set[int] = set()
        self._done: set[int] = set()
        self._highest = -1
        self._idle = asyncio.Event()
        self._idle.set()

    def next(self) -> int:
        """The lowest update that is not done yet; 0 when the platform is to decide."""
        low = min(self._open | self._again, default=self._highest + 1)
        self._done = {update_id for update_id in self._done if update_id >= low}
        return low

    def take(self, update_id: int) -> bool:
        """Whether ``update_id`` is new to us; it is open from now on."""
        if update_id in self._open or update_id in self._done:
            return False
        # After a quiet week the platform starts again at any number, also a lower one.
        begins_anew = not (self._open or self._again or self._done)
        self._highest = update_id if begins_anew else max(self._highest, update_id)
        self._open.add(update_id)
        self._again.discard(update_id)
        self._idle.clear()
        return True

    def finish(self, update_id: int, done: bool) -> None:
        """``update_id`` is no longer in hand: it is done, or the platform shall repeat it."""
        if update_id in self._open:
            self._open.remove(update_id)
            (self._done if done else self._again).add(update_id)
        if not self._open:
            self._idle.set()

    async def idle(self, seconds: float) -> None:
        """Wait until everything taken is done, at most ``seconds``."""
        # wait_for of Python 3.11 can swallow a cancellation.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._idle.wait()
