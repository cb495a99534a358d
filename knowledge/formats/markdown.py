"""Markdown → blocks: headings with their depth, tables row by row, marks of emphasis taken away."""

import html
import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge.formats.blocks import HEADER_END, Block, clean, lines
from knowledge.formats.grids import Grid

_INLINE = (
    (re.compile(r"!\[[^\[\]\n]{0,200}\]\([^()\s]{0,500}\)"), ""),
    (re.compile(r"\[([^\[\]\n]{1,200})\]\((https?://[^()\s]{1,500})\)"), r"\1（\2）"),
    (re.compile(r"\[([^\[\]\n]{1,200})\]\([^()\s]{0,500}\)"), r"\1"),
    (re.compile(r"\*\*([^*\n]{1,500})\*\*|__([^_\n]{1,500})__"), r"\1\2"),
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]{1,500})(?<=\S)\*(?![\w*])"), r"\1"),
    (re.compile(r"`([^`\n]{1,500})`"), r"\1"),
    (re.compile(r"</?(?:b|strong|em|i|u|sup|sub|span|font|p|div|center)(?:\s[^<>]{0,300})?>", re.I), ""),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!|<>-])"), r"\1"),
)
_QUOTED = re.compile(r"^(?:>\s?)+")
_BULLET = re.compile(r"^[*+]\s+")


def read(text: str) -> list[Block]:
    """Markdown as blocks; lines stay lines."""
    source = _without_comments(clean(text))
    rows = source.split("\n")
    rules = ["heading", "lheading", "fence", "code", "table", "hr"]
    tokens = MarkdownIt("zero").enable(rules).parse(source)
    found: list[Block] = []
    table: list[list[str]] | None = None
    for place, token in enumerate(tokens):
        if token.type == "tr_open":
            table = [*(table or []), []]
        elif token.type == "table_close":
            found += [Block(line) for line in Grid(table or [], header=1).lines()]
            table = None
        elif table is not None:
            if token.type == "inline":
                table[-1].append(plain(token.content))
        elif token.type == "heading_open":
            found.append(Block(plain(tokens[place + 1].content), int(token.tag[1])))
        else:
            found += _lines(token, rows)
    return [block for block in found if block.text]


def plain(line: str) -> str:
    """A line without the marks of emphasis, links and escapes."""
    for pattern, kept in _INLINE:
        line = pattern.sub(kept, line)
    return (html.unescape(line) if "&" in line else line).strip()


def _lines(token: Token, rows: list[str]) -> list[Block]:
    if token.type in ("fence", "code_block"):
        return [Block(line) for line in lines(token.content)]
    if token.type != "paragraph_open" or not token.map:
        return []
    return [Block(_line(row.strip())) for row in rows[token.map[0] : token.map[1]]]


def _line(row: str) -> str:
    return row if row == HEADER_END else plain(_BULLET.sub("- ", _QUOTED.sub("", row)))


def _without_comments(text: str) -> str:
    kept: list[str] = []
    place = 0
    while (start := text.find("<!--", place)) >= 0 and (end := text.find("-->", start)) >= 0:
        comment = text[start : end + 3]
        kept += (text[place:start], HEADER_END if comment == HEADER_END else "")
        place = end + 3
    return "".join(kept) + text[place:]
