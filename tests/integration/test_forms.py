"""The form engine: what is asked, what is taken, what is never lost."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core import forms
from bot.core.fields import Field, Found, Kind, OneOf, Option, Period, Sensitivity, Span
from bot.core.form import Form, Session, State, values
from bot.core.form_events import (
    Attachment,
    Back,
    Cancel,
    Confirm,
    Crisis,
    Deny,
    Discarded,
    Edit,
    Event,
    Expired,
    GaveUp,
    Interrupt,
    Leave,
    Message,
    Refused,
    Resume,
    Skip,
    Submitted,
    Unclear,
)
from bot.core.messages import Reply

MEMBERS = Field(
    "family",
    "家庭成员",
    "家里有人要一起登记吗？",
    Kind.GROUP,
    most=Decimal(3),
    fields=(
        Field("name", "姓名", "叫什么名字？", Kind.NAME),
        Field("ill", "生病", "生病了吗？", Kind.YES_NO),
        Field("illness", "病名", "什么病？", when=OneOf("ill", (True,)), required=False),
    ),
)
FORM = Form(
    "aid",
    1,
    "困难帮扶",
    (
        Field("name", "姓名", "您叫什么名字？", Kind.NAME, sensitivity=Sensitivity.PERSONAL),
        Field("phone", "电话", "手机号是多少？", Kind.PHONE, sensitivity=Sensitivity.SENSITIVE),
        Field("income", "月收入", "每月收入多少元？", Kind.MONEY, unit="元/月", cues=("工资", "挣", "收入")),
        Field("since", "开始日期", "从哪天开始困难的？", Kind.DATE, cues=("开始", "起")),
        Field(
            "reason",
            "原因",
            "主要因为什么？",
            Kind.CHOICE,
            choices=(Option("ill", "生病"), Option("job", "失业", ("没工作",))),
        ),
        Field("hospital", "医院", "在哪家医院看的？", when=OneOf("reason", ("ill",))),
        MEMBERS,
        Field("papers", "材料", "请发诊断证明的照片。", Kind.FILES, required=False, most=Decimal(2)),
        Field("note", "补充", "还有什么要说的？", required=False),
    ),
    submitted="交上去了。",
)
AMOUNT = Found("amount", Decimal(3500), 4, 8)


def play(
    form: Form, session: Session, *said: str | Event
) -> tuple[Session, Sequence[Reply], Sequence[object]]:
    """Everything said, one after another; what the last brought."""
    replies: Sequence[Reply] = ()
    effects: Sequence[object] = ()
    for one in said:
        session, replies, effects = forms.step(form, session, Message(one) if isinstance(one, str) else one)
    return session, replies, effects


@pytest.fixture
def begun() -> Session:
    """The form with its first question open."""
    return forms.start(FORM)[0]


def filled(session: Session) -> Session:
    """Answered as far as the summary."""
    day = Message("今年三月", (Found("date", Period(date(2026, 3, 1), date(2026, 3, 31)), 0, 4),))
    return play(FORM, session, "张三", "13800000000", "3000", day, "2", "否", "跳过", "没有")[0]


def test_a_whole_form_is_submitted_only_after_the_summary_was_confirmed(begun: Session) -> None:
    """Question by question, then the numbered summary, then 提交."""
    session = filled(begun)
    assert session.state is State.CONFIRMING
    _, replies, effects = play(FORM, session, "什么时候能批")
    assert "还没有提交" in replies[0].text
    assert not any(isinstance(effect, Submitted) for effect in effects)
    done, replies, effects = play(FORM, session, "提交")
    assert done.state is State.DONE
    assert replies[0].text == "交上去了。"
    assert effects == (Submitted(values(FORM, session)),)
    assert values(FORM, session)["since"] == "2026-03-01"
    assert play(FORM, done, "提交", Confirm())[2] == ()


def test_the_question_asked_has_the_first_claim(begun: Session) -> None:
    """张三 is no yes, a phone number no goodbye, a bare number for money no choice."""
    session = play(FORM, begun, "张三", "13800000000", "0")[0]
    assert (session.answers["name"], session.answers["phone"], session.answers["income"]) == (
        "张三",
        "13800000000",
        "0",
    )


@pytest.mark.parametrize("word", ["取消", "返回", "上一步", "人工", "菜单", "跳过", "继续", "不办了", "更多"])
def test_reserved_words_are_never_stored(begun: Session, word: str) -> None:
    """Not even by a field that takes any words."""
    at_note = replace(begun, answers={"name": "张三", "reason": "job"}, cursor="note")
    for session in (begun, at_note):
        after = play(FORM, session, word)[0]
        assert word not in after.answers.values()


def test_cancelling_forgets_what_was_filled_in(begun: Session) -> None:
    """The draft goes, and nothing is asked any more."""
    session, replies, effects = play(FORM, begun, "张三", "取消")
    assert session.state is State.CANCELLED
    assert session.answers == {}
    assert effects == (Discarded(),)
    assert "删掉" in replies[0].text
    assert play(FORM, session, "13800000000", Resume())[1:] == ((), ())


def test_one_sentence_fills_several_fields(begun: Session) -> None:
    """A cue beside the amount says what it is; the question asked is repeated, not counted as a failure."""
    said = Message("我工资3500，没别的", (replace(AMOUNT, start=3, end=7),))
    session, replies, effects = forms.step(FORM, begun, said)
    assert session.answers == {"income": "3500"}
    assert effects == ()
    assert session.tries == 0
    assert "记下了：月收入 3500元/月。" in replies[0].text
    assert "叫什么名字" in replies[0].text


def test_a_phone_needs_no_cue(begun: Session) -> None:
    """It can mean one field only."""
    said = Message("我的号13800000000", (Found("phone", "13800000000", 3, 14),))
    assert forms.step(FORM, begun, said)[0].answers == {"phone": "13800000000"}


def test_an_amount_without_a_cue_is_left_alone(begun: Session) -> None:
    """公司欠我三千五 is no monthly income."""
    assert forms.step(FORM, begun, Message("公司欠我3500", (AMOUNT,)))[0].answers == {}


def test_branches_follow_the_answers(begun: Session) -> None:
    """The hospital is asked only of those who are ill; a changed reason leaves its answer out, not lost."""
    session = play(FORM, begun, "张三", "13800000000", "3000")[0]
    session = play(
        FORM, replace(session, answers={**session.answers, "since": "2026-01-01"}, cursor="reason"), "1"
    )[0]
    assert session.cursor == "hospital"
    session = play(FORM, session, "一院", "否", "跳过", "跳过", "改原因", "失业")[0]
    assert session.state is State.CONFIRMING
    assert "hospital" not in values(FORM, session)
    assert session.answers["hospital"] == "一院"


def test_groups_repeat_until_there_are_no_more(begun: Session) -> None:
    """Family members one after another, each with its own branches, handed over as a list."""
    at_family = replace(filled(begun), answers={}, state=State.FILLING, cursor="family/0/+")
    base = {"name": "张三", "phone": "13800000000", "income": "1", "since": "2026-01-01", "reason": "job"}
    session = replace(at_family, answers=base)
    session = play(FORM, session, "是", "李四", "是", "感冒", "有", "王五", "否", "没有了", "跳过", "跳过")[0]
    assert session.state is State.CONFIRMING
    assert values(FORM, session)["family"] == [
        {"name": "李四", "ill": True, "illness": "感冒"},
        {"name": "王五", "ill": False},
    ]


def test_back_shows_what_was_said_and_keeps_it(begun: Session) -> None:
    """不变 goes on; a new answer replaces the old one."""
    session, replies, _ = play(FORM, begun, "张三", "13800000000", "上一步")
    assert "138****0000" in replies[0].text
    assert play(FORM, session, "不变")[0].answers["phone"] == "13800000000"
    again = play(FORM, session, "13900000000")[0]
    assert again.answers["phone"] == "13900000000"
    first, replies, _ = play(FORM, session, "返回", "返回")
    assert first.cursor == "name"
    assert "已经是第一项了" in replies[0].text


def test_an_earlier_answer_is_corrected_from_the_summary(begun: Session) -> None:
    """By its number; afterwards the summary is shown again."""
    session, replies, _ = play(FORM, filled(begun), "3", "4000")
    assert session.state is State.CONFIRMING
    assert "3. 月收入：4000元/月" in replies[0].text
    assert "没有这一项" in play(FORM, session, "99")[1][0].text
    assert "哪一项要改" in play(FORM, session, "不对")[1][0].text


def test_a_form_is_left_and_taken_up_again(begun: Session) -> None:
    """Nothing is heard while it waits; 继续 asks the question that was open."""
    session = play(FORM, begun, "张三", Leave())[0]
    assert play(FORM, session, "13800000000")[0] == session
    stored = Session.from_dict(session.to_dict())
    assert stored == session
    resumed, replies, _ = play(FORM, stored, Resume())
    assert resumed.cursor == "phone"
    assert "接着填" in replies[0].text


@pytest.mark.parametrize("event", [Crisis(), Expired()])
def test_a_crisis_suspends_without_a_word(begun: Session, event: Event) -> None:
    """No prompt follows the caring words."""
    session, replies, effects = play(FORM, begun, "张三", event)
    assert session.state is State.SUSPENDED
    assert (replies, effects) == ((), ())
    assert session.answers == {"name": "张三"}


def test_a_question_in_between_repeats_the_prompt(begun: Session) -> None:
    """The handler answers it; the form does not count it as a failure."""
    after, _, effects = play(FORM, begun, "低保怎么申请？")
    assert effects == (Unclear(),)
    assert after.tries == 1
    session, replies, effects = forms.step(FORM, begun, Interrupt())
    assert session == begun
    assert "叫什么名字" in replies[0].text
    assert effects == ()


def test_after_two_failures_help_and_after_four_a_person(begun: Session) -> None:
    """The form never asks the same thing for ever."""
    session = play(FORM, begun, "张三")[0]
    one, first, _ = play(FORM, session, "啊")
    two, second, _ = play(FORM, one, "啊啊")
    assert "人工" not in first[0].text
    assert "人工" in second[0].text
    left, last, effects = play(FORM, two, "啊", "啊")
    assert left.state is State.SUSPENDED
    assert GaveUp() in effects
    assert "都留着" in last[0].text


def test_a_required_question_cannot_be_skipped_but_an_optional_one_can(begun: Session) -> None:
    """不知道 leads to help where an answer is needed."""
    session, replies, _ = play(FORM, begun, Skip())
    assert session.answers == {}
    assert "要填了才能往下办" in replies[0].text


def test_files_are_collected(begun: Session) -> None:
    """Up to the number that is asked for; pictures elsewhere are declined."""
    assert "不用发照片" in play(FORM, begun, Attachment("a"))[1][0].text
    session = replace(filled(begun), state=State.FILLING, cursor="papers")
    session = replace(session, answers={path: v for path, v in session.answers.items() if path != "papers"})
    one, replies, _ = play(FORM, session, Attachment("a"))
    assert "一共1份" in replies[0].text
    assert "照片或文件" in play(FORM, one, "发不出去啊啊")[1][0].text
    two = play(FORM, one, Attachment("b"))[0]
    assert values(FORM, two)["papers"] == ["a", "b"]
    assert two.state is State.CONFIRMING


def test_a_changed_form_keeps_what_still_holds(begun: Session) -> None:
    """Fields are kept by name and checked again; what does not hold is asked anew."""
    session = filled(begun)
    newer = replace(
        FORM,
        version=2,
        fields=(
            *(one for one in FORM.fields if one.name not in ("phone", "reason")),
            Field("reason", "原因", "主要因为什么？", Kind.CHOICE, choices=(Option("debt", "负债"),)),
            Field("bank", "开户行", "开户行是哪家？"),
        ),
    )
    assert play(newer, session, Leave())[1] == ()
    after, replies, _ = play(newer, session, Interrupt())
    assert after.version == 2
    assert after.answers["income"] == "3000"
    assert "phone" not in after.answers
    assert after.cursor == "reason"
    assert "有更新" in replies[0].text


def test_consent_comes_first() -> None:
    """Without it nothing is asked and nothing is kept."""
    form = replace(FORM, consent="同意我们为办这件事使用您填的内容吗？")
    session, replies, _ = forms.start(form, Message("我工资3500", (replace(AMOUNT, start=3, end=7),)))
    assert replies[0].text.startswith("同意")
    assert session.answers == {}
    assert play(form, session, "不同意")[0].state is State.CANCELLED
    assert play(form, session, "同意")[0].cursor == "name"


def test_what_is_refused_afterwards_is_asked_again(begun: Session) -> None:
    """With the reason; a field that is not there hands over to a person."""
    form = replace(FORM, confirms=False)
    done, _, effects = play(form, replace(filled(begun), state=State.FILLING), "跳过")
    assert isinstance(effects[0], Submitted)
    session, replies, _ = play(form, done, Refused("income", "收入要重填。"))
    assert session.cursor == "income"
    assert replies[0].text.startswith("收入要重填。")
    assert play(form, done, Refused("nothing", "算不了。"))[0].state is State.SUSPENDED


def test_a_last_look_may_refuse_a_value() -> None:
    """The sentence of the check is what people read."""
    form = Form(
        "f", 1, "表", (Field("a", "甲", "甲？", check=lambda value: "太短。" if len(value) < 2 else ""),)
    )
    session, replies, _ = play(form, forms.start(form)[0], "好")
    assert replies[0].text.startswith("太短。")
    assert play(form, session, "很好")[0].answers == {"a": "很好"}


WORDS = (
    "张三", "是", "否", "1", "2", "3000", "13800000000", "取消", "返回", "人工", "跳过", "没有", "怎么办？", "提交", "改原因", "",
    "🙂", "x" * 600, "一院", "继续",
)  # fmt: skip
DAY = Found("date", Period(date(2026, 3, 1), date(2026, 3, 31)), 0, 2)
EVENTS: tuple[Event, ...] = (
    *map(Message, WORDS),
    *(Message("三月开始的", (DAY,)),) * 3,
    *(Message("工资三千五", (replace(AMOUNT, start=2, end=5),)),) * 2,
    Attachment("a"), Back(), Skip(), Resume(), Confirm(), Deny(), Interrupt(), Leave(), Crisis(), Expired(),
    *map(Edit, ("1", "3", "9", "name", "reason", "nothing")),
    Refused("income", "要重填。"),
    Cancel(),
)  # fmt: skip


def _legal(before: Session, event: Event, after: Session, effects: Sequence[object]) -> None:
    gone = set(before.answers) - set(after.answers)
    assert not gone or after.state is State.CANCELLED
    changed = {
        path
        for path in before.answers
        if path in after.answers and before.answers[path] != after.answers[path]
    }
    assert changed <= {before.cursor}
    reserved: set[Any] = {"取消", "返回", "人工", "跳过", "继续", ""}
    assert not reserved & {value for value in after.answers.values() if isinstance(value, str)}
    if any(isinstance(effect, Submitted) for effect in effects):
        assert before.state is State.CONFIRMING
        assert isinstance(event, Confirm) or (isinstance(event, Message) and event.text in ("提交", "是"))


@settings(max_examples=500, deadline=None, database=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_ten_thousand_random_dialogs_lose_nothing_and_end(seed: int) -> None:
    """No answer is lost, nothing is submitted unconfirmed, no question comes more than four times in vain."""
    chance = random.Random(seed)
    for _ in range(20):
        session = forms.start(FORM)[0]
        if chance.random() < 0.5:
            session = filled(session)
        for event in chance.choices(EVENTS, k=8):
            after, replies, effects = forms.step(FORM, session, event)
            _legal(session, event, after, effects)
            assert after.tries < forms.TRIES_TO_LEAVE
            assert all(reply.text for reply in replies)
            session = after
        assert Session.from_dict(session.to_dict()) == session


def test_lengths_of_time_are_turned_into_the_unit_asked_for() -> None:
    """一年半 is 1.5 years or 18 months."""
    span = Found("duration", Span(1, 6), 0, 3)
    for unit, value in (("年", "1.5"), ("个月", "18")):
        form = Form("f", 1, "表", (Field("a", "甲", "多久？", Kind.NUMBER, unit=unit),), confirms=False)
        assert forms.step(form, forms.start(form)[0], Message("一年半", (span,)))[0].answers == {"a": value}
