"""Named queries on staff, their sessions and failed sign-ins."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from bot.core.errors import ConflictError, NotFoundError
from bot.storage.models import SignInAttemptRow, StaffRow, StaffSessionRow


def add(
    session: Session,
    login: str,
    name: str,
    password_hash: str,
    roles: list[str],
    now: datetime,
    must_change: bool,
) -> StaffRow:
    """A new member of staff; raises ``ConflictError`` when the login name is taken."""
    if find(session, login) is not None:
        raise ConflictError(f"账号 {login} 已存在，请换一个账号名。")
    row = StaffRow(
        login=login,
        name=name,
        password_hash=password_hash,
        roles=list(roles),
        active=True,
        created_at=now,
        must_change=must_change,
    )
    session.add(row)
    session.flush()
    return row


def find(session: Session, login: str) -> StaffRow | None:
    """The member of staff with this login name."""
    return session.scalar(select(StaffRow).where(StaffRow.login == login))


def everyone(session: Session) -> list[StaffRow]:
    """All staff, by login name."""
    return list(session.scalars(select(StaffRow).order_by(StaffRow.login)))


def set_password(session: Session, login: str, password_hash: str, must_change: bool = False) -> None:
    """Store a new password and end every session of this person; raises ``NotFoundError``."""
    row = find(session, login)
    if row is None:
        raise NotFoundError(f"没有账号 {login}。")
    row.password_hash, row.must_change = password_hash, must_change
    session.execute(delete(StaffSessionRow).where(StaffSessionRow.staff_id == row.id))


def open_session(
    session: Session, staff: StaffRow, token_key: str, csrf: str, now: datetime, lasts: timedelta
) -> None:
    """Remember a signed-in browser by the fingerprint of its cookie."""
    session.execute(delete(StaffSessionRow).where(StaffSessionRow.expires_at < now))
    session.add(
        StaffSessionRow(
            token_key=token_key,
            staff_id=staff.id,
            csrf=csrf,
            created_at=now,
            seen_at=now,
            expires_at=now + lasts,
        )
    )


def session_of(session: Session, token_key: str, now: datetime) -> StaffSessionRow | None:
    """The live session of a cookie's fingerprint, with its active member of staff."""
    row = session.scalar(
        select(StaffSessionRow)
        .options(joinedload(StaffSessionRow.staff))
        .where(StaffSessionRow.token_key == token_key)
    )
    return row if row is not None and row.expires_at > now and row.staff.active else None


def close_session(session: Session, token_key: str) -> None:
    """Forget a browser."""
    session.execute(delete(StaffSessionRow).where(StaffSessionRow.token_key == token_key))


def locked_until(session: Session, login_key: str, now: datetime) -> datetime | None:
    """Until when this login name is refused, if it is."""
    row = session.get(SignInAttemptRow, login_key)
    return row.locked_until if row and row.locked_until and row.locked_until > now else None


def count_failure(session: Session, login_key: str, now: datetime, most: int, lock: timedelta) -> None:
    """Count a failed sign-in; from the ``most``-th on the login name is locked for ``lock``."""
    row = session.get(SignInAttemptRow, login_key)
    if row is None:
        row = SignInAttemptRow(login_key=login_key, failures=0, locked_until=None, updated_at=now)
        session.add(row)
    stale = now - row.updated_at > lock
    row.failures, row.updated_at = (1 if stale else row.failures + 1), now
    row.locked_until = now + lock if row.failures >= most else None


def forget_failures(session: Session, login_key: str) -> None:
    """A good sign-in clears the count."""
    session.execute(delete(SignInAttemptRow).where(SignInAttemptRow.login_key == login_key))
