"""Whole turns through Assistant.receive on both databases."""

import threading
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bot import app, worker
from bot.core.messages import InboundMessage, MessageKind, Reply, ReplyKind
from bot.storage import conversations
from bot.storage.models import ConversationRow, InboundRow, TranscriptRow
from handlers import curation
from knowledge.library import Library

STATUTE = "# 示范劳动法\n\n2020年1月2日 通过\n\n<!-- INFO END -->\n\n第一条 单位应当发工作服。\n\n第二条 工作服每年发两套。\n"


def _say(parts: app.Parts, text: str, sender: str = "a", **more: object) -> Reply:
    message = InboundMessage("web", sender, uuid.uuid4().hex, text, **more)  # type: ignore[arg-type]
    return parts.assistant.receive(message)[0]


@pytest.fixture
def with_statute(deployment: app.Parts) -> app.Parts:
    """A deployment that knows one small statute of our own."""
    curation.import_one(
        deployment.database, deployment.catalogue, STATUTE.encode(), "示范.md", deployment.clock.now()
    )
    app.rebuild(deployment)
    return deployment


def test_a_question_gets_a_cited_answer_and_its_choices_work_by_number(with_statute: app.Parts) -> None:
    """Conclusion with source; a bare number afterwards means the offered choice, and survives in the database."""
    answer = _say(with_statute, "老板拖欠工资三个月了怎么办")
    assert answer.kind is ReplyKind.ANSWER
    assert "依据：" in answer.text
    assert answer.citations
    person = next(number for number, choice in enumerate(answer.choices, 1) if choice.send == "人工")
    assert _say(with_statute, str(person)).kind is ReplyKind.HANDOVER


def test_an_article_is_quoted_and_its_law_is_remembered(with_statute: app.Parts) -> None:
    """Asked by number the text comes word for word; a number alone then means the same law."""
    first = _say(with_statute, "示范劳动法第一条")
    assert first.kind is ReplyKind.ARTICLE
    assert first.citations[0].quote == "第一条 单位应当发工作服。"
    assert first.citations[0].quote in first.text
    assert _say(with_statute, "第2条").citations[0].key == "示范劳动法#2"
    assert "现有第一条至第二条" in _say(with_statute, "示范劳动法第九条").text


def test_a_follow_up_is_not_told_the_same_again(deployment: app.Parts) -> None:
    """What leans on the topic and has no sure answer of its own gets what lies beside the topic, never nothing."""
    answered = _say(deployment, "产假多少天")
    offered = _say(deployment, "那男的呢")
    assert offered.kind is ReplyKind.CLARIFY
    assert "男职工的陪产假、育儿假" in {choice.label for choice in offered.choices}
    assert answered.citations[-1].title not in {choice.label for choice in offered.choices}


def test_global_words_go_before_everything(with_statute: app.Parts) -> None:
    """人工, 菜单, 退订 and the rest are obeyed at any point."""
    kinds = {
        word: _say(with_statute, word).kind
        for word in ("菜单", "人工", "取消", "返回", "更多", "你好", "谢谢")
    }
    assert kinds["菜单"] is kinds["你好"] is ReplyKind.MENU
    assert kinds["人工"] is ReplyKind.HANDOVER
    assert {kinds[word] for word in ("取消", "返回", "更多", "谢谢")} == {ReplyKind.SMALLTALK}
    _say(with_statute, "退订")
    with with_statute.database.reading() as session:
        assert session.scalar(select(ConversationRow.following)) is False
    _say(with_statute, "订阅")
    with with_statute.database.reading() as session:
        assert session.scalar(select(ConversationRow.following)) is True


def test_a_refusal_is_honest_and_listed_masked(with_statute: app.Parts) -> None:
    """What is not in the handbook is not answered; the question waits for the curator, without the phone number."""
    reply = _say(with_statute, "麒麟臂zebra怎么养 13800000000")
    assert reply.kind is ReplyKind.REFUSAL
    assert "12351" in reply.text
    _say(with_statute, "麒麟臂ZEBRA怎么养，13800000000")
    third = _say(with_statute, "zebra麒麟")
    assert third.kind is ReplyKind.HANDOVER
    with with_statute.database.reading() as session:
        rows = conversations.unanswered(session)
    assert (rows[0].question, rows[0].times) == ("麒麟臂zebra怎么养 138****0000", 2)


