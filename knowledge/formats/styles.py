"""Paragraph styles of Word and WPS: which are headings, which belong to a table of contents, which count."""

import re
from dataclasses import dataclass
from typing import Any, ClassVar

from docx.oxml.ns import qn

_HEADING = re.compile(r"^(?:heading|标题|標題)\s*([1-9])(?:\s|$)", re.I)
_TITLES = frozenset({"title", "标题", "標題", "文档标题", "公文标题"})
_CONTENTS = re.compile(r"^(?:toc|目录|目錄)(?:\s*\d|\s+heading|\s*标题)", re.I)
_LONGEST_CHAIN = 20


@dataclass(frozen=True, slots=True)
class Style:
    """What of a paragraph's form matters to its text."""

    level: int = 0
    """Depth of the heading, 0 for none; :attr:`Styles.TITLE` for the title."""
    list_id: str = ""
    depth: int = 0
    """Depth in its list."""
    contents: bool = False
    """Whether it belongs to a table of contents."""


class Styles:
    """The styles of one document; a paragraph's own settings go before them."""

    TITLE: ClassVar[int] = 99
    """The level of a title, which stands above every heading."""

    def __init__(self, root: Any) -> None:
        found = root.findall(qn("w:style")) if root is not None else []
        self._styles = {style.get(qn("w:styleId")): style for style in found}
        self._default = next(
            (
                style.get(qn("w:styleId"))
                for style in found
                if style.get(qn("w:default")) in ("1", "true") and style.get(qn("w:type")) == "paragraph"
            ),
            "",
        )

    def of(self, properties: Any) -> Style:
        """The style of a paragraph with these properties."""
        chain = self._chain(_value(properties, "w:pStyle") or self._default)
        names = [_value(style, "w:name").strip() for style in chain]
        forms = [properties, *(style.find(qn("w:pPr")) for style in chain)]
        list_id, depth = _numbered(forms)
        return Style(
            level=_level(forms, names),
            list_id=list_id,
            depth=depth,
            contents=any(_CONTENTS.match(name) for name in names),
        )

    def _chain(self, style_id: str) -> list[Any]:
        chain: list[Any] = []
        while style_id in self._styles and len(chain) < _LONGEST_CHAIN:
            chain.append(self._styles[style_id])
            style_id = _value(chain[-1], "w:basedOn")
        return chain


def _level(forms: list[Any], names: list[str]) -> int:
    own = _value(forms[0], "w:outlineLvl")
    if own.isdecimal():
        return int(own) + 1 if int(own) < 9 else 0
    for name, form in zip(names, forms[1:], strict=True):
        if heading := _HEADING.match(name):
            return int(heading[1])
        if name.lower() in _TITLES:
            return Styles.TITLE
        outline = _value(form, "w:outlineLvl")
        if outline.isdecimal():
            return int(outline) + 1 if int(outline) < 9 else 0
    return 0


def _numbered(forms: list[Any]) -> tuple[str, int]:
    """The list and depth of a paragraph; number 0 takes it out of the list of its style."""
    list_id, depth = "", ""
    for form in forms:
        numbers = form.find(qn("w:numPr")) if form is not None else None
        if numbers is None:
            continue
        depth = depth or _value(numbers, "w:ilvl")
        list_id = _value(numbers, "w:numId")
        if list_id:
            break
    return ("" if list_id == "0" else list_id), int(depth) if depth.isdecimal() else 0


def _value(element: Any, name: str) -> str:
    child = element.find(qn(name)) if element is not None else None
    return "" if child is None else str(child.get(qn("w:val")) or "")
