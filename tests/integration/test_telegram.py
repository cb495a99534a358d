"""A whole deployment on Telegram: python-telegram-bot talks to a fake Bot API over real HTTP."""

import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot import app
from bot.channels.telegram import State
from bot.core.clock import FixedClock
from bot.core.messages import InboundMessage, Reply, ReplyKind
from bot.settings import load_settings
from bot.storage.models import ConversationRow, InboundRow, TranscriptRow
from tests.fakes.telegram import BOT, TOKEN, FakeTelegram
from tests.integration import bot_api

WORKER, GROUP = 700, -1007
_ROOT = Path(__file__).resolve().parent.parent.parent
_CRASH = """
import os, pathlib, sys, time
from bot import app
from bot.channels.telegram import Polling
from bot.settings import load_settings

parts = app.assemble(load_settings(data_dir=pathlib.Path(sys.argv[3])))

def receive(message):
    parts.assistant.receive(message)
    os._exit(9)

Polling(sys.argv[2], sys.argv[1], receive).start()
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loopback is never asked of a proxy."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def telegram(parts: app.Parts) -> Iterator[FakeTelegram]:
    """The platform with our bot listening."""
    with (
        bot_api.platform() as (fake, address),
        bot_api.polling(address, parts.assistant.receive) as channel,
    ):
        fake.wait(lambda: channel.state is State.LISTENING)
        yield fake


def _labels(message: dict[str, Any]) -> list[str]:
    return [button["text"] for row in message["reply_markup"]["inline_keyboard"] for button in row]


def _following(parts: app.Parts) -> list[tuple[str, bool]]:
    with parts.database.reading() as session:
        return [(row.channel, row.following) for row in session.scalars(select(ConversationRow))]


def _answered(parts: app.Parts) -> int:
    with parts.database.reading() as session:
        return session.scalar(select(func.count()).where(InboundRow.replies.is_not(None))) or 0


def test_a_question_gets_a_cited_answer_and_each_of_its_buttons_works(telegram: FakeTelegram) -> None:
    """Source in the text, choices as buttons; a later tap on the same message still does what the button shows."""
    telegram.says(WORKER, "老板拖欠工资三个月了怎么办")
    [answer] = telegram.answers(WORKER)
    assert "依据：" in answer["text"]
    assert _labels(answer)[-1].endswith("转人工")
    telegram.taps(WORKER, answer, "转人工")
    assert "人工服务请打" in telegram.answers(WORKER, 2)[1]["text"]
    telegram.taps(WORKER, answer, "1. ")
    assert telegram.answers(WORKER, 3)[2]["text"]
    assert len(telegram.called("answerCallbackQuery")) == 2


def test_numbers_typed_mean_the_newest_choices(telegram: FakeTelegram) -> None:
    """Who types instead of tapping gets the same."""
    telegram.says(WORKER, "/start from_poster")
    [menu] = telegram.answers(WORKER)
    assert _labels(menu)[0] == "1. 老板拖欠工资怎么办"
    telegram.says(WORKER, "4")
    assert "人工服务请打" in telegram.answers(WORKER, 2)[1]["text"]


def test_commands_are_our_words(telegram: FakeTelegram, parts: app.Parts) -> None:
    """/help shows the menu, /stop ends campaign notices, /person leads to a person."""
    telegram.says(WORKER, "/help")
    telegram.says(WORKER, "/person")
    telegram.says(WORKER, "/stop")
    menu, person, stopped = telegram.answers(WORKER, 3)
    assert "菜单" in menu["text"]
    assert "人工服务请打" in person["text"]
    assert "不再给你发活动通知" in stopped["text"]
    assert _following(parts) == [("telegram", False)]


def test_blocking_and_coming_back_is_known_without_a_message(
    telegram: FakeTelegram, parts: app.Parts
) -> None:
    """Blocking ends notices, unblocking begins them; neither sends anything."""
    telegram.says(WORKER, "菜单")
    telegram.answers(WORKER)
    telegram.membership(WORKER, "kicked")
    telegram.wait(lambda: _following(parts) == [("telegram", False)])
    telegram.membership(WORKER, "member")
    telegram.wait(lambda: _following(parts) == [("telegram", True)])
    assert len(telegram.to(WORKER)) == 1


def test_who_blocked_us_is_remembered_when_the_answer_cannot_be_sent(
    telegram: FakeTelegram, parts: app.Parts
) -> None:
    """403: one try, notices end, the next person is served."""
    telegram.blocked.add(WORKER)
    telegram.says(WORKER, "菜单")
    telegram.wait(lambda: _following(parts) == [("telegram", False)])
    telegram.says(WORKER + 1, "菜单")
    telegram.answers(WORKER + 1)
    assert [call["chat_id"] for call in telegram.called("sendMessage")] == [WORKER, WORKER + 1]


def test_pictures_and_voices_are_asked_for_in_words_once_per_album(telegram: FakeTelegram) -> None:
    """A caption is a question; pictures sent together get one answer; the platform's own notices none."""
    photo = [{"file_id": "p", "file_unique_id": "p", "width": 1, "height": 1}]
    voice = {"file_id": "v", "file_unique_id": "v", "duration": 2}
    telegram.says(WORKER, photo=photo, media_group_id="7")
    telegram.says(WORKER, photo=photo, media_group_id="7")
    telegram.says(WORKER, voice=voice)
    telegram.says(WORKER, pinned_message=telegram.message(WORKER, "旧消息"))
    telegram.says(WORKER, photo=photo, caption="菜单")
    picture, spoken, menu = telegram.answers(WORKER, 3)
    assert "请用文字" in picture["text"]
    assert "没听清" in spoken["text"]
    assert _labels(menu)
    assert len(telegram.to(WORKER)) == 3


