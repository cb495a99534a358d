"""The chat page as people use it: on a phone, at a desk, by keyboard, offline, without script."""

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from bot import app, server
from bot.core.messages import InboundMessage, Reply, ReplyKind
from tests.browser import browser
from tests.clients import npm
from tests.integration import chat_site, live

pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parent.parent.parent
ARTICLE = "江城市职工茶歇办法第二条"
KEY = "江城市职工茶歇办法#2"
WAGES = "拖欠工资怎么办"
PATIENCE_MS = 20_000


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for this file; every test has a fresh profile in it."""
    with browser.start() as running:
        expect.set_options(timeout=PATIENCE_MS)
        yield running


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[app.Parts]:
    """The deployment the pages belong to."""
    with chat_site.deploy(tmp_path_factory.mktemp("chat")) as assembled:
        yield assembled


@pytest.fixture(scope="module")
def base(parts: app.Parts) -> Iterator[str]:
    """Its address."""
    with chat_site.visit(parts) as address:
        yield address


@pytest.fixture(params=["phone", "desktop"])
def context(request: pytest.FixtureRequest, chromium: Browser) -> Iterator[BrowserContext]:
    """A fresh profile at phone size with touch, and at desktop size with a mouse."""
    opened = _context(chromium, request.param)
    yield opened
    opened.close()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    """A fresh profile at phone size."""
    opened = _context(chromium, "phone")
    yield opened
    opened.close()


def _context(chromium: Browser, size: str, **options: object) -> BrowserContext:
    if size == "phone":
        options |= {"viewport": browser.PHONE, "has_touch": True, "is_mobile": True}
    else:
        options |= {"viewport": browser.DESKTOP}
    context = chromium.new_context(locale="zh-CN", reduced_motion="reduce", **options)
    context.set_default_timeout(PATIENCE_MS)
    return context


@pytest.fixture
def page(context: BrowserContext, base: str) -> Iterator[Page]:
    """The open chat page; nothing in its console, no broken security rule, no request to anybody else."""
    yield from _clean(context.new_page(), base)


@pytest.fixture
def phone_page(phone: BrowserContext, base: str) -> Iterator[Page]:
    """The same, at phone size only."""
    yield from _clean(phone.new_page(), base)


def _clean(opened: Page, base: str) -> Iterator[Page]:
    watched = browser.watch(opened, base)
    opened.goto(base)
    yield opened
    assert watched.errors == []
    assert watched.strangers == []


def ask(page: Page, text: str) -> Locator:
    """Type and send; the newest answer once it is there."""
    answers = page.locator(".message_theirs")
    before = answers.count()
    page.fill("#text", text)
    page.click("#send")
    expect(answers).to_have_count(before + 1)
    return answers.last


def stored(parts: app.Parts, key: str) -> str:
    """The text of a clause in the library."""
    chunk = parts.follower.library.get(key)
    assert chunk is not None
    return chunk.text


def test_a_question_gets_a_cited_answer(page: Page, parts: app.Parts) -> None:
    """Ask, read the answer line by line, open its source, and find the stored text byte for byte."""
    answer = ask(page, ARTICLE)
    assert answer.locator(".answer").text_content() == f"《江城市职工茶歇办法》\n{stored(parts, KEY)}"
    expect(page.locator("#text")).to_have_value("")
    expect(page.locator("#typing")).to_be_hidden()
    answer.get_by_role("link", name="《江城市职工茶歇办法》第二条").click()
    sheet = page.get_by_role("dialog", name="原文")
    expect(sheet.get_by_role("heading", name="第二条")).to_be_visible()
    assert sheet.locator("#clause-text").text_content() == stored(parts, KEY)
    expect(sheet.get_by_text("适用地区：江城")).to_be_visible()
    expect(sheet.get_by_text("第一章 总则")).to_be_visible()
    assert page.url.endswith("%232")


def test_a_starter_is_one_tap(page: Page) -> None:
    """A tapped starter is asked at once; the starters make room for the conversation."""
    page.get_by_role("button", name=WAGES).click()
    answer = page.locator(".message_theirs")
    expect(answer).to_have_count(1)
    expect(page.locator(".message_mine .bubble")).to_have_text(WAGES)
    expect(page.locator("#starters")).to_be_hidden()
    assert answer.locator('a[href="tel:12333"]').count() >= 1
    expect(answer.get_by_role("link", name=re.compile("权益手册"))).to_be_visible()


def test_the_sheet_closes_as_people_close_things(page: Page) -> None:
    """By its button, by Escape, beside it and by the browser's back, always back in the same conversation."""
    link = ask(page, ARTICLE).locator("a.source").first
    sheet = page.locator("#sheet")
    chat = page.url
    closings: list[Callable[[], object]] = [
        lambda: page.click("#sheet-close"),
        lambda: page.keyboard.press("Escape"),
        lambda: page.mouse.click(5, 5),
        page.go_back,
    ]
    for close in closings:
        link.click()
        expect(sheet.locator("#clause")).to_be_visible()
        close()
        expect(sheet).to_be_hidden()
        expect(page).to_have_url(chat)
        expect(link).to_be_focused()
    expect(page.locator(".message")).to_have_count(2)
    page.go_forward()
    expect(sheet.locator("#clause")).to_be_visible()


