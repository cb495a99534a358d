"""A passage: the smallest text that can be cited, exactly as written; and the places inside it."""

import re
from dataclasses import dataclass

from bot.core.errors import UnknownArticleError
from bot.core.numerals import NUMERAL, to_chinese, to_int

_ITEM = re.compile(rf"^[（(]({NUMERAL})[）)]")
_SUBITEM = re.compile(r"^\d{1,3}[.．、]")


@dataclass(frozen=True, slots=True)
class Passage:
    """An article, or a section of a handbook."""

    number: str
    """Article number (47, 47之一), ``0`` for a text without articles, empty for a part that is no article."""
    address: str
    """What people read: 第四十七条, or the heading."""
    heading: str
    """Chapter and section above it, joined by a blank."""
    text: str
    """As in the file, number included, paragraphs separated by one line end."""


@dataclass(frozen=True, slots=True)
class Place:
    """A paragraph or an item of an article, as it is cited."""

    address: str
    """第三十九条第二款第三项; the paragraph is not named where the article has only one."""
    text: str
    """The words there, exactly as in the article."""


def locate(passage: Passage, paragraph: int = 0, item: int = 0) -> Place:
    """The paragraph (款) and item (项) of an article; paragraph 0 is the only one, or the one with the item.

    Raises ``UnknownArticleError`` with what there is when the article has no such place.
    """
    paragraphs = _paragraphs(passage.text)
    if not paragraph:
        with_item = (place for place, found in enumerate(paragraphs, start=1) if item in _items(found))
        paragraph = next(with_item, 1) if item else 1
    if not 1 <= paragraph <= len(paragraphs):
        raise UnknownArticleError(f"{passage.address}只有{len(paragraphs)}款，请核对款的序号。")
    lines = paragraphs[paragraph - 1]
    address = passage.address + (f"第{to_chinese(paragraph)}款" if len(paragraphs) > 1 else "")
    if not item:
        return Place(address, "\n".join(lines))
    items = _items(lines)
    if item not in items:
        there = f"只有{len(items)}项" if items else "没有分项"
        raise UnknownArticleError(f"{address}{there}，请核对项的序号。")
    return Place(f"{address}第{to_chinese(item)}项", "\n".join(items[item]))


def _paragraphs(text: str) -> list[list[str]]:
    """The lines of each paragraph; items and what is below them belong to the paragraph that leads in."""
    paragraphs: list[list[str]] = []
    for line in text.split("\n"):
        if paragraphs and (_ITEM.match(line) or _SUBITEM.match(line)):
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    return paragraphs


def _items(lines: list[str]) -> dict[int, list[str]]:
    """The lines of each item by its number."""
    items: dict[int, list[str]] = {}
    for line in lines:
        if mark := _ITEM.match(line):
            items[to_int(mark[1]) or 0] = [line]
        elif items and _SUBITEM.match(line):
            items[next(reversed(items))].append(line)
    return items
