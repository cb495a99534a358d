"""Where a text begins, what it is called, and how several laws in one file are told apart."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge import statutes
from knowledge.formats.blocks import HEADER_END, LOWEST_TITLE, Block, by_line

_LAW = re.compile(
    r"(?:法|条例|规定|办法|细则|规则|规程|决定|决议|解释|批复|通知|意见|公约|准则|守则|章程|制度|修正案)"
    r"(?:[（(][^（）()]{1,30}[）)])*$"
)
_NOT_A_TITLE = re.compile(
    r"[。；：！？;!?]|^[“\"（(]|^\d{4}\s*年|^根据|^依据|^为了?|^附|^[一二三四五六七八九十]{1,3}、|^第.{1,9}[条款项]"
)
_ISSUER = re.compile(
    r"^(?:中华人民共和国\S{0,20}|中共中央\S{0,20}|全国人民代表大会\S{0,20}|\S{2,30}(?:委员会|国务院|政府|总工会|法院|检察院|部|厅|局|办公厅|院|会))$"
)
_HISTORY = re.compile(
    r"^[（(].*[）)]$|\d{4}\s*年|[〔\[]\s*\d{4}\s*[〕\]]|^第?[一二三四五六七八九十百\d]+号$|令$"
)
_ISSUING = re.compile(r"(?:印发|转发|公布|发布).*通知$")
_PROMULGATION = re.compile(r"^[（(]|^\d{4}\s*年|^根据\d{4}")
_SHORTEST_OPENING = 40
_CONTENTS = re.compile(r"^目\s*[录次]$")
_AMENDMENT = re.compile(
    r"修正案(?:草案)?(?:[（(][^（）()]{1,20}[）)])*$|^\S{0,60}关于(?:修改|修订|修正|废止|宣布失效)\S{0,200}的?(?:决定|决议|通知)$"
)
_LONGEST_TITLE = 60
_LONGEST_AMENDMENT = 120
_HIGHEST_TITLE = 6
"""Lines at the top of a text among which its title stands."""
_REACH = 30
"""Lines between a title and its first article: history, contents, an opening."""


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before the text proper."""

    title: str
    history: str
    body: tuple[Block, ...]
    from_file_name: bool = False
    """Whether the text has no title of its own."""


def is_amendment(title: str) -> bool:
    """Whether a title is that of a text which changes other laws (修正案, 关于修改…的决定)."""
    return bool(_AMENDMENT.search(re.sub(r"\s", "", title)))


def parts(blocks: Sequence[Block]) -> list[Sequence[Block]]:
    """The texts in a file: a new one begins where a title is followed by a first article anew."""
    lines = by_line(blocks)
    starts = [0]
    first = last = 0  # the line of the newest article of this part, and its number
    title: int | None = None
    outer = _outer_level(lines)
    for place, line in enumerate(lines):
        number = statutes.names_article(line.text)
        if number and (statutes.opens_article(line.text, last) or (title is not None and number <= last)):
            if (
                title is not None
                and title > starts[-1]
                and (number <= last if last else _stands_alone(lines[starts[-1] : title]))
            ):
                starts.append(_with_issuer(lines, title, max(first, starts[-1])))
                last = 0
            if statutes.opens_article(line.text, last):
                first, last, title = place, number, None
        elif _could_be_title(line, outer):
            title = title if title == place - 1 else place
        elif title is not None and place - title > _REACH:
            title = None
    return [lines[start:end] for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]


def header(part: Sequence[Block], file_title: str) -> Header:
    """Title, promulgation history and body of one text; the file's name stands in for a title that is missing."""
    mark = next((place for place, block in enumerate(part) if block.text == HEADER_END), -1)
    if mark >= 0:
        head, body = part[:mark], part[mark + 1 :]
    else:
        end = _head_end(part)
        head, body = part[:end], part[end:]
    rest = [block for block in body if block.text != HEADER_END]
    if not head:
        return Header(_without_date(file_title), "", tuple(rest), from_file_name=True)
    title, above, below = _title(head, marked=mark >= 0)
    if mark < 0:
        opening = next((place for place, block in enumerate(below) if _is_opening(block.text)), len(below))
        below, rest = below[:opening], [*below[opening:], *rest]
    others = [*above, *below]
    history = [block.text for block in others if not _CONTENTS.match(block.text)]
    return Header(title, "\n".join(history), tuple(rest))


