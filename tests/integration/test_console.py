"""Signing in, forms from elsewhere, roles and accounts, over real HTTP."""

import re
from collections.abc import Iterator

import pytest

from bot.app import Parts
from bot.console.app import PAGES
from bot.console.attempts import AddressLimit
from bot.console.gate import local_target
from bot.core.clock import FixedClock
from bot.core.errors import SignInError
from bot.storage import audit, staff
from bot.storage.models import AuditRow
from handlers import accounts
from handlers.accounts import Role
from tests.integration import console
from tests.integration.console import PASSWORD, Clerk, Office

_ONE_TIME = re.compile(r'id="one-time">([^<]+)<')


@pytest.fixture
def office(parts: Parts) -> Iterator[Office]:
    """A served deployment."""
    with console.opened(parts) as served:
        yield served


@pytest.fixture
def admin(office: Office) -> Clerk:
    """An administrator, signed in."""
    return office.clerk("boss", "admin")


def actions(parts: Parts) -> list[str]:
    """What the audit chain says was done; the chain must hold."""
    with parts.database.reading() as session:
        assert audit.verify(session) is None
        return [row.action for row in session.query(AuditRow).order_by(AuditRow.id)]


def test_first_sign_in(parts: Parts, office: Office) -> None:
    """The one-time password leads to the change-password page only, and from there into the console."""
    first = accounts.create_first_admin(parts.database, parts.clock.now())
    assert first
    someone = office.stranger()
    assert someone.sign_in("admin", first).headers["location"] == "/console"
    for path in ("/console", "/console/documents", "/console/accounts", "/console/none"):
        assert someone.get(path).headers["location"] == "/console/password"
    assert someone.get("/console/password").status_code == 200
    changed = someone.post("/console/password", {"old": first, "new": PASSWORD, "again": PASSWORD})
    assert (changed.status_code, changed.headers["location"]) == (303, "/console")
    home = someone.get("/console")
    assert "密码已改好" in home.text
    assert "密码已改好" not in someone.get("/console").text


def test_password_page_explains(admin: Clerk) -> None:
    """Slips on the password page keep one signed in and say what is wrong."""
    for old, new, again, why in [
        (PASSWORD, "新的一句话-2027", "另一句话-2027", "两次输入的新密码不一样"),
        ("wrong", "新的一句话-2027", "新的一句话-2027", "现在的密码不对"),
        (PASSWORD, "short", "short", "至少"),
    ]:
        answer = admin.post("/console/password", {"old": old, "new": new, "again": again})
        assert answer.status_code == 400
        assert why in answer.text
    assert admin.get("/console").status_code == 200


def test_strangers_are_sent_to_sign_in(office: Office) -> None:
    """Every page but the sign-in page asks to sign in first, and remembers where one wanted to go."""
    stranger = office.stranger()
    for page in PAGES:
        path = re.sub(r"\{[^}]+\}", "1", page.path)
        if page.public:
            continue
        answer = stranger.http.request(page.method, path)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/console/sign-in?next=/console"), path
    kept = stranger.get("/console/documents?kind=statute&q=工资").headers["location"]
    assert "kind%3Dstatute" in kept
    assert 'value="/console/documents?kind=statute' in stranger.get(kept).text


def test_wanted_page_is_opened_after_sign_in(parts: Parts, office: Office) -> None:
    """After signing in one stands where one wanted to go."""
    office.employ("editor", "curator")
    answer = office.stranger().sign_in("editor", PASSWORD, "/console/unanswered?status=done")
    assert answer.headers["location"] == "/console/unanswered?status=done"


@pytest.mark.parametrize(
    "evil",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "/console\\..\\evil",
        "javascript:alert(1)",
        "/consolevil",
        "/console/ x\r\nSet-Cookie: a=b",
        "/console/sign-in?next=/console/sign-in",
        "/other",
        "",
    ],
)
def test_only_local_targets(evil: str) -> None:
    """A link to the sign-in page cannot send anybody to another site."""
    assert local_target(evil) == "/console"


