"""Every rule of receiving and answering on Telegram, with a core of the test's own behind the real channel."""

import logging
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import structlog

from bot import logs
from bot.channels.telegram import Polling, State
from bot.core.errors import ConflictError
from bot.core.messages import Choice, Citation, InboundMessage, MessageKind, Reply, ReplyKind
from tests.fakes.telegram import BOT, TOKEN, FakeTelegram
from tests.integration import bot_api
from tests.integration.bot_api import QUICK

WORKER, GROUP = 700, -1007
_QUOTE = Citation("示范劳动法#1", "示范劳动法", "第一条", "第一条 工资 < 0 & 不行。")


class Core:
    """A core that keeps what it was told and answers with the same words, or with what a test sets."""

    def __init__(self) -> None:
        self.told: list[InboundMessage] = []
        self.reply: Reply | None = None
        self._lock = threading.Lock()

    def receive(self, message: InboundMessage) -> tuple[Reply, ...]:
        """Answer anything but a farewell."""
        with self._lock:
            self.told.append(message)
        if message.kind is MessageKind.UNFOLLOW:
            return ()
        return (self.reply or Reply(ReplyKind.SMALLTALK, message.text),)

    def farewells(self) -> list[str]:
        """Who is known to be out of reach."""
        return [message.sender for message in self.told if message.kind is MessageKind.UNFOLLOW]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback is never asked of a proxy."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def core() -> Core:
    """The core behind the channel."""
    return Core()


@pytest.fixture
def platform() -> Iterator[tuple[FakeTelegram, str]]:
    """A platform nobody listens to yet."""
    with bot_api.platform() as found:
        yield found


@pytest.fixture
def telegram(platform: tuple[FakeTelegram, str], core: Core) -> Iterator[FakeTelegram]:
    """The platform with our bot listening."""
    fake, address = platform
    with bot_api.polling(address, core.receive) as channel:
        fake.wait(lambda: channel.state is State.LISTENING)
        yield fake


def _lines(logged: list[dict[str, Any]]) -> list[str]:
    return [line["status"] for line in logged if line["event"] == "telegram stopped"]


# Answers


def test_a_long_answer_comes_in_parts_that_keep_every_limit(core: Core) -> None:
    """Whole sentences, nothing lost, buttons below the last part, never two messages within the chat's second."""
    core.reply = Reply(ReplyKind.ANSWER, "工会帮您😀算清楚。" * 1000, choices=(Choice("人工", "人工"),))
    with (
        bot_api.platform(chat_gap=0.2) as (fake, address),
        bot_api.polling(address, core.receive, replace(QUICK, chat=0.25)),
    ):
        fake.says(WORKER, "长")
        parts = fake.answers(WORKER, 3)
    assert "".join(part["text"] for part in parts) == core.reply.text
    assert all(part["text"].endswith("。") for part in parts)
    assert ["reply_markup" in part for part in parts] == [False, False, True]
    assert fake.flooded == 0


def test_forty_people_at_once_stay_within_the_overall_limit(core: Core) -> None:
    """30 messages a second are never exceeded."""
    pace = replace(QUICK, overall=0.036)
    with bot_api.platform() as (fake, address), bot_api.polling(address, core.receive, pace):
        for person in range(1, 41):
            fake.says(person, "好")
        fake.wait(lambda: len(fake.sent) == 40)
    assert fake.flooded == 0


def test_markup_in_words_is_shown_as_words(telegram: FakeTelegram, core: Core) -> None:
    """Angle brackets, ampersands and ]]> arrive as typed, also beside a clause set apart."""
    telegram.says(WORKER, "<b>1 & 2</b> ]]> &lt; 😀")
    assert telegram.answers(WORKER)[0]["text"] == "<b>1 & 2</b> ]]> &lt; 😀"
    core.reply = Reply(ReplyKind.ARTICLE, f"《示范<劳动>法》\n{_QUOTE.quote}", (_QUOTE,))
    telegram.says(WORKER, "第一条")
    clause = telegram.answers(WORKER, 2)[1]
    assert clause["given"]["parse_mode"] == "HTML"
    assert clause["text"] == core.reply.text


def test_an_empty_answer_sends_nothing(telegram: FakeTelegram, core: Core) -> None:
    """Blank text is no message; choices alone are asked for."""
    core.reply = Reply(ReplyKind.SMALLTALK, " \n\x00")
    telegram.says(WORKER, "空")
    telegram.wait(lambda: core.told)
    core.reply = Reply(ReplyKind.MENU, "", choices=(Choice("人工", "人工"),))
    telegram.says(WORKER, "选")
    assert [one["text"] for one in telegram.answers(WORKER)] == ["请选择："]


