"""The work behind updates, however they arrived: one chat's in order, other chats' at the same time."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import structlog

from bot.channels.telegram import inbound, render
from bot.channels.telegram.faults import outline
from bot.channels.telegram.inbound import Incoming, Me, Place
from bot.channels.telegram.outbox import Fate, Outbox
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.polling import Receive
from bot.channels.telegram.render import Part
from bot.core.errors import NiangjiaError
from bot.core.messages import InboundMessage, Reply, ReplyKind

Finished = Callable[[int, bool], None]
"""Told an update_id and whether it is done: its turn committed, its answer on the way; else it may come again."""

_log = structlog.get_logger(__name__)
_ALBUMS = 200
"""Albums whose further pictures are still recognised."""


class Desk:
    """Asks the core about each incoming update and sends what it answers; lives in one event loop."""

    def __init__(self, receive: Receive, outbox: Outbox, me: Me, pace: Pace, finished: Finished) -> None:
        self._receive = receive
        self._outbox = outbox
        self._me = me
        self._pace = pace
        self._finished = finished
        self._pool = ThreadPoolExecutor(pace.threads, "telegram")
        self._lanes: dict[int, deque[Incoming]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._albums: deque[str] = deque(maxlen=_ALBUMS)

    def take(self, incoming: Incoming) -> None:
        """Begin work on ``incoming``, or line it up behind what came from the same chat."""
        if incoming.tap:
            self._start(self._outbox.acknowledge(incoming.tap))
        lane = incoming.place.chat
        if lane in self._lanes:
            self._lanes[lane].append(incoming)
            return
        self._lanes[lane] = deque([incoming])
        self._start(self._walk(lane))

    async def close(self) -> None:
        """End: work in hand gets a moment, answers still waiting are left to the platform's next delivery."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=self._pace.grace)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.to_thread(self._pool.shutdown)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _walk(self, lane: int) -> None:
        """Work off one chat's lane."""
        waiting = self._lanes[lane]
        while waiting:
            await self._guarded(waiting.popleft())
        del self._lanes[lane]

    async def _guarded(self, incoming: Incoming) -> None:
        try:
            done = await self._attend(incoming)
        except Exception as failure:  # noqa: BLE001 - around one turn: the next one still runs
            _log.error("update failed", channel="telegram", **outline(failure))
            done = True
        self._finished(incoming.update_id, done)

    async def _attend(self, incoming: Incoming) -> bool:
        """Whether ``incoming`` is done."""
        parts = await self._parts(incoming)
        if incoming.silent or not parts:
            return True
        delivery = asyncio.create_task(self._outbox.deliver(incoming.place, parts))
        try:
            await asyncio.wait({delivery}, timeout=self._pace.hold)
            if not delivery.done():
                self._finished(incoming.update_id, True)
            fate = await delivery
        finally:
            delivery.cancel()
        if fate is Fate.UNREACHABLE:
            await self._part_from(incoming)
        return fate is not Fate.WAITING

    async def _parts(self, incoming: Incoming) -> tuple[Part, ...]:
        """What is sent; a pointer to the private chat where a group asks for what belongs there."""
        message, place = incoming.message, incoming.place
        if message is None:
            return () if place.private else (render.pointer(self._me.username),)
        replies = await self._answered(message, place)
        if not message.text and self._seen(incoming.album):
            return ()
        return render.private(replies) if place.private else render.in_group(replies, self._me.username)

    async def _answered(self, message: InboundMessage, place: Place) -> tuple[Reply, ...]:
        """The core's replies; when it cannot be asked, a sentence that says so."""
        typing = asyncio.create_task(self._show_typing(place))
        apology = ""
        try:
            for attempt in range(self._pace.tries):
                try:
                    return await self._ask(message)
                except Exception as failure:  # noqa: BLE001 - around one turn: it is tried again, then owned up to
                    _log.error("turn failed", channel=message.channel, count=attempt + 1, **outline(failure))
                    apology = str(failure if isinstance(failure, NiangjiaError) else NiangjiaError())
                await asyncio.sleep(self._pace.pause(attempt))
        finally:
            typing.cancel()
        return (Reply(ReplyKind.HANDOVER, apology, confidence=0.0),)

    async def _ask(self, message: InboundMessage) -> tuple[Reply, ...]:
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._receive, message)

    async def _show_typing(self, place: Place) -> None:
        await asyncio.sleep(self._pace.typing_after)
        while True:
            await self._outbox.typing(place)
            await asyncio.sleep(self._pace.typing_every)

    async def _part_from(self, incoming: Incoming) -> None:
        """Tell the core that a person cannot be reached."""
        gone = inbound.unreachable(incoming)
        if gone is not None:
            await self._ask(gone)

    def _seen(self, album: str) -> bool:
        """Whether a picture sent together with this one was answered for all."""
        if not album:
            return False
        known = album in self._albums
        self._albums.append(album)
        return known
