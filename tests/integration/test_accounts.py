"""Who may sign in, how guessing is slowed down, and how long a sign-in lasts."""

import re
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.clock import FixedClock
from bot.core.errors import ConflictError, NiangjiaError, NotFoundError, SignInError
from bot.storage import audit, staff
from bot.storage.database import Database, open_database
from bot.storage.models import AuditRow, StaffSessionRow
from bot.storage.vault import Vault
from handlers import accounts, passwords
from handlers.accounts import Role
from handlers.passwords import Passwords

GOOD = "一句自己记得住的话-2026"


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty, migrated database and its keys."""
    folder = tmp_path_factory.mktemp("migrated")
    opened = open_database(f"sqlite:///{folder / 'test.sqlite3'}", Vault.open(folder / "keys.json"))
    opened.upgrade()
    opened.close()
    return folder


@pytest.fixture
def database(migrated: Path, tmp_path: Path) -> Iterator[Database]:
    """A database of the test's own."""
    for file in migrated.iterdir():
        shutil.copy(file, tmp_path)
    opened = open_database(f"sqlite:///{tmp_path / 'test.sqlite3'}", Vault.open(tmp_path / "keys.json"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def keeper() -> Passwords:
    """What hashes and checks."""
    return Passwords()


@pytest.fixture
def editor(database: Database, keeper: Passwords, clock: FixedClock) -> accounts.Member:
    """A curator whose password is GOOD."""
    first = accounts.add(database, "editor", "编辑", ["curator"], clock.now())
    opened = accounts.sign_in(database, keeper, "editor", first, clock.now())
    return accounts.change_password(database, keeper, opened.member, first, GOOD, clock.now()).member


def events(database: Database) -> list[str]:
    """What the audit chain says was done, oldest first; the chain must hold."""
    with database.reading() as session:
        assert audit.verify(session) is None
        return [row.action for row in session.query(AuditRow).order_by(AuditRow.id)]


def test_first_admin_once(database: Database, clock: FixedClock) -> None:
    """The first start makes an administrator with an 80-bit password; later starts make nobody."""
    password = accounts.create_first_admin(database, clock.now())
    assert password is not None
    assert re.fullmatch(r"(?:[a-km-np-z2-9]{4}-){3}[a-km-np-z2-9]{4}", password)
    assert accounts.create_first_admin(database, clock.now()) is None
    [admin] = accounts.everyone(database)
    assert (admin.login, admin.roles, admin.must_change) == ("admin", {Role.ADMIN}, True)


def test_first_admin_in_parallel(database: Database, clock: FixedClock) -> None:
    """Processes that start together make one administrator, and one of them shows the password."""
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: accounts.create_first_admin(database, clock.now()), range(4)))
    assert len([password for password in made if password]) == 1
    assert len(accounts.everyone(database)) == 1


def test_one_time_passwords_differ() -> None:
    """No two one-time passwords are alike."""
    assert len({passwords.one_time() for _ in range(1000)}) == 1000


def test_sign_in(database: Database, keeper: Passwords, clock: FixedClock, editor: accounts.Member) -> None:
    """The right password opens a session, whatever the case of the account name."""
    opened = accounts.sign_in(database, keeper, " Editor ", GOOD, clock.now())
    found = accounts.signed_in(database, opened.token, clock.now())
    assert found is not None
    assert (found.member.login, found.member.must_change) == ("editor", False)
    assert len(opened.token) >= 43


def test_full_width_counts_as_plain(database: Database, keeper: Passwords, clock: FixedClock) -> None:
    """A password typed with a Chinese input method left in full width fits all the same."""
    first = accounts.add(database, "wide", "", ["curator"], clock.now())
    wide = "".join(chr(ord(char) + 0xFEE0) for char in first)
    assert accounts.sign_in(database, keeper, "wide", wide, clock.now()).member.login == "wide"


