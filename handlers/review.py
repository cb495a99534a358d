"""Keeps what the cited articles said when an entry was checked, and tells which have changed since."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from bot.storage import handbook
from bot.storage import knowledge as store
from bot.storage.database import Database, Session
from bot.storage.models import EntryRow
from knowledge import cards, sources
from knowledge.cards import Card
from knowledge.chunks import Chunk
from knowledge.entries import Entry
from knowledge.library import Library
from knowledge.sources import Revision, Shelf


def note_sources(session: Session, chunks: Iterable[Chunk]) -> None:
    """At a publication: remember the articles of entries that are new or were checked again."""
    prints = {chunk.key: sources.fingerprint(chunk.text) for chunk in chunks if chunk.kind != "entry"}
    shelf = Shelf(prints, handbook.version_dates(session))
    for row in store.entries(session):
        entry, revision = Entry.from_dict(row.body), Revision(row.revision, row.updated_at.date())
        noted = sources.noted(entry, revision, row.sources, shelf)
        if noted != row.sources:
            row.sources = noted


def outdated(session: Session, library: Library) -> dict[str, tuple[str, ...]]:
    """Entry → cited articles that changed since it was checked, for the entries that have any."""
    found = {row.code: _changed(row, library) for row in store.entries(session)}
    return {code: changed for code, changed in found.items() if changed}


def card(database: Database, library: Library, code: str, zone: ZoneInfo) -> Card | None:
    """The rights card of an entry; None when there is no such entry."""
    with database.reading() as session:
        row = handbook.entry(session, code)
    if row is None:
        return None
    revision = Revision(row.revision, row.updated_at.astimezone(zone).date())
    return cards.make(Entry.from_dict(row.body), revision, library, _changed(row, library))


def _changed(row: EntryRow, library: Library) -> tuple[str, ...]:
    return sources.changed(Entry.from_dict(row.body), row.sources, library)
