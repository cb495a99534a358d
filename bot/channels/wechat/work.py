"""The work behind pushed messages: done once each, in the order of arrival per sender, whoever waits for it."""

import asyncio
import threading
import traceback
from collections import OrderedDict, deque
from concurrent.futures import Future, ThreadPoolExecutor

import structlog

from bot.channels.wechat.account import Later, Receive
from bot.core.messages import InboundMessage, Reply

_log = structlog.get_logger(__name__)
_REMEMBERED = 10_000
"""Messages handed over to a later delivery whose repeats are still recognised."""


class Work:
    """One message being answered; every attempt of the platform to push it waits here."""

    __slots__ = ("attempts", "done", "handed_over", "message")

    def __init__(self, message: InboundMessage) -> None:
        self.message = message
        self.attempts = 0
        self.handed_over = False
        self.done: Future[tuple[Reply, ...] | None] = Future()
        # A running future cannot be cancelled: a waiter that gives up leaves the work to the others.
        self.done.set_running_or_notify_cancel()

    @property
    def replies(self) -> tuple[Reply, ...] | None:
        """What a connection that is still open may deliver; None when the work failed or another way delivers it."""
        return None if self.handed_over or not self.done.done() else self.done.result()

    async def wait(self, seconds: float, gone: asyncio.Future[None] | None = None) -> bool:
        """Wait until the work is done, the time is over, or the other side is ``gone``; whether it is done."""
        if self.done.done():
            return True
        loop = asyncio.get_running_loop()
        waiter = loop.create_future()

        def wake() -> None:
            if not waiter.done():
                waiter.set_result(None)

        self.done.add_done_callback(lambda _done: loop.call_soon_threadsafe(wake))
        if gone is not None:
            gone.add_done_callback(lambda _gone: wake())
        timer = loop.call_later(seconds, wake)
        await waiter
        timer.cancel()
        return self.done.done()


class Workroom:
    """Runs ``receive`` in threads: one lane per sender, so ten rapid questions are answered in order."""

    def __init__(self, receive: Receive, later: Later | None, threads: int) -> None:
        self._receive = receive
        self._later = later
        self._threads = threads
        self._pool: ThreadPoolExecutor | None = None
        self._lock = threading.Lock()
        self._works: dict[str, Work] = {}
        self._lanes: dict[str, deque[Work]] = {}
        self._handed_over: OrderedDict[str, None] = OrderedDict()

    def attend(self, message: InboundMessage) -> Work | None:
        """The work on ``message``, begun now or found running; None when its answer goes another way already."""
        is_first = False
        with self._lock:
            if message.message_id in self._handed_over:
                return None
            work = self._works.get(message.message_id)
            if work is None:
                work = self._works[message.message_id] = Work(message)
                is_first = self._line_up(work)
            work.attempts += 1
        if is_first:
            self._begin(message.sender)
        return work

    def hand_over(self, work: Work) -> bool:
        """Leave the answer to a later delivery; false when there is none, or the answer is here by now."""
        with self._lock:
            if self._later is None or work.done.done():
                return False
            work.handed_over = True
            self._handed_over[work.message.message_id] = None
            if len(self._handed_over) > _REMEMBERED:
                self._handed_over.popitem(last=False)
            return True

    async def close(self) -> None:
        """End once the work in hand is done: what was typed is not lost."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(pool.shutdown)

    def _line_up(self, work: Work) -> bool:
        """Put ``work`` behind what its sender sent before; whether nobody is working on that lane yet."""
        lane = self._lanes.get(work.message.sender)
        if lane is None:
            self._lanes[work.message.sender] = deque([work])
            return True
        lane.append(work)
        return False

    def _begin(self, sender: str) -> None:
        if self._threads == 0:
            self._walk(sender)
            return
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._threads, "wechat")
        self._pool.submit(self._walk, sender)

    def _walk(self, sender: str) -> None:
        """Work off one sender's lane."""
        while True:
            with self._lock:
                if not self._lanes[sender]:
                    del self._lanes[sender]
                    return
                work = self._lanes[sender].popleft()
            replies = self._answered(work.message)
            with self._lock:
                del self._works[work.message.message_id]
                work.done.set_result(replies)
            if work.handed_over and replies:
                self._deliver(sender, replies)

    def _answered(self, message: InboundMessage) -> tuple[Reply, ...] | None:
        try:
            return self._receive(message)
        except Exception as failure:  # noqa: BLE001 - around one turn: the platform must not see a fault
            _log.error("turn failed", channel="wechat", kind=message.kind.value, **outline(failure))
            return None

    def _deliver(self, sender: str, replies: tuple[Reply, ...]) -> None:
        assert self._later is not None
        try:
            self._later(sender, replies)
        except Exception as failure:  # noqa: BLE001 - around one delivery: the next one still runs
            _log.error("late answer not delivered", channel="wechat", **outline(failure))


def outline(failure: BaseException) -> dict[str, str]:
    """Log fields that say where ``failure`` came from without its message, which may quote what a person wrote."""
    return {
        "error": type(failure).__name__,
        "exception": "".join(traceback.format_tb(failure.__traceback__)),
    }
