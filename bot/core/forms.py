"""The engine of guided dialogs: ``step(form, session, event)`` gives the next session, what is said, and what is to be done."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from bot.core import form_words, reading
from bot.core.fields import SPOKEN, UNMISTAKABLE, Field, Found, Kind, entity_of
from bot.core.form import (
    CONSENT,
    Form,
    Session,
    Slot,
    State,
    find,
    open_slot,
    revalidated,
    shown,
    slots,
    values,
)
from bot.core.form_events import (
    Attachment,
    Back,
    Cancel,
    Confirm,
    Crisis,
    Deny,
    Discarded,
    Edit,
    Effect,
    Event,
    Expired,
    GaveUp,
    Interrupt,
    Leave,
    Message,
    Refused,
    Resume,
    Skip,
    Step,
    Submitted,
    Unclear,
)
from bot.core.form_texts import ask, heard, help_text, noted
from bot.core.form_words import Word
from bot.core.messages import Reply, ReplyKind

TRIES_TO_HELP = 2
TRIES_TO_LEAVE = 4
"""So many answers in a row that were not understood, and the form steps aside."""


def start(form: Form, message: Message | None = None, given: Mapping[str, Any] | None = None) -> Step:
    """A new session; what the first message already says, and what is ``given``, is not asked."""
    session = Session(form.code, form.version, answers=dict(given or {}))
    if message is not None and not form.consent:
        session = _take_more(form, session, message)
    return _onward(form, session)


def step(form: Form, session: Session, event: Event) -> Step:
    """What becomes of ``session`` when ``event`` happens; nothing else is ever changed."""
    changed = session.version != form.version
    if changed:
        session = _placed(form, revalidated(form, session))
    if session.state in (State.DONE, State.CANCELLED) and not isinstance(event, Refused | Edit | Resume):
        return session, (), ()
    if session.state is State.SUSPENDED and not isinstance(event, Resume | Cancel | Edit):
        return session, (), ()
    after, replies, effects = _HANDLERS[type(event)](form, session, event)
    return after, noted(replies, form) if changed else replies, effects


def resubmit(form: Form, session: Session) -> Step:
    """On from answers that were changed from outside: complete again, or the question they have opened."""
    return _onward(form, session)


def takes(form: Form, session: Session, message: Message) -> bool:
    """Whether the open question would take ``message`` as its answer."""
    slot = find(form, session, session.cursor)
    return slot is not None and isinstance(_attempt(slot, message), reading.Reading)


def _placed(form: Form, session: Session) -> Session:
    """The cursor on a question that is still there."""
    slot = find(form, session, session.cursor) or open_slot(form, session)
    if slot is not None:
        state = State.FILLING if session.state is State.CONFIRMING else session.state
        return replace(session, cursor=slot.path, state=state)
    return replace(session, cursor="")


def _onward(form: Form, session: Session, lead: str = "") -> Step:
    """To the next open question, the summary, or the end."""
    slot = open_slot(form, session)
    if slot is not None:
        session = replace(session, state=State.FILLING, cursor=slot.path, tries=0)
        return session, (ask(form, session, lead),), ()
    session = replace(session, cursor="", tries=0)
    if not form.confirms:
        return replace(session, state=State.DONE), (), (Submitted(values(form, session)),)
    session = replace(session, state=State.CONFIRMING)
    return session, (ask(form, session, lead),), ()


def _message(form: Form, session: Session, event: Message) -> Step:
    if session.state is State.CONFIRMING:
        return _at_summary(form, session, event)
    slot = find(form, session, session.cursor) or open_slot(form, session)
    if slot is None:
        return _onward(form, session)
    session = replace(session, cursor=slot.path)
    attempt = _attempt(slot, event)
    if isinstance(attempt, reading.Reading):
        return _answered(form, session, slot, attempt, event)
    word = form_words.meaning(event.text)
    if word is not None:
        return _obey(form, session, word)
    more = _take_more(form, session, event)
    if more.answers != session.answers:
        return replace(more, tries=0), (ask(form, more, heard(form, session, more)),), ()
    return _not_understood(form, session, slot, str(attempt), (Unclear(),))


def _attempt(slot: Slot, event: Message) -> reading.Reading | reading.MisreadError:
    """The validator of the open question has the first claim; only where any words would do, reserved ones go before."""
    if slot.field.kind in SPOKEN and form_words.meaning(event.text) is not None:
        return reading.MisreadError(slot.field.prompt)
    try:
        return reading.read(slot.field, event.text, event.found)
    except reading.MisreadError as wrong:
        return wrong


def _obey(form: Form, session: Session, word: Word) -> Step:
    event = {Word.CANCEL: Cancel(), Word.BACK: Back(), Word.SKIP: Skip()}.get(word, Interrupt())
    return _HANDLERS[type(event)](form, session, event)


def _answered(form: Form, session: Session, slot: Slot, got: reading.Reading, event: Message) -> Step:
    if slot.path == CONSENT and got.value is False:
        return _cancel(form, session, Cancel())
    rest = tuple(one for one in event.found if got.taken != (one.start, one.end))
    after = _take_more(form, _put(session, slot, got), Message(event.text, rest), slot.path)
    is_worth_saying = got.assumed or len(after.answers) > len({*session.answers, slot.path})
    return _onward(form, after, heard(form, session, after) if is_worth_saying else "")


def _put(session: Session, slot: Slot, got: reading.Reading) -> Session:
    assumed = session.assumed - {slot.path} | ({slot.path} if got.assumed else set())
    history = tuple(path for path in session.history if path != slot.path)
    return replace(
        session,
        answers={**session.answers, slot.path: got.value},
        assumed=assumed,
        history=(*history, slot.path),
        tries=0,
    )


def _take_more(form: Form, session: Session, message: Message, asked: str = "") -> Session:
    """Fill other open questions from what the sentence names, where a cue beside it says which; nothing is overwritten."""
    left = list(message.found)
    for slot in list(slots(form, session.answers)):
        if slot.path in session.answers or slot.path in (asked, CONSENT) or "/" in slot.path:
            continue
        if not asked and slot.path == session.cursor:
            continue
        got = _beside(slot.field, message.text, left)
        if got is not None:
            session = _put(session, slot, got)
            left = [one for one in left if got.taken != (one.start, one.end)]
    return session


def _beside(one: Field, text: str, found: Sequence[Found]) -> reading.Reading | None:
    if one.kind is Kind.CHOICE and one.cues:
        option = reading.option_in(one.choices, text)
        return reading.Reading(option.value) if option else None
    kind = entity_of(one)
    fitting = (entity for entity in found if kind and entity.kind == kind)
    beside = [
        (distance, entity) for entity in fitting if (distance := _distance(one, text, entity)) is not None
    ]
    for _, entity in sorted(beside, key=lambda pair: (pair[0], pair[1].start)):
        try:
            return reading.from_entity(one, text, entity)
        except reading.MisreadError:
            continue
    return None


def _distance(one: Field, text: str, entity: Found) -> int | None:
    if entity.kind in UNMISTAKABLE:
        return 0
    return reading.near(text, entity, one.cues)


def _not_understood(
    form: Form, session: Session, slot: Slot, reason: str, effects: tuple[Effect, ...] = ()
) -> Step:
    session = replace(session, tries=session.tries + 1)
    if session.tries >= TRIES_TO_LEAVE:
        text = f"这一步先放一放，前面填的都留着。回复“人工”找人帮忙填，或回复“继续”接着填“{form.title}”。"
        left = replace(session, state=State.SUSPENDED, tries=0)
        return left, (Reply(ReplyKind.HANDOVER, text),), (*effects, GaveUp())
    lead = reason if session.tries < TRIES_TO_HELP else help_text(slot, reason)
    return session, (ask(form, session, lead),), effects


def _at_summary(form: Form, session: Session, event: Message) -> Step:
    number = form_words.number(event.text)
    if number is not None:
        return _edit(form, session, Edit(str(number)))
    said = form_words.plain(event.text)
    for slot in shown(form, session):
        if said in (slot.field.label, f"改{slot.field.label}", f"修改{slot.field.label}"):
            return _edit(form, session, Edit(slot.path))
    word = form_words.meaning(event.text)
    if word in (Word.CANCEL, Word.BACK):
        return _obey(form, session, word)
    agreed = form_words.yes_no(event.text)
    if agreed is not None:
        return _confirm(form, session, Confirm()) if agreed else _deny(form, session, Deny())
    session = replace(session, tries=session.tries + 1)
    if session.tries >= TRIES_TO_LEAVE:
        text = f"“{form.title}”还没有提交，填的都留着。回复“继续”接着办，或回复“人工”找人帮忙。"
        left = replace(session, state=State.SUSPENDED, tries=0)
        return left, (Reply(ReplyKind.HANDOVER, text),), (Unclear(), GaveUp())
    return session, (ask(form, session, "还没有提交。"),), (Unclear(),)


def _attachment(form: Form, session: Session, event: Attachment) -> Step:
    slot = find(form, session, session.cursor)
    if slot is None or slot.field.kind is not Kind.FILES:
        return session, (ask(form, session, "这一步不用发照片和文件。"),), ()
    held = [*(session.answers.get(slot.path) or ()), event.reference]
    most = int(slot.field.most or 1)
    session = _put(session, slot, reading.Reading(held))
    if len(held) >= most:
        return _onward(form, session)
    text = f"收到，一共{len(held)}份。还有就接着发，发完了回复“跳过”。"
    return session, (Reply(ReplyKind.FORM, text),), ()


def _back(form: Form, session: Session, _event: Back) -> Step:
    reachable = {slot.path for slot in slots(form, session.answers)}
    place = (
        session.history.index(session.cursor) if session.cursor in session.history else len(session.history)
    )
    before = [path for path in session.history[:place] if path in reachable]
    if not before:
        return session, (ask(form, session, "已经是第一项了。"),), ()
    session = replace(session, state=State.FILLING, cursor=before[-1], tries=0)
    return session, (ask(form, session),), ()


def _skip(form: Form, session: Session, _event: Skip) -> Step:
    slot = find(form, session, session.cursor)
    if slot is None:
        return session, (ask(form, session),), ()
    if slot.path in session.answers:
        return _onward(form, session)
    if slot.field.required:
        reason = f"这一项要填了才能往下办。{slot.field.help}"
        return _not_understood(form, session, slot, reason)
    return _onward(form, _put(session, slot, reading.Reading(None)))


def _cancel(form: Form, session: Session, _event: Cancel) -> Step:
    session = replace(session, state=State.CANCELLED, answers={}, assumed=frozenset(), history=(), cursor="")
    text = f"好的，“{form.title}”不办了，填过的内容已经删掉。还有别的事，直接问我。"
    return session, (Reply(ReplyKind.SMALLTALK, text),), (Discarded(),)


def _resume(form: Form, session: Session, _event: Resume) -> Step:
    if session.state in (State.DONE, State.CANCELLED):
        return session, (), ()
    session = _placed(form, replace(session, state=State.FILLING, tries=0))
    if not session.cursor:
        return _onward(form, session)
    return session, (ask(form, session, f"接着填“{form.title}”。"),), ()


def _edit(form: Form, session: Session, event: Edit) -> Step:
    listed = shown(form, session)
    if event.path.isdigit() and 0 < int(event.path) <= len(listed):
        slot: Slot | None = listed[int(event.path) - 1]
    else:
        slot = next((one for one in listed if one.path == event.path), None)
    if session.state in (State.DONE, State.CANCELLED):
        return session, (), ()
    if slot is None:
        return session, (ask(form, session, "没有这一项。"),), ()
    session = replace(session, state=State.FILLING, cursor=slot.path, tries=0)
    return session, (ask(form, session),), ()


def _confirm(form: Form, session: Session, _event: Confirm) -> Step:
    if session.state is State.CONFIRMING:
        done = replace(session, state=State.DONE, tries=0)
        said = (Reply(ReplyKind.FORM, form.submitted),) if form.submitted else ()
        return done, said, (Submitted(values(form, session)),)
    return _message(form, session, Message("是"))


def _deny(form: Form, session: Session, _event: Deny) -> Step:
    if session.state is State.CONFIRMING:
        return session, (ask(form, session, "哪一项要改？回复前面的数字。"),), ()
    return _message(form, session, Message("否"))


def _interrupt(form: Form, session: Session, _event: Interrupt) -> Step:
    return session, (ask(form, session),), ()


def _leave(_form: Form, session: Session, _event: Event) -> Step:
    return replace(session, state=State.SUSPENDED, tries=0), (), ()


def _refused(form: Form, session: Session, event: Refused) -> Step:
    slot = find(form, session, event.path)
    if slot is None:
        left = replace(session, state=State.SUSPENDED, tries=0)
        return left, (Reply(ReplyKind.HANDOVER, event.reason),), (GaveUp(),)
    session = replace(session, state=State.FILLING, cursor=slot.path, tries=0)
    return session, (ask(form, session, event.reason),), ()


_HANDLERS: Mapping[type, Callable[[Form, Session, Any], Step]] = MappingProxyType(
    {
        Message: _message,
        Attachment: _attachment,
        Back: _back,
        Skip: _skip,
        Cancel: _cancel,
        Resume: _resume,
        Edit: _edit,
        Confirm: _confirm,
        Deny: _deny,
        Interrupt: _interrupt,
        Leave: _leave,
        Crisis: _leave,
        Expired: _leave,
        Refused: _refused,
    }
)
"""Event → what is done about it."""
