"""``niangjia eval``: how well questions with known answers are answered, and what a setting changes."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot import app as assembly
from bot.core.messages import ReplyKind
from bot.deployment import opened as deployment
from bot.deployment import plain, print_json
from bot.settings import content_dir
from handlers import trial
from knowledge import encoder as encoders
from knowledge import evaluation, variants
from knowledge.chunks import Hit
from knowledge.evaluation import Scores
from knowledge.library import Library

_DEPTH = 10
_TOPICS_SHOWN = 12
_CONFUSIONS_SHOWN = 10


def evaluate(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="每行一个问题的 JSONL 文件。")],
    against: Annotated[
        str, typer.Option("--against", help=f"并排比较：{'、'.join(variants.HELP.values())}。")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON，给程序用。")] = False,
) -> None:
    """用标好答案的问题给检索和拒答打分；--against 换一项设置，并排比较。"""
    with deployment() as parts:
        questions = evaluation.read(file, parts.catalogue)
        libraries = {"现在": parts.follower.library}
        if against:
            libraries[against] = _vary(parts, against)
        found = {name: _score(parts, library, questions) for name, library in libraries.items()}
    if as_json:
        print_json(
            {name: plain(scores) for name, scores in found.items()} if against else plain(found["现在"])
        )
        return
    _print_figures(found)
    for name, scores in found.items():
        _print_details(scores, name if against else "")


def _vary(parts: assembly.Parts, spec: str) -> Library:
    def open_encoder(name: str) -> encoders.Encoder | None:
        return encoders.open_encoder(name, content_dir() / "encoder", parts.settings.data_dir / "encoder")

    return variants.vary(parts.follower.library, parts.equipment, spec, open_encoder)


def _score(parts: assembly.Parts, library: Library, questions: Sequence[evaluation.Question]) -> Scores:
    region = parts.settings.region

    def ask(text: str) -> tuple[Sequence[Hit], ReplyKind, float]:
        finding = library.find(text, _DEPTH, region)
        reply = trial.ask(text, library, parts.wording, parts.clock.now(), region)
        return finding.hits, reply.kind, library.calibration.ours.probability(finding.signals)

    return evaluation.score(evaluation.run(questions, ask))


def _print_figures(found: dict[str, Scores]) -> None:
    table = Table("指标", *found)
    first = next(iter(found.values()))
    for name in first.recall:
        table.add_row(name, *_figures(scores.recall[name] for scores in found.values()))
    rows = [("MRR", "mrr")]
    if first.answerable:
        rows += [("可答：给出答案", "answered"), ("可答：被拒答", "refused")]
        rows += [("可答：答了但依据不对", "wrong_with_confidence")]
    if first.answerable < first.questions:
        rows += [("不可答：没有硬答", "refused_rightly")]
    if 0 < first.answerable < first.questions:
        rows += [("可答与不可答分得开（AUROC）", "auroc"), ("只看长短的 AUROC", "auroc_of_length")]
        rows += [("保留 95% 可答时拒掉的不可答", "refused_at_kept")]
    for label, name in rows:
        table.add_row(label, *_figures(getattr(scores, name) for scores in found.values()))
    Console().print(f"{first.questions} 个问题，其中 {first.answerable} 个有标准答案", table)


def _print_details(scores: Scores, name: str) -> None:
    console = Console()
    if name:
        console.rule(name)
    if len(scores.topics) > 1:
        table = Table("主题（差的在前）", "问题", "第一个就对", "前五个里有", "答错", title="按主题")
        for topic in scores.topics[:_TOPICS_SHOWN]:
            figures = _figures((topic.first, topic.first_five, topic.wrong_with_confidence))
            table.add_row(topic.name, str(topic.questions), *figures)
        console.print(table)
    if scores.confusions:
        table = Table("应该是", "却先找到", "次数", title="混淆最多的")
        for right, instead, times in scores.confusions[:_CONFUSIONS_SHOWN]:
            table.add_row(right, instead, str(times))
        console.print(table)
    for example in scores.worst:
        gold, first = "、".join(example["gold"]), "、".join(example["found"])
        print(f"  {example['question']}  应为 {gold}  找到 {first}")


def _figures(values: Iterable[float]) -> list[str]:
    return [f"{value:.3f}" for value in values]
