"""Named queries on single handbook entries and on the texts they rest on."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.storage.models import DocumentRow, DocumentVersionRow, EntryRow


def entry(session: Session, code: str) -> EntryRow | None:
    """The entry of this id."""
    return session.scalar(select(EntryRow).where(EntryRow.code == code))


def version_dates(session: Session) -> dict[str, date]:
    """Short name of a document → day of its current text, where the text says it."""
    query = (
        select(DocumentRow.short, DocumentVersionRow.version_date)
        .join(DocumentVersionRow, DocumentVersionRow.document_id == DocumentRow.id)
        .where(DocumentVersionRow.status == "current")
    )
    return {short: day for short, day in session.execute(query) if day is not None}
