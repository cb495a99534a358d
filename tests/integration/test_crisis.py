"""A message that speaks of danger, from the webhook to the page where somebody on duty reads it."""

import uuid

import httpx
from fastapi import FastAPI
from sqlalchemy import select, text

from bot import app, doctor, worker
from bot.channels.wechat import Account, router
from bot.core.clock import FixedClock
from bot.core.messages import InboundMessage, MessageKind, Reply, ReplyKind
from bot.storage import alerts, audit, staff
from bot.storage.models import AlertRow, AuditRow
from handlers import accounts, trial
from tests.fakes import wechat_platform
from tests.fakes.wechat_platform import Credentials, Mode, WeChatPlatform
from tests.integration import chat_site, console, live

SHARED = Credentials()
CRY = "我不想活了，药都买好了 13800000000"


def _say(parts: app.Parts, words: str, sender: str = "a", **more: object) -> Reply:
    sent = InboundMessage("web", sender, uuid.uuid4().hex, words, **more)  # type: ignore[arg-type]
    return parts.assistant.receive(sent)[0]


def _rows(parts: app.Parts) -> list[AlertRow]:
    with parts.database.reading() as session:
        return list(session.scalars(select(AlertRow).order_by(AlertRow.id)))


def test_care_numbers_and_a_sealed_alert(deployment: app.Parts) -> None:
    """A cry gets care and hotlines, nobody is promised who is not there, and one sealed row waits for staff."""
    reply = _say(deployment, CRY)
    assert reply.kind is ReplyKind.CRISIS
    assert all(number in reply.text for number in ("12356", "120", "110"))
    assert [choice.send for choice in reply.choices] == ["人工"]
    assert "没有人值班" in reply.text
    assert "已经提醒" not in reply.text
    [row] = _rows(deployment)
    assert (row.kind, row.channel, row.seen_at) == ("self_harm", "web", None)
    assert row.words == CRY
    with deployment.database.reading() as session:
        stored = session.execute(text("SELECT words FROM alerts")).scalar_one()
    assert CRY.encode() not in bytes(stored)
    assert b"13800000000" not in bytes(stored)


def test_the_same_message_again_raises_nothing_new(deployment: app.Parts) -> None:
    """A platform's retry gets the same reply and no second alert."""
    sent = InboundMessage("wechat", "a", "1", CRY)
    assert deployment.assistant.receive(sent) == deployment.assistant.receive(sent)
    assert len(_rows(deployment)) == 1
    assert _rows(deployment)[0].words == CRY


def test_the_talk_stays_calm_until_a_question_comes(deployment: app.Parts) -> None:
    """Small words, pictures and details get care and no menu; details reach the alert; a question is answered."""
    _say(deployment, "被老板关在仓库里出不去")
    for words in ("嗯", "好", "谢谢", "你好", "3", "我在城东三号仓库，电话13900000000"):
        reply = _say(deployment, words)
        assert reply.kind is ReplyKind.CRISIS, words
        assert "110" in reply.text
        assert [choice.send for choice in reply.choices] == ["人工"]
    assert _say(deployment, "", kind=MessageKind.IMAGE).kind is ReplyKind.CRISIS
    [row] = _rows(deployment)
    assert row.words.endswith("我在城东三号仓库，电话13900000000")
    assert "谢谢" not in row.words
    person = _say(deployment, "1")
    assert person.kind is ReplyKind.HANDOVER
    assert "110" in person.text
    assert _say(deployment, "老板拖欠工资三个月了怎么办").kind is ReplyKind.ANSWER
    assert _say(deployment, "菜单").kind is ReplyKind.MENU


def test_company_ends(deployment: app.Parts, clock: FixedClock) -> None:
    """Hours later a small word is a small word again."""
    _say(deployment, CRY)
    clock.advance(hours=3)
    assert _say(deployment, "你好").kind is ReplyKind.MENU


def test_danger_goes_before_global_words(deployment: app.Parts) -> None:
    """A message that holds both is a cry; an offered choice is our own wording."""
    assert _say(deployment, "退订吧 我不想活了").kind is ReplyKind.CRISIS
    assert _say(deployment, "人工", "b").kind is ReplyKind.HANDOVER
    assert len(_rows(deployment)) == 1


def test_a_crowd_is_for_the_officer_on_duty(deployment: app.Parts) -> None:
    """A gathering is kind duty, with its own alert and no blame."""
    reply = _say(deployment, "我们两百多人明天去把厂门堵了要工资")
    assert reply.kind is ReplyKind.DUTY
    assert "代表" in reply.text
    assert [row.kind for row in _rows(deployment)] == ["disturbance"]
    assert _say(deployment, "好").kind is ReplyKind.DUTY


def test_questions_about_danger_are_questions(deployment: app.Parts) -> None:
    """A steward who asks, and an accident of last year, raise nothing."""
    for words in ("怎么预防职工自杀", "去年在工地摔伤能认定工伤吗", "我没有想不开"):
        assert _say(deployment, words).kind not in (ReplyKind.CRISIS, ReplyKind.DUTY), words
    assert _rows(deployment) == []


