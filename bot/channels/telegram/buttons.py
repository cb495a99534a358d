"""What a button carries back when it is tapped, within the platform's 64 bytes."""

import re
from dataclasses import dataclass

from bot.core.messages import Choice, Reply, ReplyKind

LONGEST = 64
"""UTF-8 bytes one button may carry."""
_LONGEST_LABEL = 60
_MOST = 100
_SAYS, _PICKS = "t:", "n:"
_PICK = re.compile(r"n:([0-9]{1,3}):([0-9a-f]{8})")
_UNKNOWN = "-"
"""The mark of no reply: a choice of it is always past."""
_MORE = Choice("更多", "更多")


@dataclass(frozen=True, slots=True)
class Button:
    """One button under a message: it carries data back, or opens an address."""

    label: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a tap says to the core."""

    text: str
    offer: str = ""


def under(reply: Reply) -> tuple[Button, ...]:
    """The buttons of ``reply``: its choices by number, and its rest."""
    choices = [
        Button(_label(f"{number}. {choice.label}"), _data(reply, number, choice))
        for number, choice in enumerate(reply.choices[: _MOST - 1], start=1)
    ]
    return (*choices, Button(_MORE.label, _SAYS + _MORE.send)) if reply.more else tuple(choices)


def said(data: str) -> Said:
    """The inverse: what ``data`` says; what we never sent says a choice that is past."""
    if data.startswith(_SAYS):
        return Said(data.removeprefix(_SAYS))
    found = _PICK.fullmatch(data)
    return Said(found[1], found[2]) if found else Said("", _UNKNOWN)


def _data(reply: Reply, number: int, choice: Choice) -> str:
    """A choice that means the same at any time says its own words, so an old button still does what it shows.

    A step of a form means something only where it was asked: it is bound to its reply, and so is what is too long.
    """
    words = _SAYS + choice.send
    if reply.kind is not ReplyKind.FORM and len(words.encode()) <= LONGEST:
        return words
    return f"{_PICKS}{number}:{reply.mark}"


def _label(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_LABEL else line[: _LONGEST_LABEL - 1] + "…"
