"""The Bot API on the wire: python-telegram-bot as transport, its traps closed."""

import json
from typing import Any

import httpx
from telegram import Bot
from telegram.error import NetworkError, TelegramError
from telegram.request import HTTPXRequest

_TOO_MANY = 429
_CONNECTIONS = 32
_PATIENCE = 10.0
_POOL_PATIENCE = 60.0
_UPDATES = ["message", "callback_query", "my_chat_member"]


class FloodedError(TelegramError):
    """The platform asks to wait; the library's own exception for it warns whenever it is made."""

    def __init__(self, seconds: float) -> None:
        super().__init__("too many requests")
        self.seconds = seconds


class Wire(HTTPXRequest):
    """Lets only answers of the Bot API through: the library writes any other one, unmasked, to the log."""

    async def do_request(self, *args: Any, **more: Any) -> tuple[int, bytes]:
        """Status and body; a body that is no answer is a network fault, or empty beside an error status."""
        status, payload = await super().do_request(*args, **more)
        answer = _answer(payload)
        if status == _TOO_MANY:
            raise FloodedError(_wait(answer))
        if 200 <= status < 300 and "result" not in answer:
            raise NetworkError("unreadable answer")
        return status, json.dumps(answer).encode()


class Line(Bot):
    """One bot's connection."""

    async def updates(self, offset: int, seconds: int) -> list[dict[str, Any]]:
        """Updates from ``offset`` on as they came, so that one nobody can read does not hide the others."""
        asked = {"offset": offset or None, "timeout": seconds, "allowed_updates": _UPDATES}
        found = await self._post("getUpdates", asked, read_timeout=seconds + _PATIENCE)
        return [update for update in found if isinstance(update, dict)] if isinstance(found, list) else []


def open_line(token: str, api_base: str) -> Line:
    """A connection to ``api_base``; nothing is sent yet."""
    base = api_base.rstrip("/")
    return Line(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=_wire(_CONNECTIONS),
        get_updates_request=_wire(2),
    )


def surely_unsent(failure: TelegramError) -> bool:
    """Whether no byte of the request can have reached the platform."""
    return isinstance(failure.__cause__, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)


def _wire(connections: int) -> Wire:
    return Wire(
        connections,
        read_timeout=_PATIENCE,
        write_timeout=_PATIENCE,
        connect_timeout=_PATIENCE,
        pool_timeout=_POOL_PATIENCE,
    )


def _answer(payload: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(payload)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _wait(answer: dict[str, Any]) -> float:
    parameters = answer.get("parameters")
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return float(seconds) if isinstance(seconds, int | float) else 1.0
