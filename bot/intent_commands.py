"""``niangjia intents``: parse, measure, train, examine and hand over what people mean."""

import json
import shutil
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console
from rich.table import Table

from bot import logs
from bot.core.clock import SystemClock
from bot.core.errors import ContentError
from bot.deployment import plain, print_json
from bot.settings import Settings, load_settings
from bot.understanding import open_workshop
from intents import corpus, evaluation, lint
from intents.nlu import NLUResult, decide
from intents.training import Crossed

intent_commands = typer.Typer(no_args_is_help=True, help="听懂工人想做什么。")
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON，给程序用。")]
_RANKING_SHOWN = 5
_WEAKEST_SHOWN = 5


@intent_commands.command("parse")
def intents_parse(
    text: Annotated[str, typer.Argument(help="一句话。")] = "",
    as_json: AsJson = False,
    batch_in: Annotated[
        Path | None,
        typer.Option("--batch", help="一次处理多条：每行一个 JSON 对象的文件。", exists=True, dir_okay=False),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="批量结果写到哪个文件。", dir_okay=False)] = None,
) -> None:
    """看一句话会被理解成什么：意图、把握、里面的金额和日期。"""
    if (batch_in is None) != (out is None):
        raise typer.BadParameter("--batch 和 --out 要一起用。")
    if batch_in is None and not text.strip():
        raise typer.BadParameter("请写上一句话，或用 --batch 和 --out。")
    settings = _settings()
    engine, today = open_workshop(settings).open(), _today(settings)
    if batch_in is not None and out is not None:
        done = _parse_lines(batch_in, out, lambda said: engine.parse(said, today))
        print(f"已处理 {done} 条，结果在 {out}。", file=sys.stderr)
        return
    result = engine.parse(text, today)
    if as_json:
        print_json(result.to_dict())
    else:
        _show(result, engine.thresholds.answer, decide(result, engine.thresholds).offers != ())
    if result.intent is None:
        raise typer.Exit(1)


@intent_commands.command("eval")
def intents_eval(
    file: Annotated[
        Path, typer.Argument(help='每行 {"id", "text", "intent"}。', exists=True, dir_okay=False)
    ],
    as_json: AsJson = False,
) -> None:
    """用标好意图的句子打分。"""
    settings = _settings()
    marked = evaluation.read(file)
    engine, today = open_workshop(settings).open(), _today(settings)
    scores = evaluation.score(marked, lambda text: engine.parse(text, today), engine.thresholds)
    if as_json:
        print_json(plain(scores))
        return
    table = Table("指标", "数值")
    for label, value in (
        ("准确率", scores.accuracy),
        ("前三包含", scores.top3),
        ("宏平均 F1", scores.macro_f1),
        ("直接办理的占比", scores.acted),
        ("直接办理的准确率", scores.acted_rightly),
        ("反问三项里有正确的", scores.offered_rightly),
    ):
        table.add_row(label, f"{value:.4f}")
    Console().print(f"{scores.messages} 句话", table)
    for pair in scores.mixed_up:
        print(f"  {pair['intent']} 当成 {pair['taken_for']}  {pair['times']} 次")
    for example in scores.worst:
        print(
            f"  {example['text']}  应为 {example['intent']}  当成 {example['taken_for']} {example['confidence']:.2f}"
        )