def test_a_step_of_a_form_is_answered_by_its_own_number(telegram: FakeTelegram, core: Core) -> None:
    """The tap names the reply it belongs to, so the core can tell an old one; foreign data is past as well."""
    core.reply = Reply(ReplyKind.FORM, "是本人吗？", choices=(Choice("是", "是"), Choice("否", "否")))
    telegram.says(WORKER, "申请")
    [step] = telegram.answers(WORKER)
    telegram.taps(WORKER, step, "否")
    step["reply_markup"]["inline_keyboard"][0][0]["callback_data"] = "不是我们的"
    telegram.taps(WORKER, step, "是")
    telegram.answers(WORKER, 3)
    assert [(one.text, one.offer) for one in core.told[1:]] == [("2", core.reply.mark), ("", "-")]


def test_form_menu_and_sums_never_show_in_a_group(telegram: FakeTelegram, core: Core) -> None:
    """A group reads the way to the private chat instead; near misses are offered by number."""
    asked = f"@{BOT['username']} 我的事办到哪了"
    for count, kind in enumerate((ReplyKind.FORM, ReplyKind.MENU, ReplyKind.CALCULATION), start=1):
        core.reply = Reply(kind, "张师傅的申请已受理", choices=(Choice("是", "是"),))
        telegram.says(WORKER, asked, GROUP)
        assert "私聊" in telegram.answers(GROUP, count)[-1]["text"]
    core.reply = Reply(ReplyKind.CLARIFY, "你是不是想问", choices=(Choice("加班费", "加班费"),))
    telegram.says(WORKER, asked, GROUP)
    near = telegram.answers(GROUP, 4)[-1]
    assert (near["text"], "reply_markup" in near) == ("你是不是想问\n1. 加班费", False)


# What the platform answers


@pytest.mark.parametrize(
    ("status", "description", "gone"),
    [
        (403, "Forbidden: bot was blocked by the user", True),
        (403, "Forbidden: user is deactivated", True),
        (403, "Forbidden: bot can't initiate conversation with a user", True),
        (400, "Bad Request: chat not found", True),
        (400, "Bad Request: message is too long", False),
        (409, "Conflict", False),
        (500, "Internal Server Error", False),
    ],
)
def test_a_refused_message_is_not_sent_again(
    telegram: FakeTelegram, core: Core, status: int, description: str, gone: bool
) -> None:
    """One call each; who is out of reach is made known to the core once; the next message is answered."""
    telegram.plan("sendMessage", status, {"description": description})
    telegram.says(WORKER, "一")
    telegram.wait(lambda: core.farewells() == ([str(WORKER)] if gone else []) and core.told)
    telegram.says(WORKER, "二")
    assert telegram.answers(WORKER)[0]["text"] == "二"
    assert [call["text"] for call in telegram.called("sendMessage")] == ["一", "二"]


def test_a_gateway_page_may_hide_a_sent_message_and_is_not_repeated(telegram: FakeTelegram) -> None:
    """502 with HTML: unknown, so no second try; the following parts and messages go on."""
    telegram.plan("sendMessage", 502, "<html>Bad Gateway</html>")
    telegram.plan("sendMessage", 200, "<html>captive portal</html>")
    for text in "一二三":
        telegram.says(WORKER, text)
    telegram.answers(WORKER)
    assert [call["text"] for call in telegram.called("sendMessage")] == ["一", "二", "三"]


def test_a_request_to_wait_is_honoured_with_the_same_message(telegram: FakeTelegram) -> None:
    """429 is followed by the same text, and nothing overtakes it."""
    telegram.plan("sendMessage", 429, retry_after=1)
    telegram.says(WORKER, "一")
    telegram.says(WORKER, "二")
    assert [one["text"] for one in telegram.answers(WORKER, 2)] == ["一", "二"]
    assert [call["text"] for call in telegram.called("sendMessage")] == ["一", "一", "二"]


def test_marks_that_are_not_understood_are_left_out_once(telegram: FakeTelegram, core: Core) -> None:
    """400 can't parse entities: the same words once more, plain."""
    core.reply = Reply(ReplyKind.ARTICLE, f"《示范劳动法》\n{_QUOTE.quote}", (_QUOTE,))
    telegram.plan("sendMessage", 400, {"description": "Bad Request: can't parse entities: byte offset 7"})
    telegram.says(WORKER, "第一条")
    assert telegram.answers(WORKER)[0]["text"] == core.reply.text
    assert ["parse_mode" in call for call in telegram.called("sendMessage")] == [True, False]


