"""Long polling in a thread of its own, beside the web server."""

import asyncio
import contextlib
import re
import threading
from collections.abc import Callable

import structlog

from bot.channels.telegram.faults import outline
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.state import HaltError, State
from bot.core.messages import InboundMessage, Reply

Receive = Callable[[InboundMessage], tuple[Reply, ...]]

_log = structlog.get_logger(__name__)
_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")


class Polling:
    """One bot, from start to stop."""

    def __init__(self, token: str, api_base: str, receive: Receive, pace: Pace | None = None) -> None:
        self._token = token.strip()
        self._api_base = api_base
        self._receive = receive
        self._pace = pace or Pace()
        self._state = State.OFF
        self._stopping = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def state(self) -> State:
        """What the channel does at the moment, or why it does nothing."""
        return self._state

    def start(self) -> None:
        """Begin; a connection that fails is tried again without anybody's help."""
        if not _TOKEN.fullmatch(self._token):
            self._end(State.REFUSED)
            return
        self._state = State.CONNECTING
        self._thread = threading.Thread(target=self._run, name="telegram", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End once the turns in progress are committed; what is not answered yet comes again at the next start."""
        if self._thread is None:
            return
        self._ready.wait()
        assert self._loop is not None
        with contextlib.suppress(RuntimeError):  # the loop has ended by itself
            self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()

    def _run(self) -> None:
        with asyncio.Runner() as runner:
            self._loop = runner.get_loop()
            self._ready.set()
            self._end(runner.run(self._until_stopped()))

    async def _until_stopped(self) -> State:
        listening = asyncio.create_task(self._listen())
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({listening, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        listening.cancel()
        return await _ending(listening)

    async def _listen(self) -> None:
        # python-telegram-bot is large; only a deployment that has a bot pays for loading it.
        from bot.channels.telegram.listener import Listener
        from bot.channels.telegram.wire import open_line

        line = open_line(self._token, self._api_base)
        try:
            await Listener(line, self._receive, self._pace, self._note).run()
        finally:
            await line.shutdown()

    def _note(self, state: State) -> None:
        self._state = state

    def _end(self, state: State) -> None:
        """One line that says why, unless it was asked for."""
        self._state = state
        if state is not State.OFF:
            _log.error("telegram stopped", channel="telegram", status=state.value, reason=state.sentence)


async def _ending(listening: asyncio.Task[None]) -> State:
    """The state in which ``listening`` ended."""
    try:
        await listening
    except asyncio.CancelledError:
        return State.OFF
    except HaltError as halted:
        return halted.state
    except Exception as failure:  # noqa: BLE001 - around the channel: its traceback would print the token
        _log.error("telegram failed", channel="telegram", **outline(failure))
        return State.BROKEN
    return State.OFF
