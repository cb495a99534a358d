"""Files people hand in → documents with addressed passages."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from bot.core.errors import DocumentError
from knowledge import handbooks, statutes
from knowledge.catalogue import Catalogue, Law, derive, normalise, with_manifest
from knowledge.passages import Passage

SUFFIXES = frozenset({".md", ".markdown", ".txt"})
"""File kinds that can be imported."""
_ENCODINGS = ("utf-8-sig", "gb18030")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Document:
    """One imported file: what it is, which version, and its passages in order."""

    law: Law
    kind: str
    """statute (split by article), notice (a whole official text) or handbook (split by heading)."""
    version_date: date | None
    history: str
    passages: tuple[Passage, ...]
    digest: str
    """Fingerprint of what the file says; the same for the same text in another encoding."""
    source_name: str

    @property
    def articles(self) -> int:
        """How many numbered articles it has."""
        return sum(1 for passage in self.passages if passage.number not in ("", "0"))


def parse(
    content: bytes,
    source_name: str,
    catalogue: Catalogue,
    manifest: Mapping[str, str] | None = None,
    region: str = "",
) -> Document:
    """The document in ``content``; raises :class:`DocumentError` with one clear sentence when it cannot be read."""
    text = decode(content, source_name)
    heading, history, body = statutes.split_header(text, PurePath(source_name).stem)
    law = with_manifest(catalogue, manifest, heading) if manifest else catalogue.describe(heading)
    passages, kind = statutes.split(body), "statute"
    if not passages and (law.short in catalogue.laws or statutes.is_notice(heading, history, body)):
        passages, kind = statutes.whole(body), "notice"
    if not passages:
        passages, kind, law = handbooks.split(text, law), "handbook", _handbook_law(law, region)
    if not passages:
        raise DocumentError(f"{source_name} 里没有可以导入的文字，请换一个有正文的文件。")
    return Document(
        law=law,
        kind=kind,
        version_date=statutes.version_date(source_name, history),
        history=history,
        passages=tuple(passages),
        digest=_digest(law, history, passages),
        source_name=source_name,
    )


def decode(content: bytes, source_name: str) -> str:
    """The text of ``content`` in UTF-8, UTF-16 with mark, or GB18030, with plain line ends."""
    if not content.strip():
        raise DocumentError(f"{source_name} 是空文件，请换一个有内容的文件。")
    try:
        text = (
            content.decode("utf-16") if content.startswith(_UTF16) else _first_fitting(content, source_name)
        )
    except UnicodeDecodeError as wrong:
        raise DocumentError(f"{source_name} 的文字编码认不出来，请另存为 UTF-8 再试。") from wrong
    if "\x00" in text:
        raise DocumentError(f"{source_name} 不是文本文件，请导入 Markdown 或纯文本文件。")
    return re.sub(r"\r\n?", "\n", text).replace("\u200b", "").replace("\ufeff", "")


def _first_fitting(content: bytes, source_name: str) -> str:
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DocumentError(f"{source_name} 的文字编码认不出来，请另存为 UTF-8 再试。")


def _handbook_law(law: Law, region: str) -> Law:
    derived = derive(law.title)
    return Law(title=law.title, short=normalise(law.title), level="手册", region=region or derived.region)


def _digest(law: Law, history: str, passages: list[Passage]) -> str:
    parts = [law.title, history, *(f"{p.number}\t{p.heading}\t{p.text}" for p in passages)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
