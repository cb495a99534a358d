"""``niangjia calc``: compute an amount, a number of days or a date, one or many at a time."""

import json
import sys
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Column, Table

from bot.core.clock import SystemClock
from bot.core.errors import ContentError, DocumentError
from bot.deployment import print_json
from bot.settings import content_dir, load_settings
from knowledge.calculators import money, registry
from knowledge.calculators.calculator import Calculator, Field
from knowledge.calculators.errors import CalculationError
from knowledge.calculators.inputs import Input
from knowledge.calculators.results import DISCLAIMER, Context

_LIST = "list"
_PARAMETERS = "parameters"


def calc(
    name: Annotated[str, typer.Argument(help="计算器名称；写 list 看有哪些。")] = "",
    pairs: Annotated[
        list[str] | None, typer.Argument(help="输入，写成 名称=值；不写就列出要填什么。")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，给程序用。")] = False,
    batch_in: Annotated[
        Path | None,
        typer.Option("--batch", help="一次算多条：每行一个 JSON 对象的文件。", exists=True, dir_okay=False),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="批量结果写到哪个文件。", dir_okay=False)] = None,
) -> None:
    """算补偿、加班费、假期、时限等，每一步带依据的条文。"""
    if (batch_in is None) != (out is None):
        raise typer.BadParameter("--batch 和 --out 要一起用。")
    if batch_in is not None and out is not None:
        print(f"已处理 {run_batch(batch_in, out, context())} 条，结果在 {out}。", file=sys.stderr)
    elif not name:
        raise typer.BadParameter("请写计算器名称，或 list，或用 --batch 和 --out。")
    elif name == _LIST:
        _print_list(as_json)
    elif not pairs:
        _print_inputs(registry.find(name), as_json)
    else:
        _print_result(registry.find(name), _answers(pairs), as_json)


def context() -> Context:
    """Shipped parameters, the union's own beside its data, and today in the union's zone."""
    settings = load_settings()
    folders = (content_dir() / _PARAMETERS, settings.data_dir / _PARAMETERS)
    today = SystemClock().now().astimezone(ZoneInfo(settings.timezone)).date()
    return Context.read(*folders, today=today)


def run_batch(source: Path, target: Path, known: Context) -> int:
    """Compute every ``{id, calculator, input}`` line of ``source`` into ``target``; returns how many."""
    done = 0
    try:
        with source.open(encoding="utf-8-sig") as lines, target.open("w", encoding="utf-8") as written:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    row = _batch_row(line, f"{source.name} 第{number}行", known)
                    written.write(json.dumps(row, ensure_ascii=False) + "\n")
                    done += 1
    except OSError as wrong:
        raise DocumentError(f"{target} 写不进去，请换一个有权限的文件夹。") from wrong
    except UnicodeDecodeError as wrong:
        raise ContentError(f"{source.name} 要用 UTF-8 编码保存。") from wrong
    return done


def _batch_row(line: str, place: str, known: Context) -> dict[str, Any]:
    try:
        asked = json.loads(line)
        identity = asked["id"]
    except (ValueError, KeyError, TypeError, RecursionError) as wrong:
        raise ContentError(
            f'{place}要像 {{"id": "c1", "calculator": "severance", "input": {{…}}}}。'
        ) from wrong
    name, given = asked.get("calculator"), asked.get("input")
    if not isinstance(name, str) or not isinstance(given, dict):
        return {"id": identity, "error": "这一行要有 calculator（名称）和 input（输入）。"}
    try:
        return {"id": identity, **registry.calculate(name, given, known).row()}
    except CalculationError as wrong:
        return {"id": identity, "error": str(wrong)}


def _answers(pairs: list[str]) -> dict[str, str]:
    answers: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise typer.BadParameter(f"输入要写成 名称=值，您写的是 {pair[:40]}。")
        if name.strip() in answers:
            raise typer.BadParameter(f"{name.strip()} 写了两次。")
        answers[name.strip()] = value
    return answers


def _print_list(as_json: bool) -> None:
    if as_json:
        print_json([definition(one) for one in registry.CALCULATORS.values()])
        return
    table = Table(Column("名称", no_wrap=True), Column("算什么", no_wrap=True), "要填")
    for one in registry.CALCULATORS.values():
        asked = (asked.name if asked.required else f"[dim]{asked.name}[/dim]" for asked in one.inputs)
        table.add_row(one.name, one.title, " ".join(asked))
    Console().print(table)


def _print_inputs(calculator: Calculator, as_json: bool) -> None:
    if as_json:
        print_json(definition(calculator))
        return
    print(f"{calculator.title}（{calculator.name}）要填：")
    for asked in calculator.inputs:
        unit = f"，{asked.unit}" if asked.unit else ""
        print(f"  {asked.name}  {asked.prompt}（{_need(asked)}{unit}）{asked.help}")
        for choice in asked.choices:
            print(f"    {choice.value}  {choice.label}")


def _need(asked: Input) -> str:
    if asked.when is None:
        return "必填" if asked.required else "可不填"
    other, values = asked.when
    said = "、".join("否" if value is False else str(value) for value in values)
    return f"{other} 是 {said} 时必填"


def definition(calculator: Calculator) -> dict[str, Any]:
    """What a form or another program needs to ask for the inputs and show the result."""
    return {
        "name": calculator.name,
        "title": calculator.title,
        "inputs": [_input(asked) for asked in calculator.inputs],
        "fields": [{"name": one.name, "label": one.label, "unit": one.unit} for one in calculator.fields],
        "changes": list(calculator.changes),
        "next_steps": list(calculator.next_steps),
    }


def _input(asked: Input) -> dict[str, Any]:
    default = asked.default
    return {
        "name": asked.name,
        "label": asked.label,
        "prompt": asked.prompt,
        "kind": asked.kind.value,
        "unit": asked.unit,
        "required": asked.required,
        "default": default if default is None or isinstance(default, bool | str | tuple) else float(default),
        "help": asked.help,
        "choices": [{"value": choice.value, "label": choice.label} for choice in asked.choices],
        "when": {"input": asked.when[0], "values": list(asked.when[1])} if asked.when else None,
        "local_standard": bool(asked.table),
    }


def _print_result(calculator: Calculator, answers: dict[str, str], as_json: bool) -> None:
    row = calculator.run(answers, context()).row()
    if as_json:
        more = {"changes": list(calculator.changes), "next_steps": list(calculator.next_steps)}
        print_json({"calculator": calculator.name, **row, **more, "disclaimer": DISCLAIMER})
        return
    value = row["result"]
    shown = value if isinstance(value, dict) else {"value": value}
    for field in calculator.fields:
        if field.name in shown:
            print(f"{field.label}：{_said(shown[field.name], field)}")
    sections = (
        ("怎么算的", row["steps"]),
        ("前提", row["assumptions"]),
        ("要留意", row["notes"]),
        ("什么会改变结果", calculator.changes),
        ("下一步", calculator.next_steps),
    )
    for title, lines in sections:
        if lines:
            print(f"\n{title}：")
            for line in lines:
                print(f"  {line}")
    print(f"\n{DISCLAIMER}")


def _said(value: Any, field: Field) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if value is None:
        return "没有"
    if isinstance(value, list):
        return "、".join(_said(part, field) for part in value)
    return f"{money.shown(Decimal(str(value))) if isinstance(value, float) else value}{field.unit}"
