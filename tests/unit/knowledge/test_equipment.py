"""What a library is built with."""

from pathlib import Path

import pytest

from bot.core.errors import ContentError
from bot.settings import content_dir
from knowledge import equipment
from knowledge.catalogue import Catalogue
from knowledge.equipment import Equipment
from knowledge.lexicon import Lexicon, Rule


def test_the_shipped_equipment_is_complete() -> None:
    """Laws, at least 300 colloquial rules, cities and negatives come with the product."""
    shipped = equipment.load(content_dir(), None)
    assert len(shipped.lexicon.rules) >= 300
    assert shipped.places["佛山"] == "广东"
    assert len(shipped.negatives) >= 1000


def test_the_fingerprint_follows_what_changes_an_index() -> None:
    """Another lexicon or encoder is another index, and so are other negatives."""
    plain = Equipment(Catalogue([]))
    other = Equipment(Catalogue([]), lexicon=Lexicon([Rule(("x1",), ("y",))]))
    assert plain.digest != other.digest
    assert plain.digest != Equipment(Catalogue([]), negatives=("a",)).digest
    assert plain.digest == Equipment(Catalogue([]), places={"杭州": "浙江"}).digest


@pytest.mark.parametrize("name", ["negatives.yml", "regions.yml"])
@pytest.mark.parametrize("content", ["[", "1"])
def test_a_broken_file_is_named(tmp_path: Path, name: str, content: str) -> None:
    """The sentence says which file."""
    (tmp_path / "laws.yml").write_text("laws: []\n", encoding="utf-8")
    (tmp_path / "forms").mkdir()
    (tmp_path / "forms" / "documents.yml").write_text("forms: {}\n", encoding="utf-8")
    assert equipment.load(tmp_path, None).places == {}
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(ContentError, match=name):
        equipment.load(tmp_path, None)
