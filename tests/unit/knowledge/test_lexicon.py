"""Colloquial words."""

from pathlib import Path

import pytest

from bot.core.errors import ContentError
from knowledge import lexicon
from knowledge.lexicon import Lexicon, Rule

WORDS = Lexicon(
    [
        Rule(("炒鱿鱼", "被炒"), ("辞退", "解除劳动合同")),
        Rule(("劳保工资",), ("养老金",)),
        Rule(("劳保",), ("劳动防护用品",)),
        Rule(("hr",), ("用人单位",), unless=("hrt",)),
    ]
)


def test_what_is_meant_is_added_once() -> None:
    """Each term comes once, and not when it stands in the question already."""
    assert WORDS.terms("我被炒了，炒鱿鱼给钱吗") == ["辞退", "解除劳动合同"]
    assert WORDS.terms("被炒了，辞退") == ["解除劳动合同"]


def test_the_longest_form_wins_and_latin_words_stand_alone() -> None:
    """劳保工资 is no protective gear; HR inside another word is no employer; an exception switches a rule off."""
    assert WORDS.terms("劳保工资") == ["养老金"]
    assert WORDS.terms("ＨＲ说的") == ["用人单位"]
    assert WORDS.terms("chrome") == []
    assert WORDS.terms("hr 和 hrt") == []


def test_no_rules_add_nothing(tmp_path: Path) -> None:
    """A missing file is an empty lexicon."""
    assert lexicon.load(tmp_path / "none.yml").terms("被炒") == []


@pytest.mark.parametrize("content", ["rules: [1]", "rules:\n- said: [x]", "rules: [", "other: 1"])
def test_a_broken_file_is_named(tmp_path: Path, content: str) -> None:
    """The curator reads which file and which rule."""
    (tmp_path / "坏.yml").write_text(content, encoding="utf-8")
    with pytest.raises(ContentError, match=r"坏\.yml"):
        lexicon.load(tmp_path / "坏.yml")