def test_token_is_not_stored(
    database: Database, keeper: Passwords, clock: FixedClock, editor: accounts.Member
) -> None:
    """The database holds a keyed fingerprint of the cookie, never the cookie."""
    token = accounts.sign_in(database, keeper, "editor", GOOD, clock.now()).token
    with database.reading() as session:
        keys = [row.token_key for row in session.query(StaffSessionRow)]
    assert database.vault.blind(token, "staff-session") in keys
    assert token not in keys


@pytest.mark.parametrize(
    ("login", "password"), [("editor", "wrong-password"), ("nobody", "wrong-password"), ("editor", "")]
)
def test_same_refusal(
    database: Database,
    keeper: Passwords,
    clock: FixedClock,
    editor: accounts.Member,
    login: str,
    password: str,
) -> None:
    """A wrong password and an unknown account read the same."""
    with pytest.raises(SignInError) as refused:
        accounts.sign_in(database, keeper, login, password, clock.now())
    assert str(refused.value) == "账号或密码不对，请重试。"


def test_unknown_account_does_the_work(keeper: Passwords) -> None:
    """Without a stored hash a check still runs, and says no."""
    assert keeper.check("whatever", None) == (False, None)
    assert keeper.check("whatever", "not a hash") == (False, None)


def test_lock(database: Database, keeper: Passwords, clock: FixedClock, editor: accounts.Member) -> None:
    """After five failures the right password is refused too, for 15 minutes, and one event is written."""
    for _ in range(accounts.MOST_FAILURES):
        with pytest.raises(SignInError, match="账号或密码不对"):
            accounts.sign_in(database, keeper, "editor", "wrong", clock.now())
    with pytest.raises(SignInError, match="暂时锁定"):
        accounts.sign_in(database, keeper, "editor", GOOD, clock.now())
    assert events(database).count("staff.locked") == 1
    clock.advance(minutes=15, seconds=1)
    assert accounts.sign_in(database, keeper, "editor", GOOD, clock.now()).member.login == "editor"


def test_lock_says_nothing_about_existence(database: Database, keeper: Passwords, clock: FixedClock) -> None:
    """An account that does not exist is locked in the same way."""
    for _ in range(accounts.MOST_FAILURES):
        with pytest.raises(SignInError, match="账号或密码不对"):
            accounts.sign_in(database, keeper, "ghost", "wrong", clock.now())
    with pytest.raises(SignInError, match="暂时锁定"):
        accounts.sign_in(database, keeper, "ghost", "wrong", clock.now())


def test_guesses_in_parallel(
    database: Database, keeper: Passwords, clock: FixedClock, editor: accounts.Member
) -> None:
    """Guessing from many connections at once gets no more than five tries."""

    def guess(_: int) -> str:
        try:
            accounts.sign_in(database, keeper, "editor", "wrong", clock.now())
        except SignInError as refused:
            return str(refused)
        return "in"

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(guess, range(12)))
    assert said.count("账号或密码不对，请重试。") == accounts.MOST_FAILURES


def test_success_clears_the_count(
    database: Database, keeper: Passwords, clock: FixedClock, editor: accounts.Member
) -> None:
    """Four slips, a good sign-in, and four more slips do not lock."""
    for _ in range(2):
        for _ in range(accounts.MOST_FAILURES - 1):
            with pytest.raises(SignInError):
                accounts.sign_in(database, keeper, "editor", "wrong", clock.now())
        accounts.sign_in(database, keeper, "editor", GOOD, clock.now())


def test_old_failures_are_forgotten(
    database: Database, keeper: Passwords, clock: FixedClock, editor: accounts.Member
) -> None:
    """Failures long ago neither add up nor pile up."""
    for name in ("editor", "ghost"):
        with pytest.raises(SignInError):
            accounts.sign_in(database, keeper, name, "wrong", clock.now())
    clock.advance(days=2)
    for _ in range(accounts.MOST_FAILURES - 1):
        with pytest.raises(SignInError):
            accounts.sign_in(database, keeper, "editor", "wrong", clock.now())
    assert accounts.sign_in(database, keeper, "editor", GOOD, clock.now())
    with database.session() as session:
        assert staff.locked_until(session, database.vault.blind("ghost", "sign-in"), clock.now()) is None