def test_the_sheet_turns_its_pages(page: Page, base: str) -> None:
    """Next and previous stay in the sheet; one step back leaves it; its address is a page that leads home."""
    ask(page, ARTICLE).locator("a.source").first.click()
    sheet = page.locator("#sheet")
    sheet.get_by_role("link", name="下一条 第三条").click()
    expect(sheet.get_by_role("heading", name="第三条")).to_be_visible()
    assert "<不扣工资>" in (sheet.locator("#clause-text").text_content() or "")
    expect(page).to_have_title(re.compile("第三条"))
    page.reload()
    expect(page.get_by_role("heading", name="第三条")).to_be_visible()
    page.get_by_role("link", name="回到聊天").click()
    expect(page).to_have_url(f"{base}/")
    expect(page.locator(".message")).to_have_count(2)


def test_choices_are_buttons(page: Page) -> None:
    """A numbered choice shows its label, sends what it stands for, and is answered."""
    answer = ask(page, "菜单")
    choice = answer.get_by_role("button").first
    assert choice.locator(".choice__number").inner_text() == "1"
    label = choice.locator(".choice__label").inner_text()
    choice.click()
    expect(page.locator(".message_theirs")).to_have_count(2)
    expect(page.locator(".message_mine .bubble").last).to_have_text(label)


def test_the_keyboard_alone_is_enough(chromium: Browser, base: str, parts: app.Parts) -> None:
    """From the first Tab to an opened source: no mouse, focus always visible and never lost."""
    context = _context(chromium, "desktop")
    for page in _clean(context.new_page(), base):
        expect(page.locator("#text")).to_be_focused()
        _back_to(page, "a.skip")
        expect(page.get_by_role("link", name="跳到输入框")).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator("#text")).to_be_focused()
        _back_to(page, f'button[value="{WAGES}"]')
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.keyboard.press("Enter")
        expect(page.locator(".message_theirs")).to_have_count(1)
        expect(page.locator("#text")).to_be_focused()
        page.keyboard.insert_text("江城市职工茶歇办法")
        page.keyboard.press("Shift+Enter")
        page.keyboard.insert_text("第二条")
        expect(page.locator("#text")).to_have_value("江城市职工茶歇办法\n第二条")
        page.keyboard.press("Enter")
        expect(page.locator(".message_theirs")).to_have_count(2)
        _back_to(page, "a.source")
        page.keyboard.press("Enter")
        expect(page.locator("#sheet #clause")).to_be_visible()
        assert page.locator("#clause-text").text_content() == stored(parts, KEY)
        expect(page.locator("#sheet-body")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("#sheet")).to_be_hidden()
        assert page.evaluate("document.activeElement.matches('a.source')")
    context.close()