def test_trying_out_shows_the_same_reply_and_raises_nothing(deployment: app.Parts) -> None:
    """``niangjia ask`` and the console's trial page see the gate too."""
    reply = trial.ask(CRY, deployment.follower.library, deployment.wording, deployment.clock.now())
    assert reply.kind is ReplyKind.CRISIS
    assert _rows(deployment) == []


def test_through_the_signed_webhook(deployment: app.Parts) -> None:
    """The phone shows the words and the numbers, once, and no menu."""
    web = FastAPI()
    account = Account(SHARED.token, SHARED.app_id, SHARED.aes_key)
    web.include_router(router(account, deployment.assistant.receive, deployment.clock))
    with live.serve(web) as base:
        platform = WeChatPlatform(base, SHARED, Mode.SAFE, deployment.clock)
        seen = platform.push(wechat_platform.text("我站在楼顶了"))
    assert (seen.outcome, seen.attempts) == (wechat_platform.Outcome.REPLY, 1)
    assert "12356" in seen.text
    assert "菜单" not in seen.text
    assert [row.channel for row in _rows(deployment)] == ["wechat"]


def test_through_the_web_page(deployment: app.Parts) -> None:
    """The chat page's interface gives kind and text."""
    with chat_site.visit(deployment) as base, httpx.Client(base_url=base) as browser:
        answer = browser.post("/api/chat", json={"text": "老板拿刀追我"})
        assert answer.json()["replies"][0]["kind"] == "crisis"


def test_a_day_on_duty(deployment: app.Parts, clock: FixedClock) -> None:
    """Masked in the list, whole when opened, both on record; marked once; the administrator reads no word."""
    _say(deployment, CRY)
    with console.opened(deployment) as office:
        admin, guard, editor = (office.clerk(role, role) for role in ("admin", "duty", "curator"))
        assert "已经提醒" in _say(deployment, "老板拿刀追我", "b").text
        listed = guard.get("/console/alerts").text
        assert "自伤自杀" in listed
        assert "138****0000" in listed
        assert "13800000000" not in listed
        assert "2 条待看" in listed
        [first, _] = [row.id for row in _rows(deployment)]
        assert "13800000000" in guard.post(f"/console/alerts/{first}/open", page="/console/alerts").text
        theirs = admin.get("/console/alerts").text
        assert "自伤自杀" in theirs
        assert "138****0000" not in theirs
        assert admin.post(f"/console/alerts/{first}/open", page="/console/accounts").status_code == 403
        assert editor.get("/console/alerts").status_code == 403
        assert "紧急提醒" not in editor.get("/console").text
        assert guard.get("/console").headers["location"] == "/console/alerts"
        for _ in range(2):
            guard.post(f"/console/alerts/{first}/seen", page="/console/alerts")
        assert guard.post("/console/alerts/999/open", page="/console/alerts").status_code == 404
        assert "duty，" in guard.get("/console/alerts?status=seen").text
        assert "谁看的" in guard.post(f"/console/alerts/{first}/open", page="/console/alerts").text
    assert _rows(deployment)[0].seen_at == clock.now()
    with deployment.database.reading() as session:
        assert audit.verify(session) is None
        done = [row.action for row in session.query(AuditRow) if row.action.startswith("alert.")]
    assert done == ["alert.open", "alert.seen", "alert.open"]


def test_words_after_it_was_seen_begin_a_new_alert(deployment: app.Parts) -> None:
    """Nobody would look at a row that is done."""
    _say(deployment, CRY)
    with deployment.database.session() as session:
        assert alerts.mark_seen(session, 1, _staff(deployment), deployment.clock.now())
    _say(deployment, "我在大桥上")
    assert [row.seen_at is None for row in _rows(deployment)] == [False, True]


def test_the_doctor_says_what_waits(deployment: app.Parts, clock: FixedClock) -> None:
    """Nobody on duty is a hint, somebody is good, an alert older than half an hour is bad."""

    def state() -> str:
        return next(one.state for one in doctor.examine(deployment) if one.subject == "紧急提醒")

    assert state() == "hint"
    _staff(deployment)
    assert state() == "good"
    _say(deployment, CRY)
    clock.advance(minutes=29)
    assert state() == "good"
    clock.advance(minutes=1)
    assert state() == "bad"


def test_only_seen_alerts_are_purged(deployment: app.Parts, clock: FixedClock) -> None:
    """After half a year; one that nobody has seen stays."""
    _say(deployment, CRY)
    _say(deployment, CRY, "b")
    with deployment.database.session() as session:
        alerts.mark_seen(session, 1, _staff(deployment), clock.now())
    clock.advance(days=181)
    worker.purge(deployment.database, clock, 30)
    assert [row.id for row in _rows(deployment)] == [2]


def _staff(parts: app.Parts) -> int:
    accounts.add(parts.database, "guard", "值班", ["duty"], parts.clock.now())
    with parts.database.reading() as session:
        row = staff.find(session, "guard")
    assert row is not None
    return row.id
