"""Handbook entries in files people edit: tables for Excel and WPS, CSV, and YAML."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePath
from typing import Any

import yaml

from bot.core.errors import ContentError, DocumentError
from knowledge import entries, faq_rows
from knowledge.catalogue import Catalogue
from knowledge.entries import Entry
from knowledge.faq_rows import HEADS, ORIGIN, REVISION
from knowledge.formats import sniff, text
from knowledge.formats.archives import damaged
from knowledge.formats.sniff import Kind

SUFFIXES = (".xlsx", ".csv", ".yml", ".yaml")
_SEARCHED_FOR_HEADS = 20
_DELIMITERS = ",\t;，"
_MOST_HEADS = ("标题", "一句话结论")
"""Heads by which the line of heads is known."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry with what the file says about where it comes from."""

    entry: Entry
    revision: int
    own: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a file, or why it cannot be taken; an id left blank is given later."""

    place: str
    """第5行, as the program that shows the file counts."""
    code: str
    entry: Entry | None
    problem: str = ""
    revision: int | None = None
    """The revision it was exported with."""


def write(kept: Sequence[Kept], name: str) -> bytes:
    """A file of all entries; the ending of ``name`` says which kind."""
    suffix = _suffix(name)
    if suffix == ".xlsx":
        from knowledge import faq_sheets  # spreadsheets are rare and their library is large

        return faq_sheets.write([*HEADS, ORIGIN, REVISION], [_cells(one) for one in kept])
    return _to_csv(kept) if suffix == ".csv" else _to_yaml(kept)


def read(content: bytes, name: str, catalogue: Catalogue) -> list[Row]:
    """The rows of a file; raises ``DocumentError`` when it is no table of entries at all."""
    suffix = _suffix(name)
    if sniff.kind_of(content, name, frozenset(SUFFIXES)) is Kind.SHEET:
        from knowledge import faq_sheets

        return list(_rows(faq_sheets.read(content, name), name, catalogue))
    if suffix == ".xlsx":
        raise damaged(name)
    told = text.decode(content, name).replace("\ufeff", "")
    if suffix == ".csv":
        return list(_rows(_csv_table(told, name), name, catalogue))
    return list(_from_yaml(told, name, catalogue))


def _suffix(name: str) -> str:
    suffix = PurePath(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise DocumentError(f"{name} 的格式不支持，请用 .xlsx、.csv 或 .yml；.xls 和 .et 请先另存为 .xlsx。")
    return suffix


def _cells(one: Kept) -> list[Any]:
    cells = faq_rows.to_cells(one.entry)
    return [*cells.values(), "本单位" if one.own else "自带", one.revision]


def _rows(table: Sequence[Sequence[Any]], name: str, catalogue: Catalogue) -> Iterator[Row]:
    top = next((place for place, row in enumerate(table[:_SEARCHED_FOR_HEADS]) if _is_head(row)), None)
    if top is None:
        needed = "、".join(f"“{head}”" for head in _MOST_HEADS)
        raise DocumentError(f"{name} 里没有找到表头，要有{needed}这些列，请先导出一份照着填。")
    heads = [_head(cell) for cell in table[top]]
    for place, row in enumerate(table[top + 1 :], start=top + 2):
        cells = {head: cell for head, cell in zip(heads, row, strict=False) if head}
        if any(cell is not None and str(cell).strip() for cell in cells.values()):
            yield _row(f"第{place}行", cells, catalogue)


def _row(place: str, cells: Mapping[str, Any], catalogue: Catalogue) -> Row:
    code = faq_rows.restored(str(cells.get("编号") or "").strip())
    try:
        if code:
            faq_rows.check_id(code)
        entry = faq_rows.from_cells(cells, catalogue)
    except ContentError as wrong:
        return Row(place, code[: faq_rows.LONGEST_ID], None, str(wrong))
    revision = str(cells.get(REVISION) or "").partition(".")[0].strip()
    return Row(place, code, entry, revision=int(revision) if revision.isdecimal() else None)


def _is_head(row: Iterable[Any]) -> bool:
    return set(_MOST_HEADS) <= set(map(_head, row))


def _head(cell: Any) -> str:
    return "".join(str(cell or "").split()).strip("*＊").partition("（")[0]


def _to_csv(kept: Iterable[Kept]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*HEADS, ORIGIN, REVISION])
    writer.writerows(_cells(one) for one in kept)
    return out.getvalue().encode("utf-8-sig")


def _csv_table(told: str, name: str) -> list[list[str]]:
    first = next((line for line in told.splitlines() if _MOST_HEADS[0] in line), "")
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        return list(csv.reader(io.StringIO(told, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as wrong:
        raise DocumentError(
            f"{name} 的引号或分隔符不成对，请用表格软件打开后另存为 .xlsx 再导入。"
        ) from wrong


def _to_yaml(kept: Iterable[Kept]) -> bytes:
    groups = []
    for topic, members in groupby(kept, key=lambda one: one.entry.topic):
        groups.append({"group": topic, "entries": [_plain(one.entry) for one in members]})
    told = yaml.dump_all(groups, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=100)
    return told.encode()


def _plain(entry: Entry) -> dict[str, Any]:
    """What an entry says, as the handbook's files write it."""
    values = {name: getattr(entry, name) for name in HEADS.values() if name != "topic"}
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
        if value not in ((), None, "") or name == "id"
    }


def _from_yaml(told: str, name: str, catalogue: Catalogue) -> Iterator[Row]:
    try:
        groups = list(yaml.load_all(told, yaml.CSafeLoader))
    except yaml.YAMLError as wrong:
        line = getattr(getattr(wrong, "problem_mark", None), "line", None)
        where = f"第{line + 1}行附近" if line is not None else ""
        raise DocumentError(f"{name} {where}不是有效的 YAML，请检查缩进和冒号。") from wrong
    for group in filter(None, groups):
        if not isinstance(group, dict) or not isinstance(group.get("entries"), list):
            raise DocumentError(f"{name} 要有 group（分组名）和 entries（条目列表）。")
        for place, row in enumerate(group["entries"], start=1):
            yield _entry(f"{group.get('group', '')}第{place}条", row, str(group.get("group", "")), catalogue)


def _entry(place: str, row: Any, topic: str, catalogue: Catalogue) -> Row:
    code = str(row.get("id") or "") if isinstance(row, dict) else ""
    try:
        if code:
            faq_rows.check_id(code)
        found = entries.parse({"group": topic, "entries": [{"id": "", **_as_text(row)}]}, place)
        entry = faq_rows.tidied(next(iter(found)), catalogue)
    except ContentError as wrong:
        return Row(place, code[: faq_rows.LONGEST_ID], None, str(wrong))
    return Row(place, code, entry)


def _as_text(row: Any) -> dict[str, Any]:
    """Numbers that YAML reads out of lists of sentences (``- 996``) are sentences again."""
    if not isinstance(row, dict):
        raise ContentError("要写成“字段: 内容”的样子。")
    return {
        name: [item if isinstance(item, str) else str(item) for item in value]
        if isinstance(value, list)
        else value
        for name, value in row.items()
        if value is not None
    }
