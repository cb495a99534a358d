"""One sheet of cells in an .xlsx file, written for and read from Excel, WPS and what resembles them."""

import io
import warnings
from collections.abc import Sequence
from datetime import date
from itertools import islice
from typing import Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from bot.core.errors import ContentError
from knowledge.faq_rows import Formula
from knowledge.formats.archives import Package, damaged

_SHEET = "问答"
_LONGEST_CELL = 32_767
_WIDTH, _WIDE = 12, 46
_WIDE_HEADS = frozenset({"标题", "一句话结论", "具体情况", "下一步", "依据", "问法"})
_WIDEST, _MOST_ROWS = 100, 20_000
_BROKEN = (
    BadZipFile,
    InvalidFileException,
    ParseError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    OSError,
)
"""What the reader raises for files that are no workbooks, or broken ones."""


def write(heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> bytes:
    """A workbook of one sheet; every cell is text or a date, so that no program takes it for anything else."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = _SHEET
    sheet.append(list(heads))
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    for column, head in zip(sheet.iter_cols(max_row=1), heads, strict=True):
        column[0].font = Font(bold=True)
        column[0].fill = PatternFill("solid", fgColor="FFF2CC")
        wide = _WIDE if head in _WIDE_HEADS else _WIDTH
        sheet.column_dimensions[column[0].column_letter].width = wide
    sheet.freeze_panes = "D2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(content: bytes, name: str) -> list[list[Any]]:
    """The cells of the sheet called 问答, or of the first one; formulas are told apart."""
    safe = Package(content, name).rewritten()
    try:
        with warnings.catch_warnings():
            # Files without styles or with features the reader passes over are none the worse for it.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(safe), read_only=True, keep_links=False)
            sheets = book.worksheets
            sheet = next((one for one in sheets if one.title.strip() == _SHEET), sheets[0])
            sheet.reset_dimensions()
            rows = islice(sheet.iter_rows(max_col=_WIDEST), _MOST_ROWS)
            return [[_said(cell) for cell in row] for row in rows]
    except _BROKEN as wrong:
        raise damaged(name) from wrong


def _cell(sheet: Worksheet, value: Any) -> Cell:
    text = ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value
    if isinstance(text, str) and len(text) > _LONGEST_CELL:
        raise ContentError("有一格超过表格软件能放的 32767 个字，请导出成 .yml。")
    cell = Cell(sheet, value=text)
    if isinstance(text, str):
        cell.data_type = "s"
        cell.number_format = "@"
    elif isinstance(text, date):
        cell.number_format = "yyyy-mm-dd"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _said(cell: Any) -> Any:
    if cell.data_type == "f":
        return Formula(str(cell.value))
    return None if cell.data_type == "e" else cell.value
