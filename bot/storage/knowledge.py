"""Named queries on documents, handbook entries and index publications."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, selectinload

from bot.core.errors import NotFoundError
from bot.storage.models import (
    DocumentRow,
    DocumentVersionRow,
    EntryRow,
    KnownQuestionRow,
    PassageRow,
    PublicationRow,
)


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A text to be stored, in the words of the table."""

    title: str
    short: str
    kind: str
    level: str
    region: str
    digest: str
    version_date: Any
    history: str
    note: str
    source_name: str
    articles: int
    passages: tuple[dict[str, Any], ...]


def store_version(session: Session, new: NewVersion, now: datetime) -> str:
    """Store a text; returns added, unchanged, or updated (the old version is kept, marked superseded).

    A text whose date is before the current one's is kept as superseded and reported as older.
    """
    document = session.scalar(
        select(DocumentRow)
        .where((DocumentRow.short == new.short) | (DocumentRow.title == new.title))
        .with_for_update()
    )
    outcome = "updated"
    if document is None:
        document = DocumentRow(title=new.title, short=new.short, kind=new.kind, created_at=now)
        session.add(document)
        outcome = "added"
    document.level, document.region, document.kind = new.level, new.region, new.kind
    current = next((version for version in document.versions if version.status == "current"), None)
    same = next((version for version in document.versions if version.digest == new.digest), None)
    if same is not None and same is current:
        return "unchanged"
    older = bool(
        current and current.version_date and new.version_date and new.version_date < current.version_date
    )
    if older and same is not None:
        return "unchanged"
    if current is not None and not older:
        current.status = "superseded"
    if same is not None:
        same.status, same.imported_at = "current", now
        return outcome
    version = DocumentVersionRow(
        digest=new.digest,
        status="superseded" if older else "current",
        version_date=new.version_date,
        history=new.history,
        note=new.note,
        source_name=new.source_name,
        articles=new.articles,
        imported_at=now,
        passages=[
            PassageRow(ordinal=place, **passage) for place, passage in enumerate(new.passages, start=1)
        ],
    )
    document.versions.append(version)
    session.flush()
    return "older" if older else outcome


def title_of_current(session: Session, digest: str) -> str:
    """Title of the document whose current version says exactly this; empty when none does."""
    query = (
        select(DocumentRow.title)
        .join(DocumentVersionRow, DocumentVersionRow.document_id == DocumentRow.id)
        .where(DocumentVersionRow.digest == digest, DocumentVersionRow.status == "current")
    )
    return session.scalar(query.limit(1)) or ""


class StoredPassage(NamedTuple):
    """A passage with what its document and version say of it."""

    kind: str
    short: str
    title: str
    region: str
    level: str
    version_note: str
    number: str
    address: str
    heading: str
    text: str
    in_force: bool
    note: str


def current_passages(session: Session) -> list[StoredPassage]:
    """Every passage of every current version, in document and article order."""
    document = DocumentRow.kind, DocumentRow.short, DocumentRow.title, DocumentRow.region, DocumentRow.level
    address = PassageRow.number, PassageRow.address, PassageRow.heading
    content = PassageRow.text, PassageRow.in_force, PassageRow.note
    query = (
        select(*document, DocumentVersionRow.note, *address, *content)
        .select_from(DocumentRow)
        .join(DocumentVersionRow, DocumentVersionRow.document_id == DocumentRow.id)
        .join(PassageRow, PassageRow.version_id == DocumentVersionRow.id)
        .where(DocumentVersionRow.status == "current")
        .order_by(DocumentRow.id, PassageRow.ordinal)
    )
    return [StoredPassage._make(row) for row in session.execute(query)]


def documents(session: Session) -> list[DocumentRow]:
    """Every document with its versions, by title."""
    query = (
        select(DocumentRow)
        .options(selectinload(DocumentRow.versions))
        .order_by(DocumentRow.kind, DocumentRow.title)
    )
    return list(session.scalars(query))


def find_documents(
    session: Session, kind: str, region: str, words: str, offset: int, limit: int
) -> tuple[list[DocumentRow], int]:
    """One page of the documents of a kind and region whose name contains ``words``, and how many there are in all."""
    query = select(DocumentRow)
    if kind:
        query = query.where(DocumentRow.kind == kind)
    if region:
        query = query.where(DocumentRow.region == region)
    if words:
        query = query.where(
            DocumentRow.title.contains(words, autoescape=True)
            | DocumentRow.short.contains(words, autoescape=True)
        )
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    page = query.options(selectinload(DocumentRow.versions)).order_by(DocumentRow.title, DocumentRow.id)
    return list(session.scalars(page.offset(offset).limit(limit))), total


def document_groups(session: Session) -> list[tuple[str, str, int]]:
    """How many documents there are of each kind and region."""
    query = select(DocumentRow.kind, DocumentRow.region, func.count()).group_by(
        DocumentRow.kind, DocumentRow.region
    )
    return [(kind, region, count) for kind, region, count in session.execute(query)]


