"""Handbooks split by heading, long sections by paragraph."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from knowledge.formats.blocks import Block, by_line
from knowledge.passages import Passage

_LONGEST = 900
"""Characters of one passage; a longer section is continued in the next."""
_LONGEST_ADDRESS = 200
_PLAIN_HEADINGS = (
    re.compile(r"^第[一二三四五六七八九十\d]{1,4}(?:部分|编|分编)\s*\S.{0,38}$"),
    re.compile(r"^第[一二三四五六七八九十\d]{1,4}章\s*\S.{0,38}$"),
    re.compile(r"^第[一二三四五六七八九十\d]{1,4}节\s*\S.{0,38}$"),
    re.compile(r"^[一二三四五六七八九十]{1,3}、\s*\S.{0,38}$"),
)
_BULLET = re.compile(r"^[•●·▪■◆○◦\uf0b7\uf06c\uf0a7]\s*(?=\S)")
_SENTENCE_END = re.compile(r"(?<=[。！？；!?])")

Section = tuple[Sequence[str], list[Block]]
"""Headings from the outermost in, and the paragraphs below them."""


def split(body: Iterable[Block], title: Block | None, name: str) -> list[Passage]:
    """Sections of ``body``, each with its heading path as address; ``name`` addresses what stands below no heading.

    ``title`` is the heading over everything, where the text has one.
    """
    blocks = list(body)
    over = title.level if title else 0
    if not any(block.level for block in blocks):
        blocks = [_with_level(block) for block in by_line(blocks)]
        over = 1
    elif title and not title.level:
        blocks = [replace(block, level=block.level + 1) if block.level else block for block in blocks]
        over = 1
    if title:
        blocks.insert(0, replace(title, level=over))
    sections = _sections(blocks)
    if not any(block.level for block in blocks[bool(title) :]):
        sections = [by_page for section in sections for by_page in _by_page(section)]
    return _passages(sections, name)


def _with_level(block: Block) -> Block:
    """A line of plain text as the heading it looks like; deeper than any title."""
    depth = next((depth for depth, form in enumerate(_PLAIN_HEADINGS, start=2) if form.match(block.text)), 0)
    return replace(block, level=depth)


def _sections(blocks: Iterable[Block]) -> list[Section]:
    sections: list[Section] = [((), [])]
    path: list[Block] = []
    for block in blocks:
        if block.level:
            path = [step for step in path if step.level < block.level] + [block]
            sections.append((tuple(_one_line(step.text) for step in path), []))
        else:
            sections[-1][1].append(block)
    return [(headings, told) for headings, told in sections if told]


def _by_page(section: Section) -> list[Section]:
    """A section of a PDF without headings, page by page."""
    headings, told = section
    pages: dict[int, list[Block]] = {}
    for block in told:
        pages.setdefault(block.page, []).append(block)
    if set(pages) <= {0} or len(pages) < 2:
        return [section]
    return [((*headings, f"第{page}页"), found) for page, found in pages.items()]


def _passages(sections: Iterable[Section], name: str) -> list[Passage]:
    passages: list[Passage] = []
    for headings, told in sections:
        address = headings[-1] if headings else name
        for part, piece in enumerate(_pieces(told)):
            suffix = f"（续{part}）" if part else ""
            passages.append(
                Passage(
                    str(len(passages) + 1),
                    address[: _LONGEST_ADDRESS - len(suffix)] + suffix,
                    " ".join(headings[:-1]),
                    piece,
                )
            )
    return passages


def _pieces(told: Iterable[Block]) -> list[str]:
    pieces: list[str] = []
    for block in by_line(told):
        for line in _shortened(_BULLET.sub("- ", block.text)):
            if pieces and len(pieces[-1]) + len(line) < _LONGEST:
                pieces[-1] += "\n" + line
            else:
                pieces.append(line)
    return pieces


def _shortened(line: str) -> list[str]:
    """A line in parts no longer than a passage, broken after a sentence where there is one."""
    if len(line) <= _LONGEST:
        return [line]
    parts = [""]
    for sentence in _SENTENCE_END.split(line):
        if parts[-1] and len(parts[-1]) + len(sentence) > _LONGEST:
            parts.append("")
        parts[-1] += sentence
    return [part[start : start + _LONGEST] for part in parts for start in range(0, len(part), _LONGEST)]


def _one_line(text: str) -> str:
    return " ".join(text.split("\n"))
