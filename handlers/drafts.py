"""Drafts of forms in a conversation: which one is open, how old it is, and keeping it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.core.conversation import Conversation
from bot.core.form import OPEN, Form, Session, State
from handlers import calculation_forms
from handlers.turn import Turn
from knowledge.calculators import registry

_CALCULATION_WAITS = timedelta(minutes=30)
_FORM_WAITS = timedelta(hours=24)
"""Who comes back later may want something else; the draft is kept all the same."""
_GROUP = "telegram_group"
"""Where everybody reads along, nothing is filled in."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A form with what one person has filled in of it."""

    form: Form
    session: Session
    touched: datetime


def form_of(turn: Turn, code: str) -> Form | None:
    """The definition called ``code``; None where there is none any more."""
    if not code.startswith(calculation_forms.PREFIX):
        return turn.skills.forms.get(code)
    calculator = registry.CALCULATORS.get(code.removeprefix(calculation_forms.PREFIX))
    if calculator is None:
        return None
    return calculation_forms.build(calculator, turn.skills.standards(turn.skills.today(turn.now)))


def find(turn: Turn, code: str) -> Draft | None:
    """The draft of ``code``; None where there is none, or none of this program's."""
    stored = turn.conversation.drafts.get(code)
    form = form_of(turn, code) if stored else None
    if stored is None or form is None:
        return None
    try:
        return Draft(form, Session.from_dict(stored), datetime.fromisoformat(stored["at"]))
    except (KeyError, TypeError, ValueError):
        return None


def open_draft(turn: Turn) -> Draft | None:
    """The one whose question is open."""
    return find(turn, turn.conversation.form) if turn.conversation.form else None


def waiting(turn: Turn) -> Draft | None:
    """The one that was touched last of those put aside."""
    found = [draft for code in turn.conversation.drafts if (draft := find(turn, code))]
    aside = [draft for draft in found if draft.session.state in OPEN]
    return max(aside, key=lambda draft: draft.touched, default=None)


def is_stale(turn: Turn, draft: Draft) -> bool:
    """Whether nothing was said for so long that the next message may mean anything."""
    is_calculation = draft.form.code.startswith(calculation_forms.PREFIX)
    return turn.now - draft.touched > (_CALCULATION_WAITS if is_calculation else _FORM_WAITS)


def keep(turn: Turn, conversation: Conversation, session: Session) -> Conversation:
    """``conversation`` with this state of a draft; only one that is being filled in stays open, and none in a group."""
    if turn.message.channel == _GROUP:
        return conversation
    stored: dict[str, Any] = {**session.to_dict(), "at": turn.now.isoformat()}
    drafts = {code: draft for code, draft in conversation.drafts.items() if code != session.form}
    is_calculation = session.form.startswith(calculation_forms.PREFIX)
    if session.state in OPEN or (session.state is State.DONE and is_calculation):
        drafts[session.form] = stored
    is_open = session.state in (State.FILLING, State.CONFIRMING)
    form = session.form if is_open else "" if conversation.form == session.form else conversation.form
    return replace(conversation, drafts=drafts, form=form)