def _back_to(page: Page, wanted: str) -> None:
    for _ in range(40):
        page.keyboard.press("Shift+Tab")
        assert page.evaluate("document.activeElement !== document.body || !document.hasFocus()")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(wanted)


def test_choosing_a_word_of_an_input_method_sends_nothing(page: Page) -> None:
    """Enter while a Chinese word is being composed belongs to the input method."""
    field = page.locator("#text")
    field.fill("gongzi")
    for composing in ({"isComposing": True}, {"keyCode": 229}):
        field.dispatch_event("keydown", {"key": "Enter", "bubbles": True, "cancelable": True, **composing})
    expect(page.locator(".message")).to_have_count(0)
    expect(field).to_have_value("gongzi")


def test_a_reload_loses_nothing(page: Page) -> None:
    """Conversation and unsent text are there again, once, and the source still opens."""
    ask(page, ARTICLE)
    page.fill("#text", "还没写完的")
    page.reload()
    expect(page.locator("#text")).to_have_value("还没写完的")
    expect(page.locator(".message_mine .bubble")).to_have_text(ARTICLE)
    expect(page.locator(".message_theirs")).to_have_count(1)
    page.locator("a.source").first.click()
    expect(page.locator("#sheet #clause")).to_be_visible()


def test_a_long_conversation_is_kept_in_part(phone_page: Page) -> None:
    """Only the last replies are remembered, and only the newest has more to show."""
    for turn in range(22):
        ask(phone_page, f"谢谢{'谢' * turn}")
    phone_page.reload()
    expect(phone_page.locator(".message")).to_have_count(40)


def test_clearing_needs_a_second_word(page: Page, base: str) -> None:
    """清空对话 asks first; then nothing is left on the page, in its storage, or of its session."""
    ask(page, "菜单")
    page.fill("#text", "草稿")
    before = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    page.click("#clear")
    page.get_by_role("dialog", name="清空对话？").get_by_role("button", name="取消").click()
    expect(page.locator(".message")).to_have_count(2)
    page.click("#clear")
    with page.expect_response(f"{base}/chat/clear"):
        page.get_by_role("dialog").get_by_role("button", name="清空").click()
    expect(page.locator(".message")).to_have_count(0)
    expect(page.locator("#starters")).to_be_visible()
    expect(page.locator("#text")).to_have_value("")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert {cookie["name"]: cookie["value"] for cookie in page.context.cookies()} != before


def test_a_text_too_long_is_kept_and_explained(page: Page) -> None:
    """More than 4000 characters are not sent; the sentence is bound to the field, the text stays."""
    page.fill("#text", "长" * 4001)
    page.click("#send")
    expect(page.get_by_role("alert")).to_contain_text("4001个字")
    expect(page.locator("#text")).to_be_focused()
    expect(page.locator("#text")).to_have_attribute("aria-describedby", "trouble-text hint")
    assert len(page.input_value("#text")) == 4001
    expect(page.locator(".message")).to_have_count(0)


# When things break


def test_a_stopped_server_loses_nothing(phone: BrowserContext, parts: app.Parts) -> None:
    """One sentence, the text kept, sources still readable; once the server is back a retry is answered once."""
    page = phone.new_page()
    site = server.create(parts, with_worker=False)
    with live.serve(site) as base:
        page.goto(base)
        ask(page, ARTICLE)
    page.fill("#text", "江城市职工茶歇办法第三条")
    page.click("#send")
    expect(page.get_by_role("alert")).to_contain_text("没有连上服务器")
    expect(page.locator("#text")).to_have_value("江城市职工茶歇办法第三条")
    expect(page.locator(".message_failed").get_by_text("没有送达")).to_be_visible()
    page.locator("a.source").first.click()
    expect(page.locator("#sheet .clause__text")).to_be_visible()
    assert page.locator("#sheet .clause__text").text_content() == stored(parts, KEY)
    page.click("#sheet-close")
    expect(page.locator("#sheet")).to_be_hidden()
    with live.serve(site, port=int(base.rpartition(":")[2])):
        page.get_by_role("button", name="重试").click()
        expect(page.locator(".message_theirs")).to_have_count(2)
        expect(page.get_by_role("alert")).to_be_hidden()
        expect(page.locator("#text")).to_have_value("")
        expect(page.locator(".message_mine")).to_have_count(2)
        page.reload()
        expect(page.locator(".message")).to_have_count(4)