def _head_end(part: Sequence[Block]) -> int:
    """Where the first article or division stands; for an amendment or a text without articles, after its title."""
    for place, block in enumerate(part[:_HIGHEST_TITLE]):
        if is_amendment(block.text) and _looks_like_title(block.text):
            end = place + 1
            while (
                end < len(part) and _HISTORY.search(part[end].text) and len(part[end].text) <= _LONGEST_TITLE
            ):
                end += 1
            return end
    for place, block in enumerate(part):
        if statutes.opens_article(block.text, 0) or statutes.is_division(block.text):
            return place
    if not part or part[0].level:
        return 1 if part and part[0].level <= LOWEST_TITLE else 0
    if len(part) > 1 and _ISSUER.match(part[0].text) and _looks_like_title(part[1].text):
        return 2
    return 1 if _could_name_a_text(part[0].text) else 0


def _title(head: Sequence[Block], marked: bool) -> tuple[str, Sequence[Block], Sequence[Block]]:
    """The title in the lines before the text, and the lines above and below it."""
    headings = [block for block in head if block.level]
    if headings:
        kept = headings if marked else _neighbours(headings, head)
        start = next(place for place, block in enumerate(head) if block is headings[0])
        below = [block for block in head[start:] if all(block is not other for other in kept)]
        return "".join(block.text for block in kept), head[:start], below
    places = [place for place, block in enumerate(head) if _looks_like_title(block.text)]
    own = [place for place in places if not _ISSUING.search(head[place].text)]
    place = start = (own or places or [0])[-1]
    if place and _ISSUER.match(head[place - 1].text) and not _LAW.search(head[place - 1].text):
        start = place - 1
    return "".join(block.text for block in head[start : place + 1]), head[:start], head[place + 1 :]


def _is_opening(text: str) -> bool:
    """Whether a line below a title is the first of the text: a sentence, no date and no note in brackets."""
    return len(text) >= _SHORTEST_OPENING and text[-1] in "。：" and not _PROMULGATION.match(text)


def _neighbours(headings: list[Block], head: Sequence[Block]) -> list[Block]:
    """The first heading and those right below it, as titles are often broken into lines."""
    place = next(place for place, block in enumerate(head) if block is headings[0])
    kept = [headings[0]]
    for block in head[place + 1 :]:
        if block.level != headings[0].level or _CONTENTS.match(block.text):
            break
        kept.append(block)
    return kept


def _stands_alone(before: Sequence[Block]) -> bool:
    """Whether what stands before a law's title is a text of its own: an amendment or a notice."""
    named = header(before, "")
    return (
        any(is_amendment(block.text) for block in before[:_HIGHEST_TITLE])
        or is_amendment(named.title)
        or (statutes.is_notice(named.title, named.history, named.body))
    )


def _with_issuer(lines: Sequence[Block], title: int, floor: int) -> int:
    """The line at which a title really begins: its upper half may name who issued it."""
    above = lines[title - 1].text
    return title - 1 if title - 1 > floor and _ISSUER.match(above) and not _LAW.search(above) else title


def _outer_level(lines: Sequence[Block]) -> int:
    """The level of the first heading, at which other titles stand too."""
    return next((block.level for block in lines if 0 < block.level <= LOWEST_TITLE), 0)


def _could_be_title(line: Block, outer: int) -> bool:
    if statutes.is_division(line.text) or statutes.is_appendix(line.text) or _CONTENTS.match(line.text):
        return False
    return bool(line.level and line.level == outer) or _looks_like_title(line.text)


def _looks_like_title(text: str) -> bool:
    plain = re.sub(r"\s", "", text)
    longest = _LONGEST_AMENDMENT if is_amendment(plain) else _LONGEST_TITLE
    return 2 < len(plain) <= longest and not _NOT_A_TITLE.search(plain) and bool(_LAW.search(plain))


def _could_name_a_text(text: str) -> bool:
    """Whether the first line of a text can be its title: short, and no sentence."""
    return len(text) <= _LONGEST_TITLE and not re.search(r"[。；;！？!?，,：:]$", text)


def _without_date(file_title: str) -> str:
    return re.sub(r"\s*[（(]\d{4}-\d{2}-\d{2}[）)]$", "", file_title).strip() or file_title
