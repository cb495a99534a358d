"""The web chat over real HTTP: page, form, JSON, event stream, clauses, and everything it refuses."""

import asyncio
import json
import re
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import app
from bot.channels.webchat import turns
from bot.channels.webchat.limits import Limiter
from bot.channels.webchat.pages import STARTERS
from bot.channels.webchat.routes import Limits
from bot.core.errors import ConflictError
from bot.core.messages import InboundMessage, Reply, ReplyKind
from bot.storage import conversations as store
from knowledge.catalogue import Catalogue
from knowledge.equipment import Equipment
from knowledge.library import Library
from tests.integration import chat_site

STREAM = {"Accept": "text/event-stream"}
WAGES = "拖欠工资怎么办"


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[app.Parts]:
    """One deployment for all tests of this file; every client is a browser of its own."""
    with chat_site.deploy(tmp_path_factory.mktemp("webchat")) as assembled:
        yield assembled


@pytest.fixture(scope="module")
def site(parts: app.Parts) -> Iterator[str]:
    """Its server's address."""
    with chat_site.visit(parts) as base:
        yield base


@pytest.fixture
def browser(site: str) -> Iterator[httpx.Client]:
    """A browser that has opened the chat page."""
    with httpx.Client(base_url=site, headers={"Origin": site}) as client:
        assert client.get("/").status_code == 200
        yield client


def ask(client: httpx.Client, text: str, message_id: str | None = None, **headers: str) -> httpx.Response:
    """One question as the page's script asks it."""
    return client.post("/api/chat", json={"text": text, "message_id": message_id}, headers=headers)


def events(answer: httpx.Response) -> list[dict[str, str]]:
    """The fields of each server-sent event, comments left out."""
    blocks = [block for block in answer.text.split("\n\n") if block and not block.startswith(":")]
    return [dict(line.split(": ", 1) for line in block.split("\n")) for block in blocks]


class Library0:
    """A shelf with nothing on it."""

    library = Library.build([], Equipment(Catalogue([])))


def echo(message: InboundMessage) -> tuple[Reply, ...]:
    """Says what was asked and under which id, in two replies."""
    return (
        Reply(ReplyKind.ANSWER, message.text, more="还有一点"),
        Reply(ReplyKind.ANSWER, message.message_id),
    )


# The page


def test_the_page_greets_and_offers_starters(browser: httpx.Client) -> None:
    """The page speaks for the union, in Chinese, and every starter is a button."""
    page = browser.get("/").text
    assert '<html lang="zh-CN">' in page
    assert chat_site.UNION in page
    for starter in STARTERS:
        assert f'name="text" value="{starter}"' in page
    assert 'role="log"' in page
    assert 'aria-live="polite"' in page
    assert "viewport-fit=cover" in page
    assert '<label class="unseen" for="text">' in page


def test_every_starter_is_answered_from_the_handbook(browser: httpx.Client) -> None:
    """What the page invites people to ask has an answer with a source."""
    for starter in STARTERS:
        reply = ask(browser, starter).json()["replies"][0]
        assert reply["kind"] == "answer", starter
        assert reply["citations"], starter


def test_the_page_has_no_inline_script_or_style(browser: httpx.Client) -> None:
    """Nothing on any page needs more than the strict content security policy allows."""
    clause = browser.get("/clause/H041")
    for response in (browser.get("/"), clause, browser.get("/clause/没有")):
        assert "unsafe" not in response.headers["content-security-policy"]
        assert "default-src 'self'" in response.headers["content-security-policy"]
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", response.text)
        for tag in re.findall(r"<script[^>]*>", response.text):
            assert 'src="/static/' in tag


def test_everything_the_page_loads_is_served_here(browser: httpx.Client) -> None:
    """No asset comes from elsewhere, and none is missing."""
    page = browser.get("/").text
    addresses = re.findall(r'(?:src|href)="(/[^"]+)"', page)
    assert len(addresses) >= 4
    for address in addresses:
        assert browser.get(address).status_code == 200, address
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)


def test_the_cookie_is_closed_to_scripts_and_other_sites(site: str) -> None:
    """A new browser gets a random id, HttpOnly and SameSite=Lax; a known one keeps its own."""
    with httpx.Client(base_url=site) as client:
        first = client.get("/")
        cookie = first.headers["set-cookie"]
        assert re.match(r"niangjia-chat=[A-Za-z0-9_-]{32}; ", cookie)
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "Secure" not in cookie
        assert "Max-Age" not in cookie
        assert "set-cookie" not in client.get("/").headers
        assert client.head("/").status_code == 200
    with httpx.Client(base_url=site, cookies={"niangjia-chat": "../../planted"}) as client:
        assert "niangjia-chat=" in client.get("/").headers["set-cookie"]


