"""The numbers Word writes before paragraphs: 第一条, 一、, （一）, 1.1, and marks of lists."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

from bot.core.numerals import to_chinese

_CHINESE = frozenset(
    (
        "chineseCounting",
        "chineseCountingThousand",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "japaneseCounting",
        "ideographDigital",
        "taiwaneseDigital",
    )
)
_FORMAL = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"))
_ROMAN_ONES = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_LEVELS = 9


@dataclass(slots=True)
class _Level:
    """How one level of a list is numbered."""

    form: str = "decimal"
    pattern: str = ""
    start: int = 1
    joint: str = "tab"
    arabic: bool = False


@dataclass(slots=True)
class Numbering:
    """Counts numbered paragraphs in the order they are met."""

    lists: dict[str, tuple[str, dict[int, _Level]]] = field(default_factory=dict)
    """For each list its shared counter and its levels."""
    _counts: dict[str, list[int | None]] = field(
        default_factory=lambda: defaultdict(lambda: [None] * _LEVELS)
    )

    def label(self, list_id: str, depth: int) -> str:
        """The number of the next paragraph of a list, with what stands between it and the text."""
        shared, levels = self.lists.get(list_id, ("", {}))
        level = levels.get(depth)
        if level is None or not 0 <= depth < _LEVELS:
            return ""
        counts = self._counts[shared]
        for place in range(depth + 1):
            counts[place] = _next(counts[place], levels.get(place), place == depth)
        counts[depth + 1 :] = [None] * (_LEVELS - depth - 1)
        if level.form == "bullet":
            return "- "
        if level.form == "none" and "%" not in level.pattern:
            return level.pattern.strip()

        def number(found: re.Match[str]) -> str:
            place = int(found[1]) - 1
            form = levels[place].form if place in levels and not level.arabic else "decimal"
            return written(counts[place] or 0, form)

        return _joined(re.sub(r"%([1-9])", number, level.pattern), level)


def read(root: Any) -> Numbering:
    """The lists of ``numbering.xml``; an absent part has none."""
    if root is None:
        return Numbering()
    shared = {item.get(qn("w:abstractNumId")): item for item in root.findall(qn("w:abstractNum"))}
    styled = {
        link.get(qn("w:val")): number
        for number, item in shared.items()
        if (link := item.find(qn("w:styleLink"))) is not None
    }
    lists = {}
    for item in root.findall(qn("w:num")):
        number = _value(item, "w:abstractNumId")
        if number in shared and (link := _value(shared[number], "w:numStyleLink")) in styled:
            number = styled[link]
        if number in shared:
            levels = _levels(shared[number])
            counter = str(number)
            for change in item.findall(qn("w:lvlOverride")):
                depth = _integer(change.get(qn("w:ilvl")), 0)
                if (own := change.find(qn("w:lvl"))) is not None:
                    levels[depth] = _level(own)
                if (start := _value(change, "w:startOverride")) and depth in levels:
                    levels[depth].start = _integer(start, 1)
                    counter = f"{number}/{item.get(qn('w:numId'))}"
            lists[str(item.get(qn("w:numId")))] = (counter, levels)
    return Numbering(lists)


def written(number: int, form: str) -> str:
    """``number`` as the number format ``form`` writes it."""
    number = max(0, min(number, 9999))
    if form in _CHINESE:
        return to_chinese(number)
    if form in ("chineseLegalSimplified", "ideographLegalTraditional"):
        return to_chinese(number).translate(_FORMAL)
    if form == "ideographTraditional" and number:
        return _STEMS[(number - 1) % len(_STEMS)]
    if form == "ideographZodiac" and number:
        return _BRANCHES[(number - 1) % len(_BRANCHES)]
    if form in ("decimalEnclosedCircle", "decimalEnclosedCircleChinese") and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if form == "decimalFullWidth":
        return str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    if form in ("lowerLetter", "upperLetter") and number:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    if form in ("lowerRoman", "upperRoman"):
        roman = _roman(number)
        return roman.upper() if form == "upperRoman" else roman
    return f"{number:02d}" if form == "decimalZero" else str(number)


def _next(count: int | None, level: _Level | None, counted: bool) -> int:
    if count is None:
        return level.start if level else 1
    return count + 1 if counted else count


def _roman(number: int) -> str:
    told = ""
    for value, letters in (*_ROMAN, *_ROMAN_ONES):
        told += letters * (number // value)
        number %= value
    return told


def _joined(label: str, level: _Level) -> str:
    """The label and a blank after it, except where Chinese writes none."""
    if not label or level.joint == "nothing" or re.search(r"[、）】．，：。]$", label):
        return label
    return label + " "


def _levels(item: Any) -> dict[int, _Level]:
    return {_integer(level.get(qn("w:ilvl")), 0): _level(level) for level in item.findall(qn("w:lvl"))}


def _level(item: Any) -> _Level:
    return _Level(
        form=_value(item, "w:numFmt") or "decimal",
        pattern=_value(item, "w:lvlText"),
        start=_integer(_value(item, "w:start"), 1),
        joint=_value(item, "w:suff") or "tab",
        arabic=item.find(qn("w:isLgl")) is not None,
    )


def _value(item: Any, name: str) -> str:
    child = item.find(qn(name))
    return "" if child is None else str(child.get(qn("w:val")) or "")


def _integer(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,6}", text) else default
