"""Who may sign in to the console, as what, and for how long."""

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.errors import ConflictError, NiangjiaError, SignInError
from bot.storage import audit, staff
from bot.storage.database import Database, Session
from bot.storage.models import StaffRow
from handlers import passwords
from handlers.passwords import Passwords

ABSOLUTE = timedelta(days=7)
"""How long a sign-in lasts at most."""
IDLE = timedelta(hours=8)
"""How long it lasts unused."""
LOCK = timedelta(minutes=15)
"""How long a login name is refused after too many failures."""
MOST_FAILURES = 5
_TOUCH_EVERY = timedelta(minutes=5)
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,31}")
_LONGEST_NAME = 32
_COMMAND_LINE = "cli"


class Role(StrEnum):
    """What a member of staff does here."""

    ADMIN = "admin"
    CURATOR = "curator"
    DUTY = "duty"


ROLE_NAMES: Mapping[Role, str] = {
    Role.ADMIN: "管理员",
    Role.CURATOR: "知识编辑",
    Role.DUTY: "值班员",
}
"""Role → what people call it."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff as pages see them."""

    id: int
    login: str
    name: str
    roles: frozenset[Role]
    must_change: bool
    active: bool
    created_at: datetime

    @property
    def actor(self) -> str:
        """How audit events call them: by number, never by name."""
        return f"staff:{self.id}"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A signed-in browser."""

    member: Member
    csrf: str
    """What every form of this browser must carry."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A fresh sign-in; ``token`` goes into the cookie and is stored nowhere."""

    token: str
    member: Member


def create_first_admin(database: Database, now: datetime) -> str | None:
    """The one-time password of a fresh ``admin`` account when there is no staff yet, else None."""
    with database.reading() as session:
        if staff.anybody(session):
            return None
    try:
        return add(database, "admin", "管理员", [Role.ADMIN], now)
    except ConflictError:
        # Another process started at the same moment and shows the password.
        return None


def add(
    database: Database, login: str, name: str, roles: Iterable[str], now: datetime, actor: str = _COMMAND_LINE
) -> str:
    """Add a member of staff; returns the one-time password they sign in with first."""
    login, granted = _plain_login(login), _known_roles(roles)
    if not _LOGIN.fullmatch(login):
        raise NiangjiaError("账号名用 2 到 32 个小写字母、数字、点、横线或下划线，以字母或数字开头。")
    name = name.strip()[:_LONGEST_NAME] or login
    password = passwords.one_time()
    stored = Passwords().hash(password)
    with database.session() as session:
        row = staff.add(session, login, name, stored, granted, now, must_change=True)
        audit.record(session, actor, "staff.add", f"staff:{row.id}", now, roles=granted)
    return password


def reset_password(database: Database, login: str, now: datetime, actor: str = _COMMAND_LINE) -> str:
    """Give a member of staff a new one-time password and end all their sessions."""
    login, password = _plain_login(login), passwords.one_time()
    stored = Passwords().hash(password)
    with database.session() as session:
        staff.set_password(session, login, stored, must_change=True)
        staff.forget_failures(session, _login_key(database, login))
        row = staff.find(session, login)
        assert row is not None
        audit.record(session, actor, "staff.reset_password", f"staff:{row.id}", now)
    return password


def everyone(database: Database) -> list[Member]:
    """All staff, by login name."""
    with database.reading() as session:
        return [_member(row) for row in staff.everyone(session)]


def find(database: Database, staff_id: int) -> Member:
    """The member of staff of this number; raises ``NotFoundError``."""
    with database.reading() as session:
        return _member(staff.member(session, staff_id))


def set_active(database: Database, staff_id: int, active: bool, now: datetime, actor: str) -> Member:
    """Let someone sign in again, or no longer; the last administrator stays."""
    with database.session() as session:
        row = staff.member(session, staff_id)
        if not active and not _another_admin(session, row):
            raise ConflictError("这是最后一个能用的管理员账号，不能停用；请先再加一个管理员。")
        row.active = active
        if not active:
            staff.close_sessions(session, row.id)
        action = "staff.activate" if active else "staff.deactivate"
        audit.record(session, actor, action, f"staff:{row.id}", now)
        return _member(row)


