"""Spreadsheets (xlsx) and csv → blocks: each row told with the names of its columns."""

import csv
import io
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from lxml import etree

from bot.core.errors import DocumentError
from knowledge.formats import sheets
from knowledge.formats.archives import Package
from knowledge.formats.blocks import Block, clean

_WIDEST = 200
_MOST_ROWS = 100_000
_MOST_CELLS = 1_000_000
_MOST_EMPTY_ROWS = 10_000
"""After so many empty rows nothing more is looked for."""
_DELIMITERS = (",", "\t", ";", "|")
_EXAMINED = 60
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_UNCOUNTED = re.compile(
    rb"<(?:\w+:)?c\b([^<>]*)>\s*<(?:\w+:)?f\b[^<>]*(?:/>|>[^<>]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)


def read_workbook(content: bytes, name: str) -> list[Block]:
    """The visible sheets of a workbook, in order."""
    package = Package(content, name)
    main = package.main("xl/workbook.xml")
    found = []
    for title, path in _sheets(package, main):
        part = package.part(path)
        if any(b't="str"' not in cell[1] for cell in _UNCOUNTED.finditer(part)):
            raise DocumentError(
                f"{name} 的工作表“{title}”里有公式没有算好的结果，请用 WPS 或 Excel 打开后保存一次再导入。"
            )
        found.append((title, _merges(part)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and extensions, which do not matter here
        tables = list(_tables(package.rewritten(), dict(found), name))
    return sheets.blocks([(title, rows, across) for title, rows, across in tables if rows])


def read_csv(text: str, name: str) -> list[Block]:
    """The rows of a csv file, whatever separates its columns."""
    told = clean(text)
    rows = [[cell.strip() for cell in row] for row in _rows(told)]
    _refuse_wide(max(map(len, rows), default=0), "", name)
    if len(rows) > _MOST_ROWS:
        raise _too_long("", name)
    return sheets.blocks([("", _trimmed(rows), frozenset())])


def _sheets(package: Package, main: str) -> Iterator[tuple[str, str]]:
    """Name and part of each visible sheet."""
    targets = {relation.id: relation for relation in package.relations(main)}
    root = etree.fromstring(package.part(main), etree.XMLParser(resolve_entities=False, no_network=True))
    for sheet in root.iter(f"{_MAIN}sheet"):
        relation = targets.get(sheet.get(_ID, ""))
        if relation and relation.kind == "worksheet" and sheet.get("state", "visible") == "visible":
            yield sheet.get("name", ""), relation.target


def _merges(part: bytes) -> list[str]:
    return [
        found[1].decode("ascii")
        for found in re.finditer(
            rb'<(?:\w+:)?mergeCell\b[^<>]*\bref="([A-Z]{1,3}\d{1,7}:[A-Z]{1,3}\d{1,7})"', part
        )
    ]


def _tables(
    content: bytes, merges: dict[str, list[str]], name: str
) -> Iterator[tuple[str, list[list[str]], frozenset[tuple[int, int]]]]:
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        for sheet in book.worksheets:
            if sheet.title in merges:
                sheet.reset_dimensions()
                rows = _values(sheet.iter_rows(), sheet.title, name)
                across = _fill(rows, merges[sheet.title])
                yield sheet.title, _trimmed(rows), across
    finally:
        book.close()


def _values(found: Iterable[Sequence[Any]], title: str, name: str) -> list[list[str]]:
    rows: list[list[str]] = []
    empty = seen = 0
    for cells in found:
        row = [_written(cell) for cell in cells]
        while row and not row[-1]:
            row.pop()
        _refuse_wide(len(row), title, name)
        rows.append(row)
        seen += len(row)
        empty = 0 if row else empty + 1
        if empty > _MOST_EMPTY_ROWS:
            break
        if seen > _MOST_CELLS or len(rows) > _MOST_ROWS:
            raise _too_long(title, name)
    return rows


def _too_long(title: str, name: str) -> DocumentError:
    sheet = f"的工作表“{title}”" if title else ""
    return DocumentError(f"{name} {sheet}有 {_MOST_ROWS} 行以上，太长了，请拆成几个小一些的文件再导入。")


def _refuse_wide(width: int, title: str, name: str) -> None:
    if width > _WIDEST:
        sheet = f"的工作表“{title}”" if title else ""
        raise DocumentError(f"{name} {sheet}有 {width} 列，太宽了，请只留下要给工人看的列再导入。")


def _written(cell: Any) -> str:
    """A cell as a person sees it."""
    value = cell.value
    if value is None or cell.data_type == "e":
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, cell.number_format or "")
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if value.time() == time() else "%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return clean(str(value)).strip()


def _number(value: float, form: str) -> str:
    percent = "%" in form
    told = f"{round(value * 100, 6) if percent else value:.15g}"
    return f"{told}%" if percent else told


def _fill(rows: list[list[str]], merges: Iterable[str]) -> frozenset[tuple[int, int]]:
    """Write merged cells into every place they cover; returns the places that continue the cell to their left."""
    from openpyxl.utils.cell import range_boundaries

    across: set[tuple[int, int]] = set()
    width = max(map(len, rows), default=0)
    room = _MOST_CELLS
    for merge in merges:
        left, top, right, bottom = (int(edge or 1) for edge in range_boundaries(merge))
        if top > len(rows) or left > len(rows[top - 1]) or not rows[top - 1][left - 1]:
            continue
        told = rows[top - 1][left - 1]
        room -= (min(bottom, len(rows)) - top + 1) * (min(right, width) - left + 1)
        if room < 0:
            break
        for place in range(top - 1, min(bottom, len(rows))):
            row = rows[place]
            row += [""] * (min(right, width) - len(row))
            for column in range(left - 1, min(right, width)):
                row[column] = told
                if column >= left:
                    across.add((place, column))
    return frozenset(across)


def _trimmed(rows: list[list[str]]) -> list[list[str]]:
    """Rows without the empty ones at the end."""
    while rows and not any(rows[-1]):
        rows.pop()
    return rows


def _rows(text: str) -> list[list[str]]:
    sample = list(islice(io.StringIO(text), _EXAMINED))
    delimiter = max(_DELIMITERS, key=lambda mark: _regularity(sample, mark))
    if _regularity(sample, delimiter) <= 0:
        return [[line] for line in text.split("\n")]
    try:
        return list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error:
        plain = csv.reader(io.StringIO(text), delimiter=delimiter, quoting=csv.QUOTE_NONE)
        return list(plain)


def _regularity(sample: list[str], delimiter: str) -> float:
    """How well a mark divides the lines into equally many columns; 0 when it does not."""
    try:
        widths = [len(row) for row in csv.reader(sample, delimiter=delimiter) if row]
    except csv.Error:
        return 0.0
    if not widths or max(widths) < 2:
        return 0.0
    usual = max(set(widths), key=widths.count)
    return widths.count(usual) / len(widths) if usual > 1 else 0.0
