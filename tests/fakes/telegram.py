"""A Bot API server of our own on loopback: it keeps state and enforces the platform's rules."""

import asyncio
import itertools
import json
import re
import time
from collections import defaultdict, deque
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

TOKEN = "4242:fake-token-of-the-fake-platform"
BOT = {"id": 4242, "is_bot": True, "first_name": "娘家人", "username": "niangjia_bot"}
_LIMIT = 4096
_PER_SECOND = 30
_PATIENCE = 30.0
_DATE = 1_790_000_000


class RefusedError(Exception):
    """An error answer of the platform."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        self.status = status
        self.body = {"ok": False, "error_code": status, "description": description}
        if parameters:
            self.body["parameters"] = parameters


class FakeTelegram:
    """One bot's side of the platform; ``chat_gap`` is the second between two messages to one chat, scaled for tests."""

    def __init__(self, chat_gap: float = 0.0) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.sent: list[dict[str, Any]] = []
        self.blocked: set[int] = set()
        self.confirmed = 0
        self.flooded = 0
        self.webhook = ""
        self.planned: dict[str, deque[Callable[[], Response | None]]] = defaultdict(deque)
        self._chat_gap = chat_gap
        self._updates: list[dict[str, Any]] = []
        self._ids = itertools.count(1000)
        self._messages = itertools.count(1)
        self._last: dict[int, float] = {}
        self._recent: deque[float] = deque()
        self._poller: object | None = None

    def app(self) -> FastAPI:
        """The server to put on loopback."""
        return FastAPI(routes=[Route("/bot{token}/{method}", self._serve, methods=["GET", "POST"])])

    # What people do

    def update(self, **content: Any) -> int:
        """Queue an update; returns its id."""
        update_id = next(self._ids)
        self._updates.append({"update_id": update_id, **content})
        return update_id

    def says(self, person: int, text: str | None = None, chat: int | None = None, **more: Any) -> int:
        """``person`` writes to the bot, or into a group ``chat``."""
        return self.update(message=self.message(person, text, chat, **more))

    def message(
        self, person: int, text: str | None = None, chat: int | None = None, **more: Any
    ) -> dict[str, Any]:
        """A message as the platform describes it, names and commands in it found."""
        content = {"text": text, "entities": _entities(text)} if text is not None else {}
        return {
            "message_id": next(self._messages),
            "date": _DATE,
            "chat": {"id": chat or person, "type": "supergroup" if chat else "private"},
            "from": {"id": person, "is_bot": False, "first_name": "工友"},
            **content,
            **more,
        }

    def taps(self, person: int, message: dict[str, Any], label: str) -> int:
        """``person`` taps the button of ``message`` that shows ``label``."""
        rows = message["reply_markup"]["inline_keyboard"]
        data = next(button["callback_data"] for row in rows for button in row if label in button["text"])
        sender = {"id": person, "is_bot": False, "first_name": "工友"}
        query = {"id": f"tap{next(self._messages)}", "from": sender, "chat_instance": "1", "data": data}
        return self.update(callback_query={**query, "message": message})

    def membership(self, person: int, status: str) -> int:
        """``person`` blocks the bot (kicked) or takes it back (member)."""
        (self.blocked.add if status == "kicked" else self.blocked.discard)(person)
        sides = {"old": "member", "new": status}
        members = {
            f"{side}_chat_member": {
                "status": is_,
                "user": BOT,
                **({"until_date": 0} if is_ == "kicked" else {}),
            }
            for side, is_ in sides.items()
        }
        chat = {"id": person, "type": "private"}
        sender = {"id": person, "is_bot": False, "first_name": "工友"}
        return self.update(my_chat_member={"chat": chat, "from": sender, "date": _DATE, **members})

    # What a test does

    def plan(self, method: str, status: int, body: Any = None, **parameters: int) -> None:
        """Let the next call of ``method`` fail; a ``body`` that is text goes out as it is."""
        if isinstance(body, str):
            self.planned[method].append(lambda: Response(body, status, media_type="text/html"))
            return
        refusal = RefusedError(status, "planned", **parameters).body | (body or {})
        self.planned[method].append(lambda: JSONResponse(refusal, status))

    def wait(self, come: Callable[[], Any]) -> Any:
        """What ``come`` returns once it is true."""
        deadline = time.monotonic() + _PATIENCE
        while not (found := come()):
            assert time.monotonic() < deadline, f"waited in vain; sent: {[one['text'] for one in self.sent]}"
            time.sleep(0.005)
        return found

    def answers(self, chat: int, count: int = 1) -> list[dict[str, Any]]:
        """The messages sent to ``chat``, once there are ``count``."""
        return self.wait(lambda: found if len(found := self.to(chat)) >= count else None)

    def to(self, chat: int) -> list[dict[str, Any]]:
        """The messages sent to ``chat`` so far."""
        return [message for message in list(self.sent) if message["chat"]["id"] == chat]

    def called(self, method: str) -> list[dict[str, Any]]:
        """What ``method`` was called with so far."""
        return [sent for name, sent in list(self.calls) if name == method]

    # The platform

    async def _serve(self, request: Request) -> Response:
        if request.path_params["token"] != TOKEN:
            return JSONResponse(RefusedError(401, "Unauthorized").body, 401)
        method = request.path_params["method"]
        given = {name: _value(name, text) for name, text in (await request.form()).items()}
        self.calls.append((method, given))
        if self.planned[method] and (planned := self.planned[method].popleft()()) is not None:
            return planned
        try:
            result = await getattr(self, re.sub("[A-Z]", lambda big: f"_{big[0].lower()}", f"_{method}"))(
                given
            )
        except RefusedError as refused:
            return JSONResponse(refused.body, refused.status)
        return JSONResponse({"ok": True, "result": result})

    async def _get_me(self, _given: dict[str, Any]) -> Any:
        return BOT

    async def _get_webhook_info(self, _given: dict[str, Any]) -> Any:
        return {
            "url": self.webhook,
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates),
        }

    async def _delete_webhook(self, given: dict[str, Any]) -> Any:
        self.webhook = ""
        if given.get("drop_pending_updates") is True:
            self._updates.clear()
        return True

    async def _set_my_commands(self, _given: dict[str, Any]) -> Any:
        return True

    async def _get_updates(self, given: dict[str, Any]) -> Any:
        """The newest poller wins; one that was waiting is told so."""
        if self.webhook:
            raise RefusedError(409, "Conflict: can't use getUpdates method while webhook is active")
        self.confirmed = max(self.confirmed, given.get("offset", 0))
        self._updates = [update for update in self._updates if update["update_id"] >= self.confirmed]
        mine = self._poller = object()
        until = time.monotonic() + given.get("timeout", 0)
        while not self._updates and time.monotonic() < until:
            await asyncio.sleep(0.005)
            if self._poller is not mine:
                raise RefusedError(409, "Conflict: terminated by other getUpdates request")
        return self._updates[: given.get("limit", 100)]

    async def _send_message(self, given: dict[str, Any]) -> Any:
        chat, text = given["chat_id"], given["text"]
        if chat in self.blocked:
            raise RefusedError(403, "Forbidden: bot was blocked by the user")
        shown = _shown(text) if given.get("parse_mode") == "HTML" else text
        if not shown.strip():
            raise RefusedError(400, "Bad Request: message text is empty")
        if len(shown.encode("utf-16-le")) // 2 > _LIMIT:
            raise RefusedError(400, "Bad Request: message is too long")
        _check_buttons(given.get("reply_markup", {}))
        self._check_rate(chat)
        private = {"id": chat, "type": "private" if chat > 0 else "supergroup"}
        message = {"message_id": next(self._messages), "date": int(time.time()), "chat": private, "from": BOT}
        message |= {
            "text": shown,
            **({"reply_markup": given["reply_markup"]} if "reply_markup" in given else {}),
        }
        self.sent.append({**message, "given": given})
        return message

    async def _send_chat_action(self, _given: dict[str, Any]) -> Any:
        return True

    async def _answer_callback_query(self, _given: dict[str, Any]) -> Any:
        return True

    def _check_rate(self, chat: int) -> None:
        now = time.monotonic()
        self._recent = deque(at for at in self._recent if at > now - 1)
        early = now - self._last.get(chat, 0.0) < self._chat_gap
        if early or len(self._recent) >= _PER_SECOND:
            self.flooded += 1
            raise RefusedError(429, "Too Many Requests: retry after 1", retry_after=1)
        self._last[chat] = now
        self._recent.append(now)


