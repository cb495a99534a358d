"""Word and WPS text (docx) → blocks, as a reader of the finished document sees it."""

from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml

from bot.core.errors import DocumentError
from knowledge.formats import numbering
from knowledge.formats.archives import Package
from knowledge.formats.blocks import Block, clean, lines
from knowledge.formats.grids import Grid
from knowledge.formats.styles import Styles

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_UNSEEN = frozenset(
    {
        qn(f"w:{tag}")
        for tag in [
            "del",
            "moveFrom",
            "delText",
            "delInstrText",
            "instrText",
            "rPr",
            "pPr",
            "tblPr",
            "tblGrid",
            "rt",
            "sdtPr",
        ]
    }
)
"""What was deleted, what describes rather than says, and readings beside characters."""
_SAID = {
    qn("w:tab"): " ",
    qn("w:ptab"): " ",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
}
_NOTES = {qn("w:footnoteReference"): "footnotes", qn("w:endnoteReference"): "endnotes"}
_PICTURES = (qn("w:drawing"), qn("w:pict"), qn("w:object"))


def read(content: bytes, name: str) -> list[Block]:
    """The blocks of a Word file; headers, footers, comments and deleted text are left out."""
    package = Package(content, name)
    main = package.main("word/document.xml")
    parts = {relation.kind: relation.target for relation in package.relations(main)}

    def part(kind: str) -> Any:
        found = package.part(parts[kind]) if kind in parts else b""
        return parse_xml(found) if found else None

    root = parse_xml(package.part(main))
    reader = _Reader(
        Styles(part("styles")),
        numbering.read(part("numbering")),
        {kind: _notes(part(kind)) for kind in _NOTES.values()},
    )
    body = root.find(qn("w:body"))
    blocks = reader.blocks(body) if body is not None else []
    if not blocks and any(True for _ in root.iter(*_PICTURES)):
        raise DocumentError(f"{name} 里只有图片没有文字，请换成有文字的文件再导入。")
    return blocks


def _notes(root: Any) -> dict[str, Any]:
    """Footnotes or endnotes by number, without the lines that separate them from the text."""
    if root is None:
        return {}
    return {note.get(qn("w:id")): note for note in root if note.get(qn("w:type")) in (None, "normal")}


