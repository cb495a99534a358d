"""A pushed XML body → the message the core sees, or nothing where nothing is to be answered."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from xml.parsers import expat
from xml.parsers.expat import ExpatError

from wechatpy import parse_message
from wechatpy.exceptions import WeChatException

from bot.core.messages import InboundMessage, MessageKind

_CONTROL = bytes(set(range(32)) - set(b"\t\n\r"))
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SEALED = re.compile(rb"<Encrypt>\s*(?:<!\[CDATA\[)?([A-Za-z0-9+/=]+)(?:\]\]>)?\s*</Encrypt>")
_ADDRESS = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LATEST = 1 << 33
"""CreateTime beyond this is no time the platform could mean."""
_STICKER = re.compile("[\\[【]收到不支持的消息类型")
"""What the platform writes in place of a sticker it does not pass on."""
_MENU = "菜单"

_KINDS: Mapping[str, MessageKind] = {
    "text": MessageKind.TEXT,
    "image": MessageKind.IMAGE,
    "voice": MessageKind.VOICE,
    "video": MessageKind.FILE,
    "shortvideo": MessageKind.FILE,
    "location": MessageKind.LOCATION,
    "link": MessageKind.OTHER,
}
_EVENTS: Mapping[str, MessageKind] = {
    "subscribe": MessageKind.FOLLOW,
    "subscribe_scan": MessageKind.FOLLOW,
    "unsubscribe": MessageKind.UNFOLLOW,
    "scan": MessageKind.TEXT,
    "click": MessageKind.TEXT,
}
"""Events, as wechatpy names them, that get an answer or change something; a tapped menu button says its key, who scans
one of our codes again is shown the menu, all others are only acknowledged."""


class UnreadableError(Exception):
    """The body is no message of the platform."""


@dataclass(frozen=True, slots=True)
class Push:
    """One message or event of the platform, and what a passive reply to it needs."""

    sender: str = field(repr=False)
    recipient: str = field(repr=False)
    """Our account's own address, which a reply names as its sender."""
    created: int
    """Seconds since 1970 by the platform's clock; 0 when it gave none."""
    message: InboundMessage | None
    """None where nothing is to be answered."""


def clean(text: str) -> str:
    """``text`` without characters that XML does not allow."""
    return _ILLEGAL.sub("", text)


def legible(body: bytes) -> bytes:
    """``body`` without control characters, which people do send and no XML parser takes."""
    return body.translate(None, _CONTROL)


def sealed(body: bytes) -> Iterator[bytes]:
    """Everything in ``body`` that looks like encrypted text; in compatible mode people can type such a thing too."""
    return (found[1] for found in _SEALED.finditer(body))


def read(body: bytes) -> Push:
    """The push in a clear ``body``; raises ``UnreadableError`` where there is none."""
    text = clean(legible(body).decode("utf-8", "replace"))
    fields = fields_of(text)
    created = _created(fields)
    sender, recipient = _address(fields, "FromUserName"), _address(fields, "ToUserName")
    if fields.get("MsgType", "").lower() == "event":
        return Push(sender, recipient, created, _event(text, fields, sender, created))
    return Push(sender, recipient, created, _message(fields, sender, created))


def fields_of(text: str) -> dict[str, str]:
    """The elements right below the root, trimmed; deeper ones are passed over and a DOCTYPE is refused.

    Our own few lines on expat, because the webhook spends most of its time on plain messages here: wechatpy's parser,
    which reads the events, takes three times as long. A test holds both equal on every kind of message.
    """
    fields: dict[str, str] = {}
    path: list[str] = []
    words: list[str] = []

    def start(name: str, _attributes: Any) -> None:
        path.append(name)
        words.clear()

    def end(name: str) -> None:
        path.pop()
        if len(path) == 1:
            fields[name] = "".join(words).strip()

    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = words.append
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(text, True)
    except expat.ExpatError as broken:
        raise UnreadableError from broken
    return fields


def message_id(fields: Mapping[str, str]) -> str:
    """What every attempt to push one thing has in common; names the sender, so nobody can meet another's reply."""
    names: tuple[str, ...]
    if fields.get("MsgType", "").lower() == "event":
        names = ("MsgID", "Event") if "MsgID" in fields else ("CreateTime", "Event", "EventKey")
    else:
        names = ("MsgId",) if fields.get("MsgId") else ("CreateTime", "MsgType", "Content", "MediaId")
    return "\n".join(fields.get(name, "") for name in ("FromUserName", *names))


def _message(fields: Mapping[str, str], sender: str, created: int) -> InboundMessage | None:
    name = fields.get("MsgType", "").lower()
    kind = _KINDS.get(name)
    if kind is None:
        return None
    text = _text(name, fields)
    if _STICKER.match(text):
        kind, text = MessageKind.OTHER, ""
    return InboundMessage("wechat", sender, message_id(fields), text, kind, _instant(created))


def _event(text: str, fields: Mapping[str, str], sender: str, created: int) -> InboundMessage | None:
    """What an event means to the core, read by wechatpy, which knows the platform's many shapes of them."""
    try:
        event = parse_message(text)
    except (WeChatException, ExpatError, ValueError, TypeError, KeyError, AttributeError) as broken:
        raise UnreadableError from broken
    name = getattr(event, "event", "")
    kind = _EVENTS.get(name)
    if kind is None:
        return None
    said = _MENU if name == "scan" else (event.key or "") if name == "click" else ""
    return InboundMessage("wechat", sender, message_id(fields), said, kind, _instant(created))


def _instant(created: int) -> datetime | None:
    return datetime.fromtimestamp(created, UTC) if created else None


def _text(name: str, fields: Mapping[str, str]) -> str:
    """What was typed, or what the platform heard in a voice message."""
    return fields.get({"text": "Content", "voice": "Recognition"}.get(name, ""), "")


def _address(fields: Mapping[str, str], name: str) -> str:
    """An address that can stand in a reply as it is."""
    value = fields.get(name, "")
    if not _ADDRESS.fullmatch(value):
        raise UnreadableError
    return value


def _created(fields: Mapping[str, str]) -> int:
    value = fields.get("CreateTime", "")
    seconds = int(value) if re.fullmatch(r"[0-9]{1,10}", value) else 0
    return seconds if seconds < _LATEST else 0


def _refuse_doctype(*_declared: Any) -> None:
    raise UnreadableError
