"""The console as staff use it: with a mouse, by keyboard, on a phone, and with hostile content in it."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot import app
from bot.core.messages import InboundMessage
from bot.storage import knowledge
from handlers import accounts
from tests.browser import browser
from tests.browser.browser import Watched
from tests.clients import npm
from tests.integration import console
from tests.integration.console import PASSWORD, Office

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_MS = 30_000
EVIL = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>"
STATUTE = """# 临江县职工互助办法

（2024年3月1日公布）

第一章 总则

第一条 为了帮助遇到困难的职工，制定本办法。

第二条 会员因病住院的，可以申请互助金。

第二章 办理

第三条 申请人应当在出院后六十日内提出申请。
"""
PAGES = (
    "/console",
    "/console/documents",
    "/console/documents/1",
    "/console/documents/1/delete",
    "/console/unanswered",
    "/console/unanswered?status=done",
    "/console/trial",
    "/console/health",
    "/console/accounts",
    "/console/password",
)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for this file; every test has a fresh profile in it."""
    with browser.start() as running:
        expect.set_options(timeout=PATIENCE_MS)
        yield running


@pytest.fixture
def office(parts: app.Parts) -> Iterator[Office]:
    """A served deployment."""
    with console.opened(parts) as served:
        yield served


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A fresh profile at a desk."""
    opened = chromium.new_context(locale="zh-CN", viewport=browser.DESKTOP)  # type: ignore[arg-type]
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, office: Office) -> Iterator[Page]:
    """A page on which nothing may go wrong: no error, no broken security rule, no stranger, no dialog."""
    opened = context.new_page()
    seen = browser.watch(opened, office.base)
    opened.on("dialog", lambda dialog: seen.errors.append(f"dialog: {dialog.message}"))
    yield opened
    assert seen == Watched()


def sign_in(page: Page, office: Office, *roles: str) -> None:
    """Sign in as someone with these roles."""
    office.employ("someone", *roles)
    page.goto(f"{office.base}/console/sign-in")
    page.fill("#login", "someone")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{office.base}/console")


def upload(page: Page, office: Office, files: list[Path]) -> None:
    """Hand files in on the documents page and wait until they can be found."""
    page.goto(f"{office.base}/console/documents#files")
    page.set_input_files("#files", files)
    page.click("#upload button")
    expect(page.locator("#job")).to_contain_text("现在能搜到")


@pytest.fixture
def statute(tmp_path: Path) -> Path:
    """A small statute in a file."""
    file = tmp_path / "临江县职工互助办法(2024-03-01).md"
    file.write_text(STATUTE, encoding="utf-8")
    return file


def test_first_sign_in(parts: app.Parts, office: Office, page: Page) -> None:
    """From the one-time password to the first page, out again, and no way back with the back button."""
    first = accounts.create_first_admin(parts.database, parts.clock.now())
    assert first
    page.goto(f"{office.base}/console/unanswered")
    expect(page).to_have_url(re.compile("/console/sign-in"))
    page.fill("#login", "admin")
    page.fill("#password", first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="先换一个自己的密码")).to_be_visible()
    page.goto(f"{office.base}/console/documents")
    expect(page).to_have_url(f"{office.base}/console/password")
    page.fill("#old", first)
    page.fill("#new", PASSWORD)
    page.fill("#again", PASSWORD)
    page.click("text=保存新密码")
    expect(page.locator("#messages")).to_contain_text("密码已改好")
    page.click("text=退出")
    expect(page.locator("#messages")).to_contain_text("已退出")
    page.go_back()
    expect(page).to_have_url(re.compile("/console/sign-in"))


def test_upload_and_delete(
    parts: app.Parts, office: Office, page: Page, statute: Path, tmp_path: Path
) -> None:
    """Files go in without leaving the page, are read article by article, found, and deleted after asking."""
    sign_in(page, office, "curator")
    broken = tmp_path / "坏.txt"
    broken.write_bytes(b"\x00\x01")
    page.goto(f"{office.base}/console")
    page.click("text=导入法规和本地文件")
    expect(page.locator("#files")).to_be_visible()
    page.set_input_files("#files", [statute, broken])
    expect(page.locator(".drop-text")).to_contain_text("已选 2 个文件")
    page.click("text=开始导入")
    expect(page.locator("#job")).to_contain_text("1 个没有导入")
    expect(page.locator("#job")).to_contain_text("已导入《临江县职工互助办法》，3 条。")
    expect(page.locator("#job")).to_contain_text("坏.txt 不是文本文件")
    page.click("a:text-is('临江县职工互助办法')")
    expect(page.locator("#a3")).to_contain_text("出院后六十日内")
    page.click("text=第二章 办理")
    expect(page).to_have_url(re.compile("#a3$"))
    page.click("text=删除")
    expect(page.locator("main")).to_contain_text("只能重新上传")
    page.click("main button:has-text('删除')")
    expect(page.locator("#messages")).to_contain_text("已删除《临江县职工互助办法》")
    expect(page.locator("#job")).to_contain_text("索引是最新的")
    assert parts.follower.library.get("临江县职工互助办法#3") is None


def test_file_too_large_is_stopped_here(office: Office, page: Page, tmp_path: Path) -> None:
    """A file over the limit is refused before it travels, and nothing is sent."""
    sign_in(page, office, "curator")
    large = tmp_path / "大.txt"
    large.write_bytes(b"x" * (20 * 2**20 + 1))
    page.goto(f"{office.base}/console/documents")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.set_input_files("#files", large)
    expect(page.locator(".upload-wrong")).to_contain_text("大.txt 超过 20 MB")
    page.click("text=开始导入")
    expect(page.locator(".upload-wrong")).to_be_visible()
    assert "POST" not in sent


def test_filter_while_typing(office: Office, page: Page, statute: Path, tmp_path: Path) -> None:
    """Typing a name narrows the list and changes the address; the address alone shows the same."""
    sign_in(page, office, "curator")
    other = tmp_path / "疗休养.md"
    other.write_text("# 疗休养问答\n\n## 名额\n\n名额由车间工会小组先报。\n", encoding="utf-8")
    upload(page, office, [statute, other])
    titles = page.locator(".document-title")
    expect(titles).to_have_count(2)
    page.fill("#q", "互助")
    expect(titles).to_have_text(["临江县职工互助办法"])
    expect(page).to_have_url(re.compile("q=%E4%BA%92%E5%8A%A9"))
    page.reload()
    expect(titles).to_have_text(["临江县职工互助办法"])
    page.fill("#q", "")
    page.select_option("select[name=kind]", "handbook")
    expect(titles).to_have_text(["疗休养问答"])


def test_version_is_switched(
    parts: app.Parts, office: Office, page: Page, statute: Path, tmp_path: Path
) -> None:
    """The older version is shown with a warning and can be made the current one again."""
    sign_in(page, office, "curator")
    newer = tmp_path / "临江县职工互助办法(2025-06-01).md"
    newer.write_text(STATUTE.replace("六十日", "九十日").replace("2024年3", "2025年6"), encoding="utf-8")
    upload(page, office, [statute])
    upload(page, office, [newer])
    page.click(".document-title")
    expect(page.locator("#a3")).to_contain_text("九十日")
    page.click("a:text-is('2024-03-01')")
    expect(page.locator("main")).to_contain_text("你看的是旧版本")
    expect(page.locator("#a3")).to_contain_text("六十日")
    page.click("text=设为现行版本")
    expect(page.locator("#messages")).to_contain_text("已设为现行版本")
    expect(page.locator("#job")).to_contain_text("索引是最新的")
    expect(page.locator("#a3")).to_contain_text("六十日")


def test_trial(office: Office, page: Page) -> None:
    """Enter asks, the matched words are marked, a choice fills the box and asks again, an empty box does nothing."""
    sign_in(page, office, "curator")
    page.goto(f"{office.base}/console/trial")
    box = page.locator("#question")
    expect(box).to_be_focused()
    page.keyboard.press("Enter")
    box.fill("老板拖欠工资怎么办")
    page.keyboard.press("Enter")
    expect(page.locator(".theirs")).to_be_visible()
    expect(page.locator(".hit").first.locator("mark").first).to_be_visible()
    expect(page.locator("#result")).to_contain_text("直接回答")
    box.fill("qqqq wwww")
    page.keyboard.press("Enter")
    expect(page.locator("#result")).to_contain_text("一条也没找到")
    page.locator(".choices button").first.click()
    expect(box).to_have_value("人工")
    expect(page.locator("#result")).to_contain_text("固定话术")


def test_session_ends_while_a_page_is_open(office: Office, page: Page, context: BrowserContext) -> None:
    """Asking from a page whose session is over leads to the sign-in page, and back to where one was."""
    sign_in(page, office, "curator")
    page.goto(f"{office.base}/console/trial")
    context.clear_cookies()
    page.fill("#question", "拖欠工资")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{office.base}/console/sign-in?next=/console/trial")
    page.fill("#login", "someone")
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{office.base}/console/trial")


def test_stale_form_is_explained(office: Office, context: BrowserContext) -> None:
    """A form whose token no longer fits says so on the page instead of failing in silence."""
    page = context.new_page()
    sign_in(page, office, "curator")
    page.goto(f"{office.base}/console/trial")
    page.evaluate("document.querySelector('[data-trial] [name=csrf]').value = 'stale'")
    page.fill("#question", "拖欠工资")
    page.keyboard.press("Enter")
    expect(page.locator("#messages")).to_contain_text("没有执行")


def test_unanswered(parts: app.Parts, office: Office, page: Page) -> None:
    """A question a worker asked in vain is tried from the list, marked done, exported."""
    question = "红烧茄子要放几勺糖"
    parts.assistant.receive(InboundMessage("web", "worker", "1", question))
    sign_in(page, office, "curator")
    page.click("nav a:has-text('未答问题'), aside a:has-text('未答问题')")
    expect(page.locator(".question")).to_have_text([question])
    with page.expect_download() as download:
        page.click("text=导出表格")
    assert download.value.suggested_filename == "unanswered-20261120.csv"
    page.click("main button:has-text('试一试')")
    expect(page.locator("#question")).to_have_value(question)
    page.goto(f"{office.base}/console/unanswered")
    page.click("text=处理完了 >> nth=0")
    expect(page.locator("#messages")).to_contain_text("已标为处理完")
    expect(page.locator("main")).to_contain_text("没有待处理的问题")
    page.click("a:has-text('已处理')")
    expect(page.locator(".question")).to_have_text([question])


def test_accounts(office: Office, page: Page, chromium: Browser) -> None:
    """A new account's password is shown once, copied, and opens the console for its owner."""
    sign_in(page, office, "admin")
    page.goto(f"{office.base}/console/accounts")
    page.fill("#login", "xuanchuan01")
    page.fill("#name", "宣教部")
    page.click("main button:has-text('新增账号')")
    password = page.locator("#one-time").inner_text()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click("text=复制密码")
    expect(page.locator("[data-copy]")).to_contain_text("已复制")
    assert page.evaluate("navigator.clipboard.readText()") == password
    page.click("text=回到账号列表")
    expect(page.locator("main")).not_to_contain_text(password)
    theirs = chromium.new_context()
    other = theirs.new_page()
    other.goto(f"{office.base}/console")
    other.fill("#login", "xuanchuan01")
    other.fill("#password", password)
    other.keyboard.press("Enter")
    expect(other.get_by_role("heading", name="先换一个自己的密码")).to_be_visible()
    theirs.close()


