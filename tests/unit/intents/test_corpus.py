"""Reading the examples."""

from pathlib import Path

import pytest

from bot.core.errors import ContentError
from intents import corpus
from intents.catalogue import Intent
from tests.unit.intents import intents_folder as small


def test_examples_come_with_their_places(tmp_path: Path) -> None:
    """Each example knows its intent, its file and its line."""
    found = corpus.read(small.write(tmp_path))
    first = found.examples[0]
    assert (first.text, first.intent) == (small.APPLY[0], Intent.APPLY_STUDENT_AID)
    assert (first.file, first.line) == ("nlu/all.yml", 5)
    assert len(found.by_intent()[Intent.REPORT_UNPAID_WAGES]) == len(small.WAGES)


def test_marked_entities_are_read_as_plain_words(tmp_path: Path) -> None:
    """Annotations are taken off the text, their labels and synonyms are kept."""
    content = small.nlu(
        calc_wages=('月薪[八千]{"entity": "amount", "value": "8000"}怎么算', "扣了[五百](money)")
    )
    content += "  - synonym: 农民工\n    examples: |\n      - 民工\n  - lookup: city\n    examples: |\n      - 杭州\n"
    found = corpus.read(small.write(tmp_path, content))
    assert [example.text for example in found.examples] == ["月薪八千怎么算", "扣了五百"]
    assert found.synonyms == {"民工": "农民工"}
    assert set(found.labels) == {"amount", "money", "city"}


def test_the_fingerprint_follows_content_alone(tmp_path: Path) -> None:
    """Comments and blank lines change nothing; an example does."""
    before = corpus.fingerprint(small.write(tmp_path))
    path = tmp_path / "nlu" / "all.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text("# note\n\n" + text, encoding="utf-8")
    assert corpus.fingerprint(tmp_path) == before
    path.write_text(text + "      - 谢谢你呀\n", encoding="utf-8")
    assert corpus.fingerprint(tmp_path) != before


def test_the_examples_have_a_fingerprint_of_their_own(tmp_path: Path) -> None:
    """Replies and rules matter to Rasa, not to the built-in engine."""
    folder = small.write(tmp_path)
    whole, examples = corpus.fingerprint(folder), corpus.examples_fingerprint(folder)
    (folder / "rules.yml").write_text("rules: []", encoding="utf-8")
    assert corpus.fingerprint(folder) != whole
    assert corpus.examples_fingerprint(folder) == examples == corpus.read(folder).digest


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("nlu: [", "不是有效的 YAML"),
        ("", "是空的"),
        ("- 1", "第1行：这里要是“键: 值”的形式"),
        ("nlu: 1", "第1行：这里要是一列"),
        ("version: '3.1'", "缺少 nlu"),
        ("nlu: []\nextra: 1", "第2行：不认识 extra"),
        ("nlu:\n- examples: |\n    - 好", "第2行：每一项要有 intent"),
        ("nlu:\n- intent: affirm\n  text: 好", "第3行：不认识 text"),
        ("nlu:\n- intent: affirm", "缺少 examples"),
        ("nlu:\n- intent: afirm\n  examples: |\n    - 好", "第2行：没有意图 afirm"),
        ("nlu:\n- intent: affirm\n  examples: |\n    - 好\n    对", "第5行：每个例句要以"),
        ("nlu:\n- intent: affirm\n  examples: [好]", "第3行：这里要是一段文字"),
        ("nlu:\n- lookup: city\n  examples: |\n    - 杭州", "没有例句"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_place(tmp_path: Path, content: str, said: str) -> None:
    """The writer reads file, line and what to do."""
    with pytest.raises(ContentError, match=said):
        corpus.read(small.write(tmp_path / "x", content or "\n"))


def test_one_sentence_stands_once(tmp_path: Path) -> None:
    """Width, case and marks do not make a sentence another one; both places are named."""
    content = small.nlu(affirm=("ＯＫ！", "好"), chitchat=("你好", "ok"))
    with pytest.raises(ContentError, match=r"nlu/all\.yml 第10行：“ok”在nlu/all\.yml 第5行（肯定）已经有了"):
        corpus.read(small.write(tmp_path, content))


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    """A file in another encoding gives a sentence, not a traceback."""
    folder = small.write(tmp_path)
    (folder / "nlu" / "bad.yml").write_bytes("nlu: 好".encode("gb18030"))
    with pytest.raises(ContentError, match=r"bad\.yml 第1行：不是有效的 UTF-8"):
        corpus.read(folder)
    with pytest.raises(ContentError, match=r"bad\.yml 第1行：不是有效的 UTF-8"):
        corpus.fingerprint(folder)
