"""The audit chain: every staff action appends a row sealed by the hash of the one before."""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.storage.models import AuditRow

_CHAIN_LOCK = 7150432


def record(session: Session, actor: str, action: str, subject: str, now: datetime, **detail: Any) -> None:
    """Append one event; detail must carry no personal data."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    session.flush()
    previous = session.scalar(select(AuditRow.digest).order_by(AuditRow.id.desc()).limit(1)) or ""
    row = AuditRow(at=now, actor=actor, action=action, subject=subject, detail=detail, previous=previous)
    row.digest = _seal(row)
    session.add(row)
    session.flush()


def verify(session: Session) -> int | None:
    """The id of the first row that does not fit the chain, or None when all do."""
    previous = ""
    for row in session.scalars(select(AuditRow).order_by(AuditRow.id)):
        if row.previous != previous or row.digest != _seal(row):
            return row.id
        previous = row.digest
    return None


def _seal(row: AuditRow) -> str:
    parts = [
        row.previous,
        row.at.isoformat(),
        row.actor,
        row.action,
        row.subject,
        json.dumps(row.detail, sort_keys=True),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
