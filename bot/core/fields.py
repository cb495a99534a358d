"""What a form asks for: fields by kind, and when they are asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol


class Kind(StrEnum):
    """How an answer is read."""

    TEXT = "text"
    NAME = "name"
    MONEY = "money"
    NUMBER = "number"
    COUNT = "count"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"
    PLACE = "place"
    PHONE = "phone"
    FILES = "files"
    GROUP = "group"


SPOKEN = frozenset({Kind.TEXT, Kind.NAME, Kind.PLACE})
"""Kinds that take nearly any words; reserved words go before them."""
FIGURES = frozenset({Kind.MONEY, Kind.NUMBER, Kind.COUNT})
"""Kinds for which a bare number is an answer, never a choice of the menu before."""


class Sensitivity(StrEnum):
    """How carefully an answer is shown."""

    PLAIN = "plain"
    PERSONAL = "personal"
    SENSITIVE = "sensitive"


class Condition(Protocol):
    """Whether a field is asked, given the answers so far."""

    def __call__(self, answers: Mapping[str, Any]) -> bool:
        """True where it is asked."""
        ...


@dataclass(frozen=True, slots=True)
class OneOf:
    """Asked where another field has one of these values."""

    name: str
    values: tuple[Any, ...]

    def __call__(self, answers: Mapping[str, Any]) -> bool:
        """True where it has."""
        return answers.get(self.name) in self.values


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose from."""

    value: str
    label: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to ask for."""

    name: str
    label: str
    """Two to eight characters for the summary."""
    prompt: str
    """The question as the chat asks it."""
    kind: Kind = Kind.TEXT
    required: bool = True
    when: Condition | None = None
    choices: tuple[Option, ...] = ()
    unit: str = ""
    help: str = ""
    sensitivity: Sensitivity = Sensitivity.PLAIN
    fields: tuple["Field", ...] = ()
    """What is asked of each member of a repeatable group."""
    least: Decimal | None = None
    most: Decimal | None = None
    """Of a number; of a group or of files, how many there may be."""
    longest: int = 500
    """Characters of a text."""
    cues: tuple[str, ...] = ()
    """Words beside an amount or date in a sentence that say it is meant for this field."""
    month_ends: bool = False
    """Whether a month alone stands for its last day."""
    check: Callable[[Any], str] | None = field(default=None, compare=False)
    """A last look at the value; a sentence says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Found:
    """One amount, date, length of time, phone or place named in a message."""

    kind: str
    """amount, date, duration, hours, phone, place, grade."""
    value: Any
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Period:
    """A day, or the first and last day of a month or year that was named."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time in calendar units."""

    years: int = 0
    months: int = 0
    days: int = 0


ENTITY = {
    Kind.MONEY: "amount",
    Kind.DATE: "date",
    Kind.PHONE: "phone",
    Kind.PLACE: "place",
}


_OF_UNIT = {"年": "duration", "个月": "duration", "天": "duration", "小时": "hours", "级": "grade"}
UNMISTAKABLE = frozenset({"phone", "place", "grade"})
"""Things that mean one field without a cue beside them."""


def entity_of(one: Field) -> str:
    """The kind of thing in a sentence that answers ``one``; empty where none does."""
    if one.kind in (Kind.NUMBER, Kind.COUNT):
        return _OF_UNIT.get(one.unit, "")
    return ENTITY.get(one.kind, "")
