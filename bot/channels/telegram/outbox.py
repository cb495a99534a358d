"""Messages to Telegram: spaced, tried again where that is safe, and what became of each."""

import asyncio
import contextlib
from dataclasses import replace
from enum import StrEnum

import structlog
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, TelegramError

from bot.channels.telegram.buttons import Button
from bot.channels.telegram.inbound import Place
from bot.channels.telegram.pace import Pace, Spacing
from bot.channels.telegram.render import Part
from bot.channels.telegram.wire import FloodedError, Line, surely_unsent

_log = structlog.get_logger(__name__)


class Fate(StrEnum):
    """What became of a message."""

    SENT = "sent"
    UNKNOWN = "unknown"
    """The line broke while it was sent: it may have arrived, so it is not sent again."""
    UNREACHABLE = "unreachable"
    """The person blocked us or is gone."""
    REFUSED = "refused"
    """The platform did not take it and would not next time."""
    WAITING = "waiting"
    """It surely did not leave, and may be sent when the line is back."""


class Outbox:
    """Sends for one bot."""

    def __init__(self, line: Line, pace: Pace) -> None:
        self._line = line
        self._pace = pace
        self._spacing = Spacing(pace.overall)

    async def deliver(self, place: Place, parts: tuple[Part, ...]) -> Fate:
        """Send ``parts`` in order; the first that cannot be sent ends it."""
        fate = Fate.SENT
        for part in parts:
            sent = await self._send(place, part)
            place = replace(place, answers=None)
            if sent not in (Fate.SENT, Fate.UNKNOWN):
                return sent
            fate = Fate.UNKNOWN if Fate.UNKNOWN in (fate, sent) else sent
        return fate

    async def typing(self, place: Place) -> None:
        """Show that an answer is being written; failing to do so matters to nobody."""
        with contextlib.suppress(TelegramError):
            await self._line.send_chat_action(place.chat, ChatAction.TYPING)

    async def acknowledge(self, tap: str) -> None:
        """End the waiting sign of a tapped button; one that is too old has none any more."""
        with contextlib.suppress(TelegramError):
            await self._line.answer_callback_query(tap)

    async def _send(self, place: Place, part: Part) -> Fate:
        gap = self._pace.chat if place.private else self._pace.group
        for attempt in range(self._pace.tries):
            await self._spacing.wait(place.chat, gap)
            try:
                await self._post(place, part)
            except TelegramError as failure:
                fate = _fate(failure, part)
                _report(failure, fate)
                if fate in (Fate.UNREACHABLE, Fate.REFUSED):
                    return fate
                await asyncio.sleep(self._wait_after(failure, attempt))
                if fate:
                    return fate
                place, part = _amended(failure, place, part)
            else:
                self._spacing.sent(place.chat, gap)
                return Fate.SENT
        return Fate.WAITING

    async def _post(self, place: Place, part: Part) -> None:
        await self._line.send_message(
            place.chat,
            part.html or part.text,
            parse_mode=ParseMode.HTML if part.html else None,
            reply_markup=_keyboard(part.buttons),
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            reply_parameters=_answering(place),
        )

    def _wait_after(self, failure: TelegramError, attempt: int) -> float:
        if isinstance(failure, FloodedError):
            return failure.seconds + self._pace.pause(0)
        if isinstance(failure, BadRequest | ChatMigrated):
            return 0.0
        return self._pace.pause(attempt)


def _fate(failure: TelegramError, part: Part) -> Fate | None:
    """What ``failure`` makes of a message; None when the same one is to be tried again."""
    if isinstance(failure, FloodedError | ChatMigrated):
        return None
    if isinstance(failure, InvalidToken):
        return Fate.WAITING
    if isinstance(failure, Forbidden):
        return Fate.UNREACHABLE
    if isinstance(failure, BadRequest):
        return _refusal(failure.message.lower(), part)
    if isinstance(failure, NetworkError):
        return None if surely_unsent(failure) else Fate.UNKNOWN
    return Fate.REFUSED


def _refusal(reason: str, part: Part) -> Fate | None:
    if part.html and "parse entities" in reason:
        return None
    return Fate.UNREACHABLE if "chat not found" in reason else Fate.REFUSED


def _amended(failure: TelegramError, place: Place, part: Part) -> tuple[Place, Part]:
    """Where and how the next try goes: to the group's new address, without marks the platform did not read."""
    if isinstance(failure, ChatMigrated):
        return replace(place, chat=failure.new_chat_id, answers=None), part
    return (place, replace(part, html="")) if isinstance(failure, BadRequest) else (place, part)


def _report(failure: TelegramError, fate: Fate | None) -> None:
    if fate is Fate.UNREACHABLE or isinstance(failure, FloodedError | ChatMigrated):
        _log.info("message not taken", channel="telegram", error=type(failure).__name__)
    else:
        _log.warning(
            "message not sent", channel="telegram", error=type(failure).__name__, status=fate or "again"
        )


def _keyboard(buttons: tuple[Button, ...]) -> InlineKeyboardMarkup | None:
    """One button a row: Chinese sentences need the width of a phone."""
    rows = [
        [InlineKeyboardButton(button.label, callback_data=button.data or None, url=button.url or None)]
        for button in buttons
    ]
    return InlineKeyboardMarkup(rows) if rows else None


def _answering(place: Place) -> ReplyParameters | None:
    if place.answers is None:
        return None
    return ReplyParameters(place.answers, allow_sending_without_reply=True)
