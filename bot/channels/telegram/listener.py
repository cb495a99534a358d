"""One connection's life: greet the platform, ask for updates until told to stop, confirm what is done."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import structlog
from telegram import BotCommand, BotCommandScopeAllPrivateChats, Update
from telegram.error import BadRequest, Conflict, InvalidToken, TelegramError

from bot.channels.telegram import inbound
from bot.channels.telegram.desk import Desk
from bot.channels.telegram.faults import outline
from bot.channels.telegram.inbound import Incoming, Me
from bot.channels.telegram.offset import Offset
from bot.channels.telegram.outbox import Outbox
from bot.channels.telegram.pace import Pace
from bot.channels.telegram.polling import Receive
from bot.channels.telegram.state import HaltError, State
from bot.channels.telegram.wire import FloodedError, Line

_log = structlog.get_logger(__name__)
_COMMANDS = (
    BotCommand("help", "能问些什么"),
    BotCommand("more", "看余下内容"),
    BotCommand("person", "转人工"),
    BotCommand("cancel", "取消正在办的事"),
    BotCommand("stop", "不再接收活动通知"),
)
_PARTING_SECONDS = 3.0
_Result = TypeVar("_Result")


class Listener:
    """Takes the updates of one bot to a desk."""

    def __init__(self, line: Line, receive: Receive, pace: Pace, report: Callable[[State], None]) -> None:
        self._line = line
        self._receive = receive
        self._pace = pace
        self._report = report
        self._offset = Offset()
        self._listening = False

    async def run(self) -> None:
        """Listen until cancelled, or until ``HaltError``; work in hand ends in order either way."""
        me = await self._persist(self._greet)
        desk = Desk(self._receive, Outbox(self._line, self._pace), me, self._pace, self._offset.finish)
        try:
            while True:
                await self._persist(lambda: self._poll(desk, me))
        finally:
            await desk.close()
            if self._listening:
                await self._confirm()

    async def _greet(self) -> Me:
        """Learn our own name, and take over from a webhook; what waits there is kept."""
        await self._line.initialize()
        if (await self._line.get_webhook_info()).url:
            _log.warning("webhook replaced by polling", channel="telegram")
            await self._line.delete_webhook(drop_pending_updates=False)
        with contextlib.suppress(BadRequest):
            await self._line.set_my_commands(_COMMANDS, scope=BotCommandScopeAllPrivateChats())
        return Me(self._line.id, self._line.username)

    async def _poll(self, desk: Desk, me: Me) -> None:
        """Take what is new; the next call confirms what is done by then."""
        for raw in await self._line.updates(self._offset.next(), self._pace.poll):
            update_id = raw.get("update_id")
            if isinstance(update_id, int) and self._offset.take(update_id):
                incoming = self._read(raw, me)
                if incoming is None:
                    self._offset.finish(update_id, done=True)
                else:
                    desk.take(incoming)
        await self._offset.idle(self._pace.settling)

    def _read(self, raw: dict[str, Any], me: Me) -> Incoming | None:
        try:
            return inbound.read(Update.de_json(raw, self._line), me)
        except Exception as failure:  # noqa: BLE001 - around one turn: what cannot be read must not come for ever
            _log.error("update not understood", channel="telegram", **outline(failure))
            return None

    async def _persist(self, action: Callable[[], Awaitable[_Result]]) -> _Result:
        """Do ``action``, through any trouble that passes by itself."""
        attempt = 0
        while True:
            try:
                result = await action()
            except InvalidToken:
                raise self._halted(State.REFUSED) from None
            except Conflict:
                raise self._halted(State.CONFLICT) from None
            except TelegramError as failure:
                self._trouble(failure, attempt)
                await asyncio.sleep(self._pause(failure, attempt))
                attempt += 1
            else:
                self._well()
                return result

    def _halted(self, state: State) -> HaltError:
        """Nothing is confirmed any more: another poller may be at work, or nobody would listen."""
        self._listening = False
        return HaltError(state)

    def _trouble(self, failure: TelegramError, attempt: int) -> None:
        """One line per outage."""
        self._report(State.WAITING)
        if attempt == 0:
            _log.warning("no connection, trying again", channel="telegram", error=type(failure).__name__)

    def _well(self) -> None:
        self._listening = True
        self._report(State.LISTENING)

    def _pause(self, failure: TelegramError, attempt: int) -> float:
        more = failure.seconds if isinstance(failure, FloodedError) else 0.0
        return more + self._pace.pause(attempt)

    async def _confirm(self) -> None:
        """Tell the platform what is done, so that a restart does not repeat it."""
        with contextlib.suppress(TelegramError, TimeoutError):
            async with asyncio.timeout(_PARTING_SECONDS):
                await self._line.updates(self._offset.next(), 0)
