"""A life, a body or a crowd in danger: care and numbers first, an alert beside it, and quiet company afterwards."""

import re
from dataclasses import replace
from datetime import timedelta

from bot.core.messages import Choice, MessageKind, Reply, ReplyKind
from handlers.turn import Outcome, Turn
from intents import commands
from intents.commands import Command

_COMPANY = timedelta(hours=2)
"""So long small words and further details are heard as part of the same talk."""
_PERSON = (Choice("找人工", "人工"),)
_ASKS = re.compile(
    r"[?？吗么呢]|怎[么样]|多少|几|哪|什么|啥|如何|是否|能不能|可不可以|可以|咋|第.+条|继续|接着|草稿"
)


def danger(turn: Turn) -> Outcome | None:
    """The answer to a message that speaks of danger; None for every other."""
    if turn.message.kind in (MessageKind.FOLLOW, MessageKind.UNFOLLOW) or _is_offered(turn):
        return None
    comfort = turn.wording.comfort
    signal = comfort.gate.check(turn.text)
    if signal is None:
        return None
    kind = comfort.dangers[signal.kind]
    outcome = _say(turn, kind.reply, kind.text, signal.kind)
    began = replace(outcome.conversation, danger=signal.kind, danger_at=turn.now)
    return replace(outcome, conversation=began)


def company(turn: Turn) -> Outcome | None:
    """The answer to what follows a danger: no menu, no form; a real question is left to the others."""
    talk = turn.conversation
    if not talk.danger or talk.danger_at is None or turn.now - talk.danger_at > _COMPANY:
        return None
    if turn.message.kind in (MessageKind.FOLLOW, MessageKind.UNFOLLOW):
        return None
    comfort, reply = turn.wording.comfort, _reply_kind(turn)
    if _wants_person(turn):
        return _say(turn, ReplyKind.HANDOVER, comfort.care_person, talk.danger)
    if not _is_part_of_it(turn):
        return None
    said_something = len(commands.normalise(turn.text)) > 1 and not commands.is_thanks(turn.text)
    return _say(turn, reply, comfort.care, talk.danger if said_something else "")


def _say(turn: Turn, kind: ReplyKind, text: str, alert: str) -> Outcome:
    comfort = turn.wording.comfort
    on_duty = turn.on_duty() if "{duty}" in text else False
    choices = () if kind is ReplyKind.HANDOVER else _PERSON
    reply = Reply(kind, comfort.say(text, on_duty), choices=choices)
    return Outcome(reply, turn.conversation.after(reply), alert=alert)


def _wants_person(turn: Turn) -> bool:
    picked = turn.conversation.choices == _PERSON and commands.choice(turn.text, 1) == 1
    return picked or commands.command(turn.text) is Command.PERSON


def _reply_kind(turn: Turn) -> ReplyKind:
    known = turn.wording.comfort.dangers.get(turn.conversation.danger)
    return known.reply if known else ReplyKind.CRISIS


def _is_offered(turn: Turn) -> bool:
    """Whether the text is one of our own choices, tapped or copied: those are our words, not a cry."""
    said = turn.text.strip()
    return any(said == choice.send for choice in turn.conversation.choices)


def _is_part_of_it(turn: Turn) -> bool:
    """Small words, pictures, places and plain statements belong to the talk; commands and questions do not."""
    if commands.command(turn.text) is not None:
        return False
    small = commands.is_thanks(turn.text) or commands.is_greeting(turn.text)
    return small or not _ASKS.search(turn.text)
