"""Files people hand in → documents with addressed passages."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePath

from bot.core.errors import DocumentError
from knowledge import amendments, handbooks, statutes, titles
from knowledge.catalogue import Catalogue, Law, derive, normalise, with_manifest
from knowledge.formats import reader
from knowledge.formats.blocks import HEADER_END, Block
from knowledge.passages import Passage
from knowledge.titles import Header

SUFFIXES = reader.SUFFIXES
"""File kinds that can be imported."""
EXPECTED_SUFFIXES = reader.SUFFIXES | reader.OLD_SUFFIXES
"""File kinds that are looked at in a folder; some get a sentence that says in which kind to save them."""
LARGEST = reader.LARGEST
"""Bytes of the largest file that is read unless a caller says otherwise."""
_LONGEST_TITLE, _LONGEST_SHORT, _LONGEST_ADDRESS = 200, 120, 200


@dataclass(frozen=True, slots=True)
class Document:
    """One text out of a file: what it is, which version, and its passages in order."""

    law: Law
    kind: str
    """statute (split by article), amendment (changes other laws), notice (a whole official text) or handbook."""
    version_date: date | None
    history: str
    passages: tuple[Passage, ...]
    digest: str
    """Fingerprint of what the text says; the same in another encoding, format or, where the name is no title, file name."""
    source_name: str

    @property
    def articles(self) -> int:
        """How many numbered articles it has."""
        return sum(1 for passage in self.passages if passage.number not in ("", "0"))


def parse_all(
    content: bytes,
    source_name: str,
    catalogue: Catalogue,
    manifest: Mapping[str, str] | None = None,
    region: str = "",
    largest: int = LARGEST,
) -> tuple[Document, ...]:
    """The documents in a file, usually one; raises :class:`DocumentError` with one clear sentence when there is none.

    A ``manifest`` row describes the only text of its file, or the first of several.
    """
    parts = titles.parts(reader.read(content, source_name, largest))
    found = []
    for place, part in enumerate(parts):
        document = _document(part, source_name, catalogue, None if place else manifest, region)
        if len(parts) > 1:  # a date in the file's name cannot be that of each
            document = replace(document, version_date=statutes.version_date("", document.history))
        if document.passages:
            found.append(document)
    if not found:
        raise DocumentError(f"{source_name} 里没有可以导入的文字，请换一个有正文的文件。")
    return tuple(found)


def too_large(source_name: str, largest: int) -> DocumentError:
    """The sentence for a file over the limit, for callers that know its size before they read it."""
    return reader.too_large(source_name, largest)


def _document(
    part: Sequence[Block],
    source_name: str,
    catalogue: Catalogue,
    manifest: Mapping[str, str] | None,
    region: str,
) -> Document:
    header = titles.header(part, PurePath(source_name).stem)
    law = _law(header, catalogue, manifest)
    passages, kind = _passages(header, law, catalogue)
    if kind == "amendment":
        law = replace(law, level="修正案和修改决定")
    if not passages:
        text = [block for block in part if block.text != HEADER_END]
        title = None if header.from_file_name or not text else replace(text[0], text=header.title)
        rest = header.body if title is None or not header.history else text[1:]
        passages, kind = handbooks.split(rest, title, law.title), "handbook"
        law = _handbook_law(law, region)
    passages = _told_apart(passages)
    return Document(
        law=law,
        kind=kind,
        version_date=statutes.version_date(source_name, header.history),
        history=header.history,
        passages=tuple(passages),
        digest=_digest("" if header.from_file_name and not manifest else law.title, header, passages),
        source_name=source_name[:_LONGEST_TITLE],
    )


def _law(header: Header, catalogue: Catalogue, manifest: Mapping[str, str] | None) -> Law:
    law = with_manifest(catalogue, manifest, header.title) if manifest else catalogue.describe(header.title)
    return replace(law, title=law.title[:_LONGEST_TITLE], short=law.short[:_LONGEST_SHORT])


def _passages(header: Header, law: Law, catalogue: Catalogue) -> tuple[list[Passage], str]:
    """The passages of an official text and its kind; none for anything else."""
    if titles.is_amendment(header.title):
        return amendments.split(header.body, header.title), "amendment"
    passages = statutes.split(header.body)
    if passages:
        return passages, "statute"
    if law.short in catalogue.laws or statutes.is_notice(header.title, header.history, header.body):
        return statutes.whole(header.body), "notice"
    return [], "handbook"


def _handbook_law(law: Law, region: str) -> Law:
    derived = derive(law.title)
    return Law(
        title=law.title,
        short=normalise(law.title)[:_LONGEST_SHORT] or law.title[:_LONGEST_SHORT],
        level="手册",
        region=region or derived.region,
    )


def _told_apart(passages: Sequence[Passage]) -> list[Passage]:
    """Passages that fit the store, each with an address of its own where it has no number."""
    seen: dict[str, int] = {}
    told = []
    for passage in passages:
        address = passage.address[:_LONGEST_ADDRESS]
        if not passage.number:
            seen[address] = seen.get(address, 0) + 1
            if seen[address] > 1:
                address = f"{address[: _LONGEST_ADDRESS - 8]}（{seen[address]}）"
        told.append(replace(passage, address=address))
    return told


def _digest(title: str, header: Header, passages: Sequence[Passage]) -> str:
    """The fingerprint of what a text says; without ``title``, the file's name that stands in for it is left out."""
    stand_in = re.compile(rf"(?<=\t){re.escape(header.title)}")

    def said(passage: Passage) -> str:
        told = f"{passage.number}\t{passage.address}\t{passage.heading}\t{passage.text}"
        return told if title else stand_in.sub("", told, count=1)

    return hashlib.sha256("\n".join([title, header.history, *map(said, passages)]).encode()).hexdigest()
