"""Named queries on staff, their sessions and failed sign-ins."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from bot.core.errors import ConflictError, NotFoundError
from bot.storage.models import SignInAttemptRow, StaffRow, StaffSessionRow

_FORGET_FAILURES = timedelta(days=1)


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
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as taken:
        raise ConflictError(f"账号 {login} 已存在，请换一个账号名。") from taken
    return row


def anybody(session: Session) -> bool:
    """Whether there is any staff at all."""
    return bool(session.scalar(select(func.count(StaffRow.id))))


def member(session: Session, staff_id: int) -> StaffRow:
    """The member of staff of this number; raises ``NotFoundError``."""
    row = session.get(StaffRow, staff_id)
    if row is None:
        raise NotFoundError("没有这个账号。")
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
    close_sessions(session, row.id)


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


def session_of(session: Session, token_key: str, now: datetime, idle: timedelta) -> StaffSessionRow | None:
    """The live session of a cookie's fingerprint, seen within ``idle``, with its active member of staff."""
    row = session.scalar(
        select(StaffSessionRow)
        .options(joinedload(StaffSessionRow.staff))
        .where(StaffSessionRow.token_key == token_key)
    )
    if row is None or not row.staff.active:
        return None
    return row if row.expires_at > now and row.seen_at > now - idle else None


def touch(session: Session, token_key: str, now: datetime) -> None:
    """Remember that a browser was seen just now."""
    session.execute(update(StaffSessionRow).where(StaffSessionRow.token_key == token_key).values(seen_at=now))


def close_session(session: Session, token_key: str) -> None:
    """Forget a browser."""
    session.execute(delete(StaffSessionRow).where(StaffSessionRow.token_key == token_key))


def close_sessions(session: Session, staff_id: int) -> None:
    """Forget every browser of one member of staff."""
    session.execute(delete(StaffSessionRow).where(StaffSessionRow.staff_id == staff_id))


def locked_until(session: Session, login_key: str, now: datetime) -> datetime | None:
    """Until when this login name is refused, if it is."""
    row = session.get(SignInAttemptRow, login_key)
    return row.locked_until if row and row.locked_until and row.locked_until > now else None


def take_attempt(session: Session, login_key: str, now: datetime, most: int, lock: timedelta) -> bool:
    """Count an attempt to sign in; false while the login name is locked, which the ``most``-th does for ``lock``."""
    session.execute(delete(SignInAttemptRow).where(SignInAttemptRow.updated_at < now - _FORGET_FAILURES))
    row = _attempts(session, login_key, now)
    if row.locked_until and row.locked_until > now:
        return False
    stale = now - row.updated_at > lock
    row.failures, row.updated_at = (1 if stale else row.failures + 1), now
    row.locked_until = now + lock if row.failures >= most else None
    return True


def _attempts(session: Session, login_key: str, now: datetime) -> SignInAttemptRow:
    row = session.get(SignInAttemptRow, login_key, with_for_update=True)
    if row is not None:
        return row
    fresh = SignInAttemptRow(login_key=login_key, failures=0, locked_until=None, updated_at=now)
    try:
        with session.begin_nested():
            session.add(fresh)
        return fresh
    except IntegrityError:
        return session.get_one(SignInAttemptRow, login_key, with_for_update=True)


def forget_failures(session: Session, login_key: str) -> None:
    """A good sign-in clears the count."""
    session.execute(delete(SignInAttemptRow).where(SignInAttemptRow.login_key == login_key))