@intent_commands.command("train")
def intents_train(
    ship: Annotated[bool, typer.Option("--ship", help="把模型放在例句旁边，随程序一起发布。")] = False,
    as_json: AsJson = False,
) -> None:
    """重新训练并测一遍：留出的例句上准不准，几成把握才直接办。"""
    engine, crossed = open_workshop(_settings()).train(ship)
    borders = engine.thresholds
    figures = {
        "examples": len(crossed.right),
        "intents": len(crossed.intents),
        "accuracy": round(crossed.accuracy, 4),
        "top3": round(crossed.top3, 4),
        "macro_f1": round(crossed.macro_f1, 4),
        "f1": {intent.value: round(value, 4) for intent, value in crossed.f1.items()},
        "sharpness": engine.model.worth.sharpness,
        "answer": borders.answer,
        "offer": borders.offer,
        "model_id": engine.model.digest,
    }
    if as_json:
        print_json(figures)
        return
    print(f"{figures['examples']} 个例句，{figures['intents']} 个意图；五折交叉：{_crossed(crossed)}。")
    weakest = sorted(crossed.f1.items(), key=lambda pair: pair[1])[:_WEAKEST_SHOWN]
    print("最弱的几个：" + "，".join(f"{intent.label} {value:.2f}" for intent, value in weakest) + "。")
    print(f"把握到 {borders.answer:.2f} 直接办，到 {borders.offer:.2f} 反问“您是想…”，再低就不猜。")


@intent_commands.command("lint")
def intents_lint(
    folder: Annotated[
        Path | None, typer.Option("--folder", help="别的 intents 文件夹。", file_okay=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """检查例句、领域和规则；有要改的就以状态 1 结束。"""
    found = lint.examine(folder or corpus.folder())
    if as_json:
        print_json([plain(fault) for fault in found])
    else:
        for fault in found:
            print(fault)
        print(f"检查完了：{len(found)} 处要改。")
    if found:
        raise typer.Exit(1)


@intent_commands.command("export-rasa")
def intents_export_rasa(
    folder: Annotated[Path, typer.Argument(help="写到哪个文件夹。", file_okay=False)],
) -> None:
    """把例句、领域、规则和配置拷成一个可以直接 rasa train 的文件夹。"""
    source = corpus.folder()
    corpus.read(source)
    try:
        (folder / "nlu").mkdir(parents=True, exist_ok=True)
        for path in [*source.glob("*.yml"), *(source / "nlu").glob("*.yml")]:
            shutil.copyfile(path, folder / path.relative_to(source))
    except OSError as wrong:
        raise ContentError(f"{folder} 写不进去，请换一个有权限的文件夹。") from wrong
    print(
        f"已写到 {folder}。在那里运行：rasa train --data nlu rules.yml --domain domain.yml --config config.yml"
    )


def _settings() -> Settings:
    logs.configure("WARNING")
    return load_settings()


def _today(settings: Settings) -> date:
    return SystemClock().now().astimezone(ZoneInfo(settings.timezone)).date()


def _parse_lines(source: Path, target: Path, parse: Callable[[str], NLUResult]) -> int:
    with source.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8") as out:
        done = 0
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                identity, text = (
                    row.get("id", row.get("qid")),
                    str(row["text"] if "text" in row else row["question"]),
                )
            except (ValueError, KeyError, TypeError, AttributeError) as wrong:
                raise ContentError(f'{source.name} 第{number}行要像 {{"id": "n1", "text": "…"}}。') from wrong
            out.write(json.dumps(_row(identity, parse(text)), ensure_ascii=False) + "\n")
            done += 1
    return done


def _row(identity: Any, result: NLUResult) -> dict[str, Any]:
    return {"id": identity, **result.to_dict()}


def _show(result: NLUResult, answer: float, asks_back: bool) -> None:
    if result.intent is None:
        print("没有听懂。")
    else:
        verdict = "把握够" if result.confidence >= answer else "要反问" if asks_back else "不敢猜"
        print(f"{result.intent.label}（{result.intent.value}）  {result.confidence:.2f}  {verdict}")
    for one in result.ranking[1:_RANKING_SHOWN]:
        print(f"  {one.intent.label}  {one.confidence:.2f}")
    for entity in result.entities:
        print(f"  {entity.kind.value}  {entity.value}  “{entity.text}”")


def _crossed(crossed: Crossed) -> str:
    return f"准确率 {crossed.accuracy:.4f}，前三包含 {crossed.top3:.4f}，宏平均 F1 {crossed.macro_f1:.4f}"
