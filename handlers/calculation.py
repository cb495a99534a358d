"""Amounts and dates on request: which calculator is meant, what it still needs, and the result."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.core import forms, reading
from bot.core.fields import Field, Kind
from bot.core.form import Form, Session, Slot, State, shown, spoken, values
from bot.core.form_events import Message, Refused, Submitted
from bot.core.messages import Choice, Reply, ReplyKind
from handlers import answer, calculation_forms, calculation_text, calculators, drafts, standards
from handlers.calculation_text import Sheet
from handlers.skills import named
from handlers.turn import Outcome, Turn
from intents import nlu
from intents.catalogue import Group, Intent
from knowledge import answers
from knowledge.calculators import registry
from knowledge.calculators.calculator import Calculator
from knowledge.calculators.errors import CalculationError, LocalStandardError

_CHANGES = re.compile(
    r"(?:那么?|如果|要是|假如|再)?(?:换成|改成|换|改为|变成|换作|换到|要是|如果是|按|算)(?P<said>.+?)(?:呢|的话|算|来算|再算一次|再算)*[?？。]?"
    r"|(?:那么?|如果|要是)(?P<then>.{1,20}?)(?:呢|的话)[?？]?"
)
_HOW_MUCH = re.compile(r"多少|几个月|几天|哪天|什么时候")
_WHETHER = re.compile(r"能不能|可不可以|行不行|算不算|对不对|是不是|该不该|合法|违法吗|[吗不么嘛][?？。]?$")
_FIGURES = frozenset({Kind.MONEY, Kind.NUMBER, Kind.COUNT, Kind.DATE})
_GRADE = "级"
_FIGURES_TO_START = 2
"""So many figures of a calculator in one message ask for the calculation, though the rule could be told."""


def asked(turn: Turn) -> Outcome | None:
    """The start of a calculation, where one is asked for; None leaves the message to the handbook."""
    intent = _intent(turn)
    if calculators.wants(turn.text):
        return _begin(turn, calculators.meant(turn.text, intent, turn.region))
    if intent is None or intent.group is not Group.CALCULATE or calculators.asks_how(turn.text):
        return None
    found = calculators.meant(turn.text, intent, turn.region)
    if len(found) == 1 and _is_own_case(turn, found[0]):
        return _begin(turn, found)
    if answers.judge(answer.search(turn, turn.text), turn.library).verdict is answers.Verdict.ANSWER:
        return None
    return _begin(turn, found)


def offered(turn: Turn) -> tuple[Choice, ...]:
    """The calculator that goes with a question answered from the handbook, to be picked."""
    intent = _intent(turn)
    if intent is None or intent.group is not Group.CALCULATE:
        return ()
    found = calculators.meant(turn.text, intent, turn.region)
    return (_choice(registry.CALCULATORS[found[0]]),) if len(found) == 1 else ()


def _intent(turn: Turn) -> Intent | None:
    if turn.skills.understand is None:
        return None
    result = turn.skills.understand(turn.text, turn.skills.today(turn.now))
    return nlu.decide(result, turn.skills.thresholds).intent


def _choice(calculator: Calculator) -> Choice:
    return Choice(f"帮我算{calculator.title}", f"帮我算{calculator.title}")


def _begin(turn: Turn, found: tuple[str, ...]) -> Outcome:
    if len(found) != 1:
        choices = tuple(_choice(registry.CALCULATORS[name]) for name in found)
        reply = Reply(ReplyKind.CLARIFY, "可以帮你算，要算哪一样？回复数字就行。", choices=choices)
        return Outcome(reply, replace(turn.conversation.after(reply), misses=0))
    form = drafts.form_of(turn, calculation_forms.PREFIX + found[0])
    assert form is not None
    opening = Message("") if calculators.titled(turn.text) else _message(turn)
    session, replies, effects = forms.start(form, opening, _given(turn, form))
    said = _understood(form, session, turn)
    if effects:
        return _finish(turn, form, session)
    known = f"已知道：{said}。\n" if said else ""
    reply = replace(
        replies[0], text=f"算{form.title}，问几句就好，不想算了回复“取消”。\n{known}{replies[0].text}"
    )
    return _kept(turn, session, reply)


def _message(turn: Turn) -> Message:
    return Message(turn.text, named(turn.text, turn.skills.today(turn.now), turn.skills.places))


def _given(turn: Turn, form: Form) -> dict[str, Any]:
    """The union's own region, unless the message names another."""
    has_region = any(one.name == "region" for one in form.fields)
    names_place = any(one.kind == "place" for one in _message(turn).found)
    return {"region": turn.region} if turn.region and has_region and not names_place else {}


def _understood(form: Form, session: Session, turn: Turn) -> str:
    said = [
        slot
        for slot in shown(form, session)
        if slot.path != "region" or session.answers["region"] != turn.region
    ]
    return "，".join(_pair(session, slot) for slot in said)


def _pair(session: Session, slot: Slot) -> str:
    return (
        f"{slot.field.label} {spoken(slot.field, session.answers[slot.path], slot.path in session.assumed)}"
    )


def _is_own_case(turn: Turn, name: str) -> bool:
    """Whether the message gives figures of its own: two inputs of the calculator, or the day a period begins."""
    form = drafts.form_of(turn, calculation_forms.PREFIX + name)
    if form is None:
        return False
    session, _, _ = forms.start(form, _message(turn))
    given = [one for one in form.fields if one.name in session.answers and one.kind in _FIGURES]
    lacking = sum(
        one.required and one.when is None and one.name not in session.answers for one in form.fields
    )
    how_much = bool(_HOW_MUCH.search(turn.text))
    if _WHETHER.search(turn.text) and not how_much:
        return False
    grades = sum(one.unit == _GRADE for one in given)
    if len(given) - (0 if how_much else grades) >= _FIGURES_TO_START:
        return True
    return lacking <= how_much and any(one.kind is Kind.DATE for one in given)