def test_cookie_is_locked_down(parts: Parts, office: Office) -> None:
    """The session cookie is for the console only, out of reach of scripts and of other sites."""
    office.employ("editor", "curator")
    given = office.stranger().sign_in("editor", PASSWORD).headers.get_list("set-cookie")
    [cookie] = [line for line in given if line.startswith("niangjia_console=")]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/console" in cookie
    assert "Secure" not in cookie
    assert "Max-Age" not in cookie


def test_cookie_is_secure_behind_https(parts: Parts, office: Office) -> None:
    """Behind a proxy that speaks https the cookie never travels in the clear."""
    office.employ("editor", "curator")
    behind = office.stranger()
    token = behind.token("/console/sign-in")
    answer = behind.http.post(
        "/console/sign-in",
        data={"csrf": token, "login": "editor", "password": PASSWORD},
        headers={"X-Forwarded-Proto": "https"},
    )
    assert all("Secure" in line for line in answer.headers.get_list("set-cookie"))


def test_planted_session_is_not_taken_over(parts: Parts, office: Office) -> None:
    """A cookie planted before signing in opens nothing afterwards: signing in makes a new one and ends the old."""
    office.employ("editor", "curator")
    attacker = office.stranger()
    attacker.sign_in("editor", PASSWORD)
    planted = attacker.http.cookies["niangjia_console"]
    victim = office.stranger()
    victim.http.cookies.set("niangjia_console", planted, path="/console")
    victim.http.cookies.set("niangjia_form", "known-to-the-attacker", path="/console")
    token = parts.database.vault.blind("known-to-the-attacker", "console-form")
    answer = victim.http.post(
        "/console/sign-in", data={"csrf": token, "login": "editor", "password": PASSWORD}
    )
    assert answer.status_code == 303
    assert answer.cookies["niangjia_console"] != planted
    assert attacker.get("/console").status_code == 303


def test_sign_out_ends_the_session_on_the_server(admin: Clerk) -> None:
    """After signing out, a copy of the cookie opens nothing."""
    copy = dict(admin.http.cookies)
    assert admin.post("/console/sign-out", page="/console").headers["location"] == "/console/sign-in"
    assert "已退出" in admin.get("/console/sign-in").text
    admin.http.cookies.clear()
    for name, value in copy.items():
        admin.http.cookies.set(name, value, path="/console")
    assert admin.get("/console").status_code == 303


def test_signed_in_people_skip_the_sign_in_page(admin: Clerk) -> None:
    """The sign-in page sends those who are in to the first page."""
    assert admin.get("/console/sign-in").headers["location"] == "/console"


def test_idle_browser_is_signed_out(admin: Clerk, clock: FixedClock) -> None:
    """After eight hours without use the next click leads to the sign-in page."""
    clock.advance(hours=8, minutes=1)
    assert admin.get("/console").headers["location"].startswith("/console/sign-in")


def test_every_form_needs_its_token(office: Office) -> None:
    """A form without the token of our own page does nothing but explain itself, on every address."""
    admin = office.clerk("boss", "admin", "duty")
    for page in PAGES:
        if page.method != "POST":
            continue
        path = re.sub(r"\{[^}]+\}", "1", page.path)
        for token in ({}, {"csrf": ""}, {"csrf": "x" * 43}):
            answer = admin.http.post(path, data={"question": "拖欠工资", **token})
            assert answer.status_code == 403, path
            assert "没有执行" in answer.text, path
    assert admin.get("/console").status_code == 200


def test_token_of_another_session_does_not_fit(parts: Parts, office: Office, admin: Clerk) -> None:
    """The token belongs to one session."""
    other = office.clerk("editor", "curator")
    answer = admin.http.post(
        "/console/trial", data={"csrf": other.token("/console/trial"), "question": "拖欠工资"}
    )
    assert answer.status_code == 403


def test_token_in_a_header(admin: Clerk) -> None:
    """A script may send the token as a header."""
    token = admin.token("/console/trial")
    answer = admin.http.post(
        "/console/trial", data={"question": "拖欠工资怎么办"}, headers={"X-CSRF-Token": token}
    )
    assert answer.status_code == 200