def test_curator_is_refused(office: Office, context: BrowserContext) -> None:
    """A page one may not open says so, inside the ordinary frame, with a way back."""
    page = context.new_page()
    sign_in(page, office, "curator")
    expect(page.locator("aside")).not_to_contain_text("体检")
    answer = page.goto(f"{office.base}/console/health")
    assert answer is not None
    assert answer.status == 403
    expect(page.locator("main")).to_contain_text("没有打开这个页面的权限")
    page.click("text=回首页")
    expect(page).to_have_url(f"{office.base}/console")


def test_hostile_content_is_inert(parts: app.Parts, office: Office, page: Page, tmp_path: Path) -> None:
    """Scripts in file names, titles, passages and questions are text on every page that shows them."""
    file = tmp_path / "<img src=x onerror=alert(3)>.md"
    file.write_text(STATUTE.replace("互助办法", f"互助办法{EVIL}").replace("互助金", EVIL), encoding="utf-8")
    sign_in(page, office, "admin")
    parts.assistant.receive(InboundMessage("web", "worker", "1", f"{EVIL}红烧茄子"))
    upload(page, office, [file])
    expect(page.locator("#job")).to_contain_text("<img src=x onerror=alert(3)>.md")
    with parts.database.reading() as session:
        [document] = knowledge.documents(session)
    for path in (*PAGES, f"/console/documents?q={EVIL}", f"/console/documents/{document.id}?q={EVIL}"):
        page.goto(f"{office.base}{path}")
    page.goto(f"{office.base}/console/trial")
    page.fill("#question", f"{EVIL}出院后六十日内")
    page.keyboard.press("Enter")
    expect(page.locator(".mine")).to_contain_text(EVIL)
    expect(page.locator(".hit").first).to_be_visible()
    assert page.locator("img[src='x']").count() == 0


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_pages_fit(parts: app.Parts, office: Office, page: Page, statute: Path, size: str) -> None:
    """No page is wider than the screen."""
    sign_in(page, office, "admin")
    upload(page, office, [statute])
    parts.assistant.receive(InboundMessage("web", "worker", "1", "红烧茄子要放几勺糖" * 4))
    page.set_viewport_size(browser.PHONE if size == "phone" else browser.DESKTOP)  # type: ignore[arg-type]
    for path in PAGES:
        page.goto(f"{office.base}{path}")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert page.locator("h1").count() == 1, path
        assert page.title().endswith("娘家人管理台"), path


