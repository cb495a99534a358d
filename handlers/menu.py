"""Global words, greetings, follows and everything that is no text."""

from collections.abc import Callable, Mapping

from bot.core.messages import Choice, MessageKind, Reply, ReplyKind
from handlers import answer, browse
from handlers.turn import Outcome, Turn
from intents.commands import Command

_STARTERS = (
    Choice("老板拖欠工资怎么办", "老板拖欠工资怎么办"),
    Choice("被辞退能拿多少补偿", "被辞退能拿多少补偿"),
    Choice("上下班路上受伤算工伤吗", "上下班路上受伤算工伤吗"),
    Choice("转人工", "人工"),
    Choice("按主题找", "目录"),
)


def _say(turn: Turn, kind: ReplyKind, name: str, choices: tuple[Choice, ...] = ()) -> Outcome:
    reply = Reply(kind, turn.wording[name], choices=choices)
    return Outcome(reply, turn.conversation.after(reply))


def menu(turn: Turn) -> Outcome:
    """What can be asked here."""
    return _say(turn, ReplyKind.MENU, "menu", _STARTERS)


def thanks(turn: Turn) -> Outcome:
    """A short word back."""
    reply = Reply(ReplyKind.SMALLTALK, turn.wording["thanks"])
    return Outcome(reply, turn.conversation.after(reply))


def person(turn: Turn) -> Outcome:
    """Hand over to a person, and leave a note for the staff."""
    reply = Reply(ReplyKind.HANDOVER, turn.wording["handover"])
    return Outcome(reply, turn.conversation.after(reply), unanswered="人工")


def cancel(turn: Turn) -> Outcome:
    """Drop what is being done."""
    return _say(turn, ReplyKind.SMALLTALK, "nothing_to_cancel")


def back(turn: Turn) -> Outcome:
    """One step back."""
    return _say(turn, ReplyKind.SMALLTALK, "back")


def unsubscribe(turn: Turn) -> Outcome:
    """No more campaign notices."""
    reply = Reply(ReplyKind.SMALLTALK, turn.wording["unsubscribed"])
    return Outcome(reply, turn.conversation.after(reply), following=False)


def subscribe(turn: Turn) -> Outcome:
    """Campaign notices again."""
    reply = Reply(ReplyKind.SMALLTALK, turn.wording["subscribed"])
    return Outcome(reply, turn.conversation.after(reply), following=True)


def follow(turn: Turn) -> Outcome:
    """A new follower is greeted."""
    reply = Reply(ReplyKind.MENU, turn.wording["welcome"], choices=_STARTERS)
    return Outcome(reply, turn.conversation.after(reply), following=True)


def not_text(turn: Turn) -> Outcome:
    """A picture, a place, an unheard voice: ask for words."""
    return _say(turn, ReplyKind.CLARIFY, "voice" if turn.message.kind is MessageKind.VOICE else "not_text")


COMMANDS: Mapping[Command, Callable[[Turn], Outcome]] = {
    Command.MENU: menu,
    Command.DIRECTORY: browse.directory,
    Command.PERSON: person,
    Command.CANCEL: cancel,
    Command.BACK: back,
    Command.MORE: answer.more,
    Command.UNSUBSCRIBE: unsubscribe,
    Command.SUBSCRIBE: subscribe,
}
"""Global word → handler."""