def test_a_network_that_comes_back_answers_by_itself(phone: BrowserContext, base: str) -> None:
    """The question that could not be sent goes out when the phone is online again."""
    page = phone.new_page()
    page.goto(base)
    phone.set_offline(True)
    page.fill("#text", ARTICLE)
    page.click("#send")
    expect(page.get_by_role("button", name="重试")).to_be_visible()
    phone.set_offline(False)
    expect(page.locator(".message_theirs")).to_have_count(1)


def test_a_server_in_trouble_is_asked_again_under_the_same_id(
    phone: BrowserContext, parts: app.Parts
) -> None:
    """503 is tried again without being asked; a lasting one ends in a sentence and a button."""
    seen: list[str] = []

    def moody(message: InboundMessage) -> tuple[Reply, ...]:
        seen.append(message.message_id)
        if message.text == "不行" or len(seen) < 3:
            raise RuntimeError
        return (Reply(ReplyKind.ANSWER, "第三次成了"),)

    page = phone.new_page()
    with chat_site.chat_only(moody, parts.follower) as base:
        page.goto(base)
        expect(ask(page, "试试").locator(".answer")).to_have_text("第三次成了")
        assert len(seen) == 3
        assert len(set(seen)) == 1
        page.fill("#text", "不行")
        page.click("#send")
        expect(page.get_by_role("alert")).to_contain_text("没有答上来")
        expect(page.get_by_role("button", name="重试")).to_be_visible()


def test_a_page_left_while_waiting_gets_its_answer(phone: BrowserContext, parts: app.Parts) -> None:
    """WeChat suspends a page one leaves: the question under way is asked again, once, and shows typing."""
    asked = threading.Event()
    ready = threading.Event()
    ids: set[str] = set()

    def slow(message: InboundMessage) -> tuple[Reply, ...]:
        ids.add(message.message_id)
        asked.set()
        assert ready.wait(30)
        return (Reply(ReplyKind.ANSWER, "等到了", more="还有呢"),)

    page = phone.new_page()
    with chat_site.chat_only(slow, parts.follower) as base:
        page.goto(base)
        page.fill("#text", "要想一会的事")
        page.click("#send")
        assert asked.wait(30)
        expect(page.get_by_role("status")).to_contain_text("正在查手册")
        page.fill("#text", "下一句先写着")
        page.keyboard.press("Enter")
        page.reload()
        expect(page.locator(".message_mine .bubble")).to_have_text("要想一会的事")
        expect(page.get_by_role("status")).to_be_visible()
        expect(page.locator("#text")).to_have_value("下一句先写着")
        ready.set()
        expect(page.locator(".message_theirs .answer")).to_have_text("等到了")
        assert len(ids) == 1
        page.get_by_role("button", name="更多").click()
        expect(page.locator(".message_theirs")).to_have_count(2)
        expect(page.get_by_role("button", name="更多")).to_have_count(1)


# Without script


def test_without_script_everything_still_works(chromium: Browser, base: str, parts: app.Parts) -> None:
    """Ask, read, open the source as a page, turn a page, come back, pick a choice, clear."""
    context = _context(chromium, "phone", java_script_enabled=False)
    for page in _clean(context.new_page(), base):
        page.fill("#text", ARTICLE)
        page.click("#send")
        expect(page.locator(".answer")).to_have_count(1)
        assert "连续工作满二小时" in (page.locator(".answer").text_content() or "")
        page.locator("a.source").first.click()
        assert page.locator("#clause-text").text_content() == stored(parts, KEY)
        page.get_by_role("link", name="上一条 第一条").click()
        expect(page.get_by_role("heading", name="第一条")).to_be_visible()
        page.get_by_role("link", name="回到聊天").click()
        page.get_by_role("button", name="菜单").click()
        page.locator(".choice").first.click()
        expect(page.locator(".answer")).to_have_count(1)
        page.click("#clear")
        expect(page.locator(".message")).to_have_count(0)
    context.close()


