"""The webhook over real HTTP: who is let in, what is answered, what the person with the phone sees."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx
import pytest
import structlog
from fastapi import FastAPI
from sqlalchemy import func, select

from bot import app, server
from bot.channels.wechat import Account, Receive, router
from bot.core.clock import FixedClock
from bot.core.messages import Choice, InboundMessage, Reply, ReplyKind
from bot.settings import load_settings
from bot.storage.models import ConversationRow, InboundRow, TranscriptRow
from tests.fakes.wechat_platform import (
    WORKER,
    Credentials,
    Mode,
    Outcome,
    WeChatPlatform,
    element,
    event,
    message,
    new_id,
    sign,
    text,
)
from tests.integration.live import serve

SHARED = Credentials()
Place = Callable[..., AbstractContextManager[WeChatPlatform]]


def _say(content: str, **more: object) -> Receive:
    return lambda _message: (Reply(ReplyKind.ANSWER, content, **more),)  # type: ignore[arg-type]


def _echo(asked: InboundMessage) -> tuple[Reply, ...]:
    return (Reply(ReplyKind.ANSWER, f"{asked.kind.value}:{asked.text}"),)


@pytest.fixture
def place(clock: FixedClock) -> Place:
    """Serves a webhook and gives the platform that talks to it."""

    @contextmanager
    def serving(
        receive: Receive = _echo, mode: Mode = Mode.PLAIN, **account: object
    ) -> Iterator[WeChatPlatform]:
        key = "" if mode is Mode.PLAIN else SHARED.aes_key
        web = FastAPI()
        ours = Account(SHARED.token, SHARED.app_id, key, **account)  # type: ignore[arg-type]
        web.include_router(router(ours, receive, clock))
        with serve(web) as base:
            yield WeChatPlatform(base, SHARED, mode, clock)

    return serving


@pytest.mark.parametrize("mode", Mode)
def test_a_question_is_answered_in_every_mode(place: Place, mode: Mode) -> None:
    """Plain, compatible and safe: the person sees the reply after one attempt."""
    with place(mode=mode) as platform:
        seen = platform.push(text("欠薪 ]]> <b> & 🙂"))
    assert (seen.outcome, seen.text, seen.attempts) == (Outcome.REPLY, "text:欠薪 ]]> <b> & 🙂", 1)


@pytest.mark.parametrize("mode", Mode)
def test_the_address_check_gets_its_echo_exactly(place: Place, mode: Mode) -> None:
    """As plain text, byte for byte, whatever the mode."""
    with place(mode=mode) as platform:
        for echo in ("5123456789012345678", "a b+c%&=<>", "回声", ""):
            answer = platform.check(echo)
            assert (answer.status_code, answer.content) == (200, echo.encode())
            assert answer.headers["content-type"].startswith("text/plain")
            assert answer.headers["x-content-type-options"] == "nosniff"


WRONG = [
    {"signature": "0" * 40},
    {"signature": ""},
    {"signature": "a9993e36"},
    {"signature": "é" * 40},
    {"nonce": "changed"},
    {"timestamp": ""},
    {"timestamp": "-5"},
    {"timestamp": "1e9"},
    {"timestamp": "9" * 5000},
]


def test_a_wrong_query_gets_403_and_not_a_word(place: Place) -> None:
    """For the address check and for messages, and nothing is worked on."""
    worked: list[InboundMessage] = []
    with place(lambda asked: (worked.append(asked), ())[1]) as platform:
        for changed in WRONG:
            for answer in (platform.check("echo", **changed), platform.post(text("x"), **changed)):
                assert (answer.status_code, answer.content) == (403, b""), changed
    assert not worked


def test_a_request_without_a_query_gets_403(place: Place) -> None:
    """Scanners come by every day."""
    with place() as platform:
        assert httpx.get(f"{platform.base_url}/wechat").status_code == 403
        assert httpx.post(f"{platform.base_url}/wechat", content=b"<xml/>").status_code == 403
        assert httpx.put(f"{platform.base_url}/wechat").status_code == 405


def test_another_token_gets_403(place: Place) -> None:
    """Signed, but not by our platform; an empty token signs nothing either."""
    for mode in Mode:
        with place(mode=mode) as platform:
            for token in ("other", ""):
                stranger = WeChatPlatform(
                    platform.base_url, Credentials(token=token), mode=mode, clock=platform.clock
                )
                answer = stranger.post(text("x"))
                assert (answer.status_code, answer.content) == (403, b"")


def test_another_app_id_gets_403(place: Place) -> None:
    """Our token and key, but meant for another account."""
    with place(mode=Mode.SAFE) as platform:
        stranger = WeChatPlatform(
            platform.base_url, Credentials(app_id="wxffffffffffffffff"), Mode.SAFE, platform.clock
        )
        answer = stranger.post(text("x"))
    assert (answer.status_code, answer.content) == (403, b"")


@pytest.mark.parametrize("mode", Mode)
def test_a_signature_is_good_for_ten_minutes(place: Place, clock: FixedClock, mode: Mode) -> None:
    """Before and after, by our clock."""
    with place(mode=mode) as platform:
        for late, status in ((-601, 403), (-599, 200), (599, 200), (601, 403)):
            platform.clock = elsewhere = FixedClock(clock.now())
            elsewhere.advance(seconds=late)
            assert platform.post(text("x")).status_code == status


@pytest.mark.parametrize(("flag", "status"), [(False, 403), (True, 200)])
def test_milliseconds_are_for_test_tools_only(place: Place, flag: bool, status: int) -> None:
    """Thirteen digits pass only where the account says so."""
    with place(millisecond_timestamps=flag) as platform:
        stamp = f"{platform.clock.now().timestamp() * 1000:.0f}"
        signature = sign(SHARED.token, stamp, "1")
        changed = {"timestamp": stamp, "nonce": "1", "signature": signature}
        assert platform.post(text("x"), **changed).status_code == status


def test_encryption_is_not_optional_where_a_key_is_set(place: Place) -> None:
    """A deployment with a key refuses clear messages, one without refuses encrypted ones."""
    for ours, theirs in ((Mode.SAFE, Mode.PLAIN), (Mode.PLAIN, Mode.SAFE), (Mode.PLAIN, Mode.COMPATIBLE)):
        with place(mode=ours) as platform:
            platform.mode = theirs
            assert platform.post(text("x")).status_code == 403
            assert platform.post(text("x"), encrypt_type="").status_code in (403, 200)


def test_the_query_signature_alone_does_not_open_safe_mode(place: Place) -> None:
    """What counts is msg_signature, over the encrypted text."""
    with place(mode=Mode.SAFE) as platform:
        query, body = platform.request(text("x"))
        for changed in ({"msg_signature": ""}, {"msg_signature": query["signature"]}):
            answer = httpx.post(f"{platform.base_url}/wechat", params=query | changed, content=body)
            assert answer.status_code == 403
        tampered = body.replace(b"<Encrypt><![CDATA[", b"<Encrypt><![CDATA[A")
        answer = httpx.post(f"{platform.base_url}/wechat", params=query, content=tampered)
        assert answer.status_code == 403


@pytest.mark.parametrize("mode", [Mode.COMPATIBLE, Mode.SAFE])
def test_in_compatible_mode_the_encrypted_part_counts(place: Place, mode: Mode) -> None:
    """Clear text beside it may say anything, also an <Encrypt> of its own."""
    with place(mode=mode) as platform:
        query, body = platform.request(text("<Encrypt>QUJD</Encrypt>真的"))
        forged = body.replace("真的".encode(), "假的".encode())
        answer = platform.read(httpx.post(f"{platform.base_url}/wechat", params=query, content=forged))
    assert answer.text == "text:<Encrypt>QUJD</Encrypt>真的"


@pytest.mark.parametrize("mode", Mode)
def test_control_characters_do_no_harm(place: Place, mode: Mode) -> None:
    """In compatible mode they stand in the clear part as well."""
    with place(mode=mode) as platform:
        seen = platform.push(text("拖\x00欠\x08工\x1f资\x0b"))
    assert (seen.outcome, seen.text) == (Outcome.REPLY, "text:拖欠工资")


@pytest.mark.parametrize("mode", Mode)
def test_the_body_is_limited_to_64_kib(place: Place, mode: Mode) -> None:
    """One byte less is worked on; more is refused without work, however much more."""
    worked: list[str] = []
    with place(lambda asked: (worked.append(asked.text), ())[1], mode) as platform:
        for size in (70_000, 900_000):
            answer = platform.post(text("x" * size))
            assert (answer.status_code, answer.content) == (413, b"")
        assert worked == []
        fits = 40_000 if mode is Mode.SAFE else 25_000 if mode is Mode.COMPATIBLE else 64_000
        assert platform.post(text("x" * fits)).status_code == 200
    assert [len(said) for said in worked] == [fits]


BROKEN = [
    b"",
    b"hello",
    b"{}",
    b"<xml>",
    b"\xff\xfe<\x00x\x00m\x00l\x00>\x00",
    text("x").replace("</Content>", "").encode(),
    b"<!DOCTYPE xml>" + text("x").encode(),
    b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + text("&b;").encode(),
    text("x", sender="a]]>b").encode(),
    text("x", sender="a b").encode(),
    b"<xml>" * 10_000,
    message("hologram", "<MsgId>1</MsgId>").encode(),
    event("moon_landing").encode(),
    event("VIEW", element("EventKey", "http://x.example")).encode(),
    event("subscribe_msg_popup_event", "<L><List><T>1</T></List><List><T>2</T></List></L>").encode(),
]


def test_a_genuine_request_that_makes_no_sense_is_acknowledged(place: Place) -> None:
    """After the signature nothing leads to a fault, and nothing of it is worked on or sent back."""
    worked: list[InboundMessage] = []
    with place(lambda asked: (worked.append(asked), ())[1]) as platform:
        query, _ = platform.request(text("x"))
        for body in BROKEN:
            answer = httpx.post(f"{platform.base_url}/wechat", params=query, content=body)
            assert (answer.status_code, answer.content) == (200, b"success"), body[:80]
    assert not worked


def test_bad_utf8_costs_the_bad_bytes_only(place: Place) -> None:
    """The rest of what was typed is understood."""
    with place() as platform:
        query, _ = platform.request(text("x"))
        body = text("工资??").encode().replace(b"??", b"\xff\xc0")
        answer = platform.read(httpx.post(f"{platform.base_url}/wechat", params=query, content=body))
    assert answer.text.startswith("text:工资")


def test_validly_signed_broken_ciphertext_is_acknowledged(place: Place) -> None:
    """Our own key may be set wrong; the platform is not told anything. No ciphertext at all is not signed."""
    with place(mode=Mode.SAFE) as platform:
        for inside in (b"", b"AAAA", b"QUJD" * 20, b"A" * 1000):
            query, _ = platform.request(text("x"))
            query["msg_signature"] = sign(SHARED.token, query["timestamp"], query["nonce"], inside.decode())
            body = b"<xml><Encrypt><![CDATA[%b]]></Encrypt></xml>" % inside
            answer = httpx.post(f"{platform.base_url}/wechat", params=query, content=body)
            assert (answer.status_code, answer.content) == ((200, b"success") if inside else (403, b""))


def test_a_crash_is_hidden_from_the_platform_and_from_the_log(place: Place) -> None:
    """The answer is ``success``; the log names the fault but not the person or the words."""

    def crash(asked: InboundMessage) -> tuple[Reply, ...]:
        raise RuntimeError(asked.text + asked.sender)

    with structlog.testing.capture_logs() as logs, place(crash) as platform:
        answer = platform.post(text("我的身份证丢了"))
    assert (answer.status_code, answer.content) == (200, b"success")
    assert [line["error"] for line in logs] == ["RuntimeError"]
    for secret in ("身份证", WORKER, SHARED.token):
        assert secret not in str(logs)


def test_refusals_are_logged_without_what_was_sent(place: Place) -> None:
    """The reason only."""
    with structlog.testing.capture_logs() as logs, place() as platform:
        platform.post(text("我的身份证丢了"), signature="0" * 40)
    assert [line["reason"] for line in logs] == ["signature"]
    for secret in ("身份证", WORKER, SHARED.token, "0" * 40):
        assert secret not in str(logs)


LONG_ANSWERS = {
    "10 000 characters": "单位应当按月足额支付工资。" * 800,
    "emoji at the border": "🙂" * 3000,
    "family at the border": "工" + "👩‍👩‍👧" * 300,
    "marks at the border": "]]>" * 1500,
    "one endless word": "a" * 10_000,
}


@pytest.mark.parametrize("mode", [Mode.PLAIN, Mode.SAFE])
@pytest.mark.parametrize("said", LONG_ANSWERS.values(), ids=LONG_ANSWERS)
def test_long_answers_arrive_inside_the_limit(place: Place, mode: Mode, said: str) -> None:
    """The platform takes them, and what can be done next is still there."""
    receive = _say(said, choices=(Choice("转人工", "人工"),))
    with place(receive, mode, public_url="https://union.example") as platform:
        seen = platform.push(text("x"))
    assert seen.outcome is Outcome.REPLY
    assert len(seen.text.encode()) <= 2000
    assert seen.text.endswith("1. 转人工")
    assert 'href="https://union.example/"' in seen.text


@pytest.mark.parametrize(
    "replies", [(), (Reply(ReplyKind.SMALLTALK, ""),), (Reply(ReplyKind.SMALLTALK, "\x00 \n"),)]
)
def test_an_empty_reply_is_success(place: Place, replies: tuple[Reply, ...]) -> None:
    """Nothing to say, nothing to show."""
    with place(lambda _asked: replies) as platform:
        assert platform.push(text("x")).outcome is Outcome.NOTHING


def test_events_reach_the_core(place: Place) -> None:
    """Following, leaving, tapping and scanning."""
    with place() as platform:
        assert platform.push(event("subscribe", element("EventKey", "qrscene_7"))).text == "follow:"
        assert platform.push(event("unsubscribe")).text == "unfollow:"
        assert platform.push(event("CLICK", element("EventKey", "人工"))).text == "text:人工"
        assert platform.push(event("SCAN", element("EventKey", "7"))).text == "text:菜单"


@pytest.fixture
def union(
    tmp_path: Path, clock: FixedClock
) -> Callable[[], AbstractContextManager[tuple[app.Parts, WeChatPlatform]]]:
    """A whole deployment on one SQLite file; each call starts it anew."""

    @contextmanager
    def started() -> Iterator[tuple[app.Parts, WeChatPlatform]]:
        parts = app.assemble(load_settings(data_dir=tmp_path / "var"), clock)
        web = FastAPI()
        account = Account(SHARED.token, SHARED.app_id, SHARED.aes_key, public_url="https://union.example")
        web.include_router(router(account, parts.assistant.receive, clock))
        with serve(web) as base:
            yield parts, WeChatPlatform(base, SHARED, Mode.SAFE, clock)
        parts.close()

    return started


Union = Callable[[], AbstractContextManager[tuple[app.Parts, WeChatPlatform]]]


def _counts(parts: app.Parts) -> tuple[int, int]:
    """How many questions were kept, and how many messages were received."""
    with parts.database.reading() as session:
        asked = session.scalar(select(func.count()).select_from(TranscriptRow).where(TranscriptRow.by_worker))
        return asked or 0, session.scalar(select(func.count()).select_from(InboundRow)) or 0


def test_one_message_is_worked_on_once_whenever_it_comes_again(union: Union, clock: FixedClock) -> None:
    """Three times at once, three times in a row, and once after a restart: the same bytes each time."""
    asked = text("老板拖欠工资三个月了怎么办", msg_id=new_id(), created=int(clock.now().timestamp()))
    with union() as (parts, platform):
        with ThreadPoolExecutor(3) as pool:
            answers = list(pool.map(platform.post, [asked] * 3))
        answers += [platform.post(asked) for _ in range(3)]
        read = [platform.read(answer) for answer in answers]
        assert _counts(parts) == (1, 1)
    with union() as (parts, platform):
        read.append(platform.read(platform.post(asked)))
        assert _counts(parts) == (1, 1)
    assert {answer.outcome for answer in read} == {Outcome.REPLY}
    assert len({answer.clear for answer in read}) == 1
    assert "依据：" in read[0].text
    assert "https://union.example/clause/" in read[0].text


def test_an_event_that_comes_again_is_worked_on_once(union: Union, clock: FixedClock) -> None:
    """Events have no MsgId; a second tap a second later is another event."""
    now = int(clock.now().timestamp())
    with union() as (parts, platform):
        tap = event("CLICK", element("EventKey", "菜单"), created=now)
        assert platform.push(tap).text == platform.push(tap).text
        assert _counts(parts)[1] == 1
        platform.push(event("CLICK", element("EventKey", "菜单"), created=now + 1))
        assert _counts(parts)[1] == 2


def test_leaving_is_noted_at_once_and_not_answered(union: Union) -> None:
    """Who unfollows is sent nothing from then on."""
    with union() as (parts, platform):
        assert "欢迎" in platform.push(event("subscribe", created=1)).text
        assert platform.push(event("unsubscribe", created=2)).outcome is Outcome.NOTHING
        with parts.database.reading() as session:
            assert session.scalars(select(ConversationRow.following)).all() == [False]


def test_ten_rapid_questions_get_ten_answers_in_order(parts: app.Parts) -> None:
    """All ten are on their way before the first is answered; the record has them in the order of arrival."""
    questions = [f"第{number}个问题" for number in range(10)]
    web = FastAPI()
    web.include_router(router(Account(SHARED.token, ""), parts.assistant.receive, parts.clock))
    platform = WeChatPlatform("http://wechat.example", SHARED, clock=parts.clock)

    async def all_at_once() -> list[httpx.Response]:
        transport = httpx.ASGITransport(web)
        async with web.router.lifespan_context(web), httpx.AsyncClient(transport=transport) as client:
            asked = [platform.request(text(question)) for question in questions]
            url = f"{platform.base_url}/wechat"
            return await asyncio.gather(*(client.post(url, params=q, content=body) for q, body in asked))

    answers = asyncio.run(all_at_once())
    assert [platform.read(answer).outcome for answer in answers] == [Outcome.REPLY] * 10
    with parts.database.reading() as session:
        kept = session.scalars(
            select(TranscriptRow).where(TranscriptRow.by_worker).order_by(TranscriptRow.id)
        )
        assert [row.text for row in kept] == questions


def test_the_whole_server_speaks_safe_mode(tmp_path: Path, clock: FixedClock) -> None:
    """From settings to answer, behind everything else the server does with a request."""
    settings = load_settings(
        data_dir=tmp_path / "var",
        wechat_token=SHARED.token,
        wechat_app_id=SHARED.app_id,
        wechat_aes_key=SHARED.aes_key,
        public_url="https://union.example",
    )
    parts = app.assemble(settings, clock)
    with serve(server.create(parts, with_worker=False)) as base:
        platform = WeChatPlatform(base, SHARED, Mode.SAFE, clock)
        assert platform.check("123").content == b"123"
        assert platform.push(text("老板拖欠工资怎么办")).outcome is Outcome.REPLY
        refused = platform.post(text("x"), msg_signature="0" * 40)
        assert (refused.status_code, refused.content) == (403, b"")
    parts.close()


def test_voice_is_answered_like_text(union: Union) -> None:
    """What the platform heard is taken as said; what it did not hear is asked for."""
    with union() as (_, platform):
        heard = message("voice", element("Recognition", "拖欠工资怎么办") + f"<MsgId>{new_id()}</MsgId>")
        unheard = message("voice", f"<MsgId>{new_id()}</MsgId>")
        assert "工资" in platform.push(heard).text
        assert "打字" in platform.push(unheard).text


def test_every_kind_gets_an_answer_or_none_but_never_a_fault(union: Union) -> None:
    """Pictures, places and links are met with a request for words."""
    with union() as (_, platform):
        for kind in ("image", "video", "shortvideo", "location", "link"):
            assert "文字" in platform.push(message(kind, f"<MsgId>{new_id()}</MsgId>")).text
