"""PDF → blocks: the text of each page in paragraphs, with the page it stands on."""

import re
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from ctypes import c_int
from typing import Any

from bot.core.errors import DocumentError
from knowledge.formats.archives import damaged, locked
from knowledge.formats.blocks import Block, clean
from knowledge.formats.layout import Line, Page, blocks_of, body_size

_MOST_PAGES = 3000
_MOST_CHARACTERS = 5_000_000
_PASSWORD = 4
"""PDFium's number for a missing or wrong password."""
_ONE_AT_A_TIME = threading.Lock()
"""PDFium must not be used by two threads at once."""
_CJK = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3001-\u303f\u201c\u201d\u2018\u2019]")
_ADDRESS = re.compile(
    r"^(?:第[零〇○一二三四五六七八九十百千\d]{1,9}(?:条(?:之[一二三四五六七八九十])?|分编|编|章|节))$"
)
_JUSTIFIED = 0.15
"""Share of gaps between characters from which blanks are the work of justified setting."""
_PAGE_NUMBER = re.compile(
    r"^(?:[-–—·.\s]*\d{1,4}[-–—·.\s]*|第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?|\d{1,4}\s*/\s*\d{1,4}"
    r"|(?:https?|file)://\S+\s+\d{1,4}\s*/\s*\d{1,4}|page\s*\d{1,4}(?:\s*of\s*\d{1,4})?"
    r"|\d{1,4}/\d{1,2}/\d{1,4},?\s\d{1,2}:\d{2}(?:\s?[AP]M)?\s.*)$",
    re.I,
)
_TAIL = 2**16
"""Bytes at the end of a file among which it must say that it ends."""
_MEASURED = 16
"""Characters of a line that are measured; the widest tells the size, since some boxes are cut to the glyph."""
_FEW = 3
"""With fewer characters than this the height counts as well."""
_HEIGHT = 0.92
"""Size of a character in heights of a line, between what different fonts say."""
_EDGE = 0.12
"""Share of a page's height at top and bottom where running titles and page numbers stand."""
_SMALLER = 0.88
"""Running titles are smaller than the text; on a single page nothing else gives them away."""
_RADICALS = re.compile(r"[\u2e80-\u2fd5\uf900-\ufaff]")


def read(content: bytes, name: str) -> list[Block]:
    """The paragraphs of a PDF without running titles and page numbers; a scan without text is refused."""
    if b"%%EOF" not in content[-_TAIL:]:
        raise damaged(name)
    with _ONE_AT_A_TIME:
        pages = _pages(content, name)
    said = "".join(line.text for page in pages for line in page.lines)
    strange = sum(1 for char in said if "\ue000" <= char <= "\uf8ff" or char == "\ufffd")
    if strange * 4 > len(said):
        raise DocumentError(
            f"{name} 里的文字取出来是乱码（字体没有对照表），请换成 Word 文件，或重新导出 PDF 再导入。"
        )
    if not re.sub(r"\W", "", said):
        raise DocumentError(
            f"{name} 是扫描件或图片，里面没有能读的文字，请用 WPS 的文字识别转成 Word，或换一份能选中文字的 PDF 再导入。"
        )
    return blocks_of(_without_edges(pages))


def _pages(content: bytes, name: str) -> list[Page]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as wrong:
        raise (locked(name) if wrong.err_code == _PASSWORD else damaged(name)) from wrong
    try:
        if len(document) > _MOST_PAGES:
            raise DocumentError(f"{name} 超过 {_MOST_PAGES} 页，没有导入，请拆成几份再导入。")
        pages: list[Page] = []
        characters = 0
        for number in range(len(document)):
            found = _page(document, number)
            characters += sum(len(line.text) for line in found.lines)
            if characters > _MOST_CHARACTERS:
                raise DocumentError(f"{name} 里的文字太多，没有导入，请拆成几份再导入。")
            pages.append(found)
        return pages
    finally:
        document.close()


