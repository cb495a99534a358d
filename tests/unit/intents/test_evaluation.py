"""Scores on marked messages."""

from pathlib import Path

import pytest

from bot.core.errors import ContentError
from intents import evaluation
from intents.catalogue import Intent
from intents.evaluation import Marked
from intents.nlu import NLUResult, Ranked, Thresholds

BORDERS = Thresholds(answer=0.5, offer=0.2)


def _says(*ranked: tuple[Intent, float]) -> NLUResult:
    ranking = tuple(Ranked(intent, confidence) for intent, confidence in ranked)
    first = ranking[0] if ranking else None
    return NLUResult(
        first.intent if first else None, first.confidence if first else 0.0, ranking, (), "builtin", "m"
    )


ANSWERS = {
    "好": _says((Intent.AFFIRM, 0.9), (Intent.DENY, 0.1)),
    "不": _says((Intent.DENY, 0.4), (Intent.AFFIRM, 0.3)),
    "嗯": _says((Intent.DENY, 0.8), (Intent.AFFIRM, 0.1)),
    "？": _says(),
}


def test_figures_add_up() -> None:
    """Accuracy, top three, F1, and what was acted on, offered or left."""
    marked = [
        Marked("1", "好", Intent.AFFIRM),
        Marked("2", "不", Intent.DENY),
        Marked("3", "嗯", Intent.AFFIRM),
        Marked("4", "？", Intent.CHITCHAT),
    ]
    scores = evaluation.score(marked, ANSWERS.__getitem__, BORDERS)
    assert (scores.messages, scores.accuracy, scores.top3) == (4, 0.5, 0.75)
    assert scores.f1 == {"affirm": 0.6667, "deny": 0.6667, "chitchat": 0.0}
    assert scores.macro_f1 == 0.4445
    assert (scores.acted, scores.acted_rightly, scores.offered_rightly) == (0.5, 0.5, 1.0)
    assert {"intent": "affirm", "taken_for": "deny", "times": 1} in scores.mixed_up
    assert {"intent": "chitchat", "taken_for": None, "times": 1} in scores.mixed_up
    assert [row["id"] for row in scores.worst] == ["3", "4"]


def test_nothing_offered_counts_as_nothing() -> None:
    """No division by zero where no list was offered."""
    scores = evaluation.score([Marked("1", "？", Intent.CHITCHAT)], ANSWERS.__getitem__, BORDERS)
    assert (scores.acted, scores.acted_rightly, scores.offered_rightly) == (0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "第1行要像"),
        ('{"text": "好"}', "第1行要像"),
        ("[]", "第1行要像"),
        ('\n{"text": "好", "intent": "afirm"}', "第2行：没有意图 afirm"),
        ("\n\n", "没有要评测的句子"),
    ],
)
def test_a_broken_file_is_refused(tmp_path: Path, content: str, said: str) -> None:
    """Whoever marked the messages reads which line is wrong."""
    path = tmp_path / "dev.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ContentError, match=said):
        evaluation.read(path)


def test_marked_messages_are_read(tmp_path: Path) -> None:
    """A missing id is the line's number."""
    path = tmp_path / "dev.jsonl"
    path.write_text(
        '{"id": "a", "text": "好", "intent": "affirm"}\n{"text": "不", "intent": "deny"}\n', encoding="utf-8"
    )
    assert evaluation.read(path) == [Marked("a", "好", Intent.AFFIRM), Marked("2", "不", Intent.DENY)]
