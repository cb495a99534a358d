"""What a calculation gives back, and the working it is written on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.core.numerals import to_chinese
from knowledge.calculators.flags import FLAGS
from knowledge.calculators.parameters import Parameters, Row, load, load_holidays
from knowledge.calculators.periods import Holidays

DISCLAIMER = "估算仅供参考，以仲裁、法院、经办机构认定为准。"

Value = Mapping[str, Any] | str | int | None
"""Fields by name, or one date, number of days or number of months; money is Decimal."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a calculation may look up: local standards, holidays, and what day it is."""

    parameters: Parameters = field(default_factory=Parameters)
    holidays: Holidays = field(default_factory=Holidays)
    today: date | None = None
    """None leaves the age of local standards unjudged."""

    @classmethod
    def read(cls, *folders: Path, today: date | None = None) -> "Context":
        """What the parameter folders say; a later folder adds to and replaces what an earlier one says."""
        return cls(load(*folders), load_holidays(*folders), today)


@dataclass(frozen=True, slots=True)
class Flag:
    """One reason to ask a person, with its sentence."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Result:
    """A computed value with everything that stands behind it."""

    value: Value
    steps: tuple[str, ...]
    citations: tuple[str, ...]
    """Keys such as 劳动合同法#47."""
    assumptions: tuple[str, ...]
    flags: tuple[Flag, ...]

    def row(self) -> dict[str, Any]:
        """As JSON types."""
        return {
            "result": _plain(self.value),
            "steps": list(self.steps),
            "citations": list(self.citations),
            "assumptions": list(self.assumptions),
            "flags": list(dict.fromkeys(flag.code for flag in self.flags)),
            "notes": [flag.text for flag in self.flags],
        }


class Working:
    """The sheet one calculation is written on."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._steps: list[str] = []
        self._citations: dict[str, None] = {}
        self._assumptions: list[str] = []
        self._flags: dict[str, Flag] = {}

    def say(self, text: str, *basis: str) -> None:
        """Write one line with the articles behind it (``劳动合同法#47``)."""
        self._steps.append(f"{text}〔{'、'.join(map(_address, basis))}〕" if basis else text)
        self._citations.update(dict.fromkeys(basis))

    def assume(self, text: str) -> None:
        """Write down what was taken for granted."""
        self._assumptions.append(text)

    def flag(self, code: str, **words: object) -> None:
        """Write down why a person should look at it."""
        text = FLAGS[code].format(**words)
        self._flags[code + text] = Flag(code, text)

    def use(self, row: Row, subject: str, amount: str = "") -> None:
        """Write down a local standard taken from the data, and whether it is old."""
        said = f" {amount}" if amount else ""
        self.assume(f"{subject}按{row.region}{row.effective_from}起的标准{said}（{row.source}）。")
        today = self.context.today
        if today is not None and row.stale(today):
            self.flag("local_standard_unverified", subject=f"{row.region}{subject}")

    def result(self, value: Value) -> Result:
        """The finished sheet."""
        return Result(
            value,
            tuple(self._steps),
            tuple(self._citations),
            tuple(self._assumptions),
            tuple(self._flags.values()),
        )


def _address(key: str) -> str:
    short, _, number = key.partition("#")
    return f"{short}第{to_chinese(int(number))}条"


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value
