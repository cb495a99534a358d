"""A form as a value, what one person has filled in of it, and what is still to be asked."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from bot.core import reading
from bot.core.fields import Field, Kind, Sensitivity
from bot.core.privacy import mask_text

CONSENT = "+consent"
_MORE = "+"
_MOST_MEMBERS = 12
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Form:
    """One definition for chat, page, checklist and export."""

    code: str
    version: int
    title: str
    fields: tuple[Field, ...]
    consent: str = ""
    """What has to be agreed to before the first question; empty where nothing personal is asked."""
    purpose: str = ""
    """What the answers are for, in one sentence."""
    confirms: bool = True
    """Whether a summary has to be confirmed; a calculation has no consequences and goes without."""
    submitted: str = ""
    """What is said once it is handed in."""


class State(StrEnum):
    """Where a session stands."""

    FILLING = "filling"
    CONFIRMING = "confirming"
    SUSPENDED = "suspended"
    DONE = "done"
    CANCELLED = "cancelled"


OPEN = frozenset({State.FILLING, State.CONFIRMING, State.SUSPENDED})


@dataclass(frozen=True, slots=True)
class Session:
    """What one person has filled in of one form; plain JSON but for the tuples."""

    form: str
    version: int
    answers: Mapping[str, Any] = field(default_factory=dict, repr=False)
    """Path → value; None where the question was skipped. Paths of a group: ``family/0/age``."""
    assumed: frozenset[str] = frozenset()
    """Paths of days that were said as a month."""
    cursor: str = ""
    """Path of the question that is open; empty at the summary."""
    history: tuple[str, ...] = ()
    """Paths that were asked and answered, in their order."""
    state: State = State.FILLING
    tries: int = 0
    """Times in a row that an answer was not understood."""

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            "form": self.form,
            "version": self.version,
            "answers": dict(self.answers),
            "assumed": sorted(self.assumed),
            "cursor": self.cursor,
            "history": list(self.history),
            "state": self.state.value,
            "tries": self.tries,
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Session":
        """The inverse of :meth:`to_dict`; unknown keys of newer versions are passed over."""
        return cls(
            form=stored["form"],
            version=stored["version"],
            answers=dict(stored["answers"]),
            assumed=frozenset(stored.get("assumed", ())),
            cursor=stored.get("cursor", ""),
            history=tuple(stored.get("history", ())),
            state=State(stored.get("state", State.FILLING)),
            tries=stored.get("tries", 0),
        )


@dataclass(frozen=True, slots=True)
class Slot:
    """One question at its place in one session."""

    path: str
    field: Field


def slots(form: Form, answers: Mapping[str, Any]) -> Iterator[Slot]:
    """Every question that these answers lead to, in order, answered or not."""
    if form.consent:
        yield Slot(CONSENT, Field(CONSENT, "同意", form.consent, Kind.YES_NO))
        if answers.get(CONSENT) is not True:
            return
    for one in form.fields:
        if one.when is not None and not one.when(answers):
            continue
        if one.kind is Kind.GROUP:
            yield from _members(one, answers)
        else:
            yield Slot(one.name, one)


def _members(group: Field, answers: Mapping[str, Any]) -> Iterator[Slot]:
    least, most = int(group.least or 0), int(group.most or _MOST_MEMBERS)
    for place in range(most):
        if place >= least:
            path = f"{group.name}/{place}/{_MORE}"
            yield Slot(path, _another(group, path, place))
            if answers.get(path) is not True:
                return
        here = _item(group.name, place, answers)
        for one in group.fields:
            if one.when is None or one.when({**answers, **here}):
                called = replace(one, label=f"{one.label}（第{place + 1}位）")
                yield Slot(f"{group.name}/{place}/{one.name}", called)


def _another(group: Field, path: str, place: int) -> Field:
    prompt = group.prompt if place == 0 else f"还有别的{group.label}要填吗？"
    return Field(path, f"还有{group.label}", prompt, Kind.YES_NO, help=group.help)


def _item(group: str, place: int, answers: Mapping[str, Any]) -> dict[str, Any]:
    prefix = f"{group}/{place}/"
    return {path.removeprefix(prefix): value for path, value in answers.items() if path.startswith(prefix)}


def find(form: Form, session: Session, path: str) -> Slot | None:
    """The question at ``path``, if these answers lead to it."""
    return next((slot for slot in slots(form, session.answers) if slot.path == path), None)


def open_slot(form: Form, session: Session) -> Slot | None:
    """The first question without an answer; None when all are answered."""
    return next((slot for slot in slots(form, session.answers) if slot.path not in session.answers), None)


def shown(form: Form, session: Session) -> tuple[Slot, ...]:
    """What stands in the summary: every question with an answer, but consent and 还有吗 without number."""
    return tuple(
        slot
        for slot in slots(form, session.answers)
        if slot.path in session.answers and _MORE not in slot.path.split("/") and slot.path != CONSENT
    )


def values(form: Form, session: Session) -> dict[str, Any]:
    """The answers as a handler wants them: only what these answers lead to, groups as lists."""
    found: dict[str, Any] = {}
    for slot in shown(form, session):
        group, _, rest = slot.path.partition("/")
        if not rest:
            found[group] = session.answers[slot.path]
            continue
        place, _, name = rest.partition("/")
        members: list[dict[str, Any]] = found.setdefault(group, [])
        while len(members) <= int(place):
            members.append({})
        members[int(place)][name] = session.answers[slot.path]
    return found


def revalidated(form: Form, session: Session) -> Session:
    """``session`` under the present version of its form: answers kept by name where they still hold."""
    kept: dict[str, Any] = {}
    while True:
        slot = next(
            (one for one in slots(form, kept) if one.path not in kept and _still(one, session.answers)), None
        )
        if slot is None:
            break
        kept[slot.path] = session.answers[slot.path]
    reachable = {slot.path for slot in slots(form, kept)}
    return replace(
        session,
        version=form.version,
        answers=kept,
        assumed=session.assumed & set(kept),
        history=tuple(path for path in session.history if path in reachable and path in kept),
        cursor=session.cursor if session.cursor in reachable else "",
    )


def _still(slot: Slot, answers: Mapping[str, Any]) -> bool:
    return slot.path in answers and reading.holds(slot.field, answers[slot.path])


def spoken(one: Field, value: Any, assumed: bool = False) -> str:
    """A value as people read it: 2019年3月1日, 8000元/月, 是."""
    if value is None:
        return "没填"
    if isinstance(value, bool):
        return "是" if value else "否"
    match one.kind:
        case Kind.DATE:
            day = date.fromisoformat(value)
            return f"{day.year}年{day.month}月{day.day}日{'（只说到月）' if assumed else ''}"
        case Kind.CHOICE:
            return next((option.label for option in one.choices if option.value == value), str(value))
        case Kind.MONEY | Kind.NUMBER | Kind.COUNT:
            return f"{value}{one.unit}"
        case Kind.FILES:
            return f"{len(value)}份"
        case _:
            return mask_text(value) if one.sensitivity is Sensitivity.SENSITIVE else str(value)
