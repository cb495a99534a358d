"""Scores on gold questions: recall, reciprocal rank, refusals, by topic, with what was confused with what."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bot.core.errors import ContentError
from bot.core.messages import ReplyKind
from bot.core.numerals import to_int
from knowledge.calibration import auroc
from knowledge.catalogue import Catalogue
from knowledge.chunks import Hit

_DEPTHS = (1, 5, 10)
_GIVEN = frozenset({ReplyKind.ANSWER, ReplyKind.ARTICLE, ReplyKind.CALCULATION})
_WORST_SHOWN = 20
_KEPT = 0.95
"""Share of answerable questions kept where the refusal of others is told."""
_NOTHING = "没有找到"


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the keys of what answers it; no gold means it should be refused."""

    qid: str
    text: str
    gold: frozenset[str]
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a question led to."""

    question: Question
    hits: Sequence[Hit]
    kind: ReplyKind
    ours: float = 0.0
    """How likely it was held to be answerable, 0 to 1."""

    @property
    def rank(self) -> int:
        """Rank of the first hit that is gold or cites gold; 0 for none."""
        gold = self.question.gold
        for hit in self.hits:
            if hit.chunk.key in gold or not gold.isdisjoint(hit.chunk.cites):
                return hit.rank
        return 0

    @property
    def given(self) -> bool:
        """Whether it got an answer rather than an offer or a refusal."""
        return self.kind in _GIVEN


@dataclass(frozen=True, slots=True)
class Topic:
    """Figures of the answerable questions of one topic."""

    name: str
    questions: int
    first: float
    first_five: float
    wrong_with_confidence: float


@dataclass(slots=True)
class Scores:
    """Figures of one set of questions, as ``niangjia eval --json`` prints them."""

    questions: int = 0
    answerable: int = 0
    recall: dict[str, float] = field(default_factory=dict)
    mrr: float = 0.0
    answered: float = 0.0
    """Share of answerable questions that got an answer rather than an offer or a refusal."""
    refused: float = 0.0
    """Share of answerable questions that were refused."""
    wrong_with_confidence: float = 0.0
    """Share of answerable questions answered from something that is not gold."""
    refused_rightly: float = 0.0
    """Share of unanswerable questions that were refused or only offered near misses."""
    auroc: float = 0.0
    """Probability that an answerable question is held likelier to be answerable than another one."""
    auroc_of_length: float = 0.0
    """The same by the length of the message alone: what any measure must beat."""
    refused_at_kept: float = 0.0
    """Share of unanswerable questions below the border that keeps 95 % of the answerable ones."""
    topics: list[Topic] = field(default_factory=list)
    """Worst first."""
    confusions: list[tuple[str, str, int]] = field(default_factory=list)
    """(right, found first instead, how often), most frequent first."""
    worst: list[dict[str, Any]] = field(default_factory=list)


def read(path: Path, catalogue: Catalogue) -> list[Question]:
    """Questions of a JSON-lines file; the first broken line is refused with its number."""
    questions = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            gold = frozenset(_key(item, catalogue) for item in row.get("gold", ()))
            questions.append(
                Question(str(row.get("qid", number)), row["question"], gold, row.get("topic", ""))
            )
        except (ValueError, KeyError, TypeError, AttributeError) as wrong:
            raise ContentError(
                f"{path.name} 第{number}行读不懂，每行要像 "
                '{"qid": "q1", "question": "…", "gold": [{"law": "劳动合同法", "article": "47"}]}。'
            ) from wrong
    return questions


def score(outcomes: Sequence[Outcome]) -> Scores:
    """Add the figures up."""
    asked = [one for one in outcomes if one.question.gold]
    others = [one for one in outcomes if not one.question.gold]
    ranks = [one.rank for one in asked]
    return Scores(
        questions=len(outcomes),
        answerable=len(asked),
        recall={f"recall@{depth}": _share(0 < rank <= depth for rank in ranks) for depth in _DEPTHS},
        mrr=round(sum(1 / rank for rank in ranks if rank) / len(ranks), 4) if ranks else 0.0,
        answered=_share(one.given for one in asked),
        refused=_share(one.kind is ReplyKind.REFUSAL for one in asked),
        wrong_with_confidence=_share(one.given and one.rank != 1 for one in asked),
        refused_rightly=_share(not one.given for one in others),
        **_separation(asked, others),
        topics=_topics(asked),
        confusions=_confusions(asked),
        worst=[_example(one) for one in asked if not 0 < one.rank <= _DEPTHS[1]][:_WORST_SHOWN],
    )


def run(
    questions: Iterable[Question], ask: Callable[[str], tuple[Sequence[Hit], ReplyKind, float]]
) -> list[Outcome]:
    """Ask everything; ``ask`` gives the hits, the kind of reply and how likely the question is answerable."""
    return [Outcome(one, *ask(one.text)) for one in questions]


def _separation(asked: Sequence[Outcome], others: Sequence[Outcome]) -> dict[str, float]:
    """How well answerable questions are told from others; nothing where one side is missing."""
    if not asked or not others:
        return {}
    inside, outside = (np.array([one.ours for one in side]) for side in (asked, others))
    lengths = [np.array([float(len(one.question.text)) for one in side]) for side in (asked, others)]
    border = np.quantile(inside, 1 - _KEPT)
    return {
        "auroc": round(auroc(inside, outside), 4),
        "auroc_of_length": round(auroc(*lengths), 4),
        "refused_at_kept": round(float((outside < border).mean()), 4),
    }


def _topics(asked: Sequence[Outcome]) -> list[Topic]:
    by_topic: dict[str, list[Outcome]] = defaultdict(list)
    for one in asked:
        by_topic[one.question.topic].append(one)
    found = [
        Topic(
            name,
            len(listed),
            _share(one.rank == 1 for one in listed),
            _share(0 < one.rank <= _DEPTHS[1] for one in listed),
            _share(one.given and one.rank != 1 for one in listed),
        )
        for name, listed in by_topic.items()
        if name
    ]
    return sorted(found, key=lambda topic: (topic.first_five, topic.first, -topic.questions))


def _confusions(asked: Sequence[Outcome]) -> list[tuple[str, str, int]]:
    pairs: Counter[tuple[str, str]] = Counter()
    for one in asked:
        if one.rank != 1:
            right = one.hits[one.rank - 1].chunk.key if one.rank else min(one.question.gold)
            pairs[right, one.hits[0].chunk.key if one.hits else _NOTHING] += 1
    return [(right, found, times) for (right, found), times in pairs.most_common(_WORST_SHOWN)]


def _key(gold: dict[str, Any] | str, catalogue: Catalogue) -> str:
    if isinstance(gold, str):
        return gold
    law = catalogue.find(gold["law"])
    article = str(gold["article"]).removeprefix("第").removesuffix("条")
    number = to_int(article)
    return f"{law.short if law else gold['law']}#{article if number is None else number}"


def _example(one: Outcome) -> dict[str, Any]:
    return {
        "qid": one.question.qid,
        "question": one.question.text,
        "gold": sorted(one.question.gold),
        "found": [hit.chunk.key for hit in one.hits[:3]],
        "rank": one.rank,
    }


def _share(facts: Iterable[bool]) -> float:
    listed = list(facts)
    return round(sum(listed) / len(listed), 4) if listed else 0.0
