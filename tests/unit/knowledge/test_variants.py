"""The same content under another setting."""

from dataclasses import replace

import pytest

from bot.core.errors import SettingsError
from knowledge import variants
from knowledge.catalogue import Catalogue
from knowledge.chunks import Chunk
from knowledge.equipment import Equipment
from knowledge.lexicon import Lexicon, Rule
from knowledge.library import Library

ARTICLE = Chunk("示范法#1", "statute", "示范法", "示范法", "1", "第一条", "", "用人单位应当支付劳动报酬。")
ENTRY = replace(ARTICLE, key="H001", kind="entry", text="找单位要。", questions=("老板拖着不给钱",))
EQUIPMENT = Equipment(Catalogue([]), lexicon=Lexicon([Rule(("不给钱",), ("劳动报酬",))]))
LIBRARY = Library.build([ARTICLE, ENTRY], EQUIPMENT)


def _vary(spec: str) -> Library:
    return variants.vary(LIBRARY, EQUIPMENT, spec, lambda _: None)


def test_without_entries_only_statutes_are_found() -> None:
    """Neither the handbook's entries nor the questions known for an article take part."""
    assert [hit.chunk.key for hit in _vary("entries=off").search("老板拖着不给钱")] == ["示范法#1"]


def test_without_known_questions_or_lexicon_the_words_must_match() -> None:
    """Each setting is changed alone."""
    assert LIBRARY.search("老板拖着不给钱")[0].chunk.key == "H001"
    assert _vary("questions=off").search("老板拖着不给钱")[0].chunk.key == "示范法#1"
    assert "示范法#1" not in {hit.chunk.key for hit in _vary("lexicon=off").search("拖着不给钱")}


@pytest.mark.parametrize("spec", ["", "weight=0.3", "weight=x", "colour=red", "lexicon=on", "entries="])
def test_a_setting_nobody_knows_is_refused(spec: str) -> None:
    """The sentence says what can be compared; a weight needs an encoder."""
    with pytest.raises(SettingsError):
        _vary(spec)


def test_an_encoder_is_opened_by_name() -> None:
    """The name goes to whoever can open encoders."""
    asked: list[str] = []
    variants.vary(LIBRARY, EQUIPMENT, "encoder=none", lambda name: asked.append(name))
    assert asked == ["none"]
