"""The handbook by menu: topics by number, then entries by number."""

from collections.abc import Sequence

from bot.core.messages import Choice, Reply, ReplyKind
from handlers.turn import Outcome, Turn
from intents import commands
from knowledge import shelves
from knowledge.chunks import Chunk
from knowledge.shelves import Shelf

_WORD = "目录"


def directory(turn: Turn) -> Outcome:
    """Every topic by number."""
    return _topics(turn, shelves.shelves(turn.library.chunks))


def shelf(turn: Turn) -> Outcome | None:
    """The entries of the topic named after 目录; None when the text asks something else."""
    wanted = commands.normalise(turn.text)
    if not wanted.startswith(_WORD) or wanted == _WORD:
        return None
    wanted = wanted.removeprefix(_WORD)
    every = shelves.shelves(turn.library.chunks)
    found = [one for one in every if commands.normalise(one.name) == wanted]
    found = found or [one for one in every if wanted in commands.normalise(one.name)]
    if not found:
        return None
    return _entries(turn, found[0]) if len(found) == 1 else _topics(turn, found)


def _topics(turn: Turn, found: Sequence[Shelf]) -> Outcome:
    choices = tuple(Choice(f"{one.name} {len(one.entries)}条", f"{_WORD}：{one.name}") for one in found)
    reply = Reply(ReplyKind.MENU, turn.wording["directory"], choices=choices)
    return Outcome(reply, turn.conversation.after(reply))


def _entries(turn: Turn, found: Shelf) -> Outcome:
    choices = tuple(Choice(_label(entry), entry.title) for entry in found.entries)
    text = f"{found.name}\n{turn.wording['shelf']}"
    reply = Reply(ReplyKind.MENU, text, choices=(*choices, Choice("回到目录", _WORD)))
    return Outcome(reply, turn.conversation.after(reply))


def _label(entry: Chunk) -> str:
    region = entry.region or shelves.NATIONAL
    return (
        entry.title if region == shelves.NATIONAL or region in entry.title else f"{entry.title}（{region}）"
    )
