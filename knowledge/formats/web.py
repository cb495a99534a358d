"""Web pages → blocks: headings, paragraphs, lists and tables of what the page is about."""

import re
from itertools import islice
from typing import Any

from lxml import etree

from knowledge.formats import text
from knowledge.formats.archives import too_deep
from knowledge.formats.blocks import Block, clean, lines, unwrap
from knowledge.formats.grids import Grid

_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]{2,20})""", re.I)
_DROPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "nav",
        "footer",
        "aside",
        "form",
        "button",
        "select",
        "svg",
        "iframe",
        "object",
        "del",
        "rt",
        "rp",
        "head",
        "canvas",
        "audio",
        "video",
        "textarea",
    ]
)
_BLOCKS = frozenset(
    [
        "p",
        "div",
        "section",
        "article",
        "main",
        "header",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "blockquote",
        "pre",
        "address",
        "figure",
        "figcaption",
        "center",
        "details",
        "summary",
        "fieldset",
        "hr",
        "body",
        "td",
        "th",
        "tr",
    ]
)
_FRAME = re.compile(
    r"(?:^|[\s_-])(?:nav|navbar|menu|breadcrumbs?|footer|copyright|sidebar|share|pager|pagination|toolbar)(?:$|[\s_-])",
    re.I,
)
_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_LONGEST_CELL = 400
_WIDEST = 200
_MOST_TITLES = 20
_HEADING = re.compile(r"h([1-6])")


def read(content: bytes, name: str) -> list[Block]:
    """The blocks of a web page; navigation, scripts and other furniture are left out."""
    declared = _CHARSET.search(content[:4096])
    decoded = clean(text.decode(content, name, declared[1].decode("ascii") if declared else ""))
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True
    )
    root = etree.fromstring(decoded.encode(), parser)
    if any(error.type_name in ("ERR_RESOURCE_LIMIT", "ERR_NAME_TOO_LONG") for error in parser.error_log):
        raise too_deep(name)
    if root is None:
        return []
    titles = islice(root.iter("h1"), _MOST_TITLES)
    reader = _Reader({around for title in titles for around in title.iterancestors()})
    reader.walk(_subject(root))
    return reader.finish()


def _subject(root: Any) -> Any:
    """The part that holds the text, where the page says which."""
    for tag in ("main", "article"):
        found = list(root.iter(tag))
        if len(found) == 1 and len("".join(found[0].itertext()).strip()) > 200:
            return found[0]
    body = root.find("body")
    return root if body is None else body


class _Reader:
    """Collects text until a block ends."""

    def __init__(self, titled: set[Any]) -> None:
        """``titled`` are the elements that hold the page's title, which frame nothing else."""
        self._titled = titled
        self._blocks: list[Block] = []
        self._text: list[str] = []
        self._lists: list[list[int] | None] = []
        self._mark = ""
        self._kept = 0
        """How many elements around keep their line breaks."""

    def walk(self, root: Any) -> None:
        """Read an element; without recursion, since pages nest without limit."""
        steps = etree.iterwalk(root, events=("start", "end"))
        for event, element in steps:
            if event == "end":
                self._leave(element)
            elif element is not root and element not in self._titled and _furniture(element):
                steps.skip_subtree()
            elif element.tag == "table" and (told := _table(element)) is not None:
                self._break()
                self._blocks += [Block(line) for line in told]
                steps.skip_subtree()
            else:
                self._enter(element)

    def finish(self) -> list[Block]:
        """The blocks read."""
        self._break()
        return self._blocks

    def _enter(self, element: Any) -> None:
        tag = element.tag
        if tag in _BLOCKS or _HEADING.fullmatch(tag):
            self._break()
        if tag in ("ul", "ol"):
            self._lists.append([_start(element)] if tag == "ol" else None)
        elif tag == "li":
            self._mark = self._item()
        elif tag == "br":
            self._text.append("\v")
        elif tag == "pre":
            self._kept += 1
        self._say(element.text)

    def _leave(self, element: Any) -> None:
        tag = element.tag
        if heading := _HEADING.fullmatch(tag):
            self._break(int(heading[1]))
        elif tag in _BLOCKS:
            self._break()
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag == "pre":
            self._kept = max(0, self._kept - 1)
        self._say(element.tail)

    def _say(self, said: str | None) -> None:
        if said:
            self._text.append(said.replace("\n", "\v") if self._kept else said)

    def _item(self) -> str:
        counter = self._lists[-1] if self._lists else None
        if counter is None:
            return "- "
        counter[0] += 1
        return f"{counter[0] - 1}. "

    def _break(self, level: int = 0) -> None:
        told = "\n".join(lines("\n".join(clean(unwrap(part)) for part in "".join(self._text).split("\v"))))
        self._text = []
        if told:
            self._blocks.append(Block(told if level else self._mark + told, level))
            self._mark = ""


