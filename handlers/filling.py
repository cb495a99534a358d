"""A message while a form is being filled in: its answer, a global word, or a question in between."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.core import form_words, forms
from bot.core.fields import FIGURES
from bot.core.form import Form, Session, State, find
from bot.core.form_events import (
    Back,
    Cancel,
    Crisis,
    Event,
    Expired,
    GaveUp,
    Interrupt,
    Leave,
    Message,
    Resume,
    Submitted,
    Unclear,
)
from bot.core.form_texts import ask
from bot.core.form_words import Word
from bot.core.messages import Choice, MessageKind, Reply, ReplyKind
from handlers import answer, calculation, calculation_forms, calculators, drafts, menu
from handlers.drafts import Draft
from handlers.skills import named
from handlers.turn import Outcome, Turn
from intents import commands
from intents.commands import Command
from knowledge import answers

_STEPS: Mapping[Command, Event] = MappingProxyType({Command.CANCEL: Cancel(), Command.BACK: Back()})
_ASIDE = frozenset({Command.MENU, Command.PERSON, Command.DIRECTORY})
"""Words that lead away: the form waits."""
_NOTED = 300
_LATER = "这个问题我没有把握，先把这里填完再问，或回复“菜单”离开一会儿，填的都留着。"
_SHORTEST_QUESTION = 4


def current(turn: Turn) -> Turn:
    """After a long silence the open form is put aside, unless the message is plainly the answer it waits for."""
    draft = drafts.open_draft(turn)
    if draft is None or not drafts.is_stale(turn, draft):
        return turn
    slot = find(draft.form, draft.session, draft.session.cursor)
    is_figure = slot is not None and slot.field.kind in FIGURES
    if is_figure and forms.takes(draft.form, draft.session, _message(turn)):
        return turn
    return _put_away(turn, draft, Expired())


def answered(turn: Turn) -> Outcome | None:
    """What becomes of the message where a form is open, or one put aside is meant; None where it is about something else."""
    if turn.message.kind is not MessageKind.TEXT and not turn.text.strip():
        return None
    draft = drafts.open_draft(turn)
    if draft is None:
        return _put_aside(turn)
    return _global(turn, draft) or _said(turn, draft, _message(turn))


def set_aside(turn: Turn, outcome: Outcome) -> Outcome:
    """The answer to somebody in danger, with the open form put aside without a word."""
    draft = drafts.open_draft(turn)
    if draft is None:
        return outcome
    session = forms.step(draft.form, draft.session, Crisis())[0]
    return replace(outcome, conversation=drafts.keep(turn, outcome.conversation, session))


def _put_away(turn: Turn, draft: Draft, event: Event) -> Turn:
    session = forms.step(draft.form, draft.session, event)[0]
    return replace(turn, conversation=drafts.keep(turn, turn.conversation, session))


def _message(turn: Turn) -> Message:
    return Message(turn.text, named(turn.text, turn.skills.today(turn.now), turn.skills.places))


def begin(turn: Turn, form: Form) -> Outcome:
    """The first question of a form, or the one where it was left."""
    draft = drafts.find(turn, form.code)
    if draft is not None and draft.session.state is not State.DONE:
        return _stepped(turn, draft, Resume())
    session, replies, _ = forms.start(form)
    lead = "\n".join(part for part in (f"{form.title}。{form.purpose}", replies[0].text) if part)
    return _kept(turn, session, replace(replies[0], text=lead))


def _put_aside(turn: Turn) -> Outcome | None:
    """继续 and 取消 reach a form that waits."""
    word = form_words.meaning(turn.text)
    if word not in (Word.RESUME, Word.CANCEL):
        return None
    draft = drafts.waiting(turn)
    return _stepped(turn, draft, Resume() if word is Word.RESUME else Cancel()) if draft else None


def _global(turn: Turn, draft: Draft) -> Outcome | None:
    """Words that mean the same everywhere; a bare 0 is a number where one is asked for."""
    command = commands.command(turn.text)
    if command is None or (turn.text.strip().isdigit() and _asks_for_a_figure(draft)):
        return None
    if command in _STEPS:
        return _stepped(turn, draft, _STEPS[command])
    outcome = menu.COMMANDS[command](turn)
    if command in _ASIDE:
        session = forms.step(draft.form, draft.session, Leave())[0]
        text = f"{outcome.reply.text}\n“{draft.form.title}”还没填完，回复“继续”接着填。"
        return _with(turn, outcome, session, replace(outcome.reply, text=text))
    return _with_question(turn, outcome, draft)


def _asks_for_a_figure(draft: Draft) -> bool:
    slot = find(draft.form, draft.session, draft.session.cursor)
    return draft.session.state is State.CONFIRMING or (slot is not None and slot.field.kind in FIGURES)


def _said(turn: Turn, draft: Draft, message: Message) -> Outcome:
    """The engine's turn; what it cannot make out may be small talk, another calculation or a question for the handbook."""
    if commands.is_greeting(turn.text) and draft.session.state is State.FILLING:
        return _stepped(turn, draft, Interrupt())
    session, replies, effects = forms.step(draft.form, draft.session, message)
    if Unclear() in effects:
        other = _elsewhere(turn, draft)
        if other is not None:
            return other
        if form_words.is_question(turn.text) and session.state is State.FILLING:
            replies = (ask(draft.form, session, _LATER),)
    return _after(turn, draft.form, session, replies, effects)


