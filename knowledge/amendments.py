"""Texts that change other laws (修正案, 关于修改…的决定), split into their own items and never taken for the law they change."""

import re
from collections.abc import Iterable

from bot.core.numerals import to_chinese, to_int
from knowledge.formats.blocks import Block, by_line
from knowledge.passages import Passage

_ITEM = re.compile(r"^([一二三四五六七八九十百]{1,5})、")
_ARTICLE = re.compile(r"^第([一二三四五六七八九十百]{1,5})条(?:[ \u3000\t]|$)")
_CLOSING = re.compile(r"^(?:本(?:决定|修正案|决议)自|《[^》]{2,60}》根据本(?:决定|修正案))")


def split(body: Iterable[Block], title: str) -> list[Passage]:
    """The items in order; what is quoted from the changed law stays in the item that quotes it."""
    lines = [block.text for block in by_line(body)]
    item = _ITEM if any(_ITEM.match(line) for line in lines) else _ARTICLE
    unit = "条" if item is _ARTICLE or "修正案" in title else "项"
    passages: list[Passage] = []
    number, address, told, quoted, last = "", "正文", list[str](), False, 0
    for line in lines:
        opens = None if quoted else item.match(line)
        follows = opens is not None and (to_int(opens[1]) or 0) == last + 1
        if follows or (not quoted and _CLOSING.match(line)):
            _keep(passages, number, address, told)
            last, told = last + follows, []
            number = str(last) if follows else ""
            address = f"第{to_chinese(last)}{unit}" if follows else "施行"
        told.append(line)
        quoted = _open_quotes(line, quoted)
    _keep(passages, number, address, told)
    return passages


def _keep(passages: list[Passage], number: str, address: str, told: list[str]) -> None:
    if not told:
        return
    if passages and passages[-1].address == address:
        before = passages.pop()
        told = [before.text, *told]
    passages.append(Passage(number, address, "", "\n".join(told)))


def _open_quotes(line: str, quoted: bool) -> bool:
    """Whether a quotation is still open at the end of the line; each of its paragraphs may open it anew."""
    opened, closed = line.rfind("“"), line.rfind("”")
    return quoted if opened == closed else opened > closed