def _start(element: Any) -> int:
    start = element.get("start", "1")
    return int(start) if re.fullmatch(r"\d{1,6}", start) else 1


def _furniture(element: Any) -> bool:
    """Whether an element frames the text rather than being part of it."""
    tag = element.tag
    if tag in _DROPPED or element.get("role") in _ROLES or element.get("hidden") is not None:
        return True
    if tag == "header":
        return bool(element.getparent().tag == "body")
    if tag in ("div", "ul", "section", "p") and _FRAME.search(
        f"{element.get('class', '')} {element.get('id', '')}"
    ):
        return True
    return bool(_HIDDEN.search(element.get("style", "")))


def _table(table: Any) -> list[str] | None:
    """The rows of a table of data; None for one that only arranges the page."""
    if table.find(".//table") is not None:
        return None
    rows, across, header = _cells(table)
    filled = [row for row in rows if any(row)]
    if len(filled) < 2 or max(map(len, filled)) < 2:
        return None
    grid = Grid(rows, header or None, frozenset(across))
    statute = grid.statute()
    if statute or any(len(cell) > _LONGEST_CELL for row in rows for cell in row):
        return statute or None
    caption = table.find("caption")
    title = lines(unwrap("".join(caption.itertext()))) if caption is not None else []
    return title + grid.lines()


def _cells(table: Any) -> tuple[list[list[str]], set[tuple[int, int]], int]:
    """The cells with spanned places filled, the places filled sideways, and how many rows are header."""
    rows: list[list[str]] = []
    across: set[tuple[int, int]] = set()
    hanging: dict[int, tuple[int, str]] = {}
    header = 0
    for row in table.iter("tr"):
        cells: list[str] = []
        for cell in row.iter("td", "th"):
            _fill(cells, hanging)
            width, height = _span(cell, "colspan"), _span(cell, "rowspan")
            told = "\n".join(lines(_cell_text(cell)))
            across |= {(len(rows), len(cells) + place) for place in range(1, width)}
            if height > 1:
                hanging |= {len(cells) + place: (height - 1, told) for place in range(width)}
            cells += [told] * width
            if len(cells) > _WIDEST:
                return [], set(), 0
        _fill(cells, hanging)
        if header == len(rows) and cells and (row.getparent().tag == "thead" or row.find("td") is None):
            header += 1
        rows.append(cells)
    return rows, across, header


def _fill(cells: list[str], hanging: dict[int, tuple[int, str]]) -> None:
    """Put in what hangs down from the rows above, up to the next free place."""
    while len(cells) in hanging:
        left, told = hanging.pop(len(cells))
        if left > 1:
            hanging[len(cells)] = (left - 1, told)
        cells.append(told)


def _cell_text(cell: Any) -> str:
    pieces = [cell.text or ""]
    for element in cell.iterdescendants():
        if isinstance(element.tag, str):
            pieces.append("\v" if element.tag in _BLOCKS or element.tag == "br" else "")
            pieces.append("" if element.tag in _DROPPED else element.text or "")
        pieces.append(element.tail or "")
    return "\n".join(clean(unwrap(part)) for part in "".join(pieces).split("\v"))


def _span(cell: Any, name: str) -> int:
    value = cell.get(name, "1")
    return max(1, min(int(value), 100)) if re.fullmatch(r"\d{1,4}", value) else 1
