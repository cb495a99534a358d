"""An entry as a row of a table with Chinese heads, and a row as an entry."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.core.errors import ContentError
from bot.core.numerals import NUMERAL, to_chinese, to_int
from knowledge.catalogue import Catalogue, normalise
from knowledge.entries import Entry

HEADS: Mapping[str, str] = {
    "编号": "id",
    "分组": "topic",
    "标题": "title",
    "一句话结论": "conclusion",
    "具体情况": "conditions",
    "下一步": "steps",
    "依据": "cites",
    "问法": "questions",
    "适用地区": "region",
    "各地不同": "local",
    "生效日期": "valid_from",
    "失效日期": "valid_to",
    "核对日期": "checked",
    "计算器": "calculators",
    "表单": "forms",
    "服务线": "line",
}
"""Head of a column → field of an entry, in the order of the table."""
REVISION = "版本"
ORIGIN = "来源"
"""Columns for people to read; what is typed there changes nothing but the warning that somebody was faster."""
LONGEST_ID = 32
_LISTS = ("conditions", "steps", "cites", "questions", "calculators", "forms")
_DATES = ("valid_from", "valid_to", "checked")
_NEEDED = ("title", "conclusion", "steps", "questions")
_LONGEST = {"topic": 80, "title": 120, "region": 40, "line": 40}
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,31}")
_YES, _NO = (
    frozenset({"是", "对", "y", "yes", "true", "1", "√"}),
    frozenset({"", "否", "不", "n", "no", "false", "0", "×"}),
)
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]0{1,2}:00(?::00)?)?")
_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_DAYS = range(20_000, 80_000)
_ARTICLE = re.compile(rf"(.+?)第?({NUMERAL})条(?:之([一二三四五六七八九十]+|\d+))?")
_FORMULA = re.compile("[=+\\-@＝＋－＠]")


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that computes instead of saying something."""

    text: str


def to_cells(entry: Entry) -> dict[str, str | date | None]:
    """The cells of ``entry`` by head; a list stands one item a line, nothing looks like a formula."""
    return {head: _cell(getattr(entry, name)) for head, name in HEADS.items()}


def from_cells(cells: Mapping[str, Any], catalogue: Catalogue) -> Entry:
    """The entry of a row; raises ``ContentError`` that names every cell to be mended."""
    values: dict[str, Any] = {}
    problems: list[str] = []
    for head, name in HEADS.items():
        try:
            values[name] = _value(name, cells.get(head))
        except ContentError as wrong:
            problems.append(f"“{head}”{wrong}")
    heads = {name: head for head, name in HEADS.items()}
    missing = [heads[name] for name in _NEEDED if name in values and not values[name]]
    if missing:
        problems.append(f"缺{'、'.join(f'“{head}”' for head in missing)}")
    if problems:
        raise ContentError("；".join(problems) + "。")
    return tidied(Entry(**values), catalogue)


def tidied(entry: Entry, catalogue: Catalogue) -> Entry:
    """``entry`` as a table can hold it: no empty items, no line breaks in one, citations in their short form."""
    changes: dict[str, Any] = {}
    for field in fields(entry):
        value = getattr(entry, field.name)
        if isinstance(value, str):
            changes[field.name] = _one_line(value)
        elif isinstance(value, tuple):
            changes[field.name] = tuple(item for item in map(_one_line, value) if item)
    changes["cites"] = tuple(_key(cite, catalogue) for cite in changes["cites"])
    changes["region"] = changes["region"] or "全国"
    return replace(entry, **changes)


def check_id(code: str) -> None:
    """Raise ``ContentError`` when ``code`` cannot be an id."""
    if not _ID.fullmatch(code):
        raise ContentError(
            f"编号“{code}”不能用，要以字母开头，只有字母、数字、横线，最多 {LONGEST_ID} 位；新条目可以留空。"
        )


def neutral(text: str) -> str:
    """``text`` with a mark in front when a spreadsheet program might run it."""
    return f"'{text}" if _FORMULA.match(text.lstrip("'")) else text


def restored(text: str) -> str:
    """The inverse of :func:`neutral`."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text.lstrip("'")) else text


def _cell(value: object) -> str | date | None:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "\n".join(neutral(item) for item in map(_one_line, value) if item)
    return value if isinstance(value, date) or value is None else neutral(_one_line(str(value)))


def _value(name: str, cell: Any) -> Any:
    if isinstance(cell, Formula):
        raise ContentError("是公式，请改成写好的文字")
    if name in _DATES:
        return _date(cell)
    text = _text(cell)
    if name == "local":
        return _flag(text)
    if name in _LISTS:
        return tuple(restored(line.strip()) for line in text.split("\n") if line.strip())
    if len(text) > _LONGEST.get(name, 2000):
        raise ContentError(f"超过 {_LONGEST.get(name, 2000)} 个字，请改短")
    return restored(text.strip())


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        raise ContentError("被表格软件变成了日期，请把这一格设成文本再写一遍")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return re.sub(r"\r\n?|_x000D_\n?", "\n", str(cell))


def _flag(text: str) -> bool:
    said = text.strip().lower()
    if said not in _YES | _NO:
        raise ContentError(f"写的是“{text.strip()[:10]}”，请写“是”或“否”")
    return said in _YES


def _date(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if cell is None or isinstance(cell, date):
        return cell
    text = _text(cell).strip()
    if not text:
        return None
    if text.isascii() and text.isdigit() and int(text) in _EXCEL_DAYS:
        return _EXCEL_EPOCH + timedelta(days=int(text))
    found = _DATE.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else _no_date(text)
    except ValueError:
        return _no_date(text)


def _no_date(text: str) -> date:
    raise ContentError(f"写的是“{text[:20]}”，请写成 2026-11-20 这样的日期")


def _one_line(text: str) -> str:
    printable = "".join(char for char in text if char.isprintable() or char in "\n\t\r\u3000")
    return " ".join(re.split(r"[\n\r\t]+", printable)).strip()


def _key(cite: str, catalogue: Catalogue) -> str:
    """《劳动合同法》第四十七条 → 劳动合同法#47; what is a key already stays."""
    found = None if "#" in cite else _ARTICLE.fullmatch(normalise(cite))
    number = to_int(found[2]) if found else None
    if found is None or number is None:
        return cite
    law = catalogue.find(found[1])
    after = f"之{to_chinese(to_int(found[3]) or 0)}" if found[3] else ""
    return f"{law.short if law else found[1]}#{number}{after}"