def passage_counts(session: Session, version_ids: Iterable[int]) -> dict[int, int]:
    """How many passages each of these versions has."""
    query = (
        select(PassageRow.version_id, func.count())
        .where(PassageRow.version_id.in_(list(version_ids)))
        .group_by(PassageRow.version_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def passages(session: Session, version_id: int) -> list[PassageRow]:
    """The passages of one version, in order."""
    query = select(PassageRow).where(PassageRow.version_id == version_id).order_by(PassageRow.ordinal)
    return list(session.scalars(query))


def ids_by_short(session: Session, shorts: Iterable[str]) -> dict[str, int]:
    """The numbers of the documents that go by these short names."""
    query = select(DocumentRow.short, DocumentRow.id).where(DocumentRow.short.in_(set(shorts)))
    return {row[0]: row[1] for row in session.execute(query)}


def document(session: Session, document_id: int) -> DocumentRow:
    """One document with all versions and passages; raises ``NotFoundError``."""
    found = session.get(DocumentRow, document_id)
    if found is None:
        raise NotFoundError("没有这份文件，可能已被删除。")
    return found


def delete_document(session: Session, document_id: int) -> str:
    """Remove a document with all its versions; returns its title."""
    found = document(session, document_id)
    title = found.title
    session.delete(found)
    return title


def counts(session: Session) -> dict[str, int]:
    """How much there is: documents, passages of current versions, entries."""
    current = (
        select(func.count(PassageRow.id))
        .join(DocumentVersionRow)
        .where(DocumentVersionRow.status == "current")
    )
    return {
        "documents": session.scalar(select(func.count(DocumentRow.id))) or 0,
        "passages": session.scalar(current) or 0,
        "entries": session.scalar(select(func.count(EntryRow.id))) or 0,
    }


def store_entries(
    session: Session, entries: Iterable[tuple[str, dict[str, Any]]], now: datetime, shipped: bool
) -> int:
    """Store entries given as (digest, body); one that the union edited itself is left alone by a shipped one.

    Returns how many were added or changed.
    """
    rows = {row.code: row for row in session.scalars(select(EntryRow))}
    changed = 0
    for digest, body in entries:
        row = rows.get(body["id"])
        if row is None:
            row = EntryRow(code=body["id"], shipped=shipped, revision=0)
            session.add(row)
        elif row.digest == digest or (shipped and not row.shipped):
            continue
        row.topic, row.title, row.region = body["topic"], body["title"], body.get("region", "全国")
        row.revision, row.digest, row.body, row.updated_at, row.shipped = (
            row.revision + 1,
            digest,
            body,
            now,
            shipped,
        )
        changed += 1
    return changed


def drop_shipped_entries(session: Session, keep: set[str]) -> int:
    """Remove shipped entries a newer release no longer has; the union's own stay."""
    gone = [row for row in session.scalars(select(EntryRow).where(EntryRow.shipped)) if row.code not in keep]
    for row in gone:
        session.delete(row)
    return len(gone)


def entries(session: Session) -> list[EntryRow]:
    """Every entry, by code."""
    return list(session.scalars(select(EntryRow).order_by(EntryRow.code)))


def store_questions(
    session: Session, questions: Mapping[str, Iterable[str]], now: datetime, shipped: bool
) -> int:
    """Attach questions to chunk keys; shipped ones a newer release dropped are removed. Returns how many changed."""
    wanted = {(key, question.strip()) for key, listed in questions.items() for question in listed}
    rows = {(row.key, row.question): row for row in session.scalars(select(KnownQuestionRow))}
    gone = [row for place, row in rows.items() if shipped and row.shipped and place not in wanted]
    for row in gone:
        session.delete(row)
    fresh = [place for place in sorted(wanted) if place not in rows]
    session.add_all(
        KnownQuestionRow(key=key, question=text, shipped=shipped, created_at=now) for key, text in fresh
    )
    return len(gone) + len(fresh)


def known_questions(session: Session) -> dict[str, list[str]]:
    """Attached questions by chunk key, in the order they were attached."""
    found: dict[str, list[str]] = {}
    query = select(KnownQuestionRow.key, KnownQuestionRow.question).order_by(KnownQuestionRow.id)
    for key, question in session.execute(query):
        found.setdefault(key, []).append(question)
    return found


def publish(session: Session, digest: str, chunks: int, calibration: dict[str, Any], now: datetime) -> int:
    """Announce a built index; returns the number of the publication."""
    row = PublicationRow(digest=digest, chunks=chunks, calibration=calibration, created_at=now)
    session.add(row)
    session.flush()
    return row.id


def latest_publication(session: Session) -> PublicationRow | None:
    """The publication to serve."""
    return session.scalar(select(PublicationRow).order_by(PublicationRow.id.desc()).limit(1))


def set_versions_current(session: Session, version_id: int) -> None:
    """Make an older version of a document the current one again."""
    version = session.get(DocumentVersionRow, version_id)
    if version is None:
        raise NotFoundError("没有这个版本。")
    same = DocumentVersionRow.document_id == version.document_id
    session.execute(update(DocumentVersionRow).where(same).values(status="superseded"))
    session.execute(
        update(DocumentVersionRow).where(DocumentVersionRow.id == version_id).values(status="current")
    )
