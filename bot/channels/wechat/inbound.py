"""A pushed XML body → the message the core sees, or nothing where nothing is to be answered."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from wechatpy.parser import parse_message

from bot.core.messages import InboundMessage, MessageKind

_CONTROL = bytes(set(range(32)) - set(b"\t\n\r"))
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ROOT = re.compile(r"\ufeff?\s*(?:<\?xml[^>?]{0,100}\?>\s*)?<xml>")
"""The root element comes first: a DOCTYPE could only stand before it."""
_SEALED = re.compile(rb"<Encrypt>\s*(?:<!\[CDATA\[)?([A-Za-z0-9+/=]+)(?:\]\]>)?\s*</Encrypt>")
_ADDRESS = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LATEST = 1 << 33
"""CreateTime beyond this is no time the platform could mean."""
_STICKER = "收到不支持的消息类型"
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
"""Events that get an answer or change something; all others are only acknowledged."""


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
    """The push in a clear ``body``; raises ``UnreadableError``, or what wechatpy raises on a broken one."""
    text = clean(legible(body).decode("utf-8", "replace"))
    if not _ROOT.match(text):
        raise UnreadableError
    found = parse_message(text)
    fields: dict[str, Any] = found._data  # noqa: SLF001 - the library shows some fields nowhere else
    sender, recipient = _address(fields, "FromUserName"), _address(fields, "ToUserName")
    created = _created(fields)
    return Push(sender, recipient, created, _message(found, fields, sender, created))


def message_id(fields: Mapping[str, Any]) -> str:
    """What every attempt to push one thing has in common; names the sender, so nobody can meet another's reply."""
    names: tuple[str, ...]
    if str(fields.get("MsgType", "")).lower() == "event":
        names = ("MsgID", "Event") if "MsgID" in fields else ("CreateTime", "Event", "EventKey")
    else:
        names = ("MsgId",) if fields.get("MsgId") else ("CreateTime", "MsgType", "Content", "MediaId")
    return "\n".join(str(fields.get(name) or "") for name in ("FromUserName", *names))


def _message(found: Any, fields: Mapping[str, Any], sender: str, created: int) -> InboundMessage | None:
    is_event = found.type == "event"
    kind = _EVENTS.get(found.event) if is_event else _KINDS.get(found.type)
    if kind is None:
        return None
    text = _event_text(found) if is_event else _text(found)
    if kind is MessageKind.TEXT and _STICKER in text[:12]:
        kind, text = MessageKind.OTHER, ""
    sent_at = datetime.fromtimestamp(created, UTC) if created else None
    return InboundMessage("wechat", sender, message_id(fields), text, kind, sent_at)


def _text(found: Any) -> str:
    """What was typed, or what the platform heard in a voice message."""
    said = found.content if found.type == "text" else getattr(found, "recognition", None)
    return said if isinstance(said, str) else ""


def _event_text(found: Any) -> str:
    """A tapped menu button says its key; who scans one of our codes again is shown the menu."""
    if found.event == "scan":
        return _MENU
    return str(found.key or "") if found.event == "click" else ""


def _address(fields: Mapping[str, Any], name: str) -> str:
    """An address that can stand in a reply as it is."""
    value = fields.get(name)
    if not isinstance(value, str) or not _ADDRESS.fullmatch(value):
        raise UnreadableError
    return value


def _created(fields: Mapping[str, Any]) -> int:
    value = fields.get("CreateTime")
    seconds = int(value) if isinstance(value, str) and re.fullmatch(r"[0-9]{1,10}", value) else 0
    return seconds if seconds < _LATEST else 0
