"""Scores on gold questions."""

from pathlib import Path

import pytest

from bot.core.errors import ContentError
from bot.core.messages import ReplyKind
from knowledge import evaluation
from knowledge.catalogue import Catalogue, Law
from knowledge.chunks import Chunk, Hit

LAWS = Catalogue([Law("中华人民共和国示范法", "示范法", "法律")])


def _hit(rank: int, key: str, cites: tuple[str, ...] = ()) -> Hit:
    return Hit(rank, 1.0, 1.0, Chunk(key, "statute", "", "", "", "", "", "", cites=cites))


def test_figures_are_counted_by_hand(tmp_path: Path) -> None:
    """Recall, reciprocal rank and refusals equal a sum done on paper."""
    file = tmp_path / "q.jsonl"
    file.write_text(
        '{"qid": "a", "question": "一", "gold": [{"law": "中华人民共和国示范法", "article": "第四十七条"}], "topic": "工资"}\n\n'
        '{"qid": "b", "question": "二", "gold": ["示范法#2"], "topic": "工时"}\n'
        '{"qid": "c", "question": "三", "gold": [{"law": "示范法", "article": 9}], "topic": "工时"}\n'
        '{"qid": "d", "question": "四", "gold": []}\n',
        encoding="utf-8",
    )
    found = {
        "一": [_hit(1, "示范法#47")],
        "二": [_hit(1, "x"), _hit(2, "H1", ("示范法#2",))],
        "三": [],
        "四": [_hit(1, "x")],
    }
    kinds = {"一": ReplyKind.ANSWER, "二": ReplyKind.ANSWER, "三": ReplyKind.REFUSAL, "四": ReplyKind.REFUSAL}
    ours = {"一": 0.9, "二": 0.8, "三": 0.3, "四": 0.5}
    asked = evaluation.run(evaluation.read(file, LAWS), lambda text: (found[text], kinds[text], ours[text]))
    scores = evaluation.score(asked)
    assert (scores.questions, scores.answerable) == (4, 3)
    assert scores.recall == {"recall@1": 0.3333, "recall@5": 0.6667, "recall@10": 0.6667}
    assert scores.mrr == 0.5
    assert (scores.answered, scores.refused, scores.refused_rightly) == (0.6667, 0.3333, 1.0)
    assert scores.wrong_with_confidence == 0.3333
    assert [example["qid"] for example in scores.worst] == ["c"]
    assert scores.auroc == 0.6667
    assert scores.auroc_of_length == 0.5
    assert [(topic.name, topic.first, topic.first_five) for topic in scores.topics] == [
        ("工时", 0.0, 0.5),
        ("工资", 1.0, 1.0),
    ]
    assert scores.confusions == [("H1", "x", 1), ("示范法#9", "没有找到", 1)]


@pytest.mark.parametrize("line", ["{", '{"qid": 1}', '{"question": "x", "gold": [{}]}', "[1]"])
def test_a_broken_line_is_named(tmp_path: Path, line: str) -> None:
    """The sentence says which line and shows what a line looks like."""
    (tmp_path / "q.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(ContentError, match="第1行"):
        evaluation.read(tmp_path / "q.jsonl", LAWS)


def test_no_questions_give_zeros() -> None:
    """An empty set is no division by zero."""
    scores = evaluation.score([])
    assert (scores.mrr, scores.recall["recall@1"], scores.refused_rightly) == (0.0, 0.0, 0.0)
