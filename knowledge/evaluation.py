"""Scores on gold questions: recall at 1, 5 and 10, mean reciprocal rank, refusals."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.core.errors import ContentError
from bot.core.messages import ReplyKind
from bot.core.numerals import to_int
from knowledge.catalogue import Catalogue
from knowledge.chunks import Hit

_DEPTHS = (1, 5, 10)
_GIVEN = frozenset({ReplyKind.ANSWER, ReplyKind.ARTICLE, ReplyKind.CALCULATION})
_WORST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the keys of what answers it; no gold means it should be refused."""

    qid: str
    text: str
    gold: frozenset[str]
    topic: str = ""


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


def score(
    questions: Sequence[Question],
    search: Callable[[str], Sequence[Hit]],
    decide: Callable[[str], ReplyKind],
) -> Scores:
    """Run every question through ``search`` and ``decide`` and add the figures up."""
    scores = Scores(questions=len(questions))
    ranks: list[int] = []
    kinds: dict[bool, list[ReplyKind]] = defaultdict(list)
    wrong = 0
    for question in questions:
        hits = search(question.text)
        kind = decide(question.text)
        kinds[bool(question.gold)].append(kind)
        if not question.gold:
            continue
        rank = _rank(hits, question.gold)
        ranks.append(rank)
        wrong += kind in _GIVEN and rank != 1
        if rank == 0 or rank > _DEPTHS[1]:
            scores.worst.append(_example(question, hits, rank))
    scores.answerable = len(ranks)
    scores.recall = {f"recall@{depth}": _share(0 < rank <= depth for rank in ranks) for depth in _DEPTHS}
    scores.mrr = round(sum(1 / rank for rank in ranks if rank) / len(ranks), 4) if ranks else 0.0
    scores.answered = _share(kind in _GIVEN for kind in kinds[True])
    scores.refused = _share(kind is ReplyKind.REFUSAL for kind in kinds[True])
    scores.wrong_with_confidence = round(wrong / len(ranks), 4) if ranks else 0.0
    scores.refused_rightly = _share(kind not in _GIVEN for kind in kinds[False])
    scores.worst = scores.worst[:_WORST_SHOWN]
    return scores


def _key(gold: dict[str, Any] | str, catalogue: Catalogue) -> str:
    if isinstance(gold, str):
        return gold
    law = catalogue.find(gold["law"])
    article = str(gold["article"]).removeprefix("第").removesuffix("条")
    number = to_int(article)
    return f"{law.short if law else gold['law']}#{article if number is None else number}"


def _rank(hits: Iterable[Hit], gold: frozenset[str]) -> int:
    for hit in hits:
        if hit.chunk.key in gold or not gold.isdisjoint(hit.chunk.cites):
            return hit.rank
    return 0


def _example(question: Question, hits: Sequence[Hit], rank: int) -> dict[str, Any]:
    found = [hit.chunk.key for hit in hits[:3]]
    return {
        "qid": question.qid,
        "question": question.text,
        "gold": sorted(question.gold),
        "found": found,
        "rank": rank,
    }


def _share(facts: Iterable[bool]) -> float:
    listed = list(facts)
    return round(sum(listed) / len(listed), 4) if listed else 0.0
