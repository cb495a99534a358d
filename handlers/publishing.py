"""Stored content → a published index, and how each process follows publications."""

import shutil
import threading
import uuid
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from bot.storage import knowledge as store
from bot.storage.database import Database, Session
from bot.storage.models import DocumentRow, DocumentVersionRow, EntryRow, PassageRow
from knowledge import library as libraries
from knowledge.catalogue import Catalogue
from knowledge.chunks import Chunk
from knowledge.entries import Entry
from knowledge.library import Library

_KEEP = 3
"""Built indexes kept on disk, the one in use included."""


def publish(database: Database, index_dir: Path, catalogue: Catalogue, now: datetime) -> tuple[Library, bool]:
    """Build the index of what is stored and announce it; returns it and whether anything had changed."""
    with database.session() as session:
        latest = store.latest_publication(session)
        served = latest.digest if latest else ""
        chunks = collect(session, catalogue)
    digest = libraries.digest(chunks)
    built = _build(chunks, digest, index_dir, catalogue)
    if digest == served:
        return built, False
    with database.session() as session:
        store.publish(session, digest, len(chunks), {}, now)
    return built, True


def collect(session: Session, catalogue: Catalogue) -> list[Chunk]:
    """Every current passage and entry as a chunk; what the catalogue knows of an article's standing goes first."""
    asked = store.known_questions(session)
    passages = [_of_passage(*row, catalogue, asked) for row in store.current_passages(session)]
    return [_of_entry(row, asked) for row in store.entries(session)] + passages


class Follower:
    """Serves the newest published library in this process; readers never wait and never see half of one."""

    def __init__(self, database: Database, index_dir: Path, catalogue: Catalogue) -> None:
        self._database = database
        self._index_dir = index_dir
        self._catalogue = catalogue
        self._lock = threading.Lock()
        self._digest = ""
        self._library = Library.build([], catalogue)

    @property
    def library(self) -> Library:
        """The library being served."""
        return self._library

    @property
    def digest(self) -> str:
        """Fingerprint of the content being served; empty before the first publication."""
        return self._digest

    def refresh(self) -> bool:
        """Take over a newer publication if there is one; returns whether there was."""
        with self._database.session() as session:
            latest = store.latest_publication(session)
            wanted = latest.digest if latest else ""
        if wanted == self._digest:
            return False
        with self._lock:
            if wanted == self._digest:
                return False
            folder = self._index_dir / wanted
            if (folder / "ready").exists():
                self._library = Library.load(folder, self._catalogue)
            else:
                with self._database.session() as session:
                    chunks = collect(session, self._catalogue)
                self._library = _build(chunks, libraries.digest(chunks), self._index_dir, self._catalogue)
            self._digest = wanted
        return True


def _build(chunks: list[Chunk], digest: str, index_dir: Path, catalogue: Catalogue) -> Library:
    folder = index_dir / digest
    if (folder / "ready").exists():
        return Library.load(folder, catalogue)
    built = Library.build(chunks, catalogue)
    index_dir.mkdir(parents=True, exist_ok=True)
    draft = index_dir / f".{digest}.{uuid.uuid4().hex}"
    draft.mkdir()
    built.save(draft)
    (draft / "ready").touch()
    try:
        draft.rename(folder)
    except OSError:
        # Another process finished the same index first; its copy is as good.
        shutil.rmtree(draft, ignore_errors=True)
    _tidy(index_dir, folder)
    return built


def _tidy(index_dir: Path, newest: Path) -> None:
    finished = [path for path in index_dir.iterdir() if (path / "ready").exists() and path != newest]
    for path in sorted(finished, key=lambda path: path.stat().st_mtime, reverse=True)[_KEEP - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


def _of_passage(
    document: DocumentRow,
    version: DocumentVersionRow,
    passage: PassageRow,
    catalogue: Catalogue,
    asked: Mapping[str, list[str]],
) -> Chunk:
    key = f"{document.short}#{passage.number or passage.address}"
    law = catalogue.laws.get(document.short)
    in_force, note = law.standing(passage.number) if law else (True, version.note)
    return Chunk(
        key=key,
        kind=document.kind,
        short=document.short,
        title=document.title,
        number=passage.number,
        address=passage.address,
        heading=passage.heading,
        text=passage.text,
        region=document.region,
        level=document.level,
        in_force=in_force and passage.in_force,
        note=passage.note or note,
        questions=tuple(asked.get(key, ())),
    )


def _of_entry(row: EntryRow, asked: Mapping[str, list[str]]) -> Chunk:
    entry = Entry.from_dict(row.body)
    return Chunk(
        key=row.code,
        kind="entry",
        short=row.topic,
        title=row.title,
        number="",
        address=row.title,
        heading=row.topic,
        text=entry.text,
        region=row.region,
        questions=(*entry.questions, *asked.get(row.code, ())),
        cites=entry.cites,
        body=row.body,
    )
