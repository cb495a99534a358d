"""What a calculator asks for: one definition for the command line, the guided chat and the H5 page."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bot.core.fields import Option
from knowledge.calculators import readers
from knowledge.calculators.errors import CalculationError


class Kind(StrEnum):
    """How an answer is read."""

    MONEY = "money"
    NUMBER = "number"
    COUNT = "count"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"
    REGION = "region"
    KIN = "kin"
    RATES = "rates"


@dataclass(frozen=True, slots=True)
class Input:
    """One thing to ask for."""

    name: str
    label: str
    """Two to eight characters for a form field and for error sentences."""
    prompt: str
    """The question as the chat asks it."""
    kind: Kind = Kind.MONEY
    unit: str = ""
    required: bool = True
    default: Any = None
    help: str = ""
    choices: tuple[Option, ...] = ()
    aliases: tuple[str, ...] = ()
    minimum: Decimal = Decimal(0)
    maximum: Decimal = Decimal(100_000_000)
    table: str = ""
    """The table of local standards that answers instead, once the region is known."""
    national: bool = False
    """Whether that standard is one for the whole nation."""
    when: tuple[str, tuple[object, ...]] | None = None
    """Needed only where another input has one of these values."""

    def read(self, raw: Any) -> Any:
        """The value of an answer; a wrong one is refused in one sentence that names the input."""
        try:
            return self._checked(raw)
        except ValueError as wrong:
            said = f"{self.label}（{self.name}）{wrong}，填的是“{_brief(raw)}”。"
            raise CalculationError(said, field=self.name) from None

    def missing(self) -> CalculationError:
        """What is said when a required input is absent."""
        return CalculationError(f"还缺{self.label}（{self.name}）：{self.prompt}", field=self.name)

    def _checked(self, raw: Any) -> Any:
        match self.kind:
            case Kind.DATE:
                return readers.day(raw)
            case Kind.YES_NO:
                return readers.yes_no(raw)
            case Kind.CHOICE:
                return self._choice(raw)
            case Kind.REGION:
                return readers.words(raw)
            case Kind.KIN:
                return readers.kin(raw)
            case Kind.RATES:
                return readers.rates(raw)
            case _:
                return self._number(raw)

    def _number(self, raw: Any) -> Decimal:
        value = readers.number(raw, self.unit)
        if self.kind is Kind.COUNT and value != value.to_integral_value():
            raise ValueError("要填整数")
        if value < self.minimum:
            raise ValueError(
                "不能是负数" if value < 0 else "要大于0" if value == 0 else f"不能小于{self.minimum}"
            )
        if value > self.maximum:
            raise ValueError(f"不能大于{self.maximum}")
        return value

    def _choice(self, raw: Any) -> str:
        said = str(raw).strip().casefold()
        for choice in self.choices:
            if said in (name.casefold() for name in (choice.value, choice.label, *choice.aliases)):
                return choice.value
        offered = "、".join(f"{choice.value}（{choice.label}）" for choice in self.choices)
        raise ValueError(f"要从这些里选：{offered}")


def named(inputs: tuple[Input, ...], raw: Mapping[str, Any]) -> dict[str, Any]:
    """Answers under the inputs' own names; empty ones left out, unknown names refused."""
    by_name = {name: one for one in inputs for name in (one.name, *one.aliases)}
    found: dict[str, Any] = {}
    for name, answer in raw.items():
        one = by_name.get(name)
        if one is None:
            offered = "、".join(one.name for one in inputs)
            raise CalculationError(f"没有 {_brief(name)} 这一项，可以填的有：{offered}。", field=str(name))
        if one.name in found:
            raise CalculationError(f"{one.label}（{one.name}）填了两次，请只留一个。", field=one.name)
        if answer is not None and answer != "":
            found[one.name] = answer
    return found


def _brief(raw: Any) -> str:
    text = str(raw)
    return text if len(text) <= 20 else f"{text[:20]}…"