def test_behind_https_the_cookie_is_secure() -> None:
    """With a public https address the cookie is Secure and cannot be planted from a subdomain."""
    with chat_site.chat_only(echo, Library0(), "https://chat.example.org") as base:
        cookie = httpx.get(base).headers["set-cookie"]
    assert cookie.startswith("__Host-niangjia-chat=")
    assert "Secure" in cookie
    assert "Path=/" in cookie


# JSON


def test_a_question_gets_the_assistants_reply(browser: httpx.Client, parts: app.Parts) -> None:
    """The replies are the assistant's own, as plain JSON, with links to the clauses."""
    answer = ask(browser, WAGES)
    assert answer.headers["cache-control"] == "no-store"
    (reply,) = answer.json()["replies"]
    direct = app.asker(parts)(WAGES)
    assert Reply.from_dict(reply) == direct
    assert reply["citations"][-1]["url"].startswith("/clause/H")


def test_an_article_is_quoted_byte_for_byte(browser: httpx.Client, parts: app.Parts) -> None:
    """What the citation quotes is what the store holds."""
    (reply,) = ask(browser, "江城市职工茶歇办法第二条").json()["replies"]
    (citation,) = reply["citations"]
    chunk = parts.follower.library.get(citation["key"])
    assert chunk is not None
    assert citation["quote"] == chunk.text
    assert "<茶&歇>，不是“茶'歇”。\n有下列情形" in citation["quote"]


def test_the_same_id_is_answered_once(browser: httpx.Client, parts: app.Parts) -> None:
    """A repeated POST gets the same reply, and nothing is counted twice."""
    question = "火星基地的食堂几点开门呀"
    first, again = ask(browser, question, "same-id"), ask(browser, question, "same-id")
    assert first.json() == again.json()
    with parts.database.reading() as session:
        times = [row.times for row in store.unanswered(session) if row.question == question]
    assert times == [1]
    other = ask(browser, "菜单", "same-id")
    assert other.json() == first.json()


def test_nobody_gets_anothers_reply_by_its_id(browser: httpx.Client, site: str) -> None:
    """The id counts within one browser only."""
    mine = ask(browser, "江城市职工茶歇办法第三条", "guessable-1").json()
    with httpx.Client(base_url=site, headers={"Origin": site}) as stranger:
        stranger.get("/")
        theirs = ask(stranger, "谢谢", "guessable-1").json()
    assert theirs != mine
    assert theirs["replies"][0]["kind"] == "smalltalk"


def test_a_conversation_belongs_to_the_cookie(browser: httpx.Client, site: str) -> None:
    """A number picks from this browser's last choices; to another browser it means nothing."""
    choices = ask(browser, "菜单").json()["replies"][0]["choices"]
    picked = ask(browser, "1").json()["replies"][0]
    assert picked == ask(browser, choices[0]["send"]).json()["replies"][0]
    with httpx.Client(base_url=site) as stranger:
        assert ask(stranger, "1").json()["replies"][0] != picked


def test_without_a_page_visit_a_cookie_is_given(site: str) -> None:
    """A program that starts with a question gets its cookie with the answer, and needs no Origin."""
    with httpx.Client(base_url=site) as client:
        answer = ask(client, "你好")
        assert answer.status_code == 200
        assert "niangjia-chat=" in answer.headers["set-cookie"]
        assert client.cookies