def _kept(turn: Turn, session: Session, reply: Reply) -> Outcome:
    conversation = drafts.keep(turn, turn.conversation.after(reply), session)
    return Outcome(reply, replace(conversation, misses=0))


def finish(turn: Turn, form: Form, session: Session, effect: Submitted) -> Outcome:
    """The result of a form that is complete; what cannot be computed is asked again."""
    del effect
    return _finish(turn, form, session)


def _finish(turn: Turn, form: Form, session: Session) -> Outcome:
    calculator = registry.CALCULATORS[form.code.removeprefix(calculation_forms.PREFIX)]
    given = calculation_forms.answers(calculator, values(form, session))
    if "region" not in given and turn.region and any(one.name == "region" for one in calculator.inputs):
        given["region"] = turn.region
    try:
        result = standards.run(calculator, given, turn.skills.standards(turn.skills.today(turn.now)))
    except LocalStandardError as missing:
        return _missing(turn, form, session, missing)
    except CalculationError as wrong:
        said = re.sub(r"（[a-z][a-z_0-9]*）", "", str(wrong))
        again, replies, _ = forms.step(form, session, Refused(wrong.field, said))
        return _kept(turn, again, replies[0])
    taken = tuple(
        _pair(session, slot) for slot in shown(form, session) if session.answers[slot.path] is not None
    )
    sheet = Sheet(calculator, result, taken, _example(form, session))
    reply = calculation_text.reply(sheet, turn.library)
    outcome = _kept(turn, session, reply)
    topic = reply.citations[0].key if reply.citations else turn.conversation.topic
    return replace(outcome, conversation=replace(outcome.conversation, calculated=form.code, topic=topic))


def _example(form: Form, session: Session) -> str:
    """How to change an input, shown on one that was given."""
    kinds = {slot.field.kind for slot in shown(form, session)}
    if Kind.MONEY in kinds:
        return "换成9000呢"
    return "换成2025年3月呢" if Kind.DATE in kinds else "换成12年呢"


def _missing(turn: Turn, form: Form, session: Session, missing: LocalStandardError) -> Outcome:
    """A local standard nobody knows: said plainly, and the rest is kept for when it is known."""
    said = re.sub(r"（[a-z][a-z_0-9]*）", "", str(missing))
    answered = {path: value for path, value in session.answers.items() if path != missing.field}
    waiting = replace(session, answers=answered, cursor=missing.field, state=State.SUSPENDED)
    text = f"{said}\n别的都记下了，问到了回复“继续”，接着算“{form.title}”。"
    reply = Reply(ReplyKind.FORM, text, choices=(Choice("转人工", "人工"),))
    return _kept(turn, waiting, reply)


def changed(turn: Turn) -> Outcome | None:
    """换成八千呢: the last calculation again with one input changed; None when the text is about something else."""
    draft = drafts.find(turn, turn.conversation.calculated) if turn.conversation.calculated else None
    said = _CHANGES.fullmatch(turn.text.strip())
    if draft is None or said is None or draft.session.state is not State.DONE or drafts.is_stale(turn, draft):
        return None
    message = _message(replace(turn, text=said["said"] or said["then"]))
    for slot in _aims(draft.form, draft.session, message.text):
        try:
            got = reading.read(slot.field, message.text.removeprefix(slot.field.label), message.found)
        except reading.MisreadError:
            continue
        value = _in_year_of(draft.session.answers[slot.path], got.value, message.text)
        answered = {**draft.session.answers, slot.path: value}
        assumed = draft.session.assumed - {slot.path} | ({slot.path} if got.assumed else set())
        session = replace(draft.session, answers=answered, assumed=assumed)
        again, replies, effects = forms.resubmit(draft.form, session)
        return _finish(turn, draft.form, again) if effects else _kept(turn, again, replies[0])
    return None


def _in_year_of(before: Any, value: Any, text: str) -> Any:
    """5月1号 in place of a day keeps that day's year."""
    if not (
        isinstance(before, str)
        and isinstance(value, str)
        and _DAY.fullmatch(before)
        and _DAY.fullmatch(value)
    ):
        return value
    return value if _YEAR.search(text) else before[:4] + value[4:]


_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_YEAR = re.compile(r"年|\d{4}|今|明|昨|前|上|本|这|后|下|-0?2-29")
_TURNS = (Kind.CHOICE, Kind.MONEY, Kind.DATE, Kind.NUMBER, Kind.COUNT, Kind.PLACE, Kind.YES_NO)


def _aims(form: Form, session: Session, text: str) -> Iterator[Slot]:
    """Inputs a change may be meant for: those named in it, those with a cue in it, then by kind."""
    listed = shown(form, session)

    def rank(slot: Slot) -> tuple[int, int]:
        one = slot.field
        place = _TURNS.index(one.kind) if one.kind in _TURNS else len(_TURNS)
        return (0 if one.label in text else 1 if _is_cued(one, text) else 2), place

    yield from sorted(
        (slot for slot in listed if slot.path != "region" or "省" in text or "市" in text), key=rank
    )


def _is_cued(one: Field, text: str) -> bool:
    return any(cue in text for cue in one.cues)
