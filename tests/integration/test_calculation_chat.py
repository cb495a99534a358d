"""Calculations and forms through Assistant.receive: started by words, resumed after anything, kept apart by person."""

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import app
from bot.channels import terminal
from bot.core.clock import FixedClock
from bot.core.conversation import Conversation
from bot.core.fields import Kind
from bot.core.messages import InboundMessage, MessageKind, Reply, ReplyKind
from bot.settings import load_settings
from bot.storage import conversations as store
from handlers import calculation_forms
from knowledge.calculators import registry

LONGEST = 600
OVERTIME = ("帮我算加班费", "3000", "40", "0", "8")
Say = Callable[..., Reply]


def _say(parts: app.Parts, text: str, sender: str = "a", channel: str = "web", **more: object) -> Reply:
    message = InboundMessage(channel, sender, uuid.uuid4().hex, text, **more)  # type: ignore[arg-type]
    return parts.assistant.receive(message)[0]


def _play(parts: app.Parts, *said: str, **more: str) -> Reply:
    reply = None
    for text in said:
        reply = _say(parts, text, **more)
    assert reply is not None
    return reply


def _state(parts: app.Parts, sender: str = "a") -> Conversation:
    with parts.database.session() as session:
        return store.state_of(
            store.open_conversation(session, parts.database.vault, "web", sender, parts.clock.now())
        )


@pytest.mark.parametrize("step", range(1, len(OVERTIME)))
def test_a_restart_at_any_step_resumes(
    step: int, parts: app.Parts, tmp_path: Path, clock: FixedClock
) -> None:
    """The draft lies in the database: the next program goes on where this one stopped."""
    _play(parts, *OVERTIME[:step])
    parts.close()
    again = app.assemble(load_settings(data_dir=tmp_path / "var"), clock)
    try:
        assert "合计 1448.28元" in _play(again, *OVERTIME[step:]).text
    finally:
        again.close()


def test_the_result_fits_one_bubble_and_shows_its_working(parts: app.Parts) -> None:
    """The amount first, every line with its article, what to do next, the rest behind 更多."""
    reply = _play(parts, *OVERTIME)
    assert reply.kind is ReplyKind.CALCULATION
    assert reply.text.startswith("加班费：合计 1448.28元")
    assert "劳动法第四十四条" in reply.text
    assert "估算仅供参考" in reply.text
    assert len(reply.text) + sum(len(choice.label) + 4 for choice in reply.choices) <= LONGEST
    assert "什么会改变结果" in reply.more or "什么会改变结果" in reply.text
    assert _say(parts, "更多").text in reply.more


def test_two_people_and_two_channels_do_not_mix(parts: app.Parts) -> None:
    """Each has a draft of their own."""
    _play(parts, *OVERTIME[:2], sender="a")
    _play(parts, "帮我算产假", sender="b")
    _play(parts, "帮我算年假", sender="a", channel="terminal")
    assert "一共 98天" in _play(parts, "6月1号", "1", "1", "否", "跳过", sender="b").text
    assert "全年年休假 10天" in _say(parts, "十二年", sender="a", channel="terminal").text
    assert "合计 1448.28元" in _play(parts, *OVERTIME[2:], sender="a").text


def test_the_same_message_again_is_no_second_answer(parts: app.Parts) -> None:
    """A platform's retry must not fill in the next field."""
    _play(parts, *OVERTIME[:2])
    message = InboundMessage("web", "a", "same", "40")
    assert parts.assistant.receive(message) == parts.assistant.receive(message)
    assert "合计 1448.28元" in _play(parts, "0", "8").text


def test_words_that_lead_away_put_the_form_aside(parts: app.Parts) -> None:
    """菜单, 人工 and 目录 are obeyed; their numbers then mean their choices; 继续 comes back."""
    _play(parts, "帮我算产假")
    menu = _say(parts, "菜单")
    assert menu.kind is ReplyKind.MENU
    assert "继续" in menu.text
    assert _say(parts, "4").kind is ReplyKind.HANDOVER
    assert "从哪一天开始休" in _say(parts, "继续").text
    assert "从哪一天开始休" in _say(parts, "退订").text
    assert _say(parts, "人工").kind is ReplyKind.HANDOVER
    assert "不办了" in _say(parts, "取消").text
    assert _state(parts).drafts == {}