def _elsewhere(turn: Turn, draft: Draft) -> Outcome | None:
    if commands.is_thanks(turn.text):
        return _stepped(turn, draft, Interrupt())
    if calculators.wants(turn.text):
        return calculation.asked(_put_away(turn, draft, Leave()))
    if len(turn.text.strip()) < _SHORTEST_QUESTION:
        return None
    outcome = answer.article(turn)
    if outcome is None:
        finding = answer.search(turn, turn.text)
        if answers.judge(finding, turn.library).verdict is not answers.Verdict.ANSWER:
            return None
        outcome = answer.question(turn)
    return _with_question(turn, outcome, draft)


def _with_question(turn: Turn, outcome: Outcome, draft: Draft) -> Outcome:
    """Another answer, and the open question of the form repeated under it."""
    session, replies, _ = forms.step(draft.form, draft.session, Interrupt())
    prompt = f"接着填“{draft.form.title}”：{replies[0].text}"
    shown, rest = answers.cut(outcome.reply.text, max(answers.LONGEST - len(prompt) - 2, 80))
    more = "\n".join(part for part in (rest, outcome.reply.more) if part)
    reply = replace(outcome.reply, text=f"{shown}\n\n{prompt}", choices=replies[0].choices, more=more)
    return _with(turn, outcome, session, reply)


def _with(turn: Turn, outcome: Outcome, session: Session, reply: Reply) -> Outcome:
    conversation = drafts.keep(turn, outcome.conversation.after(reply), session)
    return replace(outcome, reply=reply, conversation=conversation)


def _stepped(turn: Turn, draft: Draft, event: Event) -> Outcome:
    session, replies, effects = forms.step(draft.form, draft.session, event)
    return _after(turn, draft.form, session, replies, effects)


def _after(
    turn: Turn, form: Form, session: Session, replies: tuple[Reply, ...], effects: tuple[object, ...]
) -> Outcome:
    done = next((effect for effect in effects if isinstance(effect, Submitted)), None)
    if done is not None and form.code.startswith(calculation_forms.PREFIX):
        return calculation.finish(turn, form, session, done)
    reply = replies[0] if replies else Reply(ReplyKind.SMALLTALK, turn.wording["nothing_to_cancel"])
    outcome = _kept(turn, session, reply)
    if done is not None:
        said = "；".join(str(value) for value in done.values.values() if value is not None)
        return replace(outcome, unanswered=form.title, noted=f"{form.title}：{said}"[:_NOTED])
    return replace(outcome, unanswered="人工") if GaveUp() in effects else outcome


def _kept(turn: Turn, session: Session, reply: Reply) -> Outcome:
    if session.state is State.SUSPENDED and reply.kind is ReplyKind.HANDOVER:
        reply = replace(reply, choices=(Choice("继续", "继续"), Choice("转人工", "人工")))
    conversation = drafts.keep(turn, turn.conversation.after(reply), session)
    return Outcome(reply, replace(conversation, misses=0))