def test_htmx_is_told_to_sign_in(office: Office) -> None:
    """A part of a page asked for after the session ended leads the whole page to the sign-in."""
    headers = {"HX-Request": "true", "HX-Current-URL": f"{office.base}/console/trial"}
    answer = office.stranger().http.post("/console/trial", headers=headers)
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"] == "/console/sign-in?next=/console/trial"


def test_lockout(parts: Parts, office: Office, clock: FixedClock) -> None:
    """Five wrong passwords lock the account for a quarter of an hour; unknown accounts read the same."""
    office.employ("editor", "curator")
    someone = office.stranger()
    said = {}
    for login in ("editor", "nobody"):
        answers = [someone.sign_in(login, "wrong") for _ in range(6)]
        assert [answer.status_code for answer in answers] == [400] * 6
        said[login] = [
            re.findall(r'role="alert">.*?<div>([^<]+)</div>', answer.text, re.S) for answer in answers
        ]
    assert said["editor"] == said["nobody"]
    assert said["editor"][0] == ["账号或密码不对，请重试。"]
    assert "暂时锁定" in said["editor"][5][0]
    assert someone.sign_in("editor", PASSWORD).status_code == 400
    clock.advance(minutes=15, seconds=1)
    assert someone.sign_in("editor", PASSWORD).status_code == 303


def test_one_address_cannot_try_many_accounts(parts: Parts, office: Office) -> None:
    """Thirty failures from one address, spread over accounts, and it has to wait; the right password too."""
    office.employ("editor", "curator")
    someone = office.stranger()
    for place in range(30):
        assert "账号或密码不对" in someone.sign_in(f"guess{place}", "wrong").text
    assert "这个网络" in someone.sign_in("editor", PASSWORD).text


def test_address_limit_is_bounded(clock: FixedClock) -> None:
    """The memory of addresses stays small, forgets with time, and counts an IPv6 network as one."""
    limit = AddressLimit(most=2, addresses=3)
    for place in range(10):
        limit.take(f"10.0.0.{place}", clock.now())
    assert len(limit._failures) == 3
    limit.take("2001:db8::1", clock.now())
    limit.take("2001:db8::ffff", clock.now())
    with pytest.raises(SignInError):
        limit.take("2001:db8::2", clock.now())
    limit.take("2001:db8:0:1::1", clock.now())
    limit.take("not an address", clock.now())
    clock.advance(minutes=15)
    limit.take("2001:db8::2", clock.now())
    limit.give_back("2001:db8::2")
    limit.give_back("never.seen")
    assert limit._failures["2001:db8::/64"] == []


def test_roles(parts: Parts, office: Office, admin: Clerk) -> None:
    """A curator sees neither accounts nor health, is told so, and finds no link to them; an administrator does."""
    editor = office.clerk("editor", "curator")
    for path in ("/console/accounts", "/console/health"):
        answer = editor.get(path)
        assert answer.status_code == 403
        assert "没有打开这个页面的权限" in answer.text
        assert admin.get(path).status_code == 200
    refused = editor.post("/console/accounts", {"login": "more", "roles": "admin"}, page="/console/trial")
    assert refused.status_code == 403
    assert "/console/accounts" not in editor.get("/console").text
    assert "/console/accounts" in admin.get("/console").text


def test_account_without_roles_sees_nothing(parts: Parts, office: Office) -> None:
    """A role this version does not know opens no page."""
    someone = office.clerk("editor", "curator")
    with parts.database.session() as session:
        row = staff.find(session, "editor")
        assert row is not None
        row.roles = ["officer"]
    assert someone.get("/console/documents").status_code == 403


def test_every_page_is_for_known_roles() -> None:
    """No row of the page table is open to nobody, and only signing in is public."""
    assert all(page.roles and page.roles <= set(Role) for page in PAGES)
    assert {page.path for page in PAGES if page.public} == {"/console/sign-in"}