def test_after_a_long_silence_a_new_question_is_no_answer(parts: app.Parts, clock: FixedClock) -> None:
    """A plain figure still goes into the form; anything else is taken for what it is, and the draft waits."""
    _play(parts, *OVERTIME[:2])
    clock.advance(hours=3)
    assert "周末加班" in _say(parts, "40").text
    clock.advance(hours=3)
    assert _say(parts, "老板拖欠工资三个月了怎么办").kind is ReplyKind.ANSWER
    assert "周末加班" in _say(parts, "继续").text


def test_another_calculation_may_be_asked_for_in_between(parts: app.Parts) -> None:
    """Each keeps its own draft."""
    _play(parts, *OVERTIME[:2])
    assert "产假" in _say(parts, "帮我算产假").text
    _say(parts, "取消")
    assert "平时晚上" in _say(parts, "继续").text


def test_what_contradicts_itself_is_asked_again(parts: app.Parts) -> None:
    """The calculator's own sentence, without its English names, and the question it is about."""
    reply = _play(parts, "帮我算经济补偿", "2025年3月", "2024年3月1日", "8000", "1", "跳过", "跳过", "跳过")
    assert reply.kind is ReplyKind.FORM
    assert reply.text.startswith("解除或终止日期不能早于入职日期。")
    assert "现在填的是 2024年3月1日" in reply.text
    assert _say(parts, "2026年3月1日").kind is ReplyKind.CALCULATION


def test_a_local_standard_nobody_knows_is_said_plainly(parts: app.Parts) -> None:
    """What is missing and where to ask; the rest is kept until it is known."""
    reply = _play(parts, "帮我算竞业限制", "10000", "跳过", "跳过", "跳过")
    assert "需要当地标准" in reply.text
    assert "12351" in reply.text
    assert "最低工资每月多少" in _say(parts, "继续").text
    assert _say(parts, "2000").kind is ReplyKind.CALCULATION


def test_the_last_calculation_is_changed_by_a_word(parts: app.Parts) -> None:
    """Amount, date and choice; what names nothing of it goes to the handbook."""
    _play(parts, "8千一个月，2019年3月进厂，上个月被辞，能赔多少", "1", "跳过", "跳过", "跳过")
    assert "合计 72000元" in _say(parts, "换成九千呢").text
    assert "合计 144000元" in _say(parts, "要是违法辞退呢").text
    assert "合计 135000元" in _say(parts, "换成2019年9月进厂呢").text
    assert _say(parts, "那试用期呢").kind is not ReplyKind.CALCULATION


def test_the_unions_region_answers_for_local_standards(
    tmp_path: Path, parts: app.Parts, clock: FixedClock
) -> None:
    """What is in the data is not asked; the union's own amount counts at once, without a restart."""
    parts.close()
    ours = app.assemble(load_settings(data_dir=tmp_path / "var", region="上海"), clock)
    try:
        reply = _play(ours, "帮我算病假工资", "跳过")
        assert "病假工资不低于 2192元" in reply.text
        folder = tmp_path / "var" / "parameters"
        folder.mkdir(parents=True)
        (folder / "minimum_wage.toml").write_text(
            '[[row]]\nregion = "上海"\nvalue = 3000\nunit = "元/月"\neffective_from = 2026-10-01\n'
            'source = "本会核对"\nverified_on = 2026-11-01\n',
            "utf-8",
        )
        assert "病假工资不低于 2400元" in _play(ours, "帮我算病假工资", "跳过").text
        (folder / "minimum_wage.toml").write_text("坏了", "utf-8")
        assert "病假工资不低于 2400元" in _play(ours, "帮我算病假工资", "跳过").text
    finally:
        ours.close()


def test_questions_about_the_rule_are_answered_as_before(parts: app.Parts) -> None:
    """What the handbook answers for sure is answered; the calculator can be picked beside it."""
    reply = _say(parts, "被辞退能拿多少补偿")
    assert reply.kind is ReplyKind.ANSWER
    assert reply.citations is not None
    assert reply.choices[0].send.startswith("帮我算")
    assert _say(parts, "加班费怎么算").kind is ReplyKind.ANSWER