def test_unseen_characters_do_no_harm() -> None:
    """Control characters and broken halves of emoji are dropped; line ends become one kind."""
    with chat_site.chat_only(echo, Library0()) as base:
        body = b'{"text": "a\\u0000\\ud83d b\\r\\nc\\u0007"}'
        answer = httpx.post(f"{base}/api/chat", content=body, headers={"Content-Type": "application/json"})
    assert answer.json()["replies"][0]["text"] == "a b\nc"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe\x00", 400),
        (b"[" * 60_000, 400),
        (b'{"text": ' + b"9" * 5000 + b"}", 400),
        (b"null", 422),
        (b'["text"]', 422),
        (b'"text"', 422),
        (b"{}", 422),
        (b'{"text": null}', 422),
        (b'{"text": 5}', 422),
        (b'{"text": ["a"]}', 422),
        (b'{"text": ""}', 422),
        (b'{"text": " \\n\\u3000 "}', 422),
        (b'{"text": "a", "message_id": 5}', 422),
        (b'{"text": "a", "message_id": ""}', 422),
        (b'{"text": "a", "message_id": "a b"}', 422),
        (b'{"text": "a", "message_id": "a:b"}', 422),
        (json.dumps({"text": "a", "message_id": "a" * 65}).encode(), 422),
        (json.dumps({"text": "长" * 4001}).encode(), 422),
        (json.dumps({"text": "a" * 70_000}).encode(), 413),
    ],
)
def test_what_is_no_question_is_refused_in_chinese(site: str, body: bytes, status: int) -> None:
    """Broken, empty, mistyped and oversize input gets a status in the 400s and one Chinese sentence."""
    answer = httpx.post(f"{site}/api/chat", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    assert set(answer.json()) == {"error"}
    assert re.search("[一-鿿]", answer.json()["error"])


def test_the_longest_text_is_taken(browser: httpx.Client) -> None:
    """4000 characters are answered; the refusal of 4001 says both numbers."""
    assert ask(browser, "长" * 4000).status_code == 200
    refused = ask(browser, "长" * 4001).json()["error"]
    assert "4001个字" in refused
    assert "4000个字" in refused


def test_a_body_without_a_length_is_cut_off(site: str) -> None:
    """A body that comes in pieces is measured as it comes."""

    def pieces() -> Iterator[bytes]:
        for _ in range(80):
            yield b"a" * 1024

    answer = httpx.post(f"{site}/api/chat", content=pieces(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_only_json_is_taken(site: str, kind: str) -> None:
    """What a form of another site could send never reaches the assistant."""
    answer = httpx.post(f"{site}/api/chat", content=b'{"text": "a"}', headers={"Content-Type": kind})
    assert answer.status_code == 415
    assert "application/json" in answer.json()["error"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://[broken"}, 403),
        ({"Origin": ""}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "OWN"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "none"}, 200),
        ({"Origin": "OWN"}, 200),
        ({"Origin": "https://chat.example.org"}, 200),
    ],
)
def test_other_sites_cannot_post(headers: dict[str, str], status: int) -> None:
    """Questions, forms and clearing are taken from our own pages only, behind a proxy too."""
    with chat_site.chat_only(echo, Library0(), "https://chat.example.org") as base:
        own = {name: base if value == "OWN" else value for name, value in headers.items()}
        asked = httpx.post(f"{base}/api/chat", json={"text": "a"}, headers=own)
        posted = httpx.post(base, data={"text": "a"}, headers=own)
        cleared = httpx.post(f"{base}/chat/clear", headers=own)
    assert asked.status_code == status
    assert posted.status_code == status
    assert cleared.status_code == (303 if status == 200 else 403)
    if status == 403:
        assert "聊天页面" in asked.json()["error"]
        assert "聊天页面" in cleared.text


def test_a_form_must_say_where_it_comes_from(site: str) -> None:
    """A form is what other sites can send, so one that hides its origin is refused."""
    assert httpx.post(site, data={"text": "a"}).status_code == 403
    assert httpx.post(f"{site}/chat/clear").status_code == 403


@settings(max_examples=150, deadline=None)
@given(body=st.one_of(st.binary(max_size=300), st.text(max_size=100).map(lambda text: text.encode())))
def test_no_body_breaks_the_server(site: str, body: bytes) -> None:
    """Whatever is posted, the answer is a sentence and never a fault of ours."""
    for path, kind in (("/api/chat", "application/json"), ("/", "application/x-www-form-urlencoded")):
        answer = httpx.post(
            f"{site}{path}", content=body, headers={"Content-Type": kind, "Sec-Fetch-Site": "same-origin"}
        )
        assert answer.status_code < 500
        assert "Traceback" not in answer.text


def test_a_reader_that_hangs_up_is_no_fault(site: str) -> None:
    """A connection closed in the middle of a body leaves the server well."""
    address = urlsplit(site)
    with socket.create_connection((address.hostname, address.port)) as line:
        line.sendall(
            b"POST /api/chat HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"
        )
    assert httpx.get(f"{site}/healthz").text == "ok"


# Limits


def test_a_browser_that_asks_too_fast_is_told_to_wait() -> None:
    """Past the session's burst the answer is 429 with the seconds to wait; the typed text stays in the form."""
    limits = Limits(session=Limiter(2, 1), address=Limiter(100, 60))
    with (
        chat_site.chat_only(echo, Library0(), limits=limits) as base,
        httpx.Client(base_url=base, headers={"Origin": base}) as client,
    ):
        client.get("/")
        assert [ask(client, "a").status_code for _ in range(3)] == [200, 200, 429]
        refused = ask(client, "a")
        assert "秒再发" in refused.json()["error"]
        assert int(refused.headers["retry-after"]) >= 1
        page = client.post("/", data={"text": "我打了很久的字"})
        assert page.status_code == 429
        assert "我打了很久的字</textarea>" in page.text
        with httpx.Client(base_url=base) as other:
            assert ask(other, "a").status_code == 200


def test_an_address_that_asks_too_fast_is_told_to_wait() -> None:
    """Dropping the cookie does not help past the address's burst."""
    limits = Limits(session=Limiter(2, 1), address=Limiter(4, 1))
    with chat_site.chat_only(echo, Library0(), limits=limits) as base:
        statuses = [httpx.post(f"{base}/api/chat", json={"text": "a"}).status_code for _ in range(6)]
    assert statuses == [200] * 4 + [429] * 2


def test_a_limiter_refills_and_forgets() -> None:
    """Time gives turns back, up to the burst, and memory is bounded."""
    now = [0.0]
    limiter = Limiter(burst=2, per_minute=30, most_keys=3, seconds=lambda: now[0])
    assert [limiter.wait("a") for _ in range(3)] == [0, 0, 2]
    now[0] = 1.0
    assert limiter.wait("a") == 1
    now[0] = 2.0
    assert limiter.wait("a") == 0
    now[0] = 1000.0
    assert [limiter.wait("a") for _ in range(3)] == [0, 0, 2]
    for key in "bcdefg":
        limiter.wait(key)
    assert len(limiter) == 3


# Event stream


def test_the_stream_shows_typing_then_the_reply(browser: httpx.Client) -> None:
    """Typing, the replies and the end come as numbered events that no proxy may hold back."""
    answer = ask(browser, WAGES, "streamed", **STREAM)
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["x-accel-buffering"] == "no"
    typing, reply, done = events(answer)
    assert (typing["event"], reply["event"], done["event"]) == ("typing", "reply", "done")
    assert [typing["id"], reply["id"], done["id"]] == ["0", "1", "2"]
    plain = ask(browser, WAGES, "streamed").json()["replies"]
    assert json.loads(reply["data"]) == plain[0]


def test_a_broken_stream_goes_on_where_it_broke() -> None:
    """Last-Event-ID leaves out what had arrived; nonsense in it counts as nothing."""
    with chat_site.chat_only(echo, Library0()) as base:

        def names(last: str | bytes) -> list[str]:
            answer = httpx.post(
                f"{base}/api/chat", json={"text": "a"}, headers=[*STREAM.items(), ("Last-Event-ID", last)]
            )
            return [f"{event['event']} {event['id']}" for event in events(answer)]

        assert names("0") == ["typing 0", "reply 1", "reply 2", "done 3"]
        assert names("1") == ["typing 0", "reply 2", "done 3"]
        assert names("²".encode()) == names("9" * 5000) == names("x") == names("0")


def test_the_stream_shows_life_while_the_answer_is_worked_on() -> None:
    """Comments keep the line open until the answer is there."""
    ready = threading.Event()

    def slow(message: InboundMessage) -> tuple[Reply, ...]:
        assert ready.wait(30)
        return echo(message)

    async def listen() -> list[str]:
        seen = []
        async for block in turns.events(slow, InboundMessage("web", "s", "m", "慢"), heartbeat=0.01):
            seen.append(block)
            if block.startswith(":"):
                ready.set()
        return seen

    seen = asyncio.run(listen())
    assert seen[0].startswith("id: 0\nevent: typing\n")
    assert seen[1].startswith(": ")
    assert "慢" in seen[-3]
    assert seen[-1] == "id: 3\nevent: done\ndata: {}\n\n"


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [(ConflictError(), "别人刚刚改过这一项"), (RuntimeError("password=hunter2"), "你写的内容还在")],
)
def test_a_failing_turn_is_one_sentence(failure: Exception, sentence: str) -> None:
    """JSON, stream and form tell what to do, and never what broke."""

    def failing(message: InboundMessage) -> tuple[Reply, ...]:
        del message
        raise failure

    with chat_site.chat_only(failing, Library0()) as base:
        plain = httpx.post(f"{base}/api/chat", json={"text": "a"})
        stream = httpx.post(f"{base}/api/chat", json={"text": "a"}, headers=STREAM)
        page = httpx.post(base, data={"text": "没说完的话"}, headers={"Origin": base})
    assert plain.status_code == page.status_code == 503
    assert sentence in plain.json()["error"]
    assert [event["event"] for event in events(stream)] == ["typing", "error"]
    assert sentence in events(stream)[1]["data"]
    assert sentence in page.text
    assert "没说完的话</textarea>" in page.text
    assert "hunter2" not in plain.text + stream.text + page.text


