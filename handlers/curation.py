"""Documents and handbook entries: imported, reported, published."""

import csv
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.core.errors import DocumentError
from bot.storage import facts
from bot.storage import knowledge as store
from bot.storage.database import Database
from knowledge import catalogue as catalogues
from knowledge import documents, entries
from knowledge.catalogue import Catalogue
from knowledge.documents import Document
from knowledge.formats.text import decode

_MANIFEST = "manifest.csv"
_CONTENT_FACT = "shipped_content"


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one file."""

    file: str
    status: str
    """added, updated, unchanged, older (kept beside the current version) or failed."""
    title: str = ""
    short: str = ""
    kind: str = ""
    articles: int = 0
    passages: int = 0
    detail: str = ""
    """Why it failed, in one sentence."""


def find_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Every file to look at, at or below ``paths``; raises ``DocumentError`` when none of the paths is there."""
    given = list(paths)
    if given and not any(path.exists() for path in given):
        raise DocumentError(f"没有找到 {_shown(str(given[0]))}，请核对路径。")
    for path in given:
        if path.is_dir():
            yield from sorted(found for found in path.rglob("*") if _is_document(found))
        else:
            yield path


def import_files(
    database: Database,
    catalogue: Catalogue,
    paths: Iterable[Path],
    now: datetime,
    region: str = "",
    progress: Callable[[Imported], None] = lambda _: None,
    largest: int = documents.LARGEST,
) -> list[Imported]:
    """Import files and folders, one result a text; one broken file never stops the rest."""
    results = []
    manifests: dict[Path, dict[str, dict[str, str]]] = {}
    for path in find_files(paths):
        rows = manifests.setdefault(path.parent, _manifest(path.parent))
        name = _shown(path.name)
        try:
            content = _read(path, name, largest)
        except DocumentError as wrong:
            done = [Imported(name, "failed", detail=str(wrong))]
        else:
            done = import_one(database, catalogue, content, name, now, region, rows.get(name), largest)
        for result in done:
            results.append(result)
            progress(result)
    return results


def import_one(
    database: Database,
    catalogue: Catalogue,
    content: bytes,
    name: str,
    now: datetime,
    region: str = "",
    manifest: dict[str, str] | None = None,
    largest: int = documents.LARGEST,
) -> list[Imported]:
    """Import one file's content, one result for each text in it; a file that cannot be read is reported, not raised."""
    try:
        found = documents.parse_all(content, name, catalogue, manifest, region, largest)
    except DocumentError as wrong:
        return [Imported(name, "failed", detail=str(wrong))]
    return [_store(database, document, now) for document in found]


def _store(database: Database, document: Document, now: datetime) -> Imported:
    with database.session() as session:
        known = store.title_of_current(session, document.digest)
        status = "unchanged" if known else store.store_version(session, _version(document), now)
    return Imported(
        file=document.source_name,
        status=status,
        title=known or document.law.title,
        short=document.law.short,
        kind=document.kind,
        articles=document.articles if document.kind == "statute" else 0,
        passages=len(document.passages),
    )


def load_handbook(database: Database, content: Path, now: datetime) -> int:
    """Bring the shipped handbook and known questions into the database; what the union edited is left alone.

    Returns how many entries and questions changed; content that is in place already is not read again.
    """
    fingerprint = _fingerprint(content)
    with database.reading() as session:
        if facts.get(session, _CONTENT_FACT) == fingerprint:
            return 0
    shipped = [(entry.digest, entry.to_dict()) for entry in entries.load(content / "handbook")]
    questions = entries.load_questions(content / "questions")
    with database.session() as session:
        changed = store.drop_shipped_entries(session, {str(body["id"]) for _, body in shipped})
        changed += store.store_entries(session, shipped, now, shipped=True)
        changed += store.store_questions(session, questions, now, shipped=True)
        facts.put(session, _CONTENT_FACT, fingerprint)
    return changed


def _fingerprint(content: Path) -> str:
    sha = hashlib.sha256()
    for folder in ("handbook", "questions"):
        for path in sorted((content / folder).glob("*.yml")):
            sha.update(path.name.encode() + path.read_bytes())
    return sha.hexdigest()


def _is_document(path: Path) -> bool:
    """Whether a file in a folder is meant to be read: by its name, and no office program's lock or note."""
    if path.suffix.lower() not in documents.EXPECTED_SUFFIXES or path.name.startswith((".", "~$")):
        return False
    if path.name == _MANIFEST and _manifest(path.parent):
        return False
    return not path.is_dir()


def _read(path: Path, name: str, largest: int) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise DocumentError(f"{name} 不是普通文件，没有导入，请换成文件或文件夹。")
        if path.stat().st_size > largest:
            raise documents.too_large(name, largest)
        return path.read_bytes()
    except FileNotFoundError as wrong:
        raise DocumentError(f"没有找到 {name}（或者它是失效的链接），请核对路径。") from wrong
    except PermissionError as wrong:
        raise DocumentError(f"{name} 没有读取权限，请检查文件的权限设置。") from wrong
    except OSError as wrong:
        raise DocumentError(f"{name} 读不出来，请检查磁盘或链接，复制一份再导入。") from wrong


def _shown(name: str) -> str:
    """A file's name as it can be shown and stored, also where an archive brought it in another encoding."""
    try:
        name.encode()
    except UnicodeEncodeError:
        name = os.fsencode(name).decode("gb18030", errors="replace")
    return "".join(char if char.isprintable() else " " for char in name)


def _manifest(folder: Path) -> dict[str, dict[str, str]]:
    path = folder / _MANIFEST
    try:
        return catalogues.read_manifest(decode(path.read_bytes(), path.name)) if path.is_file() else {}
    except (DocumentError, OSError, csv.Error):
        return {}


def _version(document: Document) -> store.NewVersion:
    return store.NewVersion(
        title=document.law.title,
        short=document.law.short,
        kind=document.kind,
        level=document.law.level,
        region=document.law.region,
        digest=document.digest,
        version_date=document.version_date,
        history=document.history,
        note=document.law.superseded or document.law.note,
        source_name=document.source_name,
        articles=document.articles,
        passages=tuple(
            {
                "number": passage.number,
                "address": passage.address,
                "heading": passage.heading,
                "text": passage.text,
            }
            for passage in document.passages
        ),
    )