# Look and reach


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_is_large_enough_to_tap(chromium: Browser, base: str, scheme: str) -> None:
    """Buttons, links that stand alone and the field are 44 pixels; the field's type is 16; nothing is cut off."""
    context = _context(chromium, "phone", color_scheme=scheme)
    for page in _clean(context.new_page(), base):
        _assert_reachable(page)
        ask(page, WAGES)
        ask(page, "菜单")
        _assert_reachable(page)
        page.locator("a.source").first.click()
        expect(page.locator("#sheet #clause")).to_be_visible()
        _assert_reachable(page)
    context.close()


def _assert_reachable(page: Page) -> None:
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, textarea, summary, a.source, a.button")]
            .filter((item) => item.checkVisibility() && !item.closest("dialog:not([open])"))
            .map((item) => [item.textContent.trim(), item.getBoundingClientRect()])
            .filter(([, box]) => box.height < 44 || box.width < 44)
            .map(([text, box]) => `${text} ${box.width}x${box.height}`)"""
    )
    assert small == []
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('#text')).fontSize)") >= 16
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_enlarged_type_still_fits(chromium: Browser, base: str) -> None:
    """With type at twice the size nothing runs out of the screen."""
    context = _context(chromium, "phone")
    page = context.new_page()
    page.goto(base)
    page.evaluate("document.documentElement.style.fontSize = '32px'")
    ask(page, WAGES)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('.answer')).fontSize)") == 34
    context.close()


def test_colours_keep_their_contrast() -> None:
    """Every pair of text and ground in the style sheet reaches 4.5 to 1, by day and by night."""
    style = (ROOT / "bot/console/static/chat/chat.css").read_text(encoding="utf-8")
    day, night = (dict(re.findall(r"--nj-([a-z-]+): (#[0-9a-f]{3,6});", part)) for part in _themes(style))
    night = {**day, **night}
    pairs = [(text, ground) for text in ("ink", "soft", "link") for ground in ("ground", "card")]
    pairs += [
        ("ink", "mine"),
        ("good", "good-ground"),
        ("bad", "bad-ground"),
        ("bad", "card"),
        ("bad", "ground"),
    ]
    pairs += [("on-accent", "accent"), ("on-accent", "accent-deep"), ("soft", "line")]
    for theme in (day, night):
        for text, ground in pairs:
            assert _contrast(theme[text], theme[ground]) >= 4.5, (text, ground, theme[text], theme[ground])


def _themes(style: str) -> tuple[str, str]:
    day, _, night = style.partition("@media (prefers-color-scheme: dark)")
    return day, night.partition(".nj [hidden]")[0]


def _contrast(first: str, second: str) -> float:
    lighter, darker = sorted((_light(first), _light(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _light(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    shares = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.node
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(chromium: Browser, base: str, scheme: str) -> None:
    """The independent accessibility checker axe-core has no complaint about any state of the pages."""
    axe = npm.installed(ROOT / "tests/clients/axe") / "node_modules/axe-core/axe.min.js"
    script = axe.read_text(encoding="utf-8")
    context = _context(chromium, "phone", color_scheme=scheme)

    def check(page: Page) -> None:
        page.evaluate(f"{script}; 0")
        found = page.evaluate("axe.run(document).then((result) => result.violations)")
        assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found] == []

    for page in _clean(context.new_page(), base):
        check(page)
        ask(page, WAGES)
        check(page)
        page.click("#clear")
        check(page)
        page.keyboard.press("Escape")
        page.locator("a.source").first.click()
        expect(page.locator("#sheet #clause")).to_be_visible()
        check(page)
        page.reload()
        check(page)
    context.close()
