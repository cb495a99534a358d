"""What a form says: its questions, its summary, and its help."""

from dataclasses import replace

from bot.core.fields import Kind
from bot.core.form import Form, Session, Slot, State, find, shown, spoken
from bot.core.messages import Choice, Reply, ReplyKind

_MOST_SHOWN = 40
_BRIEF = 40


def ask(form: Form, session: Session, lead: str = "") -> Reply:
    """The open question, or the summary, said again."""
    slot = find(form, session, session.cursor) if session.state is not State.CONFIRMING else None
    text = _summary(form, session) if slot is None else _question(slot, session)
    return Reply(ReplyKind.FORM, f"{lead}\n{text}" if lead else text, choices=_choices(slot))


def noted(replies: tuple[Reply, ...], form: Form) -> tuple[Reply, ...]:
    """The replies, the first of which says that the form has changed."""
    if not replies:
        return replies
    said = f"“{form.title}”的内容有更新，前面填的还在，有变动的会再问一遍。\n{replies[0].text}"
    return (replace(replies[0], text=said), *replies[1:])


def heard(form: Form, before: Session, after: Session) -> str:
    """What was understood beside the question that was asked."""
    new = [
        slot
        for slot in shown(form, after)
        if slot.path == before.cursor or slot.path not in before.answers
        if slot.path in after.answers
    ]
    said = "，".join(
        f"{slot.field.label} {spoken(slot.field, after.answers[slot.path], slot.path in after.assumed)}"
        for slot in new
    )
    return f"记下了：{said}。"


def help_text(slot: Slot, reason: str) -> str:
    """What is said when a question was not answered for the second time."""
    said = [reason, slot.field.help]
    said.append("这项可以回复“跳过”。" if not slot.field.required else "")
    said.append("填不了就回复“人工”找人帮忙，回复“取消”不填了。")
    return "".join(part for part in said if part)


def _question(slot: Slot, session: Session) -> str:
    one, held = slot.field, session.answers.get(slot.path)
    text = one.prompt
    if slot.path in session.answers and held is not None:
        kept = spoken(one, held, slot.path in session.assumed)
        return f"{text}\n现在填的是 {kept}，不改就回复“不变”。"
    if one.required or "跳过" in text or "写0" in text:
        return text
    unless = "不知道" if one.kind in (Kind.YES_NO, Kind.CHOICE) else "没有或不知道"
    return f"{text}（{unless}就回复“跳过”）"


def _choices(slot: Slot | None) -> tuple[Choice, ...]:
    if slot is None:
        return ()
    if slot.field.kind is Kind.YES_NO:
        return (Choice("是", "是"), Choice("否", "否"))
    return tuple(Choice(option.label, option.label) for option in slot.field.choices)


def _summary(form: Form, session: Session) -> str:
    lines = [
        f"{number}. {slot.field.label}：{_brief(spoken(slot.field, session.answers[slot.path], slot.path in session.assumed))}"
        for number, slot in enumerate(shown(form, session)[:_MOST_SHOWN], start=1)
    ]
    head = f"“{form.title}”填好了，请核对："
    tail = "都对就回复“提交”；哪项要改，回复它前面的数字；不办了回复“取消”。"
    return "\n".join((head, *lines, tail))


def _brief(text: str) -> str:
    return text if len(text) <= _BRIEF else f"{text[:_BRIEF]}…"
