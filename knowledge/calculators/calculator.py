"""A calculator as a value: what it is called, what it asks for, how it computes, what comes next."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from knowledge.calculators import inputs
from knowledge.calculators.errors import LocalStandardError
from knowledge.calculators.inputs import Input, Kind
from knowledge.calculators.parameters import NATION, Row
from knowledge.calculators.results import Context, Result, Value, Working

REGION = Input(
    "region",
    "地区",
    "在哪个省或直辖市？",
    Kind.REGION,
    required=False,
    help="填了地区，当地标准从数据表里取；数据表里没有的要自己填。",
)
ON = Input(
    "on",
    "标准日期",
    "按哪一天的当地标准算？",
    Kind.DATE,
    required=False,
    help="不填就按今天的标准。",
)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a result, as people read it."""

    name: str
    label: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """The answers of one calculation, every input present, None where nothing was said."""

    values: Mapping[str, Any]
    rows: Mapping[str, Row]
    """Input name → the local standard that answered instead."""

    def __getitem__(self, name: str) -> Any:
        """The value of input ``name``."""
        return self.values[name]


@dataclass(frozen=True, slots=True)
class Calculator:
    """One row of the registry."""

    name: str
    title: str
    inputs: tuple[Input, ...]
    compute: Callable[[Given, Working], Value]
    fields: tuple[Field, ...]
    """A single one named ``value`` for a result that is one date or number."""
    next_steps: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    """What would make the result another one."""
    dated_by: str = "on"
    """The input whose day decides which local standard holds."""

    def run(self, raw: Mapping[str, Any], context: Context) -> Result:
        """Read the answers, compute, and hand back the finished sheet."""
        working = Working(context)
        return working.result(self.compute(self._given(raw, working), working))

    def _given(self, raw: Mapping[str, Any], working: Working) -> Given:
        answers = inputs.named(self.inputs, raw)
        values: dict[str, Any] = {}
        rows: dict[str, Row] = {}
        for one in sorted(self.inputs, key=lambda one: (one.when is not None, bool(one.table))):
            if one.name in answers:
                values[one.name] = one.read(answers[one.name])
            elif one.table and (row := self._looked_up(one, values, working)):
                values[one.name], rows[one.name] = row.value, row
                working.use(row, one.label, f"{row.value}{row.unit}")
            elif _needed(one, values):
                raise self._absent(one, values)
            else:
                values[one.name] = one.default
        return Given(values, rows)

    def _looked_up(self, one: Input, values: Mapping[str, Any], working: Working) -> Row | None:
        region = NATION if one.national else values.get("region") or ""
        day: date | None = values.get(self.dated_by) or working.context.today
        if not region or day is None:
            return None
        return working.context.parameters.find(one.table, region, day)

    def _absent(self, one: Input, values: Mapping[str, Any]) -> Exception:
        if not one.table:
            return one.missing()
        return local_standard(one, values.get("region"), values.get(self.dated_by))


def _needed(one: Input, values: Mapping[str, Any]) -> bool:
    if one.when is None:
        return one.required
    other, wanted = one.when
    return values.get(other) in wanted


def local_standard(one: Input, region: str | None, day: date | None = None) -> LocalStandardError:
    """What is said when a local amount is neither given nor in the data."""
    at = f" {day} " if day else ""
    place = NATION if one.national else region
    where = f"资料里没有{place}{at}的这项标准" if place else "这项没有全国统一的数字"
    return LocalStandardError(
        f"需要当地标准：请填{one.label}（{one.name}），{where}，可以问当地工会（12351）或人社部门（12333）。",
        field=one.name,
    )