def test_a_group_that_moved_is_answered_at_its_new_address(telegram: FakeTelegram) -> None:
    """400 with migrate_to_chat_id: repeated there."""
    telegram.plan("sendMessage", 400, migrate_to_chat_id=-2000)
    telegram.says(WORKER, f"@{BOT['username']} 问", GROUP)
    assert telegram.answers(-2000)[0]["text"] == "问"


def test_a_long_wait_does_not_hold_up_the_others(telegram: FakeTelegram) -> None:
    """While one chat must wait, its update is let go and everybody else is answered."""
    telegram.plan("sendMessage", 429, retry_after=2)
    update = telegram.says(WORKER, "一")
    telegram.wait(lambda: telegram.called("sendMessage"))
    telegram.says(WORKER + 1, "二")
    telegram.answers(WORKER + 1)
    telegram.wait(lambda: telegram.confirmed > update)
    assert [one["text"] for one in telegram.answers(WORKER)] == ["一"]


# Receiving


def test_one_persons_messages_keep_their_order_beside_others(platform: tuple[FakeTelegram, str]) -> None:
    """Ten rapid questions of each of five people: ten answers each, in order, never more turns than threads."""
    fake, address = platform
    busy, most = Counter[str](), 0
    lock = threading.Lock()

    def receive(message: InboundMessage) -> tuple[Reply, ...]:
        nonlocal most
        with lock:
            busy[message.sender] += 1
            most = max(most, busy.total())
            assert busy[message.sender] == 1
        time.sleep(random.uniform(0, 0.01))
        with lock:
            busy[message.sender] -= 1
        return (Reply(ReplyKind.SMALLTALK, message.text),)

    for number in range(10):
        for person in range(1, 6):
            fake.says(person, f"问{number}")
    with bot_api.polling(address, receive):
        fake.wait(lambda: len(fake.sent) == 50)
    for person in range(1, 6):
        assert [one["text"] for one in fake.to(person)] == [f"问{number}" for number in range(10)]
    assert 1 < most <= QUICK.threads


def test_a_slow_turn_shows_typing_and_holds_nobody_up(platform: tuple[FakeTelegram, str]) -> None:
    """The next person is answered meanwhile; the slow update stays unconfirmed until it is done."""
    fake, address = platform
    ready = threading.Event()

    def receive(message: InboundMessage) -> tuple[Reply, ...]:
        if message.text == "慢":
            ready.wait(30)
        return (Reply(ReplyKind.SMALLTALK, message.text),)

    with bot_api.polling(address, receive):
        slow = fake.says(WORKER, "慢")
        fake.wait(lambda: len(fake.called("sendChatAction")) > 1)
        fake.says(WORKER + 1, "快")
        fake.answers(WORKER + 1)
        assert fake.confirmed <= slow
        ready.set()
        fake.answers(WORKER)
        fake.wait(lambda: fake.confirmed > slow + 1)
    assert {call["chat_id"] for call in fake.called("sendChatAction")} == {WORKER}
    assert len(fake.sent) == 2


def test_a_stop_waits_for_the_turn_in_progress(platform: tuple[FakeTelegram, str]) -> None:
    """What was begun is committed and answered before the database goes away."""
    fake, address = platform
    begun, ended = threading.Event(), threading.Event()

    def receive(message: InboundMessage) -> tuple[Reply, ...]:
        begun.set()
        time.sleep(0.3)
        ended.set()
        return (Reply(ReplyKind.SMALLTALK, message.text),)

    with bot_api.polling(address, receive):
        update = fake.says(WORKER, "一")
        begun.wait(30)
    assert ended.is_set()
    assert [one["text"] for one in fake.to(WORKER)] == ["一"]
    assert fake.confirmed == update + 1


def test_an_answer_that_must_wait_longer_than_a_stop_comes_after_the_restart(
    platform: tuple[FakeTelegram, str], core: Core
) -> None:
    """It is left unconfirmed, so the platform repeats its update."""
    fake, address = platform
    fake.plan("sendMessage", 429, retry_after=600)
    fake.says(WORKER, "一")
    with bot_api.polling(address, core.receive, replace(QUICK, grace=0.1, hold=60)):
        fake.wait(lambda: fake.called("sendMessage"))
    assert not fake.sent
    with bot_api.polling(address, core.receive):
        assert fake.answers(WORKER)[0]["text"] == "一"