# Without script


def test_the_form_answers_without_script(browser: httpx.Client) -> None:
    """A plain form shows question, answer, sources as links, choices as buttons and numbers to call."""
    page = browser.post("/", data={"text": "劳动合同 <b>怎么签</b>", "message_id": "x"}).text
    assert "劳动合同 &lt;b&gt;怎么签&lt;/b&gt;" in page
    assert "<b>怎么签" not in page
    page = browser.post("/", data={"text": WAGES, "message_id": "x"}).text
    assert 'href="/clause/H' in page
    assert 'name="text" value="人工"' in page
    assert '<a href="tel:12333">12333</a>' in page
    assert "<b>下一步：</b>" in page
    more = [value for value in re.findall(r'name="text" value="([^"]+)"', page) if value == "更多"]
    assert len(more) <= 1


def test_the_rest_of_a_long_answer_is_a_button_away() -> None:
    """With more to say there is a 更多 button."""
    with chat_site.chat_only(echo, Library0()) as base:
        page = httpx.post(base, data={"text": "a"}, headers={"Origin": base}).text
    assert page.count('name="text" value="更多"') == 1


def test_a_form_sent_twice_asks_once() -> None:
    """Reloading an answer repeats its id; another button of the same page has another."""
    with (
        chat_site.chat_only(echo, Library0()) as base,
        httpx.Client(base_url=base, headers={"Origin": base}) as client,
    ):
        client.get("/")

        def identity(text: str, page: str) -> str:
            answer = client.post("/", data={"text": text, "message_id": page}).text
            found = re.search(r"[A-Za-z0-9_-]{32}:[0-9a-f]{64}", answer)
            assert found
            return found[0]

        assert identity("a", "p1") == identity("a", "p1")
        assert identity("a", "p1") != identity("b", "p1")
        assert identity("a", "p1") != identity("a", "p2")


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"text=", "application/x-www-form-urlencoded", 422),
        (b"other=1", "application/x-www-form-urlencoded", 422),
        (b"&".join(b"a=1" for _ in range(50)), "application/x-www-form-urlencoded", 400),
        (b"text=\xff", "application/x-www-form-urlencoded", 400),
        (b"text=a", "text/plain", 415),
        (b"text=" + b"a" * 5000, "application/x-www-form-urlencoded", 422),
        (b"text=" + b"a" * 70_000, "application/x-www-form-urlencoded", 413),
    ],
)
def test_a_refused_form_is_the_page_with_a_sentence(
    browser: httpx.Client, body: bytes, kind: str, status: int
) -> None:
    """The field is marked, the sentence bound to it, and what was typed is still in it."""
    answer = browser.post("/", content=body, headers={"Content-Type": kind})
    assert answer.status_code == status
    assert 'aria-describedby="trouble-text hint"' in answer.text
    assert re.search(r'id="trouble-text">[^<]*[一-鿿]', answer.text)
    if len(body) == 5005:
        assert "a" * 5000 + "</textarea>" in answer.text


def test_clearing_starts_over(browser: httpx.Client) -> None:
    """After 清空对话 the browser is a new one to the assistant."""
    ask(browser, "菜单")
    before = browser.cookies["niangjia-chat"]
    cleared = browser.post("/chat/clear")
    assert (cleared.status_code, cleared.headers["location"]) == (303, "/")
    assert browser.cookies["niangjia-chat"] != before
    assert ask(browser, "1").json()["replies"][0]["kind"] != "answer"
