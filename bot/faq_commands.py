"""``niangjia faq``: examine handbook entries, take them out to files and back, print cards and the booklet."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot import app as assembly
from bot.core.errors import DocumentError, NotFoundError
from bot.deployment import opened as deployment
from bot.deployment import plain, print_json
from bot.settings import content_dir
from knowledge import terms
from knowledge.findings import Finding, Level

faq_commands = typer.Typer(no_args_is_help=True, help="权益手册的问答条目。")
AsJson = Annotated[bool, typer.Option("--json", help="输出 JSON，给程序用。")]
_LEVELS = {Level.ERROR: "要改", Level.WARNING: "留意"}
_STATUS = {"added": "新增", "changed": "改动", "unchanged": "无变化", "failed": "没有导入"}


@faq_commands.command("lint")
def faq_lint(as_json: AsJson = False) -> None:
    """检查所有条目：依据、日期、长度、问法、相互重复；有要改的就以状态 1 结束。"""
    with deployment() as parts:
        found = _examine(parts)
        entries = sum(chunk.kind == "entry" for chunk in parts.follower.library.chunks)
    errors = sum(finding.level is Level.ERROR for finding in found)
    if as_json:
        print_json([plain(finding) for finding in found])
    else:
        _print_findings(found)
        print(f"检查了 {entries} 个条目：{errors} 处要改，{len(found) - errors} 处留意。")
    if errors:
        raise typer.Exit(1)


@faq_commands.command("export")
def faq_export(
    file: Annotated[Path, typer.Argument(help="写到哪个文件：.xlsx、.csv 或 .yml。", dir_okay=False)],
) -> None:
    """把所有条目导出成表格，用 Excel 或 WPS 改好再导入。"""
    from handlers import faq

    with deployment() as parts:
        print(f"已导出 {faq.export(parts.database, file, parts.clock.now())} 个条目到 {file}。")


@faq_commands.command("import")
def faq_import(
    file: Annotated[Path, typer.Argument(help="改好的 .xlsx、.csv 或 .yml。")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看会改什么，不真的导入。")] = False,
    as_json: AsJson = False,
) -> None:
    """导入改好的条目，马上生效；改过的条目以后升级也保留。"""
    from handlers import faq

    with deployment() as parts:
        taken = faq.import_(parts.database, parts.catalogue, file, parts.clock.now(), dry_run)
        fresh = {one.code for one in taken if one.status in ("added", "changed")}
        if fresh and not dry_run:
            assembly.rebuild(parts)
        problems = [] if dry_run else [finding for finding in _examine(parts) if _concerns(finding, fresh)]
    if as_json:
        print_json({"rows": [plain(one) for one in taken], "findings": [plain(one) for one in problems]})
    else:
        for one in taken:
            if one.status != "unchanged":
                print(f"{_STATUS[one.status]}  {one.place}  {one.code} {one.title}  {one.detail}".rstrip())
        counts = Counter(one.status for one in taken)
        counted = "，".join(
            f"{label} {counts[status]}" for status, label in _STATUS.items() if counts[status]
        )
        print(f"{'试运行：' if dry_run else ''}{counted or '文件里没有条目'}。")
        _print_findings(problems)
    if any(one.status == "failed" for one in taken):
        raise typer.Exit(1)


@faq_commands.command("card")
def faq_card(
    code: Annotated[str, typer.Argument(help="条目编号，例如 H019。")], as_json: AsJson = False
) -> None:
    """显示一个条目的明白卡。"""
    from handlers import review

    with deployment() as parts:
        zone = ZoneInfo(parts.settings.timezone)
        card = review.card(parts.database, parts.follower.library, code, zone)
    if card is None:
        raise NotFoundError(f"没有编号是 {code} 的条目，请核对编号。")
    if as_json:
        print_json({**plain(card), "text": card.text})
    else:
        print(card.text)


@faq_commands.command("booklet")
def faq_booklet(
    file: Annotated[Path, typer.Argument(help="写到哪个 .html 文件。", dir_okay=False)],
    region: Annotated[str, typer.Option(help="只收全国和这个地区的条目，例如 浙江。")] = "",
) -> None:
    """把手册印成一本离线能看的口袋书（一个网页文件）。"""
    from bot.channels.webchat import booklet

    with deployment() as parts:
        page, entries = booklet.render(
            parts.follower.library, parts.settings.union_name, _today(parts), region or parts.settings.region
        )
    try:
        file.write_text(page, encoding="utf-8")
    except OSError as wrong:
        raise DocumentError(f"{file} 写不进去，请换一个有权限的文件夹。") from wrong
    print(f"口袋书里有 {entries} 个条目，在 {file}。")


def _examine(parts: assembly.Parts) -> list[Finding]:
    from handlers import faq

    known = terms.load(content_dir())
    library, region = parts.follower.library, parts.settings.region
    return faq.examine(parts.database, parts.equipment, library, known, region, _today(parts))


def _today(parts: assembly.Parts) -> date:
    return parts.clock.now().astimezone(ZoneInfo(parts.settings.timezone)).date()


def _concerns(finding: Finding, codes: set[str]) -> bool:
    return finding.level is Level.ERROR and not codes.isdisjoint(finding.place.split("、"))


def _print_findings(found: list[Finding]) -> None:
    for finding in found:
        print(f"[{_LEVELS[finding.level]}] {finding.place}：{finding.text}")
