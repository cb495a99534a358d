"""Lines on pages → paragraphs and headings, by their places and sizes."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from knowledge.formats.blocks import Block, join

_MARK = re.compile(
    r"^(?:第[零〇○一二三四五六七八九十百千\d]{1,9}(?:条|章|节|编|分编)(?:之[一二三四五六七八九十])?(?:\s|$)"
    r"|[（(][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}、|\d{1,3}[.、．](?!\d)|[-•●·]\s?|附[件录表])"
)
_ENDED = re.compile(r"[。；：！？.;:!?”’）)]$")
_DIVISION = re.compile(r"^第[零〇○一二三四五六七八九十百千\d]{1,9}(?:分编|编|章|节)\s")
_LARGER = 1.12
_ALIKE = 1.06
_LONGEST_HEADING = 60
_RAGGED = 2.2
"""Characters by which a line may be short only because the next word or mark did not fit."""
_MOST_LEVELS = 4
_MOST_LINES = 1000
"""A page with more lines than a page can hold is not print; its lines are left as they are."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of print, in points from the lower left corner."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    """Width of a Chinese character; 0 for a line without one."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page with its lines in the order the file has them."""

    number: int
    height: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Setting:
    """How a page is set."""

    size: float
    gap: float
    """Usual distance from one line to the next."""
    indents: bool
    """Whether paragraphs begin with an indented line."""


def blocks_of(pages: Sequence[Page]) -> list[Block]:
    """The paragraphs of all pages; one that runs over the page stays one."""
    size = body_size(pages)
    levels = _levels(pages, size)
    found: list[Block] = []
    before: tuple[Line, Page, _Setting] | None = None
    for page in pages:
        setting = _setting(page, size)
        for line in page.lines:
            level = levels.get(_rounded(line.size), 0) if len(line.text) <= _LONGEST_HEADING else 0
            if before and found and found[-1].level == level and not _begins(line, page, setting, *before):
                found[-1] = Block(join(found[-1].text, line.text), level, found[-1].page)
            else:
                found.append(Block(line.text, level, page.number))
            before = (line, page, setting)
    return found


def _begins(
    line: Line, page: Page, setting: _Setting, last: Line, last_page: Page, last_setting: _Setting
) -> bool:
    """Whether a line opens a paragraph rather than continuing the one before."""
    if _is_short(last, last_page, last_setting):
        return True
    if _MARK.match(line.text) and (_ENDED.search(last.text) or _DIVISION.match(last.text)):
        return True
    em = setting.size or 10.0
    if not _alike(line, last):
        return True
    if page is last_page and last.bottom >= line.top - em / 2:
        if last.bottom - line.top > setting.gap + 0.5 * em:
            return True
        if line.left > last.left + 1.2 * em and not _MARK.match(last.text):
            return True
        return (
            setting.indents
            and abs(line.left - last.left) < 0.5 * em
            and line.left > _margin(page, line) + 1.2 * em
        )
    indented = line.left > _margin(page, line) + 1.2 * em
    return indented or bool(_ENDED.search(last.text) and not setting.indents and last.text[-1] in "。！？")


def _is_short(line: Line, page: Page, setting: _Setting) -> bool:
    """Whether a line ends well before the edge of its column, as the last of a paragraph does."""
    if len(page.lines) > _MOST_LINES:
        return True
    em = setting.size or 10.0
    beside = [
        other.right
        for other in page.lines
        if other.left < line.right and other.right > line.left and _alike(other, line)
    ]
    edges = sorted(beside, reverse=True)
    usual = next(
        (edge for edge, following in pairwise(edges) if edge - following < 1.5 * em),
        edges[0],
    )
    missing = (usual - line.right) / em
    return missing > _RAGGED or (missing > 1 and bool(_ENDED.search(line.text)))


def _alike(one: Line, other: Line) -> bool:
    """Whether two lines are set in the same size, as far as can be told."""
    return not one.size or not other.size or 1 / _LARGER < one.size / other.size < _LARGER


def _margin(page: Page, line: Line) -> float:
    """The left edge of the column in which ``line`` stands."""
    return min(other.left for other in page.lines if other.left < line.right and other.right > line.left)


def _setting(page: Page, size: float) -> _Setting:
    body = [line for line in page.lines if not line.size or abs(line.size - size) < 0.1 * size]
    pairs = [(a, b) for a, b in pairwise(body) if b.top < a.bottom + size]
    gaps = sorted(max(0.0, a.bottom - b.top) for a, b in pairs)
    em = size or 10.0
    hanging = sum(1 for a, b in pairs if 1.2 * em < a.left - b.left < 3 * em and b.size)
    return _Setting(size, gaps[len(gaps) // 20] if gaps else 0.0, hanging > 0)


def body_size(pages: Sequence[Page]) -> float:
    """The size in which most of the text is set."""
    sizes = Counter[float]()
    for page in pages:
        for line in page.lines:
            if line.size:
                sizes[_rounded(line.size)] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else median([0.0])


def _levels(pages: Sequence[Page], size: float) -> dict[float, int]:
    """The heading levels of sizes larger than the body's, largest first."""
    larger = {
        _rounded(line.size)
        for page in pages
        for line in page.lines
        if line.size > size * _LARGER and len(line.text) <= _LONGEST_HEADING
    }
    levels: dict[float, int] = {}
    level, above = 0, float("inf")
    for found in sorted(larger, reverse=True):
        if found * _ALIKE < above:
            level, above = min(level + 1, _MOST_LEVELS), found
        levels[found] = level
    return levels


def _rounded(size: float) -> float:
    return round(size * 2) / 2
