"""Any file → blocks, or one sentence that says why not and what to do."""

import re
from pathlib import PurePath

import structlog

from bot.core.errors import DocumentError
from knowledge.formats import sniff, text
from knowledge.formats.archives import damaged
from knowledge.formats.blocks import Block
from knowledge.formats.sniff import Kind

_log = structlog.get_logger(__name__)
SUFFIXES = frozenset(
    [
        ".md",
        ".markdown",
        ".txt",
        ".text",
        ".docx",
        ".docm",
        ".dotx",
        ".pdf",
        ".html",
        ".htm",
        ".xhtml",
        ".xlsx",
        ".xlsm",
        ".xltx",
        ".csv",
        ".tsv",
    ]
)
"""Names of the files that can be read."""
OLD_SUFFIXES = frozenset(
    [".doc", ".dot", ".wps", ".xls", ".et", ".rtf", ".ppt", ".pptx", ".odt", ".ods", ".ofd", ".xlsb", ".mht"]
)
"""Names of files that people would expect to be read; they are told what to do instead."""
LARGEST = 30 * 2**20
"""Bytes of the largest file that is read unless a caller says otherwise."""
_PACKED = frozenset([".docx", ".docm", ".dotx", ".xlsx", ".xlsm", ".xltx", ".pdf"])
_MARKDOWN = re.compile(r"^#{1,6}\s", re.M)


def read(content: bytes, name: str, largest: int = LARGEST) -> list[Block]:
    """The blocks of a file; every failure is a ``DocumentError`` that names the file."""
    if len(content) > largest:
        raise too_large(name, largest)
    try:
        return _read(content, name)
    except DocumentError:
        raise
    except Exception as wrong:  # around one file: a broken one makes a foreign parser raise anything
        _log.info("unreadable file", error=type(wrong).__name__)
        raise damaged(name) from wrong


def too_large(name: str, largest: int) -> DocumentError:
    """The sentence for a file over the limit."""
    return DocumentError(f"{name} 超过 {largest // 2**20} MB，没有导入，请拆成几个小一些的文件再导入。")


def _read(content: bytes, name: str) -> list[Block]:
    kind = sniff.kind_of(content, name, SUFFIXES)
    if kind is Kind.PDF:
        from knowledge.formats import pdf

        return pdf.read(content, name)
    if kind is Kind.WORD:
        from knowledge.formats import word

        return word.read(content, name)
    if kind is Kind.SHEET:
        from knowledge.formats import tables

        return tables.read_workbook(content, name)
    if kind is Kind.WEB:
        from knowledge.formats import web

        return web.read(content, name)
    return _read_text(content, name)


def _read_text(content: bytes, name: str) -> list[Block]:
    suffix = PurePath(name).suffix.lower()
    try:
        decoded = text.decode(content, name)
    except DocumentError as wrong:
        raise (damaged(name) if suffix in _PACKED and content.strip() else wrong) from wrong
    if suffix in (".csv", ".tsv"):
        from knowledge.formats import tables

        return tables.read_csv(decoded, name)
    if suffix in (".md", ".markdown") or _MARKDOWN.search(decoded):
        from knowledge.formats import markdown

        return markdown.read(decoded)
    return text.read(decoded)
