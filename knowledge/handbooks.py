"""Handbooks in Markdown or plain text split by heading, long sections by paragraph."""

import re

from markdown_it import MarkdownIt

from knowledge.catalogue import Law
from knowledge.passages import Passage

_LONGEST = 900
"""Characters of one passage; a longer section is continued in the next."""
_PLAIN_HEADING = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十\d]+[章节部分])\s*(\S.{0,38})$"
)


def split(text: str, law: Law) -> list[Passage]:
    """Sections of ``text``, each with its heading path as address."""
    sections = _markdown_sections(text) if re.search(r"^#{1,6}\s", text, re.M) else _plain_sections(text)
    passages: list[Passage] = []
    for path, body in sections:
        address = path[-1] if path else law.title
        for part, piece in enumerate(_pieces(body)):
            number = str(len(passages) + 1)
            suffix = f"（续{part}）" if part else ""
            passages.append(Passage(number, address + suffix, " ".join(path[:-1]), piece))
    return passages


def _markdown_sections(text: str) -> list[tuple[list[str], str]]:
    lines = text.splitlines()
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    starts = [
        (token.map[0], token.map[1], int(token.tag[1]), tokens[place + 1].content)
        for place, token in enumerate(tokens)
        if token.type == "heading_open" and token.map
    ]
    sections: list[tuple[list[str], str]] = []
    path: list[tuple[int, str]] = []
    first = starts[0][0] if starts else len(lines)
    sections.append(([], "\n".join(lines[:first])))
    for place, (_, begin, level, title) in enumerate(starts):
        end = starts[place + 1][0] if place + 1 < len(starts) else len(lines)
        path = [step for step in path if step[0] < level] + [(level, title.strip())]
        sections.append(([name for _, name in path], "\n".join(lines[begin:end])))
    return [(path_names, body) for path_names, body in sections if body.strip()]


def _plain_sections(text: str) -> list[tuple[list[str], str]]:
    sections: list[tuple[list[str], list[str]]] = [([], [])]
    for line in text.splitlines()[1:]:
        if _PLAIN_HEADING.match(line.strip()):
            sections.append(([line.strip()], []))
        else:
            sections[-1][1].append(line)
    return [(path, "\n".join(lines)) for path, lines in sections if "".join(lines).strip()]


def _pieces(body: str) -> list[str]:
    pieces: list[str] = []
    for line in (line.rstrip() for line in body.splitlines() if line.strip()):
        if pieces and len(pieces[-1]) + len(line) < _LONGEST:
            pieces[-1] += "\n" + line
        else:
            pieces.append(line)
    return pieces