def test_the_same_message_is_processed_once(deployment: app.Parts) -> None:
    """Three at once, three in a row, and one in another process: one processing, the same reply."""
    message = InboundMessage("web", "a", "same-id", "老板拖欠工资怎么办")
    replies: list[tuple[Reply, ...]] = []
    threads = [
        threading.Thread(target=lambda: replies.append(deployment.assistant.receive(message)))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    replies += [deployment.assistant.receive(message) for _ in range(3)]
    restarted = app.assemble(deployment.settings, deployment.clock)
    replies.append(restarted.assistant.receive(message))
    restarted.close()
    assert len(replies) == 7
    assert all(reply == replies[0] for reply in replies)
    with deployment.database.reading() as session:
        assert session.scalar(select(func.count(TranscriptRow.id)).where(TranscriptRow.by_worker)) == 1


def test_two_processes_at_once_process_once(deployment: app.Parts) -> None:
    """Without shared memory the database decides who works; the other waits for the result."""
    other = app.assemble(deployment.settings, deployment.clock)
    message = InboundMessage("web", "a", "same-id", "老板拖欠工资怎么办")
    replies: list[tuple[Reply, ...]] = []
    threads = [
        threading.Thread(target=lambda parts=parts: replies.append(parts.assistant.receive(message)))
        for parts in (deployment, other) * 3
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert len(set(map(repr, replies))) == 1
    with deployment.database.reading() as session:
        assert session.scalar(select(func.count(TranscriptRow.id)).where(TranscriptRow.by_worker)) == 1


def test_an_abandoned_message_is_taken_over(deployment: app.Parts) -> None:
    """A worker that died with a message in its hands loses it after its lease; the retry is answered."""
    message = InboundMessage("web", "a", "abandoned", "老板拖欠工资怎么办")
    with deployment.database.session() as session:
        now = deployment.clock.now() - timedelta(minutes=5)
        assert conversations.claim(
            session, deployment.database.vault, message, now, timedelta(seconds=20)
        ).token
    assert deployment.assistant.receive(message)[0].kind is ReplyKind.ANSWER


def test_ten_rapid_questions_are_worked_on_in_order(deployment: app.Parts) -> None:
    """Messages of one person are answered one after another, as they came."""
    started: list[threading.Thread] = []
    for number in range(10):
        message = InboundMessage("web", "a", f"m{number}", f"第{number}个问题：工资怎么算")
        thread = threading.Thread(target=deployment.assistant.receive, args=(message,))
        thread.start()
        started.append(thread)
    for thread in started:
        thread.join()
    with deployment.database.reading() as session:
        lines = conversations.transcript(session, deployment.database.vault, "web", "a")
    asked = [line.text for line in lines if line.by_worker]
    assert len(asked) == 10
    assert [line.by_worker for line in lines] == [True, False] * 10


class _BrokenShelf:
    """A shelf whose library cannot be reached: a failure inside a turn."""

    @property
    def library(self) -> Library:
        """Fail as a lost disk would."""
        raise OSError("disk gone")


def test_a_failing_turn_apologises_and_loses_nothing(deployment: app.Parts) -> None:
    """The worker reads a true sentence, the words are kept, and the platform's retry is answered for real."""
    from bot.assistant import Assistant

    broken = Assistant(deployment.database, _BrokenShelf(), deployment.wording, deployment.clock)
    message = InboundMessage("web", "a", "m", "老板拖欠工资怎么办")
    assert "出了点问题" in broken.receive(message)[0].text
    with deployment.database.reading() as session:
        assert conversations.unanswered(session)[0].question == "老板拖欠工资怎么办"
    deployment.clock.advance(seconds=1)  # type: ignore[attr-defined]
    assert deployment.assistant.receive(message)[0].kind is ReplyKind.ANSWER


def test_what_is_no_text_is_answered_too(deployment: app.Parts) -> None:
    """Pictures, voice, follows and blanks each get a fitting word; an unfollow gets none."""
    assert "文字" in _say(deployment, "", kind=MessageKind.IMAGE).text
    assert "没听清" in _say(deployment, "", kind=MessageKind.VOICE).text
    assert _say(deployment, "", kind=MessageKind.FOLLOW).kind is ReplyKind.MENU
    assert "再发一次" in _say(deployment, "  ").text
    assert _say(deployment, "你好", kind=MessageKind.VOICE).kind is ReplyKind.MENU
    gone = InboundMessage("web", "a", "u", kind=MessageKind.UNFOLLOW)
    assert deployment.assistant.receive(gone) == ()
    with deployment.database.reading() as session:
        assert session.scalar(select(ConversationRow.following)) is False


def test_a_wrong_number_keeps_the_choices(deployment: app.Parts) -> None:
    """9 when three are offered is said to be none; the right number still works afterwards."""
    _say(deployment, "菜单")
    assert "没有这个选项" in _say(deployment, "9").text
    assert _say(deployment, "1").kind is ReplyKind.ANSWER
    assert _say(deployment, "0").kind is ReplyKind.MENU


def test_retention_deletes_what_is_past_its_time(deployment: app.Parts) -> None:
    """Transcript and remembered messages go after their days; the conversation stays."""
    _say(deployment, "你好")
    assert worker.purge(deployment.database, deployment.clock, 30) == 0
    deployment.clock.advance(days=31)  # type: ignore[attr-defined]
    assert worker.purge(deployment.database, deployment.clock, 30) == 3
    with deployment.database.reading() as session:
        assert session.scalar(select(func.count(InboundRow.id))) == 0
        assert session.scalar(select(func.count(ConversationRow.id))) == 1


def test_background_work_goes_on_after_a_failure() -> None:
    """One bad run is logged; the next one still happens, and stopping ends it."""
    ran: list[int] = []
    done = threading.Event()

    def work() -> None:
        ran.append(1)
        if len(ran) == 1:
            raise OSError("once")
        done.set()

    ticker = worker.Ticker("test", 0.01, work)
    ticker.start()
    assert done.wait(10)
    ticker.stop()
    assert len(ran) >= 2
