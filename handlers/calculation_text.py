"""A finished calculation as a worker reads it: the amount first, then how it comes about, then what to do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bot.core.messages import Choice, Citation, Reply, ReplyKind
from knowledge import answers
from knowledge.calculators.calculator import Calculator, Field
from knowledge.calculators.money import shown
from knowledge.calculators.results import DISCLAIMER, Result
from knowledge.library import Library

_FIRST = ("amount", "extra", "total_300", "value", "lump", "max_deduct", "max_penalty", "shortfall", "monthly", "floor", "age", "months", "combined", "total_days", "base")  # fmt: skip
"""Names of the field that says what people asked for, the likeliest first."""
_CHOICES = (Choice("转人工", "人工"), Choice("菜单", "菜单"))
_MOST_CITATIONS = 6


@dataclass(frozen=True, slots=True)
class Sheet:
    """One calculation with what stands around it."""

    calculator: Calculator
    result: Result
    taken: Sequence[str] = ()
    """What was taken from the worker's words or from the settings, to be checked by them."""
    example: str = "换成9000呢"
    """How they may change one of it."""


def reply(sheet: Sheet, library: Library) -> Reply:
    """The sheet in one bubble; what does not fit waits for 更多."""
    body = "\n".join(_parts(sheet))
    room = answers.LONGEST - len(DISCLAIMER) - 1
    first, more = answers.cut(body, room)
    return Reply(
        ReplyKind.CALCULATION,
        f"{first}\n{DISCLAIMER}",
        _citations(sheet.result, library),
        _CHOICES,
        more=more,
    )


def _parts(sheet: Sheet) -> Iterator[str]:
    calculator, result = sheet.calculator, sheet.result
    head, rest = _figures(calculator, result)
    yield f"{calculator.title}：{head}"
    if rest:
        yield f"（{'，'.join(rest)}）"
    lacking = [flag for flag in result.flags if flag.code == "needs_local_standard"]
    if lacking:
        yield f"这是先估的数。{''.join(_ended(flag.text) for flag in lacking)}"
    if sheet.taken:
        yield f"您说的：{'，'.join(sheet.taken)}。哪项不对，直接说，例如“{sheet.example}”。"
    yield "怎么算的："
    yield from (f"{number}. {line}" for number, line in enumerate(result.steps, start=1))
    if result.assumptions:
        yield f"前提：{''.join(_ended(line) for line in result.assumptions)}"
    noted = [flag for flag in result.flags if flag not in lacking]
    if noted:
        yield f"要留意：{''.join(_ended(flag.text) for flag in noted)}"
    if calculator.next_steps:
        yield f"下一步：{''.join(_ended(line) for line in calculator.next_steps)}"
    if calculator.changes:
        yield f"什么会改变结果：{''.join(_ended(line) for line in calculator.changes)}"


def _ended(line: str) -> str:
    return line if line.endswith(("。", "！", "？")) else f"{line}。"


def _figures(calculator: Calculator, result: Result) -> tuple[str, list[str]]:
    value = result.value
    if not isinstance(value, Mapping):
        field = calculator.fields[0]
        return _named(field, value), []
    present = [field for field in calculator.fields if field.name in value and value[field.name] is not None]
    head = next((field for name in _FIRST for field in present if field.name == name), present[0])
    rest = [_named(field, value[field.name]) for field in present if field is not head and value[field.name]]
    return _named(head, value[head.name]), rest


def _named(field: Field, value: Any) -> str:
    if value is None:
        return f"{field.label}没有期限限制"
    return f"{field.label} {spoken(value)}{field.unit if not isinstance(value, bool | str) else ''}"


def spoken(value: Any) -> str:
    """A value as people read it."""
    match value:
        case bool():
            return "是" if value else "否"
        case Decimal():
            return shown(value)
        case list() | tuple():
            return ("到" if all(isinstance(one, str) for one in value) else " 和 ").join(map(spoken, value))
        case str():
            return _as_day(value)
        case _:
            return str(value)


def _as_day(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{day.year}年{day.month}月{day.day}日"


def _citations(result: Result, library: Library) -> tuple[Citation, ...]:
    """The articles behind the steps, quoted where they are in the library."""
    found = (library.get(key) for key in result.citations)
    return tuple(answers.cite(chunk) for chunk in found if chunk)[:_MOST_CITATIONS]
