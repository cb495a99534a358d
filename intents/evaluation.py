"""Scores on marked messages: accuracy, top three, macro F1, what is taken for what, the worst examples."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.core.errors import ContentError
from intents.catalogue import Intent, known
from intents.nlu import Decision, NLUResult, Thresholds, decide

_TOP = 3
_WORST_SHOWN = 30
_MIXED_UP_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Marked:
    """A message and what it is for."""

    id: str
    text: str
    intent: Intent


@dataclass(frozen=True, slots=True)
class Scores:
    """Figures of one set, as ``niangjia intents eval --json`` prints them."""

    messages: int
    accuracy: float
    top3: float
    macro_f1: float
    acted: float
    """Share of messages that were acted on without asking back."""
    acted_rightly: float
    """Share of those that were right."""
    offered_rightly: float
    """Share of the lists of three that held the right one."""
    f1: dict[str, float]
    mixed_up: tuple[dict[str, Any], ...]
    """What is taken for what, the most frequent first."""
    worst: tuple[dict[str, Any], ...]
    """Wrong ones, the surest first."""


def read(path: Path) -> list[Marked]:
    """Marked messages of a JSON-lines file; the first broken line is refused with its number."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            identity, text, code = str(row.get("id", number)), str(row["text"]), str(row["intent"])
        except (ValueError, KeyError, TypeError, AttributeError) as wrong:
            raise ContentError(
                f'{path.name} 第{number}行要像 {{"id": "n1", "text": "…", "intent": "ask_policy"}}。'
            ) from wrong
        intent = known(code)
        if intent is None:
            raise ContentError(f"{path.name} 第{number}行：没有意图 {code}。")
        rows.append(Marked(identity, text, intent))
    if not rows:
        raise ContentError(f"{path.name} 里没有要评测的句子。")
    return rows


def score(marked: Sequence[Marked], parse: Callable[[str], NLUResult], borders: Thresholds) -> Scores:
    """Parse every message and add the figures up."""
    results = [parse(one.text) for one in marked]
    said = [result.intent for result in results]
    decisions = [decide(result, borders) for result in results]
    near = [one.intent in _first(result) for one, result in zip(marked, results, strict=True)]
    f1 = macro(marked, said)
    return Scores(
        messages=len(marked),
        accuracy=_share([one.intent is what for one, what in zip(marked, said, strict=True)]),
        top3=_share(near),
        macro_f1=round(sum(f1.values()) / len(f1), 4),
        acted=_share([decision.intent is not None for decision in decisions]),
        acted_rightly=_rightly(marked, decisions),
        offered_rightly=_share(
            [hit for hit, decision in zip(near, decisions, strict=True) if decision.offers]
        ),
        f1=f1,
        mixed_up=_mixed_up(marked, said),
        worst=_worst(marked, results),
    )


def macro(marked: Sequence[Marked], said: Sequence[Intent | None]) -> dict[str, float]:
    """F1 of every intent that occurs in the set."""
    right = Counter(one.intent for one, what in zip(marked, said, strict=True) if one.intent is what)
    there, given = Counter(one.intent for one in marked), Counter(said)
    return {
        intent.value: round(2 * right[intent] / (there[intent] + given[intent]), 4)
        for intent in Intent
        if there[intent]
    }


def _first(result: NLUResult) -> list[Intent]:
    return [one.intent for one in result.ranking[:_TOP]]


def _rightly(marked: Sequence[Marked], decisions: Sequence[Decision]) -> float:
    return _share(
        [
            one.intent is decision.intent
            for one, decision in zip(marked, decisions, strict=True)
            if decision.intent
        ]
    )


def _mixed_up(marked: Sequence[Marked], said: Sequence[Intent | None]) -> tuple[dict[str, Any], ...]:
    pairs = Counter(
        (one.intent, what) for one, what in zip(marked, said, strict=True) if one.intent is not what
    )
    return tuple(
        {"intent": intent.value, "taken_for": what.value if what else None, "times": times}
        for (intent, what), times in pairs.most_common(_MIXED_UP_SHOWN)
    )


def _worst(marked: Sequence[Marked], results: Sequence[NLUResult]) -> tuple[dict[str, Any], ...]:
    wrong = [
        (one, result) for one, result in zip(marked, results, strict=True) if one.intent is not result.intent
    ]
    wrong.sort(key=lambda pair: -pair[1].confidence)
    return tuple(
        {
            "id": one.id,
            "text": one.text,
            "intent": one.intent.value,
            "taken_for": result.intent.value if result.intent else None,
            "confidence": round(result.confidence, 4),
        }
        for one, result in wrong[:_WORST_SHOWN]
    )


def _share(facts: Sequence[bool]) -> float:
    return round(sum(facts) / len(facts), 4) if facts else 0.0
