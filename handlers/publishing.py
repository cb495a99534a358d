"""Stored content → a published index, and how each process follows publications."""

import shutil
import threading
import uuid
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from bot.storage import facts
from bot.storage import knowledge as store
from bot.storage.database import Database, Session
from bot.storage.models import EntryRow, PublicationRow
from handlers import review
from knowledge.catalogue import Catalogue
from knowledge.chunks import Chunk
from knowledge.confidence import Calibration
from knowledge.entries import Entry
from knowledge.equipment import Equipment
from knowledge.library import Library

_log = structlog.get_logger(__name__)

EQUIPMENT_FACT = "equipment"
"""Name of the fact that says what the published index was built with."""
_KEEP = 3
"""Built indexes kept on disk, the one in use included."""


def collect(session: Session, catalogue: Catalogue) -> list[Chunk]:
    """Every current passage and entry as a chunk; what the catalogue knows of an article's standing goes first."""
    asked = store.known_questions(session)
    passages = [_of_passage(row, catalogue, asked) for row in store.current_passages(session)]
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
        built = self._served_as(latest).rebuilt(chunks)
        stored, digest = self._equipment.calibration.to_dict(), built.digest
        changed = latest is None or latest.digest != digest
        if changed or not self._is_calibrated_as(latest):
            with self._database.session() as session:
                number = store.publish(session, digest, len(chunks), stored, now)
                facts.put(session, EQUIPMENT_FACT, self._equipment.digest)
                review.note_sources(session, chunks)
            self._serve(built, digest, number, stored)
            _save(built, digest, self._index_dir)
        self.refresh()
        return changed

    def refresh(self) -> bool:
        """Take over a newer publication if there is one; returns whether there was."""
        with self._database.reading() as session:
            latest = store.latest_publication(session)
        if latest is None or latest.id == self._number:
            return False
        library = self._load(latest.digest) or self._rebuild()
        self._serve(library, latest.digest, latest.id, latest.calibration)
        return True

    def is_current(self) -> bool:
        """Whether the latest publication was made with this program's equipment and calibration."""
        with self._database.reading() as session:
            latest = store.latest_publication(session)
            equipped = facts.get(session, EQUIPMENT_FACT) == self._equipment.digest
        return latest is not None and equipped and self._is_calibrated_as(latest)

    def _is_calibrated_as(self, latest: PublicationRow | None) -> bool:
        return latest is not None and Calibration.from_dict(latest.calibration) == self._equipment.calibration

    def _served_as(self, latest: PublicationRow | None) -> Library:
        """The library to build the next one from: the latest publication's where it can be had, else the one served."""
        if latest is None or latest.digest == self._digest:
            return self._library
        return self._load(latest.digest) or self._library

    def _load(self, digest: str) -> Library | None:
        folder = self._index_dir / digest
        ready = (folder / "ready").exists() and Library.fits(folder, self._equipment)
        return Library.load(folder, self._equipment) if ready else None

    def _rebuild(self) -> Library:
        """The index of what is stored: its publisher has not written it down yet, or never will."""
        with self._database.reading() as session:
            chunks = collect(session, self._equipment.catalogue)
        built = self._library.rebuilt(chunks)
        _save(built, built.digest, self._index_dir)
        return built

    def _serve(self, library: Library, digest: str, number: int, stored: Mapping[str, Any]) -> None:
        library.calibration = Calibration.from_dict(stored)
        with self._lock:
            self._library, self._digest, self._number = library, digest, number


def _save(built: Library, digest: str, index_dir: Path) -> None:
    """Write the index down for other processes and the next start; readers never see half of it.

    On a full disk it is served from memory all the same, and whoever comes later builds it from the database.
    """
    folder = index_dir / digest
    draft = index_dir / f".{digest}.{uuid.uuid4().hex}"
    if (folder / "ready").exists():
        return
    try:
        draft.mkdir(parents=True)
        built.save(draft)
        (draft / "ready").touch()
        draft.rename(folder)
    except OSError as failure:
        # Where another process wrote the same index first, its copy is as good.
        if not (folder / "ready").exists():
            _log.error("index not saved", error=str(failure))
        shutil.rmtree(draft, ignore_errors=True)
    else:
        _tidy(index_dir, folder)


def _tidy(index_dir: Path, newest: Path) -> None:
    finished = [path for path in index_dir.iterdir() if (path / "ready").exists() and path != newest]
    for path in sorted(finished, key=lambda path: path.stat().st_mtime, reverse=True)[_KEEP - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


def _of_passage(row: store.StoredPassage, catalogue: Catalogue, asked: Mapping[str, list[str]]) -> Chunk:
    key = f"{row.short}#{row.number or row.address}"
    law = catalogue.laws.get(row.short)
    in_force, note = law.standing(row.number) if law else (True, row.version_note)
    return Chunk(
        key=key,
        kind=row.kind,
        short=row.short,
        title=row.title,
        number=row.number,
        address=row.address,
        heading=row.heading,
        text=row.text,
        region=row.region,
        level=row.level,
        in_force=in_force and row.in_force,
        note=row.note or note,
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