def test_a_core_that_cannot_note_a_farewell_stops_nothing(
    platform: tuple[FakeTelegram, str], core: Core
) -> None:
    """The next person is answered all the same."""
    fake, address = platform

    def receive(message: InboundMessage) -> tuple[Reply, ...]:
        replies = core.receive(message)
        if not replies:
            raise ConflictError
        return replies

    fake.blocked.add(WORKER)
    with bot_api.polling(address, receive):
        fake.says(WORKER, "一")
        fake.wait(core.farewells)
        fake.says(WORKER + 1, "二")
        fake.answers(WORKER + 1)


@pytest.mark.parametrize(
    ("failure", "shown"), [(ConflictError(), "别人刚刚改过"), (RuntimeError("内部"), "请稍后再试")]
)
def test_a_failing_core_is_tried_again_and_then_owned_up_to(
    platform: tuple[FakeTelegram, str], failure: Exception, shown: str
) -> None:
    """One failure is not noticed; after the last try the person reads a true sentence without its inside."""
    fake, address = platform
    failures = [failure] * (QUICK.tries + 1)

    def receive(message: InboundMessage) -> tuple[Reply, ...]:
        if failures:
            raise failures.pop()
        return (Reply(ReplyKind.SMALLTALK, message.text),)

    with bot_api.polling(address, receive):
        fake.says(WORKER, "一")
        fake.says(WORKER, "二")
        first, second = fake.answers(WORKER, 2)
    assert shown in first["text"]
    assert "内部" not in first["text"]
    assert second["text"] == "二"


def test_a_message_that_surely_did_not_leave_comes_again(telegram: FakeTelegram, core: Core) -> None:
    """Its update stays unconfirmed, the platform repeats it, and the core's de-duplication does the rest."""
    telegram.plan("sendMessage", 401)
    update = telegram.says(WORKER, "一")
    assert telegram.answers(WORKER)[0]["text"] == "一"
    telegram.wait(lambda: telegram.confirmed == update + 1)
    assert [message.message_id for message in core.told] == [str(update)] * 2


def test_updates_nobody_can_read_stop_nothing(telegram: FakeTelegram, core: Core) -> None:
    """Missing fields, unknown kinds, foreign notices, bots and control characters: the next question is answered."""
    telegram.update(message={"message_id": "?", "date": "gestern"})
    telegram.update(callback_query={"id": "1"})
    telegram.update(poll_answer={"unknown": True})
    telegram.update(new_thing=[])
    telegram.update(message={**telegram.message(WORKER), "unheard_of": {}})
    telegram.update(message={**telegram.message(5, "机器人"), "from": {**BOT, "id": 5}})
    last = telegram.says(WORKER, "问\x00题\x0b")
    assert telegram.answers(WORKER)[0]["text"] == "问题"
    telegram.wait(lambda: telegram.confirmed == last + 1)
    assert [message.text for message in core.told] == ["问题"]
    assert core.told[0].message_id == str(last)


# The connection


def test_what_is_asked_of_the_platform(telegram: FakeTelegram) -> None:
    """Only the kinds of update we handle, by long poll, and nothing waiting is ever dropped."""
    telegram.wait(lambda: telegram.called("getUpdates"))
    asked = telegram.called("getUpdates")[0]
    assert asked["allowed_updates"] == ["message", "callback_query", "my_chat_member"]
    assert asked["timeout"] == QUICK.poll
    assert "drop_pending_updates" not in asked
    assert telegram.called("setMyCommands")
    assert not telegram.called("deleteWebhook")


def test_a_webhook_is_replaced_without_losing_what_waits(
    platform: tuple[FakeTelegram, str], core: Core
) -> None:
    """Polling is what the settings say; a webhook set later by somebody else stops it."""
    fake, address = platform
    fake.webhook = "https://example.org/telegram/webhook"
    fake.says(WORKER, "早")
    with bot_api.polling(address, core.receive) as channel:
        assert fake.answers(WORKER)[0]["text"] == "早"
        assert fake.called("deleteWebhook") in ([{"drop_pending_updates": False}], [{}])
        fake.webhook = "https://example.org/another"
        fake.wait(lambda: channel.state is State.CONFLICT)


