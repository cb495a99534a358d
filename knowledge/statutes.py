"""Statutes split by article: 编章节条 and 第…条之一, appendices apart, nothing else mistaken for an article."""

import re
from collections.abc import Iterable, Sequence
from datetime import date

from bot.core.numerals import to_chinese, to_int
from knowledge.formats.blocks import Block, by_line
from knowledge.passages import Passage

_CN = "零〇○一二三四五六七八九十百千"
_NUMERAL = rf"[{_CN}]{{1,9}}|\d{{1,4}}"
_ARTICLE = re.compile(rf"^(第\s*({_NUMERAL})\s*条(?:之([{_CN}]{{1,3}}))?)(?:[ \u3000\t]|(?=[：:])|$)")
_TIGHT = re.compile(
    rf"^(第\s*({_NUMERAL})\s*条(?:之([{_CN}]{{1,3}}))?)(?![的、，,；;。和或及与至到—-]|以[上下]|规定|所|第|中|之|款|项|应|不|修改|改为|增加|删)"
)
_DIVISION = re.compile(
    rf"^(第\s*(?:{_NUMERAL})\s*(分编|编|章|节))(?:[ \u3000\t]+(\S.*)|([^\s。；：，、规的].{{0,24}}))?$"
)
_UNNUMBERED = re.compile(r"^(总|分|附)\s*则$")
_APPENDIX = re.compile(
    r"^(?!附\s*则)(附\s*(?:[录件表图]\s*)?(?:[一二三四五六七八九十]{1,2}|\d{1,2})?)(?:\s*[:：]\s*|\s+|(?<=[录件表图一二三四五六七八九十\d])(?=[\u4e00-\u9fff《])|$)([^。；]{0,60})$"
)
_DATE = re.compile(r"(\d{4})\s*[-年.]\s*(\d{1,2})\s*[-月.]\s*(\d{1,2})")
_RANKS = {"编": 0, "分编": 1, "章": 2, "节": 3}
_FEWEST_ARTICLES = 2
_LONGEST_DIVISION = 60
_NOTICE = re.compile(r"(通知|决定|意见|公告|批复|复函|规定|办法)$")
_DOCUMENT_NUMBER = re.compile(r"[〔\[（(]\s*\d{4}\s*[〕\]）)]\s*(?:第)?\d+\s*号")


def version_date(source_name: str, history: str) -> date | None:
    """The date in the file's name, or else the last one in its history."""
    for found in [*_DATE.findall(source_name), *reversed(_DATE.findall(history))]:
        try:
            return date(*map(int, found))
        except ValueError:
            continue
    return None


def split(body: Iterable[Block]) -> list[Passage]:
    """Articles of ``body`` in order, with an opening and appendices as passages of their own; empty if no statute."""
    reader = _Reader()
    for block in by_line(body):
        reader.take(block.text)
    passages = reader.finish()
    enough = sum(1 for passage in passages if passage.number) >= _FEWEST_ARTICLES
    return passages if enough else []


def opens_article(line: str, last: int) -> int:
    """The number of the article that ``line`` opens after article ``last`` (0 for none so far); 0 when it opens none.

    A number without a blank after it opens an article only where it is the next one, since it may be a reference.
    """
    found = _article(line, last)
    return (to_int(found[2]) or 0) if found else 0


def names_article(line: str) -> int:
    """The number of the article that ``line`` would open if it were the first; 0 when it is another kind of line."""
    found = _ARTICLE.match(line) or _TIGHT.match(line)
    return (to_int(found[2]) or 0) if found else 0


def is_division(line: str) -> bool:
    """Whether a line names a part, chapter or section."""
    return len(line) <= _LONGEST_DIVISION and bool(_DIVISION.match(line) or _UNNUMBERED.match(line))


def is_appendix(line: str) -> bool:
    """Whether a line names an appendix."""
    return bool(_APPENDIX.match(line))


def is_notice(title: str, history: str, body: Sequence[Block]) -> bool:
    """Whether a text without articles is an official one, by its title and document number."""
    start = "\n".join(block.text for block in body[:10])[:400]
    return bool(_NOTICE.search(title) and _DOCUMENT_NUMBER.search(history + start))


def whole(body: Iterable[Block]) -> list[Passage]:
    """A text without articles as one passage, addressed 全文."""
    text = "\n".join(block.text for block in body)
    return [Passage("0", "全文", "", text)] if text else []


def _article(line: str, last: int) -> re.Match[str] | None:
    found = _ARTICLE.match(line)
    if found and _follows(found, last):
        return found
    found = _TIGHT.match(line)
    number = to_int(found[2]) if found else None
    expected = number == last if found and found[3] else number == last + 1
    return found if expected else None


def _follows(article: re.Match[str], last: int) -> bool:
    number = to_int(article[2])
    if number is None:
        return False
    if article[3]:
        return number == last
    return number > last or not last


class _Reader:
    """Collects lines into passages; an article opens only where its number follows the one before."""

    def __init__(self) -> None:
        self._divisions: dict[int, str] = {}
        self._passages: list[Passage] = []
        self._lines: list[str] = []
        self._number = self._address = ""
        self._heading = ""
        self._last = 0
        self._closed = False

    def take(self, text: str) -> None:
        """Read one line."""
        appendix = _APPENDIX.match(text) if self._last else None
        if appendix:
            self._append(appendix)
        elif not self._closed:
            if article := _article(text, self._last):
                self._open(*self._numbered(article))
            elif is_division(text):
                self._enter(text)
                return
        self._lines.append(text)

    def finish(self) -> list[Passage]:
        """All passages read."""
        self._close()
        return self._passages

    def _numbered(self, article: re.Match[str]) -> tuple[str, str]:
        number = to_int(article[2]) or 0
        self._last = number
        after = f"之{article[3]}" if article[3] else ""
        return f"{number}{after}", f"第{to_chinese(number)}条{after}"

    def _enter(self, text: str) -> None:
        self._close()
        division = _DIVISION.match(text)
        rank = _RANKS[division[2]] if division else _RANKS["章"]
        self._divisions = {level: name for level, name in self._divisions.items() if level < rank}
        parts = (division[1], division[3] or division[4]) if division else ("", text)
        ordinal, title = (re.sub(r"\s", "", part or "") for part in parts)
        self._divisions[rank] = f"{ordinal} {title}".strip()

    def _append(self, appendix: re.Match[str]) -> None:
        name = re.sub(r"\s", "", appendix[1])
        self._close()
        self._closed = True
        self._divisions.clear()
        self._open("", f"{name}：{appendix[2]}" if appendix[2] else name)

    def _open(self, number: str, address: str) -> None:
        self._close()
        self._number, self._address = number, address
        self._heading = " ".join(self._divisions[rank] for rank in sorted(self._divisions))

    def _close(self) -> None:
        text = "\n".join(self._lines)
        if (text and self._number) or (text and self._closed):
            self._passages.append(Passage(self._number, self._address, self._heading, text))
        elif len(text) > 40 and not self._passages and not _DOCUMENT_NUMBER.search(text[:80]):
            self._passages.append(Passage("", "序言", "", text))
        self._lines = []
        if self._number:
            self._number = self._address = ""