def test_accounts(parts: Parts, office: Office, admin: Clerk) -> None:
    """An administrator adds an account, resets its password, switches it off and on; each step is on record."""
    added = admin.post("/console/accounts", {"login": "Editor2", "name": "宣教部", "roles": ["curator"]})
    [first] = _ONE_TIME.findall(added.text)
    assert first not in admin.get("/console/accounts").text
    [number] = [member.id for member in accounts.everyone(parts.database) if member.login == "editor2"]
    editor = office.stranger()
    assert editor.sign_in("editor2", first).status_code == 303
    reset = admin.post(f"/console/accounts/{number}/password", page="/console/accounts")
    [second] = _ONE_TIME.findall(reset.text)
    assert second != first
    assert editor.get("/console/password").status_code == 303
    assert editor.sign_in("editor2", second).status_code == 303
    off = admin.post(f"/console/accounts/{number}/active", {"active": "no"}, page="/console/accounts")
    assert off.status_code == 303
    assert "已停用" in admin.get("/console/accounts").text
    assert editor.get("/console/password").status_code == 303
    assert editor.sign_in("editor2", second).status_code == 400
    admin.post(f"/console/accounts/{number}/active", {"active": "yes"}, page="/console/accounts")
    assert editor.sign_in("editor2", second).status_code == 303
    assert actions(parts)[4:] == [
        "staff.add",
        "staff.sign_in",
        "staff.reset_password",
        "staff.sign_in",
        "staff.deactivate",
        "staff.activate",
        "staff.sign_in",
    ]


def test_wrong_account_forms(parts: Parts, admin: Clerk) -> None:
    """A form that cannot be carried out says why and keeps what was typed."""
    taken = admin.post("/console/accounts", {"login": "boss", "roles": ["curator"]})
    assert taken.status_code == 400
    assert "已存在" in taken.text
    nobody = admin.post("/console/accounts", {"login": "editor3", "name": "宣教部"})
    assert "至少选一个角色" in nobody.text
    assert 'value="editor3"' in nobody.text


def test_nobody_locks_themselves_out(parts: Parts, admin: Clerk) -> None:
    """One's own account can neither be switched off nor reset here; unknown and absurd numbers are not found."""
    [me] = accounts.everyone(parts.database)
    page = "/console/accounts"
    assert admin.post(f"{page}/{me.id}/active", {"active": "no"}, page=page).status_code == 409
    assert admin.post(f"{page}/{me.id}/password", page=page).status_code == 409
    for number in ("999", "99999999999999999999999"):
        assert admin.post(f"{page}/{number}/active", {"active": "no"}, page=page).status_code == 404
        assert admin.post(f"{page}/{number}/password", page=page).status_code == 404


def test_odd_requests(office: Office, admin: Clerk) -> None:
    """Unknown pages, forms too large, of no size, or broken are refused in one sentence, never with a fault."""
    assert "没有这个页面" in admin.get("/console/no/such/page").text
    assert admin.get("/console/no/such/page").status_code == 404
    token = admin.token("/console/trial")
    large = admin.http.post("/console/trial", data={"csrf": token, "question": "长" * 100_000})
    assert large.status_code == 413
    endless = admin.http.post("/console/trial", content=iter([b"csrf=", token.encode()]))
    assert endless.status_code == 411
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    broken = admin.http.post("/console/documents", content=b"--y\r\nnonsense", headers=headers)
    assert broken.status_code in (400, 403)
    stranger = office.stranger()
    stranger.http.cookies.set("niangjia_console", "x" * 5000, path="/console")
    stranger.http.cookies.set("niangjia_flash", "bm9uc2Vuc2U=.bad", path="/console")
    assert stranger.get("/console/sign-in").status_code == 200
    assert stranger.http.post("/console/trial", content=b"\xff\xfe").status_code == 303


def test_nothing_is_kept_in_caches(admin: Clerk) -> None:
    """Pages of the console are not stored by browsers or proxies, and allow no inline scripts or styles."""
    answer = admin.get("/console")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "unsafe-inline" not in answer.headers["Content-Security-Policy"]
    assert not re.search(r"\son[a-z]+=|\sstyle=|<style|<script(?! src=)", answer.text)


def test_health(admin: Clerk) -> None:
    """The health page shows what was checked and what to do."""
    page = admin.get("/console/health").text
    for seen in ("数据库", "SQLite", "密钥文件", "微信公众号", "NIANGJIA_WECHAT_TOKEN", "索引指纹"):
        assert seen in page
