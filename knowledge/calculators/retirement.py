"""Statutory retirement age under the gradual delay (国务院关于渐进式延迟法定退休年龄的办法)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from bot.core.fields import Option
from knowledge.calculators.calculator import Calculator, Field, Given
from knowledge.calculators.inputs import Input, Kind
from knowledge.calculators.money import shown
from knowledge.calculators.periods import add_months
from knowledge.calculators.results import Working

_MEASURES = "国务院关于渐进式延迟法定退休年龄的办法"
_FLEXIBLE = 36
_PAID_BEFORE, _PAID_AFTER = Decimal(15), Decimal(20)
_PAID_FROM = 2029
"""The last year in which fifteen years of contributions are enough."""


@dataclass(frozen=True, slots=True)
class _Track:
    age: int
    step: int
    most: int
    first: date
    """The first month of birth that is delayed."""


_TRACKS = MappingProxyType(
    {
        "m60": _Track(60, 4, 36, date(1965, 1, 1)),
        "f55": _Track(55, 4, 36, date(1970, 1, 1)),
        "f50": _Track(50, 2, 60, date(1975, 1, 1)),
    }
)


def delay(born: date, kind: str) -> int:
    """Months by which retirement is delayed."""
    track = _TRACKS[kind]
    index = (born.year - track.first.year) * 12 + born.month - track.first.month
    return min(track.most, index // track.step + 1) if index >= 0 else 0


def least_paid_years(year: int) -> Decimal:
    """Years of contributions needed to retire in ``year``."""
    return min(_PAID_AFTER, _PAID_BEFORE + Decimal(max(year - _PAID_FROM, 0)) / 2)


def _compute(given: Given, work: Working) -> dict[str, Any]:
    born, track = given["birth"], _TRACKS[given["kind"]]
    months = delay(born, given["kind"])
    birth_month = born.replace(day=1)
    retire = add_months(birth_month, track.age * 12 + months)
    age = _age(track.age * 12 + months)
    if months:
        work.say(
            f"原法定退休年龄 {track.age} 岁，{track.first:%Y-%m} 以后出生的每 {track.step} 个月延迟 1 个月，"
            f"{born:%Y-%m} 出生延迟 {months} 个月：{age}，{retire:%Y-%m} 退休",
            f"{_MEASURES}#1",
        )
        early = max(add_months(retire, -_FLEXIBLE), add_months(birth_month, track.age * 12))
        work.say(
            f"缴费年限够的可以自愿提前，最早 {early:%Y-%m}；单位同意的可以延后，最晚 {add_months(retire, _FLEXIBLE):%Y-%m}",
            f"{_MEASURES}#3",
        )
    else:
        work.say(f"2025年以前满 {track.age} 岁，不延迟，{retire:%Y-%m} 退休", f"{_MEASURES}#1")
        work.flag("before_reform")
    work.say(f"{retire.year}年退休，最低缴费 {shown(least_paid_years(retire.year))} 年", f"{_MEASURES}#2")
    return {"delay_months": months, "age": age, "retire_month": f"{retire:%Y-%m}"}


def _age(months: int) -> str:
    years, rest = divmod(months, 12)
    return f"{years}岁{rest}个月" if rest else f"{years}岁"


CALCULATORS = (
    Calculator(
        "retirement",
        "法定退休年龄",
        (
            Input("birth", "出生日期", "出生年月日是哪天？", Kind.DATE),
            Input(
                "kind",
                "原退休年龄",
                "属于哪一类？",
                Kind.CHOICE,
                choices=(
                    Option("m60", "男职工", ("男",)),
                    Option("f55", "原55岁退休的女职工", ("女干部",)),
                    Option("f50", "原50岁退休的女职工", ("女工人",)),
                ),
                help="女职工原来是55还是50岁退休，看岗位，不确定问单位人事或12333。",
            ),
        ),
        _compute,
        (
            Field("delay_months", "延迟", "个月"),
            Field("age", "退休年龄"),
            Field("retire_month", "退休年月"),
        ),
        ("到社保经办机构核对缴费年限；不够最低年限的可以延长缴费或一次性缴费。",),
        ("特殊工种、高海拔地区可以提前；超过退休年龄继续工作的，看超龄劳动者基本权益保障暂行规定。",),
    ),
)
