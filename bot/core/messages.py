"""What goes in and out of one turn: small frozen values every channel shares."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class MessageKind(StrEnum):
    """What a worker sent, whatever the platform calls it."""

    TEXT = "text"
    IMAGE = "image"
    VOICE = "voice"
    FILE = "file"
    LOCATION = "location"
    FOLLOW = "follow"
    UNFOLLOW = "unfollow"
    OTHER = "other"


class ReplyKind(StrEnum):
    """What kind of reply the worker gets; the ``kind`` of ``niangjia ask --json``."""

    ANSWER = "answer"
    ARTICLE = "article"
    CALCULATION = "calculation"
    FORM = "form"
    MENU = "menu"
    CLARIFY = "clarify"
    REFUSAL = "refusal"
    CRISIS = "crisis"
    DUTY = "duty"
    HANDOVER = "handover"
    SMALLTALK = "smalltalk"


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """One message as the core sees it; ``message_id`` is unique within its channel."""

    channel: str
    """wechat, telegram, telegram_group, web or terminal."""
    sender: str = field(repr=False)
    """The channel's own address of the person; never logged."""
    message_id: str
    """Stable across the platform's retries."""
    text: str = field(default="", repr=False)
    """What was typed, or what a tapped choice sends."""
    kind: MessageKind = MessageKind.TEXT
    sent_at: datetime | None = None
    offer: str = ""
    """Mark of the reply whose choice was tapped, where the choice holds only while that reply is the newest."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where an answer comes from; ``quote`` equals the stored text byte for byte."""

    key: str
    """Law short name#article (劳动合同法#47), or an entry id."""
    title: str
    article: str
    """The address people read: 第四十七条, or a heading."""
    quote: str
    in_force: bool = True
    note: str = ""
    """Why it is not in force, or which region it holds for."""
    url: str = ""
    """Path of the page that shows the clause."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something the worker may tap, or pick by its number where nothing can be tapped."""

    label: str
    send: str
    """The text that is sent when it is picked."""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer before a channel renders it."""

    kind: ReplyKind
    text: str
    citations: tuple[Citation, ...] = ()
    choices: tuple[Choice, ...] = ()
    confidence: float = 1.0
    """How likely it is that the knowledge base has an answer to the question at all, 0 to 1; a border for refusal."""
    more: str = ""
    """What 更多 shows: the rest of an answer that was cut to fit."""

    @property
    def mark(self) -> str:
        """What this reply is recognised by when one of its choices is tapped later."""
        said = json.dumps([self.text, [choice.send for choice in self.choices]])
        return hashlib.sha256(said.encode()).hexdigest()[:8]

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types, for storage and for ``--json``."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> "Reply":
        """The inverse of :meth:`to_dict`."""
        return cls(
            kind=ReplyKind(stored["kind"]),
            text=stored["text"],
            citations=tuple(Citation(**citation) for citation in stored["citations"]),
            choices=tuple(Choice(**choice) for choice in stored["choices"]),
            confidence=stored["confidence"],
            more=stored["more"],
        )