def test_articles_pictures_and_thanks_in_between(parts: app.Parts) -> None:
    """None of them is an answer, and none of them ends the form."""
    _play(parts, "帮我算产假")
    assert "从哪一天开始休" in _say(parts, "谢谢").text
    assert _say(parts, "", kind=MessageKind.IMAGE).kind is ReplyKind.CLARIFY
    assert "情形" not in _say(parts, "在吗").text
    assert "生育还是流产" in _say(parts, "6月1号").text


def test_a_crisis_puts_the_form_aside_without_a_word(parts: app.Parts) -> None:
    """No question of the form follows, and the draft is kept."""
    _play(parts, "帮我算产假")
    reply = _say(parts, "我不想活了")
    assert reply.kind is ReplyKind.CRISIS
    assert "产假" not in reply.text
    assert _state(parts).form == ""
    assert _state(parts).drafts


def test_feedback_reaches_the_staff_masked(parts: app.Parts) -> None:
    """Only after 提交, and without the phone number somebody wrote into it."""
    _play(parts, "我想提个意见", "1", "窗口没人，回我电话13800000000", "跳过")
    with parts.database.reading() as session:
        assert store.unanswered(session) == []
    assert "收到了" in _say(parts, "提交").text
    with parts.database.reading() as session:
        [noted] = store.unanswered(session)
    assert noted.question.startswith("意见建议：service；窗口没人")
    assert "13800000000" not in noted.question


def test_nothing_is_filled_in_where_everybody_reads_along(parts: app.Parts) -> None:
    """In a group no draft is kept."""
    _say(parts, "帮我算产假", channel="telegram_group")
    assert _say(parts, "老板拖欠工资三个月了怎么办", channel="telegram_group").kind is ReplyKind.ANSWER


SPOKEN = {
    Kind.MONEY: "六千五",
    Kind.NUMBER: "5",
    Kind.COUNT: "2",
    Kind.DATE: "去年三月",
    Kind.CHOICE: "1",
    Kind.YES_NO: "是的",
    Kind.PLACE: "上海",
    Kind.TEXT: "配偶、子女",
}
LATER = {
    "end": "上个月",
    "last": "上个月",
    "lo": "四千",
    "hi": "两万七",
    "total_m": "三年",
    "served_m": "一年",
    "signed": "跳过",
    "ot": "五百",
    "special": "0",
    "si": "三百",
    "rates": "养老 8/16，医疗 2/9.5%，公积金5/5",
}


@pytest.mark.parametrize("name", sorted(registry.CALCULATORS))
def test_every_calculator_comes_to_a_result_in_everyday_words(name: str, parts: app.Parts) -> None:
    """Asked for by its title, answered as people speak, shown in one bubble."""
    calculator = registry.CALCULATORS[name]
    form = calculation_forms.build(calculator, parts.skills.standards(parts.skills.today(parts.clock.now())))
    kinds = {field.name: field.kind for field in form.fields}
    reply = _say(parts, f"帮我算{calculator.title}")
    for _ in range(len(kinds)):
        assert reply.kind is ReplyKind.FORM, reply.text
        asked = _state(parts).drafts[form.code]["cursor"]
        reply = _say(parts, LATER.get(asked) or SPOKEN[kinds[asked]])
        if reply.kind is ReplyKind.CALCULATION:
            break
    assert reply.kind is ReplyKind.CALCULATION, reply.text
    assert reply.text.startswith(calculator.title)
    assert len(reply.text) + sum(len(choice.label) + 4 for choice in reply.choices) <= LONGEST


def test_a_terminal_shows_numbered_choices(parts: app.Parts) -> None:
    """The same form without any account."""
    _play(parts, "帮我算退休", "1975年3月8日", channel="terminal")
    shown = terminal.render(_say(parts, "上一步", channel="terminal"))
    assert "不变" in shown
    assert "1. 男职工" in terminal.render(_say(parts, "不变", channel="terminal"))
