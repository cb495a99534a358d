"""What a calculation can still say where a local standard is known neither to the data nor to the worker."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from knowledge.calculators.calculator import Calculator
from knowledge.calculators.errors import LocalStandardError
from knowledge.calculators.flags import FLAGS
from knowledge.calculators.money import shown
from knowledge.calculators.results import Context, Flag, Result

_CHECKS = MappingProxyType(
    {
        "local_avg": (
            "当地社平工资",
            "先按月工资没有超过社平工资三倍算；超过的，每月只按三倍算，年限最多十二年",
        ),
        "local_min": ("当地最低工资", "先按月工资不低于最低工资算；低于的，按最低工资算"),
    }
)
"""Standards that only bound the base of severance: what they are called, and what is taken for granted without them."""
_BOUNDED = "severance"


def run(calculator: Calculator, given: Mapping[str, Any], context: Context) -> Result:
    """The result; severance without the bounds of its base is estimated, and says so."""
    try:
        return calculator.run(given, context)
    except LocalStandardError as missing:
        if calculator.name != _BOUNDED or missing.field not in _CHECKS:
            raise
    return _unbounded(calculator, given, context)


def _unbounded(calculator: Calculator, given: Mapping[str, Any], context: Context) -> Result:
    """Computed with bounds that cannot bite; the line that compares with them is taken out."""
    wage = Decimal(given["avg12"])
    harmless = {"local_avg": str(wage), "local_min": "0"}
    lacking: dict[str, str] = {}
    while True:
        try:
            result = calculator.run({**given, **lacking}, context)
            break
        except LocalStandardError as missing:
            if missing.field in lacking or missing.field not in harmless:
                raise
            lacking[missing.field] = harmless[missing.field]
    steps = tuple(line for line in result.steps if "三倍社平工资" not in line and "的三倍" not in line)
    first = f"月工资基数先按 {shown(wage)}元"
    subjects = "、".join(_CHECKS[name][0] for name in lacking)
    return replace(
        result,
        steps=(*steps[:1], first, *steps[1:]),
        assumptions=(*(_CHECKS[name][1] for name in lacking), *result.assumptions),
        flags=(
            Flag("needs_local_standard", FLAGS["needs_local_standard"].format(subject=subjects)),
            *result.flags,
        ),
    )