def sign_in(database: Database, keeper: Passwords, login: str, password: str, now: datetime) -> Opened:
    """Sign in; raises ``SignInError``, the same for an unknown account and a wrong password."""
    login = _plain_login(login)
    key = _login_key(database, login)
    stored = _attempt(database, key, login, now)
    fits, newer = keeper.check(password[: passwords.LONGEST], stored)
    if not fits:
        _note_lock(database, key, now)
        raise SignInError
    with database.session() as session:
        row = staff.find(session, login)
        if row is None or not row.active or row.password_hash != stored:
            raise SignInError
        staff.forget_failures(session, key)
        row.password_hash = newer or row.password_hash
        audit.record(session, f"staff:{row.id}", "staff.sign_in", f"staff:{row.id}", now)
        return _open(database, session, row, now)


def signed_in(database: Database, token: str, now: datetime) -> SignedIn | None:
    """Who the browser with this cookie is, if it is signed in."""
    key = _token_key(database, token)
    with database.reading() as session:
        row = staff.session_of(session, key, now, IDLE)
        if row is None:
            return None
        found, seen_at = SignedIn(_member(row.staff), row.csrf), row.seen_at
    if now - seen_at >= _TOUCH_EVERY:
        with database.session() as session:
            staff.touch(session, key, now)
    return found


def sign_out(database: Database, token: str, now: datetime) -> None:
    """End the session of a browser."""
    with database.session() as session:
        row = staff.session_of(session, _token_key(database, token), now, IDLE)
        staff.close_session(session, _token_key(database, token))
        if row is not None:
            audit.record(session, f"staff:{row.staff_id}", "staff.sign_out", f"staff:{row.staff_id}", now)


def change_password(
    database: Database, keeper: Passwords, member: Member, old: str, new: str, now: datetime
) -> Opened:
    """Change one's own password: every session ends, and a fresh one is opened for this browser."""
    if wrong := passwords.fault(new, member.login):
        raise SignInError(wrong)
    if old == new:
        raise SignInError("新密码和现在的密码一样，请换一个。")
    key = _login_key(database, member.login)
    stored = _attempt(database, key, member.login, now)
    if not keeper.check(old[: passwords.LONGEST], stored)[0]:
        _note_lock(database, key, now)
        raise SignInError("现在的密码不对，请重试。")
    fresh = keeper.hash(new)
    with database.session() as session:
        staff.forget_failures(session, key)
        staff.set_password(session, member.login, fresh)
        audit.record(session, member.actor, "staff.change_password", member.actor, now)
        row = staff.member(session, member.id)
        return _open(database, session, row, now)


def _attempt(database: Database, key: str, login: str, now: datetime) -> str | None:
    """Count the attempt before it is checked, so that guesses in parallel count too; the stored hash, if any."""
    with database.session() as session:
        if not staff.take_attempt(session, key, now, MOST_FAILURES, LOCK):
            raise SignInError("失败次数太多，这个账号暂时锁定，请 15 分钟后再试。")
        row = staff.find(session, login)
        return row.password_hash if row is not None and row.active else None


def _note_lock(database: Database, key: str, now: datetime) -> None:
    with database.session() as session:
        if staff.locked_until(session, key, now):
            audit.record(session, "-", "staff.locked", key[:16], now)


def _open(database: Database, session: Session, row: StaffRow, now: datetime) -> Opened:
    token = secrets.token_urlsafe(32)
    staff.open_session(session, row, _token_key(database, token), secrets.token_urlsafe(32), now, ABSOLUTE)
    return Opened(token, _member(row))


def _another_admin(session: Session, row: StaffRow) -> bool:
    admins = [other for other in staff.everyone(session) if other.active and Role.ADMIN in other.roles]
    return any(other.id != row.id for other in admins) or Role.ADMIN not in row.roles


def _member(row: StaffRow) -> Member:
    roles = frozenset(Role(role) for role in row.roles if role in set(Role))
    return Member(row.id, row.login, row.name, roles, row.must_change, row.active, row.created_at)


def _known_roles(roles: Iterable[str]) -> list[str]:
    try:
        known = sorted({Role(role).value for role in roles})
    except ValueError as unknown:
        names = "、".join(f"{role.value}（{name}）" for role, name in ROLE_NAMES.items())
        raise NiangjiaError(f"没有这种角色，可以用的是：{names}。") from unknown
    if not known:
        raise NiangjiaError("请至少选一个角色。")
    return known


def _plain_login(login: str) -> str:
    return login.strip().lower()


def _login_key(database: Database, login: str) -> str:
    return database.vault.blind(login, "sign-in")


def _token_key(database: Database, token: str) -> str:
    return database.vault.blind(token, "staff-session")