class _Reader:
    """Walks a document in reading order, counting its lists on the way."""

    def __init__(self, styles: Styles, lists: numbering.Numbering, notes: dict[str, dict[str, Any]]) -> None:
        self._styles = styles
        self._lists = lists
        self._notes = notes
        self._carried = ""
        self._depth = 0
        """How many tables are around."""

    def blocks(self, body: Any) -> list[Block]:
        """Everything in ``body``; headings go one deeper where a title stands above them."""
        found = list(self._walk(body))
        titled = any(block.level == Styles.TITLE for block in found)
        return [
            Block(block.text, 1 if block.level == Styles.TITLE else block.level + titled)
            if block.level
            else block
            for block in found
        ]

    def _walk(self, parent: Any) -> Iterator[Block]:
        for child in parent:
            if child.tag == qn("w:p"):
                yield from self._paragraph(child)
            elif child.tag == qn("w:tbl"):
                yield from self._table(child)
            elif child.tag == qn("w:sdt"):
                if (inside := child.find(qn("w:sdtContent"))) is not None:
                    yield from self._walk(inside)
            elif child.tag in (qn("w:ins"), qn("w:moveTo"), qn("w:customXml"), qn("w:smartTag")):
                yield from self._walk(child)
            elif child.tag == f"{_MC}AlternateContent":
                yield from self._walk(_chosen(child))

    def _paragraph(self, paragraph: Any) -> Iterator[Block]:
        properties = paragraph.find(qn("w:pPr"))
        style = self._styles.of(properties)
        notes: list[str] = []
        boxes: list[Any] = []
        text = self._carried + "".join(self._said(paragraph, notes, boxes))
        if _mark_deleted(properties):
            self._carried = text
            return
        self._carried = ""
        told = "\n".join(lines(clean(text)))
        if told and not style.contents:
            depth = style.depth
            label = self._lists.label(style.list_id, depth) if style.list_id else ""
            told = label + told + "".join(f"（注：{note}）" for note in notes)
            yield Block(told, style.level)
        for box in boxes:
            yield from self._walk(box)

    def _said(self, element: Any, notes: list[str], boxes: list[Any]) -> Iterator[str]:
        """The text of a paragraph in pieces; its notes and text boxes are collected on the side."""
        for child in element:
            tag = child.tag
            if tag in (qn("w:t"), _MATH):
                yield child.text or ""
            elif tag in _SAID:
                yield _SAID[tag]
            elif tag == qn("w:br"):
                yield "" if child.get(qn("w:type")) in ("page", "column") else "\n"
            elif tag in _NOTES:
                notes += self._note(_NOTES[tag], child.get(qn("w:id")))
            elif tag == qn("w:txbxContent"):
                boxes.append(child)
            elif tag == f"{_MC}AlternateContent":
                yield from self._said(_chosen(child), notes, boxes)
            elif tag not in _UNSEEN and isinstance(tag, str) and not _hidden(child):
                yield from self._said(child, notes, boxes)

    def _note(self, kind: str, number: str) -> list[str]:
        note = self._notes[kind].get(number)
        if note is None:
            return []
        texts = ("".join(self._said(paragraph, [], [])) for paragraph in note.iter(qn("w:p")))
        told = " ".join(line for text in texts for line in lines(clean(text)))
        return [told] if told else []

    def _table(self, table: Any) -> Iterator[Block]:
        rows, across, marked = self._cells(table)
        if all(len(row) < 2 for row in rows) or sum(1 for row in rows for cell in row if cell) < 2:
            once = {id(cell): cell for row in rows for cell in row}
            for cell in once.values():
                yield from cell
            return
        texts = [["\n".join(block.text for block in cell) for cell in row] for row in rows]
        grid = Grid(texts, marked or None, frozenset(across))
        yield from (Block(line) for line in grid.statute() or grid.lines())

    def _cells(self, table: Any) -> tuple[list[list[list[Block]]], set[tuple[int, int]], int]:
        """The cells of a table with merged ones repeated, the places repeated sideways, and its marked header rows.

        Inside another table nothing is repeated, or a small file could tell the same thing without end.
        """
        self._depth += 1
        rows: list[list[list[Block]]] = []
        across: set[tuple[int, int]] = set()
        marked = 0
        for row in _rows(table):
            cells: list[list[Block]] = []
            for cell in (item for item in row.iter(qn("w:tc")) if _owner(item, qn("w:tbl")) is table):
                properties = cell.find(qn("w:tcPr"))
                width = _span(properties)
                content = list(self._walk(cell))
                if _continues(properties) and rows and len(cells) < len(rows[-1]) and self._depth == 1:
                    content = rows[-1][len(cells)]
                across |= {(len(rows), len(cells) + place) for place in range(1, width)}
                cells += [content, *[content if self._depth == 1 else []] * (width - 1)]
            heads = row.find(qn("w:trPr"))
            if marked == len(rows) and heads is not None and heads.find(qn("w:tblHeader")) is not None:
                marked += 1
            rows.append(cells)
        self._depth -= 1
        return rows, across, marked


def _rows(table: Any) -> Iterator[Any]:
    """The rows of a table that were not deleted."""
    for row in table.iter(qn("w:tr")):
        properties = row.find(qn("w:trPr"))
        deleted = properties is not None and properties.find(qn("w:del")) is not None
        if not deleted and _owner(row, qn("w:tbl")) is table:
            yield row


def _owner(element: Any, tag: str) -> Any:
    """The nearest element of this kind around ``element``."""
    return next(element.iterancestors(tag), None)


def _chosen(alternatives: Any) -> Any:
    """The first of several drawings of the same thing."""
    return alternatives[0] if len(alternatives) else alternatives


def _hidden(run: Any) -> bool:
    properties = run.find(qn("w:rPr")) if run.tag == qn("w:r") else None
    vanish = properties.find(qn("w:vanish")) if properties is not None else None
    return vanish is not None and vanish.get(qn("w:val")) not in ("0", "false")


def _mark_deleted(properties: Any) -> bool:
    """Whether the paragraph's end was deleted, so that the next one continues it."""
    if properties is None:
        return False
    return properties.find(f"{qn('w:rPr')}/{qn('w:del')}") is not None


def _span(properties: Any) -> int:
    span = properties.find(qn("w:gridSpan")) if properties is not None else None
    value = span.get(qn("w:val")) if span is not None else ""
    return min(int(value), 100) if value and value.isdecimal() else 1


def _continues(properties: Any) -> bool:
    """Whether a cell is the lower part of the one above it."""
    merge = properties.find(qn("w:vMerge")) if properties is not None else None
    return merge is not None and merge.get(qn("w:val")) != "restart"