def test_by_keyboard(office: Office, page: Page) -> None:
    """The first Tab offers to skip the menu; the menu of a phone opens with Enter and says that it is open."""
    sign_in(page, office, "curator")
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()
    page.set_viewport_size(browser.PHONE)  # type: ignore[arg-type]
    page.goto(f"{office.base}/console")
    toggle = page.locator("[data-toggle=menu]")
    expect(page.locator("#menu")).to_be_hidden()
    toggle.focus()
    page.keyboard.press("Enter")
    expect(toggle).to_have_attribute("aria-expanded", "true")
    page.click("#menu >> text=试一试")
    expect(page).to_have_url(f"{office.base}/console/trial")


def test_without_script(chromium: Browser, office: Office, statute: Path) -> None:
    """With scripts switched off one can still sign in, upload, and try a question."""
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, office, "curator")
    page.goto(f"{office.base}/console/documents")
    page.set_input_files("#files", statute)
    page.click("text=开始导入")
    expect(page.locator("#job")).to_contain_text("导入 1 个文件")
    page.goto(f"{office.base}/console/trial")
    page.fill("#question", "老板拖欠工资怎么办")
    page.click("main button:has-text('试一试')")
    expect(page.locator(".theirs")).to_be_visible()
    context.close()


@pytest.mark.node
def test_axe_finds_nothing(parts: app.Parts, office: Office, page: Page, statute: Path) -> None:
    """The independent accessibility checker axe-core has no complaint about any page."""
    axe = npm.installed(ROOT / "tests/clients/axe") / "node_modules/axe-core/axe.min.js"
    script = axe.read_text(encoding="utf-8")
    page.goto(f"{office.base}/console/sign-in")
    check = _checker(page, script)
    check()
    sign_in(page, office, "admin")
    upload(page, office, [statute])
    check()
    parts.assistant.receive(InboundMessage("web", "worker", "1", "红烧茄子要放几勺糖"))
    for path in PAGES:
        page.goto(f"{office.base}{path}")
        check()
    page.goto(f"{office.base}/console/trial")
    page.fill("#question", "老板拖欠工资怎么办")
    page.keyboard.press("Enter")
    expect(page.locator(".hit").first).to_be_visible()
    check()


def _checker(page: Page, script: str) -> Callable[[], None]:
    def check() -> None:
        page.evaluate(f"{script}; 0")
        found = page.evaluate("axe.run(document).then((result) => result.violations)")
        faults = [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in found]
        assert faults == [], page.url

    return check