def _page(document: Any, number: int) -> Page:
    import pypdfium2

    try:
        page = document[number]
    except pypdfium2.PdfiumError:  # one page that cannot be opened is as good as an empty one
        return Page(number + 1, 0.0, ())
    try:
        text = page.get_textpage()
        try:
            return Page(number + 1, page.get_height(), tuple(_lines(text)))
        finally:
            text.close()
    finally:
        page.close()


def _lines(text: Any) -> Iterator[Line]:
    from pypdfium2 import raw

    count = min(raw.FPDFText_CountChars(text), _MOST_CHARACTERS)
    codes = [raw.FPDFText_GetUnicode(text, place) for place in range(count)]
    start = 0
    for place in range(count + 1):
        if place == count or codes[place] in (0x0A, 0x0D):
            if line := _line(text, codes, start, place):
                yield line
            start = place + 1


def _line(text: Any, codes: Sequence[int], start: int, end: int) -> Line | None:
    seen = [place for place in range(start, end) if codes[place] not in (0x20, 0xA0, 0x3000, 0x00)]
    if not seen:
        return None
    told = _told(text, codes, seen[0], seen[-1] + 1)
    if not told:
        return None
    first, last = _box(text, seen[0]), _box(text, seen[-1])
    wide = [_box(text, place) for place in seen[:_MEASURED] if 0x4E00 <= codes[place] <= 0x9FFF]
    size = max((box[2] - box[0] for box in wide), default=0.0)
    top, bottom = max(first[3], last[3]), min(first[1], last[1])
    if 0 < len(wide) < _FEW:
        size = max(size, _HEIGHT * (top - bottom))
    return Line(told, first[0], last[2], top, bottom, size)


def _told(text: Any, codes: Sequence[int], start: int, end: int) -> str:
    """The characters of a line; blanks that PDFium put between Chinese characters stay only where they mean something."""
    from pypdfium2 import raw

    chars = [chr(code) if 0 < code < 0x110000 else "" for code in codes[start:end]]
    gaps = [
        place
        for place in range(1, len(chars) - 1)
        if chars[place] == " "
        and _CJK.match(chars[place - 1] or " ")
        and _CJK.match(chars[place + 1] or " ")
        and raw.FPDFText_IsGenerated(text, start + place) == 1
    ]
    if len(gaps) > 2 and len(gaps) > _JUSTIFIED * len(chars):
        for place in gaps:
            if not _ADDRESS.match("".join(chars[:place]).replace(" ", "")):
                chars[place] = ""
    told = clean("".join(chars).replace("\x02", "").replace("\ufffe", ""))
    return _RADICALS.sub(_unified, re.sub(r"\s+", " ", told)).strip()


def _unified(radical: re.Match[str]) -> str:
    """A radical or compatibility character as the ordinary one, which fonts confuse."""
    import unicodedata

    return unicodedata.normalize("NFKC", radical[0])


def _box(text: Any, place: int) -> tuple[float, float, float, float]:
    """Left, bottom, right and top of a character."""
    from pypdfium2 import raw

    box = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(text, c_int(place), box)
    return box.left, box.bottom, box.right, box.top


def _without_edges(pages: Sequence[Page]) -> list[Page]:
    """Pages without what is repeated at their top and bottom, and without page numbers."""
    repeated = Counter(
        key for page in pages for key in {_pattern(line) for line in page.lines if _at_edge(line, page)}
    )
    often = max(2, len(pages) // 3)
    small = body_size(pages) * _SMALLER

    def runs(line: Line, page: Page) -> bool:
        if _PAGE_NUMBER.match(line.text) or repeated[_pattern(line)] >= often:
            return True
        return len(pages) == 1 and 0 < line.size < small and line.top > page.height / 2

    return [
        Page(
            page.number,
            page.height,
            tuple(line for line in page.lines if not _at_edge(line, page) or not runs(line, page)),
        )
        for page in pages
    ]


def _at_edge(line: Line, page: Page) -> bool:
    return line.bottom > page.height * (1 - _EDGE) or line.top < page.height * _EDGE


def _pattern(line: Line) -> tuple[str, int]:
    """What stays the same of a running title from page to page: its words and its height on the page."""
    return re.sub(r"\d+", "0", line.text), round(line.bottom / 4)