def test_idle_session_ends(
    database: Database, keeper: Passwords, clock: FixedClock, editor: accounts.Member
) -> None:
    """A browser unused for eight hours is signed out."""
    token = accounts.sign_in(database, keeper, "editor", GOOD, clock.now()).token
    clock.advance(hours=7, minutes=59)
    assert accounts.signed_in(database, token, clock.now())
    clock.advance(hours=7, minutes=59)
    assert accounts.signed_in(database, token, clock.now())
    clock.advance(hours=8)
    assert accounts.signed_in(database, token, clock.now()) is None


def test_session_ends_after_a_week(
    database: Database, keeper: Passwords, clock: FixedClock, editor: accounts.Member
) -> None:
    """However busy, a sign-in ends after seven days."""
    token = accounts.sign_in(database, keeper, "editor", GOOD, clock.now()).token
    for _ in range(24):
        clock.advance(hours=7)
        if clock.now() - editor.created_at >= timedelta(days=7):
            break
        assert accounts.signed_in(database, token, clock.now())
    assert accounts.signed_in(database, token, clock.now()) is None


def test_sign_out(database: Database, keeper: Passwords, clock: FixedClock, editor: accounts.Member) -> None:
    """After signing out the cookie opens nothing; doing it twice does no harm."""
    token = accounts.sign_in(database, keeper, "editor", GOOD, clock.now()).token
    accounts.sign_out(database, token, clock.now())
    accounts.sign_out(database, token, clock.now())
    assert accounts.signed_in(database, token, clock.now()) is None
    assert events(database).count("staff.sign_out") == 1


def test_change_password_ends_other_sessions(
    database: Database, keeper: Passwords, clock: FixedClock, editor: accounts.Member
) -> None:
    """A new password signs every other browser out and gives this one a fresh session."""
    before = [accounts.sign_in(database, keeper, "editor", GOOD, clock.now()).token for _ in range(2)]
    opened = accounts.change_password(database, keeper, editor, GOOD, "另一句话-another-2027", clock.now())
    assert opened.token not in before
    assert accounts.signed_in(database, opened.token, clock.now())
    assert not any(accounts.signed_in(database, token, clock.now()) for token in before)


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("短", "至少"),
        ("a" * 200, "最多"),
        ("aaaaaaaaaaaa", "太简单"),
        ("1234567890", "太简单"),
        ("my-editor-word", "账号名"),
        (GOOD, "一样"),
    ],
)
def test_poor_passwords(
    database: Database, keeper: Passwords, clock: FixedClock, editor: accounts.Member, new: str, why: str
) -> None:
    """A password that is easy to guess, or the old one again, is refused with its reason."""
    with pytest.raises(SignInError, match=why):
        accounts.change_password(database, keeper, editor, GOOD, new, clock.now())


def test_change_needs_the_old_password(
    database: Database, keeper: Passwords, clock: FixedClock, editor: accounts.Member
) -> None:
    """Someone at an unattended browser cannot guess the old password for ever."""
    for _ in range(accounts.MOST_FAILURES):
        with pytest.raises(SignInError, match="现在的密码不对"):
            accounts.change_password(database, keeper, editor, "wrong", "新的一句话-2027", clock.now())
    with pytest.raises(SignInError, match="暂时锁定"):
        accounts.change_password(database, keeper, editor, GOOD, "新的一句话-2027", clock.now())