def test_a_group_is_answered_when_addressed_and_sees_nothing_private(
    telegram: FakeTelegram, parts: app.Parts
) -> None:
    """By name or in reply, in reply to the asker, without buttons; menus and words of one's own are sent to private."""
    telegram.says(WORKER, "老板拖欠工资怎么办", GROUP)
    question = telegram.message(WORKER, f"@{BOT['username'].upper()} 老板拖欠工资怎么办", GROUP)
    telegram.update(message=question)
    [answer] = telegram.answers(GROUP)
    assert "依据：" in answer["text"]
    assert "reply_markup" not in answer
    assert answer["given"]["reply_parameters"]["message_id"] == question["message_id"]
    ours = {**telegram.message(BOT["id"], "答复", GROUP), "from": BOT}
    telegram.says(WORKER, "加班费怎么算", GROUP, reply_to_message=ours)
    telegram.says(WORKER, f"/help@{BOT['username']}", GROUP)
    telegram.says(WORKER, "/help@another_bot", GROUP)
    telegram.says(WORKER, f"退订 @{BOT['username']}", GROUP)
    pointers = telegram.answers(GROUP, 4)[2:]
    assert all("私聊" in pointer["text"] for pointer in pointers)
    assert pointers[0]["reply_markup"]["inline_keyboard"][0][0]["url"] == f"https://t.me/{BOT['username']}"
    assert _following(parts) == [("telegram_group", True)]


def test_a_choice_bound_to_its_reply_holds_only_while_that_is_the_newest(parts: app.Parts) -> None:
    """The core refuses a number tapped under an earlier reply, says so, and keeps the newest choices."""

    def say(text: str, offer: str = "") -> Reply:
        message = InboundMessage("telegram", "1", uuid.uuid4().hex, text, offer=offer)
        return parts.assistant.receive(message)[0]

    menu = say("菜单")
    answer = say("老板拖欠工资怎么办")
    person = str(len(answer.choices))
    assert "过期" in say("4", menu.mark).text
    assert "过期" in say("", "-").text
    assert say(person, answer.mark).kind is ReplyKind.HANDOVER


def test_an_update_repeated_after_a_crash_is_processed_once(tmp_path: Path, clock: FixedClock) -> None:
    """The process dies between commit and answer; the platform repeats, the turn is not, the answer is."""
    with bot_api.platform() as (fake, address):
        update = fake.says(WORKER, "老板拖欠工资怎么办")
        crash = [sys.executable, "-c", _CRASH, address, TOKEN, str(tmp_path / "var")]
        assert subprocess.run(crash, cwd=_ROOT, check=False, timeout=120).returncode == 9
        assert (fake.confirmed, fake.sent) == (0, [])
        parts = app.assemble(load_settings(data_dir=tmp_path / "var"), clock)
        assert _answered(parts) == 1
        with bot_api.polling(address, parts.assistant.receive):
            [answer] = fake.answers(WORKER)
        assert "依据：" in answer["text"]
        assert fake.confirmed == update + 1
    with parts.database.reading() as session:
        assert session.scalar(select(func.count()).where(TranscriptRow.by_worker)) == 1
    parts.close()


def test_an_orderly_stop_confirms_so_that_nothing_is_said_twice(parts: app.Parts) -> None:
    """After a restart the platform has nothing left to repeat."""
    with bot_api.platform() as (fake, address):
        for count in (1, 2):
            with bot_api.polling(address, parts.assistant.receive):
                update = fake.says(WORKER, "菜单")
                fake.answers(WORKER, count)
            assert fake.confirmed == update + 1
        assert len(fake.to(WORKER)) == 2