def test_two_pollers_conflict_and_the_older_stops(platform: tuple[FakeTelegram, str], core: Core) -> None:
    """It says so in one line and in its state; the newer goes on alone."""
    fake, address = platform
    with structlog.testing.capture_logs() as logged, bot_api.polling(address, core.receive) as older:
        fake.wait(lambda: older.state is State.LISTENING)
        with bot_api.polling(address, core.receive) as newer:
            fake.wait(lambda: older.state is State.CONFLICT)
            fake.says(WORKER, "一")
            fake.answers(WORKER)
            assert newer.state is State.LISTENING
    assert _lines(logged) == ["conflict"]
    assert "同一个令牌" in older.state.sentence


@pytest.mark.parametrize("token", ["4242:another-token", "没有令牌", "4242:a b/../getMe"])
def test_a_wrong_token_stops_the_channel_with_one_line(
    platform: tuple[FakeTelegram, str], core: Core, token: str
) -> None:
    """Nothing is tried again, and the state says what to mend."""
    fake, address = platform
    with (
        structlog.testing.capture_logs() as logged,
        bot_api.polling(address, core.receive, token=token) as channel,
    ):
        fake.wait(lambda: channel.state is State.REFUSED)
    assert _lines(logged) == ["refused"]
    assert "NIANGJIA_TELEGRAM_TOKEN" in channel.state.sentence


def test_an_outage_passes_and_costs_no_message(core: Core) -> None:
    """Nobody there, gateway pages, a request to wait: it goes on by itself and says so once."""
    with bot_api.platform() as (fake, address):
        fake.plan("getMe", 502, "<html>Bad Gateway</html>")
        fake.plan("getUpdates", 500)
        fake.plan("getUpdates", 200, "[]")
        fake.plan("getUpdates", 429, retry_after=1)
        fake.says(WORKER, "一")
        with bot_api.polling(address, core.receive) as channel:
            assert fake.answers(WORKER)[0]["text"] == "一"
            fake.wait(lambda: channel.state is State.LISTENING)


def test_an_unreachable_platform_is_waited_for(core: Core) -> None:
    """The state says so; stopping does not wait for it."""
    with bot_api.platform() as (_, address):
        pass
    with structlog.testing.capture_logs() as logged, bot_api.polling(address, core.receive) as channel:
        while channel.state is not State.WAITING:
            time.sleep(0.01)
    assert channel.state is State.OFF
    assert [line["event"] for line in logged] == ["no connection, trying again"]


def test_a_broken_environment_stops_the_channel_not_the_server(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy the library cannot use: one line, a state, no escaping exception."""
    monkeypatch.setenv("ALL_PROXY", "gopher://127.0.0.1:9")
    with bot_api.polling("http://127.0.0.1:9", core.receive) as channel:
        while channel.state is State.CONNECTING:
            time.sleep(0.01)
        assert channel.state is State.BROKEN


def test_no_log_line_tells_token_address_or_words(
    platform: tuple[FakeTelegram, str], core: Core, capfd: pytest.CaptureFixture[str]
) -> None:
    """Failing turns, refused messages, broken updates and a refused token, at the most talkative level."""
    fake, address = platform
    secret, person = "不能外传的话", 70012345
    root = logging.getLogger()
    before = root.handlers[:], root.level
    logs.configure("DEBUG")

    def receive(message: InboundMessage) -> tuple[Reply, ...]:
        if message.text == secret:
            raise RuntimeError(f"{message.sender} {message.text}")
        return core.receive(message)

    fake.plan("getUpdates", 500, f"<html>{TOKEN}</html>")
    fake.update(message={"message_id": 1, "date": 1, "text": secret, "from": {"id": person}})
    fake.plan("sendMessage", 400, {"description": f"Bad Request: {secret} {person}"})
    fake.says(person, secret)
    fake.says(person, "一")
    with bot_api.polling(address, receive):
        fake.answers(person)
        fake.plan("getUpdates", 401)
    with bot_api.polling(address, receive, token=TOKEN + "x"):
        time.sleep(0.1)
    root.handlers, root.level = before
    structlog.reset_defaults()
    told = "".join(capfd.readouterr())
    assert "turn failed" in told
    assert "update not understood" in told
    for hidden in (TOKEN, TOKEN.partition(":")[2], secret, str(person)):
        assert hidden not in told


def test_start_and_stop_in_any_order_do_no_harm(platform: tuple[FakeTelegram, str], core: Core) -> None:
    """Stopping what never ran, or twice, or at once."""
    _, address = platform
    channel = Polling(TOKEN, address, core.receive, QUICK)
    channel.stop()
    assert channel.state is State.OFF
    channel.start()
    channel.stop()
    channel.stop()
    assert channel.state is State.OFF
