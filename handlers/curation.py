"""Documents and handbook entries: imported, reported, published."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.core.errors import DocumentError
from bot.storage import knowledge as store
from bot.storage.database import Database
from knowledge import catalogue as catalogues
from knowledge import documents, entries
from knowledge.catalogue import Catalogue
from knowledge.documents import Document

_MANIFEST = "manifest.csv"


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
    """Every importable file at or below ``paths``; raises ``DocumentError`` for a path that is not there."""
    for path in paths:
        if not path.exists():
            raise DocumentError(f"没有找到 {path}，请核对路径。")
        if path.is_dir():
            yield from sorted(
                p for p in path.rglob("*") if p.is_file() and p.suffix.lower() in documents.SUFFIXES
            )
        else:
            yield path


def import_files(
    database: Database,
    catalogue: Catalogue,
    paths: Iterable[Path],
    now: datetime,
    region: str = "",
    progress: Callable[[Imported], None] = lambda _: None,
) -> list[Imported]:
    """Import files and folders; one broken file never stops the rest."""
    results = []
    manifests: dict[Path, dict[str, dict[str, str]]] = {}
    for path in find_files(paths):
        rows = manifests.setdefault(path.parent, _manifest(path.parent))
        try:
            result = import_one(
                database, catalogue, path.read_bytes(), path.name, now, region, rows.get(path.name)
            )
        except OSError as wrong:
            result = Imported(path.name, "failed", detail=f"{path.name} 打不开：{wrong.strerror}。")
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
) -> Imported:
    """Import one file's content; a file that cannot be read is reported, not raised."""
    try:
        if Path(name).suffix.lower() not in documents.SUFFIXES:
            raise DocumentError(f"{name} 这种格式还不能导入，请先存成 Markdown（.md）或纯文本（.txt）。")
        document = documents.parse(content, name, catalogue, manifest, region)
    except DocumentError as wrong:
        return Imported(name, "failed", detail=str(wrong))
    with database.session() as session:
        status = store.store_version(session, _version(document), now)
    return Imported(
        file=name,
        status=status,
        title=document.law.title,
        short=document.law.short,
        kind=document.kind,
        articles=document.articles if document.kind == "statute" else 0,
        passages=len(document.passages),
    )


def load_handbook(database: Database, content: Path, now: datetime) -> int:
    """Bring the shipped handbook and known questions into the database; what the union edited is left alone.

    Returns how many entries and questions changed.
    """
    shipped = [(_digest(entry), entry.to_dict()) for entry in entries.load(content / "handbook")]
    questions = entries.load_questions(content / "questions")
    with database.session() as session:
        changed = store.drop_shipped_entries(session, {str(body["id"]) for _, body in shipped})
        changed += store.store_entries(session, shipped, now, shipped=True)
        return changed + store.store_questions(session, questions, now, shipped=True)


def _manifest(folder: Path) -> dict[str, dict[str, str]]:
    path = folder / _MANIFEST
    return catalogues.read_manifest(path.read_text(encoding="utf-8-sig")) if path.exists() else {}


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


def _digest(entry: entries.Entry) -> str:
    return hashlib.sha256(
        json.dumps(entry.to_dict(), ensure_ascii=False, sort_keys=True).encode()
    ).hexdigest()
