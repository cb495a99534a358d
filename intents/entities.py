"""What a message names: amounts, dates, lengths of time, phones, case numbers and places, with typed values."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from intents import dates, quantities
from intents.dates import When
from intents.quantities import Amount, Duration, Hours

Value = Amount | When | Duration | Hours | str
_LONGEST = 1000


class Kind(StrEnum):
    """Kinds of things a message names; the same names as in domain.yml."""

    AMOUNT = "amount"
    DATE = "date"
    DURATION = "duration"
    HOURS = "hours"
    PHONE = "phone"
    CASE_NUMBER = "case_number"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Entity:
    """One thing named in a message, with its place there."""

    kind: Kind
    value: Value
    text: str = field(repr=False)
    start: int = 0
    end: int = 0

    def to_dict(self) -> dict[str, Any]:
        """As Rasa writes entities; the value as text (yuan, ISO date, ISO duration)."""
        return {
            "entity": self.kind.value,
            "value": str(self.value),
            "text": self.text,
            "start": self.start,
            "end": self.end,
        }


def extract(text: str, today: date, places: Mapping[str, str] | None = None) -> tuple[Entity, ...]:
    """Everything named in ``text``, in its order; ``places`` maps names of places to their region."""
    plain = _half_width(text[:_LONGEST])
    taken: list[Entity] = []
    for kind, start, end, value in _candidates(plain, today, places or {}):
        if all(end <= other.start or start >= other.end for other in taken):
            taken.append(Entity(kind, value, text[start:end], start, end))
    return tuple(sorted(taken, key=lambda entity: entity.start))


def _candidates(text: str, today: date, places: Mapping[str, str]) -> Iterator[tuple[Kind, int, int, Value]]:
    """All readings, the surest first."""
    for match in _CASE_NUMBER.finditer(text):
        yield Kind.CASE_NUMBER, match.start(), match.end(), re.sub(r"[\s_]", "", match[0].upper())
    for match in _PHONE.finditer(text):
        yield Kind.PHONE, match.start(), match.end(), re.sub(r"\D", "", match[0].removeprefix("+86"))
    for start, end, when in dates.find(text, today):
        yield Kind.DATE, start, end, when
    for start, end, time in quantities.hours(text):
        yield Kind.HOURS, start, end, time
    for start, end, duration in quantities.durations(text):
        yield Kind.DURATION, start, end, duration
    for start, end, amount in quantities.amounts(text):
        yield Kind.AMOUNT, start, end, amount
    yield from _places(text, places)


def _places(text: str, places: Mapping[str, str]) -> Iterator[tuple[Kind, int, int, Value]]:
    """The longest name at each position."""
    longest = max(map(len, places), default=0)
    for start in range(len(text)):
        for size in range(min(longest, len(text) - start), 1, -1):
            if (name := text[start : start + size]) in places:
                yield Kind.PLACE, start, start + size, places[name]
                break


def _half_width(text: str) -> str:
    """``text`` in half width, each character still in its place."""
    return "".join(
        folded if len(folded := unicodedata.normalize("NFKC", char)) == 1 else char for char in text
    )


_CASE_NUMBER = re.compile(r"(?<![A-Za-z])GH[-_ ]?\d{4}[-_ ]?\d{6}(?:[-_ ]?[0-9A-Z](?![0-9A-Za-z]))?", re.I)
_PHONE = re.compile(
    r"(?<!\d)(?:(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]?[2-9]\d{6,7}|[48]00[- ]?\d{3}[- ]?\d{4})(?!\d)"
)
