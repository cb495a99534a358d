"""What every format is read into: headings and paragraphs in order, without what nobody can see."""

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """One heading, paragraph or table row."""

    text: str
    level: int = 0
    """Depth of a heading, 1 for the outermost; 0 for everything else."""
    page: int = 0
    """Page of a PDF on which it begins; 0 where there are no pages."""


LOWEST_TITLE = 6
"""The deepest level at which a heading can name a whole text; rows and sheets of tables stand below."""
HEADER_END = "<!-- INFO END -->"
"""The line that some files put between title, history and the text itself."""
_CJK = "\u2e80-\u303f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u2014\u2018\u2019\u201c\u201d\u2026"
_INVISIBLE = (
    *(code for code in range(0x20) if code not in (0x09, 0x0A)),
    *range(0x7F, 0xA0),
    0xAD,  # soft hyphen
    0x200B,
    *(0x200E, 0x200F, *range(0x202A, 0x202F)),  # marks and overrides of writing direction
    *range(0x2060, 0x206A),
    *(0xFEFF, 0xFFF9, 0xFFFA, 0xFFFB, 0xFFFE, 0xFFFF),
    *range(0xD800, 0xE000),  # halves of characters
)
_SPACES = (0xA0, *range(0x2002, 0x200B), 0x202F, 0x205F)
_SEEN = str.maketrans(
    dict.fromkeys(_INVISIBLE, None)
    | dict.fromkeys(_SPACES, " ")
    | dict.fromkeys((0x0B, 0x0C, 0x85, 0x2028, 0x2029), "\n")
)
_BETWEEN_CJK = re.compile(rf"(?<=[{_CJK}])[ \t\r\n\f]*\n[ \t\r\n\f]*(?=[{_CJK}])")
_CJK_EDGE = re.compile(rf"[{_CJK}]")


def clean(text: str) -> str:
    """``text`` with plain line ends and blanks, without control characters and writing-direction marks."""
    return re.sub(r"\r\n?", "\n", text).translate(_SEEN)


def lines(text: str) -> list[str]:
    """The non-empty lines of ``text``, without blanks around them."""
    return [line for line in (line.strip() for line in text.split("\n")) if line]


def join(before: str, after: str) -> str:
    """Two halves of a broken line as one: no blank beside Chinese or inside a number, one between words."""
    if not before or not after or _CJK_EDGE.match(before[-1]) or _CJK_EDGE.match(after[0]):
        return before + after
    if before[-1].isdigit() and (after[0].isdigit() or after[0] in "%‰"):
        return before + after
    return f"{before} {after}"


def unwrap(text: str) -> str:
    """Source text with its line breaks undone: gone between Chinese characters, one blank elsewhere."""
    return re.sub(r"[ \t\r\n\f]+", " ", _BETWEEN_CJK.sub("", text))


def paragraphs(texts: Iterable[str], page: int = 0) -> list[Block]:
    """Each non-empty line of ``texts`` as a paragraph."""
    return [Block(line, page=page) for text in texts for line in lines(clean(text))]


def by_line(blocks: Iterable[Block]) -> list[Block]:
    """The same blocks with each line of a paragraph on its own."""
    return [
        block if "\n" not in block.text else Block(line, block.level, block.page)
        for block in blocks
        for line in (lines(block.text) if "\n" in block.text else (block.text,))
    ]
