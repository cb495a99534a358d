"""An update of the Bot API → the message the core sees and where its answer goes, or nothing to be answered."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from telegram import CallbackQuery, ChatMember, ChatMemberUpdated, Message, Update
from telegram.constants import ChatType, MessageEntityType

from bot.channels.telegram import buttons
from bot.core.messages import InboundMessage, MessageKind
from intents import commands

PRIVATE, GROUP = "telegram", "telegram_group"
"""A group is a channel of its own: nothing said there touches what a person keeps with us in private."""

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?:\s.*)?", re.DOTALL)
_WORDS: Mapping[str, str] = {
    "start": "菜单",
    "help": "菜单",
    "menu": "菜单",
    "person": "人工",
    "more": "更多",
    "back": "返回",
    "cancel": "取消",
    "stop": "退订",
    "subscribe": "订阅",
}
"""What the platform's commands are called among us; what follows a command, such as a link's payload, is dropped."""
_KINDS: Mapping[str, MessageKind] = {
    "photo": MessageKind.IMAGE,
    "voice": MessageKind.VOICE,
    "audio": MessageKind.VOICE,
    "video_note": MessageKind.VOICE,
    "document": MessageKind.FILE,
    "video": MessageKind.FILE,
    "location": MessageKind.LOCATION,
    "venue": MessageKind.LOCATION,
    "sticker": MessageKind.OTHER,
    "contact": MessageKind.OTHER,
    "poll": MessageKind.OTHER,
    "dice": MessageKind.OTHER,
    "game": MessageKind.OTHER,
    "story": MessageKind.OTHER,
    "paid_media": MessageKind.OTHER,
    "checklist": MessageKind.OTHER,
}
"""What a person can send; anything else is the platform's own notice and gets no answer."""


@dataclass(frozen=True, slots=True)
class Me:
    """The bot as others address it."""

    user_id: int
    username: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer goes."""

    chat: int = field(repr=False)
    private: bool = True
    answers: int | None = None
    """The message of a group that is answered."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One update that asks something of us."""

    update_id: int
    place: Place
    message: InboundMessage | None = None
    """None where the core is not asked."""
    tap: str = ""
    """Id of a tap, which must be answered whatever becomes of it."""
    silent: bool = False
    """Whether the core is told but the person gets no message."""
    album: str = field(default="", repr=False)
    """What the pictures sent together have in common."""


def read(update: Update, me: Me) -> Incoming | None:
    """What ``update`` asks of us; None when nothing."""
    if update.callback_query is not None:
        return _tap(update.update_id, update.callback_query)
    if update.my_chat_member is not None:
        return _membership(update.update_id, update.my_chat_member)
    if update.message is not None:
        return _message(update.update_id, update.message, me)
    return None


def unreachable(incoming: Incoming) -> InboundMessage | None:
    """What the core is told when ``incoming`` cannot be answered, because the person shut us out."""
    if incoming.message is None or not incoming.place.private:
        return None
    kind = MessageKind.UNFOLLOW
    return InboundMessage(PRIVATE, incoming.message.sender, f"{incoming.update_id}:unreachable", kind=kind)


def _tap(update_id: int, query: CallbackQuery) -> Incoming:
    """Only our private messages carry choices, and a message hidden for its age has none to show."""
    person = query.from_user.id
    if query.message is None or query.message.chat.type != ChatType.PRIVATE:
        return Incoming(update_id, Place(person), tap=query.id)
    said = buttons.said(query.data or "")
    message = InboundMessage(PRIVATE, str(person), str(update_id), said.text, offer=said.offer)
    return Incoming(update_id, Place(person), message, tap=query.id)


def _membership(update_id: int, change: ChatMemberUpdated) -> Incoming | None:
    """A person blocked us, or took us back; who does so also sends /start, which is answered."""
    kinds = {ChatMember.BANNED: MessageKind.UNFOLLOW, ChatMember.MEMBER: MessageKind.FOLLOW}
    kind = kinds.get(change.new_chat_member.status)
    if change.chat.type != ChatType.PRIVATE or kind is None:
        return None
    person = change.from_user.id
    message = InboundMessage(PRIVATE, str(person), str(update_id), kind=kind, sent_at=change.date)
    return Incoming(update_id, Place(person), message, silent=True)


def _message(update_id: int, message: Message, me: Me) -> Incoming | None:
    person = message.from_user
    if person is None or message.is_automatic_forward or (person.is_bot and message.sender_chat is None):
        return None
    kind = _kind(message)
    if kind is None:
        return None
    if message.chat.type == ChatType.PRIVATE:
        return _private(update_id, message, kind)
    return _in_group(update_id, message, kind, me)


def _private(update_id: int, message: Message, kind: MessageKind) -> Incoming:
    chat = message.chat.id
    text = _clean(message.text or message.caption or "")
    said = InboundMessage(PRIVATE, str(chat), str(update_id), _word(text) or text, kind, message.date)
    return Incoming(update_id, Place(chat), said, album=message.media_group_id or "")


def _in_group(update_id: int, message: Message, kind: MessageKind, me: Me) -> Incoming | None:
    """Only what is said to us by name or in reply, and of that only questions; the rest belongs in private."""
    assert message.from_user is not None
    text = _addressed(message, me)
    if text is None or (kind is not MessageKind.TEXT and not text):
        return None
    place = Place(message.chat.id, private=False, answers=message.message_id)
    asked = _word(text) or text
    if commands.command(asked) not in (None, commands.Command.MORE) or not asked:
        return Incoming(update_id, place)
    sender = f"{message.chat.id}:{message.from_user.id}"
    said = InboundMessage(GROUP, sender, str(update_id), asked, kind, message.date)
    return Incoming(update_id, place, said)


def _addressed(message: Message, me: Me) -> str | None:
    """The text without our name; None when it is not meant for us."""
    text = message.text or message.caption or ""
    named = message.parse_entities() if message.text else message.parse_caption_entities() if text else {}
    ours = [
        found
        for entity, found in named.items()
        if _names_us(entity.type, found, entity.user.id if entity.user else None, me)
    ]
    replied = message.reply_to_message
    if not ours and not (replied and replied.from_user and replied.from_user.id == me.user_id):
        return None
    for found in ours:
        text = text.replace(found, found.partition("@")[0] if found.startswith("/") else " ")
    return _clean(text).strip()


def _names_us(kind: str, found: str, user: int | None, me: Me) -> bool:
    if kind == MessageEntityType.TEXT_MENTION:
        return user == me.user_id
    if kind not in (MessageEntityType.MENTION, MessageEntityType.BOT_COMMAND):
        return False
    return found.partition("@")[2].lower() == me.username.lower()


def _kind(message: Message) -> MessageKind | None:
    if message.text:
        return MessageKind.TEXT
    return next((kind for name, kind in _KINDS.items() if getattr(message, name)), None)


def _word(text: str) -> str:
    found = _COMMAND.fullmatch(text.strip())
    return _WORDS.get(found[1].lower(), "") if found else ""


def _clean(text: str) -> str:
    """``text`` without what no keyboard types and some databases refuse."""
    return _CONTROL.sub("", text)