def test_reset(database: Database, keeper: Passwords, clock: FixedClock, editor: accounts.Member) -> None:
    """A reset gives a one-time password, unlocks the account and ends its sessions."""
    token = accounts.sign_in(database, keeper, "editor", GOOD, clock.now()).token
    for _ in range(accounts.MOST_FAILURES):
        with pytest.raises(SignInError):
            accounts.sign_in(database, keeper, "editor", "wrong", clock.now())
    fresh = accounts.reset_password(database, "editor", clock.now())
    assert accounts.signed_in(database, token, clock.now()) is None
    assert accounts.sign_in(database, keeper, "editor", fresh, clock.now()).member.must_change
    with pytest.raises(NotFoundError, match="没有账号"):
        accounts.reset_password(database, "nobody", clock.now())


def test_deactivate(
    database: Database, keeper: Passwords, clock: FixedClock, editor: accounts.Member
) -> None:
    """An account that was switched off is out at once, cannot sign in, and can be switched on again."""
    token = accounts.sign_in(database, keeper, "editor", GOOD, clock.now()).token
    accounts.set_active(database, editor.id, False, clock.now(), "staff:0")
    assert accounts.signed_in(database, token, clock.now()) is None
    with pytest.raises(SignInError, match="账号或密码不对"):
        accounts.sign_in(database, keeper, "editor", GOOD, clock.now())
    accounts.set_active(database, editor.id, True, clock.now(), "staff:0")
    assert accounts.signed_in(database, token, clock.now()) is None
    assert accounts.sign_in(database, keeper, "editor", GOOD, clock.now())


def test_last_admin_stays(database: Database, clock: FixedClock) -> None:
    """The last administrator who can sign in cannot be switched off."""
    accounts.add(database, "one", "", ["admin"], clock.now())
    accounts.add(database, "two", "", ["admin", "curator"], clock.now())
    one, two = accounts.everyone(database)
    accounts.set_active(database, one.id, False, clock.now(), "staff:0")
    with pytest.raises(ConflictError, match="最后一个"):
        accounts.set_active(database, two.id, False, clock.now(), "staff:0")


@pytest.mark.parametrize(
    ("login", "roles", "why"),
    [
        ("Ünlaut", ["curator"], "账号名用"),
        ("a", ["curator"], "账号名用"),
        ("", ["curator"], "账号名用"),
        ("fine", ["king"], "没有这种角色"),
        ("fine", [], "至少选一个"),
    ],
)
def test_odd_accounts(database: Database, clock: FixedClock, login: str, roles: list[str], why: str) -> None:
    """An odd account name or role is refused with its reason."""
    with pytest.raises(NiangjiaError, match=why):
        accounts.add(database, login, "", roles, clock.now())


def test_taken_name(database: Database, clock: FixedClock) -> None:
    """An account name exists once, in whatever case it is typed."""
    accounts.add(database, "editor", "", ["curator"], clock.now())
    with pytest.raises(ConflictError, match="已存在"):
        accounts.add(database, "EDITOR", "", ["curator"], clock.now())


def test_audit_names_nobody(
    database: Database, keeper: Passwords, clock: FixedClock, editor: accounts.Member
) -> None:
    """Audit events call staff by number; neither account names nor names of people are in them."""
    with pytest.raises(SignInError):
        accounts.sign_in(database, keeper, "editor", "wrong", clock.now())
    accounts.reset_password(database, "editor", clock.now(), "staff:7")
    assert events(database) == [
        "staff.add",
        "staff.sign_in",
        "staff.change_password",
        "staff.reset_password",
    ]
    with database.reading() as session:
        written = " ".join(f"{row.actor} {row.subject} {row.detail}" for row in session.query(AuditRow))
    assert "editor" not in written
    assert "编辑" not in written


def test_too_many_at_once() -> None:
    """When too many wait, people are asked to come back instead of the machine running out of memory."""
    crowded = Passwords()
    while crowded._places.acquire(blocking=False):
        pass
    with pytest.raises(SignInError, match="太多"):
        crowded.check("any", None)
