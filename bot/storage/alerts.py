"""Named queries on alerts: what a person must look at now."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bot.core.errors import NotFoundError
from bot.storage.models import AlertRow, ConversationRow

_SAME_INCIDENT = timedelta(hours=2)
_LONGEST = 4000


def note(session: Session, talk: ConversationRow, kind: str, words: str, now: datetime) -> None:
    """Raise an alert, or add ``words`` to the one of the same person that nobody has seen yet."""
    row = session.scalar(
        select(AlertRow)
        .where(AlertRow.sender_key == talk.sender_key, AlertRow.channel == talk.channel)
        .where(AlertRow.kind == kind, AlertRow.seen_at.is_(None))
        .where(AlertRow.updated_at > now - _SAME_INCIDENT)
        .order_by(AlertRow.id.desc())
        .limit(1)
        .with_for_update()
    )
    if row is not None:
        row.words, row.updated_at = f"{row.words}\n{words}"[-_LONGEST:], now
        return
    session.add(
        AlertRow(
            kind=kind,
            channel=talk.channel,
            sender_key=talk.sender_key,
            words=words[:_LONGEST],
            created_at=now,
            updated_at=now,
        )
    )


def listed(session: Session, seen: bool, limit: int) -> list[AlertRow]:
    """Alerts, seen or not, the newest first."""
    wanted = AlertRow.seen_at.is_not(None) if seen else AlertRow.seen_at.is_(None)
    return list(session.scalars(select(AlertRow).where(wanted).order_by(AlertRow.id.desc()).limit(limit)))


def count(session: Session) -> tuple[int, int]:
    """How many alerts nobody has seen, and how many somebody has."""
    unseen, seen = session.execute(
        select(func.count().filter(AlertRow.seen_at.is_(None)), func.count(AlertRow.seen_at))
    ).one()
    return unseen, seen


def unseen_since(session: Session, before: datetime) -> int:
    """How many alerts raised until ``before`` still wait."""
    query = select(func.count()).where(AlertRow.seen_at.is_(None), AlertRow.created_at <= before)
    return session.scalar(query) or 0


def find(session: Session, number: int) -> AlertRow:
    """One alert; raises ``NotFoundError``."""
    row = session.get(AlertRow, number)
    if row is None:
        raise NotFoundError("没有这条提醒，可能已被清理。")
    return row


def mark_seen(session: Session, number: int, staff_id: int, now: datetime) -> bool:
    """Note who saw it first, and when; false when somebody had before."""
    done = session.execute(
        update(AlertRow)
        .where(AlertRow.id == number, AlertRow.seen_at.is_(None))
        .values(seen_at=now, seen_by=staff_id)
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]  # an update has a count


def purge(session: Session, before: datetime) -> int:
    """Delete alerts that were seen and are older than their retention; returns how many went."""
    gone = session.execute(
        delete(AlertRow).where(AlertRow.seen_at.is_not(None), AlertRow.updated_at < before)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a delete has a count
