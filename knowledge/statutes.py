"""Statutes split by article: 编章节条 and 第…条之一, appendices apart, nothing else mistaken for an article."""

import re
from datetime import date

from bot.core.numerals import to_chinese, to_int
from knowledge.passages import Passage

_CN = "零〇○一二三四五六七八九十百千"
_ARTICLE = re.compile(rf"^\s*(第([{_CN}]+|\d+)条(?:之([{_CN}]+))?)(?:[ \u3000\t]|(?=[：:])|$)")
_DIVISION = re.compile(rf"^\s*(?:#+\s*)?(第[{_CN}\d]+\s*(分编|编|章|节))(?:[ \u3000\t]+(.*))?$")
_APPENDIX = re.compile(
    r"^\s*(?:#+\s*)?(附\s*[录件表]?\s*[一二三四五六七八九十\d]{0,2})\s*[:：]?\s*(.{0,30})$"
)
_HEADER_END = "<!-- INFO END -->"
_DATE = re.compile(r"(\d{4})\s*[-年.]\s*(\d{1,2})\s*[-月.]\s*(\d{1,2})")
_RANKS = {"编": 0, "分编": 1, "章": 2, "节": 3}
_FEWEST_ARTICLES = 2
_NOTICE = re.compile(r"(通知|决定|意见|公告|批复|复函|规定|办法)$")
_DOCUMENT_NUMBER = re.compile(r"[〔\[（(]\s*\d{4}\s*[〕\]）)]\s*(?:第)?\d+\s*号")


def split_header(text: str, fallback_title: str) -> tuple[str, str, str]:
    """Title, promulgation history and body of a file; the title falls back to the file's name."""
    head, mark, body = text.partition(_HEADER_END)
    if not mark:
        head, body = _guess_header(text)
    lines = [line.strip() for line in head.splitlines() if line.strip()]
    headings = [line.lstrip("#").strip() for line in lines if line.startswith("#")]
    history = [line for line in lines if not line.startswith("#")]
    if not headings and history:
        headings, history = [history[0]], history[1:]
    title = "".join(headings) or re.sub(r"\(\d{4}-\d{2}-\d{2}\)$", "", fallback_title)
    return title.strip(), "\n".join(history), body


def _guess_header(text: str) -> tuple[str, str]:
    """Without a mark, the header is what stands before the first article or division."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if _ARTICLE.match(line) or _DIVISION.match(line):
            return "\n".join(lines[:number]), "\n".join(lines[number:])
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    return lines[first] if lines else "", "\n".join(lines[first + 1 :])


def version_date(source_name: str, history: str) -> date | None:
    """The date in the file's name, or else the last one in its history."""
    for found in [*_DATE.findall(source_name), *reversed(_DATE.findall(history))]:
        try:
            return date(*map(int, found))
        except ValueError:
            continue
    return None


def split(body: str) -> list[Passage]:
    """Articles of ``body`` in order, with an opening and appendices as passages of their own; empty if no statute."""
    reader = _Reader()
    for line in body.splitlines():
        reader.take(line)
    passages = reader.finish()
    enough = sum(1 for passage in passages if passage.number) >= _FEWEST_ARTICLES
    return passages if enough else []


def is_notice(title: str, history: str, body: str) -> bool:
    """Whether a text without articles is an official one, by its title and document number."""
    return bool(_NOTICE.search(title) and _DOCUMENT_NUMBER.search(history + body[:400]))


def whole(body: str) -> list[Passage]:
    """A text without articles as one passage, addressed 全文."""
    text = "\n".join(line.strip().lstrip("#").strip() for line in body.splitlines() if line.strip())
    return [Passage("0", "全文", "", text)] if text else []


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

    def take(self, line: str) -> None:
        """Read one line."""
        text = line.strip()
        if not text:
            return
        if not self._closed:
            if (article := _ARTICLE.match(text)) and self._follows(article):
                self._open(*self._numbered(article))
            elif division := _DIVISION.match(text):
                self._enter(division)
                return
            elif self._number and (appendix := _APPENDIX.match(text)):
                self._closed = True
                self._divisions.clear()
                name = re.sub(r"\s", "", appendix[1])
                self._open("", f"{name}：{appendix[2]}" if appendix[2] else name)
        self._lines.append(text.lstrip("#").strip())

    def finish(self) -> list[Passage]:
        """All passages read."""
        self._close()
        return self._passages

    def _follows(self, article: re.Match[str]) -> bool:
        number = to_int(article[2])
        if number is None:
            return False
        if article[3]:
            return number == self._last
        return number > self._last or not self._last

    def _numbered(self, article: re.Match[str]) -> tuple[str, str]:
        number = to_int(article[2]) or 0
        self._last = number
        after = f"之{article[3]}" if article[3] else ""
        return f"{number}{after}", f"第{to_chinese(number)}条{after}"

    def _enter(self, division: re.Match[str]) -> None:
        self._close()
        rank = _RANKS[division[2]]
        self._divisions = {level: name for level, name in self._divisions.items() if level < rank}
        ordinal, title = (re.sub(r"\s", "", part or "") for part in (division[1], division[3]))
        self._divisions[rank] = f"{ordinal} {title}".strip()

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
