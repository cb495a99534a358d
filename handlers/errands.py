"""Forms that are begun from words: what the message is for, and whether this deployment has a form for it."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.core.form import Form
from handlers import answer, filling
from handlers.turn import Outcome, Turn
from intents import commands, nlu
from intents.catalogue import Intent
from knowledge import answers

_FORMS: Mapping[Intent, str] = MappingProxyType({Intent.FEEDBACK: "feedback"})
"""Intent → code of its form."""
_PLAIN = 0.95
"""Confidence from which nothing else can be meant."""


def begun(turn: Turn) -> Outcome | None:
    """The first question of the form that is meant; None where none is, or where the handbook answers for sure."""
    form = _titled(turn) or _meant(turn)
    return filling.begin(turn, form) if form else None


def _titled(turn: Turn) -> Form | None:
    said = commands.normalise(turn.text)
    forms = turn.skills.forms.values()
    return next((form for form in forms if commands.normalise(form.title) == said), None)


def _meant(turn: Turn) -> Form | None:
    """The form of a sure intent; a message that might be a question is left to the handbook where that is sure as well."""
    if turn.skills.understand is None:
        return None
    result = turn.skills.understand(turn.text, turn.skills.today(turn.now))
    intent = nlu.decide(result, turn.skills.thresholds).intent
    form = turn.skills.forms.get(_FORMS.get(intent, "")) if intent else None
    if form is None or result.confidence >= _PLAIN:
        return form
    finding = answer.search(turn, turn.text)
    return None if answers.judge(finding, turn.library).verdict is answers.Verdict.ANSWER else form
