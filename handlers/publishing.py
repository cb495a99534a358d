"""Stored content → a published index, and how each process follows publications."""

import shutil
import threading
import uuid
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.storage import facts
from bot.storage import knowledge as store
from bot.storage.database import Database, Session
from bot.storage.models import DocumentRow, DocumentVersionRow, EntryRow, PassageRow
from handlers import review
from knowledge import library as libraries
from knowledge.catalogue import Catalogue
from knowledge.chunks import Chunk
from knowledge.confidence import Calibration
from knowledge.entries import Entry
from knowledge.equipment import Equipment
from knowledge.library import Library

EQUIPMENT_FACT = "equipment"
"""Name of the fact that says what the published index was built with."""
_KEEP = 3
"""Built indexes kept on disk, the one in use included."""


def collect(session: Session, catalogue: Catalogue) -> list[Chunk]:
    """Every current passage and entry as a chunk; what the catalogue knows of an article's standing goes first."""
    asked = store.known_questions(session)
    passages = [_of_passage(*row, catalogue, asked) for row in store.current_passages(session)]
    return [_of_entry(row, asked) for row in store.entries(session)] + passages


class Follower:
    """Serves the newest published library in this process; readers never wait and never see half of one."""

    def __init__(self, database: Database, index_dir: Path, equipment: Equipment) -> None:
        self._database = database
        self._index_dir = index_dir
        self._equipment = equipment
        self._lock = threading.Lock()
        self._digest = ""
        self._number = 0
        self._library = Library.build([], equipment)

    @property
    def library(self) -> Library:
        """The library being served."""
        return self._library

    @property
    def digest(self) -> str:
        """Fingerprint of the content being served; empty before the first publication."""
        return self._digest

    def publish(self, now: datetime) -> bool:
        """Build the index of what is stored, announce and serve it; returns whether anything had changed."""
        with self._database.reading() as session:
            latest = store.latest_publication(session)
            chunks = collect(session, self._equipment.catalogue)
        stored = self._equipment.calibration.to_dict()
        digest = libraries.digest(chunks, self._equipment)
        changed = latest is None or latest.digest != digest
        if changed or latest is None or latest.calibration != stored:
            built = _build(chunks, digest, self._index_dir, self._equipment)
            with self._database.session() as session:
                number = store.publish(session, digest, len(chunks), stored, now)
                facts.put(session, EQUIPMENT_FACT, self._equipment.digest)
                review.note_sources(session, chunks)
            self._serve(built, digest, number, stored)
        self.refresh()
        return changed

    def refresh(self) -> bool:
        """Take over a newer publication if there is one; returns whether there was."""
        with self._database.reading() as session:
            latest = store.latest_publication(session)
        if latest is None or latest.id == self._number:
            return False
        folder = self._index_dir / latest.digest
        if _is_ready(folder) and Library.fits(folder, self._equipment):
            library = Library.load(folder, self._equipment)
        else:
            with self._database.reading() as session:
                chunks = collect(session, self._equipment.catalogue)
            library = _build(
                chunks, libraries.digest(chunks, self._equipment), self._index_dir, self._equipment
            )
        self._serve(library, latest.digest, latest.id, latest.calibration)
        return True

    def _serve(self, library: Library, digest: str, number: int, stored: Mapping[str, Any]) -> None:
        library.calibration = Calibration.from_dict(stored)
        with self._lock:
            self._library, self._digest, self._number = library, digest, number


def _is_ready(folder: Path) -> bool:
    return (folder / "ready").exists()


def _build(chunks: list[Chunk], digest: str, index_dir: Path, equipment: Equipment) -> Library:
    folder = index_dir / digest
    if _is_ready(folder):
        return Library.load(folder, equipment)
    built = Library.build(chunks, equipment)
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
