"""Every calculator by name; nothing registers itself."""

from collections.abc import Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import Any

from knowledge.calculators import (
    annual_leave,
    covenants,
    deadlines,
    double_wage,
    illness,
    insurance,
    maternity,
    overtime,
    probation,
    retirement,
    severance,
    unemployment,
    wages,
    work_injury,
)
from knowledge.calculators.calculator import Calculator
from knowledge.calculators.errors import CalculationError
from knowledge.calculators.results import Context, Result

_FAMILIES = (
    severance,
    overtime,
    annual_leave,
    illness,
    maternity,
    work_injury,
    unemployment,
    double_wage,
    probation,
    deadlines,
    wages,
    covenants,
    insurance,
    retirement,
)
CALCULATORS: Mapping[str, Calculator] = MappingProxyType(
    {calculator.name: calculator for family in _FAMILIES for calculator in family.CALCULATORS}
)


def find(name: str) -> Calculator:
    """The calculator called ``name``, by its English name or its Chinese title."""
    called = name.strip()
    found = CALCULATORS.get(called) or next(
        (one for one in CALCULATORS.values() if one.title == called), None
    )
    if found is None:
        near = get_close_matches(called, [*CALCULATORS, *(one.title for one in CALCULATORS.values())], 3)
        hint = f"是不是 {'、'.join(near)}？" if near else "运行 niangjia calc list 看有哪些。"
        raise CalculationError(f"没有叫 {called[:40]} 的计算器，{hint}", field="calculator")
    return found


def calculate(name: str, raw: Mapping[str, Any], context: Context) -> Result:
    """Run one calculator over answers as people or programs wrote them."""
    return find(name).run(raw, context)