class _Shown(HTMLParser):
    """The words of a message without its marks; marks that do not fit are refused."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words = ""
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Only the tags the platform knows."""
        if tag not in {"b", "i", "u", "s", "a", "code", "pre", "blockquote"}:
            raise RefusedError(400, f"Bad Request: can't parse entities: unsupported start tag {tag}")
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Each closes the one opened last."""
        if not self._open or self._open.pop() != tag:
            raise RefusedError(400, "Bad Request: can't parse entities: unmatched end tag")

    def handle_data(self, data: str) -> None:
        """Words are shown as they are."""
        self.words += data


def _shown(text: str) -> str:
    parser = _Shown()
    parser.feed(text)
    parser.close()
    return parser.words


def _check_buttons(markup: dict[str, Any]) -> None:
    buttons = [button for row in markup.get("inline_keyboard", []) for button in row]
    for button in buttons:
        if not button["text"] or len(button.get("callback_data", "x").encode()) not in range(1, 65):
            raise RefusedError(400, "Bad Request: BUTTON_DATA_INVALID")
    if len(buttons) > 100:
        raise RefusedError(400, "Bad Request: reply markup is too long")


def _entities(text: str) -> list[dict[str, Any]]:
    """Names and commands, measured in UTF-16 units."""
    found = []
    for match in re.finditer(r"(?<![\w/])(@\w+|/\w+(?:@\w+)?)", text):
        offset, length = (len(part.encode("utf-16-le")) // 2 for part in (text[: match.start()], match[0]))
        kind = "mention" if match[0].startswith("@") else "bot_command"
        found.append({"type": kind, "offset": offset, "length": length})
    return found


def _value(name: str, given: Any) -> Any:
    """Numbers and structures travel as JSON, words as they are."""
    try:
        return given if name == "text" else json.loads(given)
    except ValueError:
        return given
