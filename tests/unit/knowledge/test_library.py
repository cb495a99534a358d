"""The library: found by words."""

from pathlib import Path

from knowledge import library as libraries
from knowledge.catalogue import Catalogue, Law
from knowledge.chunks import Chunk
from knowledge.equipment import Equipment
from knowledge.keywords import KeywordIndex, tokens
from knowledge.library import Library

LAWS = Equipment(Catalogue([Law("示范法", "示范法", "法律"), Law("通用法", "通用法", "法律", general=True)]))


def _chunk(key: str, text: str, **more: object) -> Chunk:
    short, _, number = key.partition("#")
    return Chunk(key, "statute", short, short, number, f"第{number}条", "", text, **more)  # type: ignore[arg-type]


CHUNKS = [
    _chunk("示范法#1", "用人单位应当按时支付劳动报酬。", questions=("老板拖着不给钱",)),
    _chunk("示范法#2", "女职工生育享受产假。"),
    _chunk("示范法#3", "女职工生育享受产假，旧规定。", in_force=False),
    _chunk("浙江省示范条例#1", "女职工生育享受产假，本省延长。", region="浙江", level="地方性法规"),
    _chunk("通用法#1", "女职工生育享受产假。"),
]


def test_characters_are_indexed_as_one_and_two_grams() -> None:
    """Latin words and numbers stay whole, in half width and lower case."""
    assert tokens("加班ＡＰＰ３") == ["加", "班", "加班", "app3"]
    assert tokens("，。") == []


def test_a_known_question_finds_its_chunk() -> None:
    """Attached questions are searched but not shown."""
    hits = Library.build(CHUNKS, LAWS).search("老板不给钱")
    assert hits[0].chunk.key == "示范法#1"
    assert hits[0].coverage > 0.4
    assert "老板" in hits[0].matched


def test_region_and_standing_decide_the_order() -> None:
    """National before local unless the region is meant; superseded and general law last."""
    library = Library.build(CHUNKS, LAWS)
    keys = [hit.chunk.key for hit in library.search("女职工产假")]
    assert keys[0] == "示范法#2"
    assert keys.index("浙江省示范条例#1") > keys.index("示范法#2")
    assert keys.index("示范法#3") > keys.index("示范法#2")
    at_home = [hit.chunk.key for hit in library.search("女职工产假本省", region="浙江")]
    assert at_home[0] == "浙江省示范条例#1"
    named = library.search("浙江女职工产假本省")
    assert named[0].chunk.region == "浙江"


def test_nothing_is_found_for_nothing() -> None:
    """An unknown word, a blank, an empty library: no hits, no error."""
    library = Library.build(CHUNKS, LAWS)
    assert library.search("麒麟") == []
    assert library.search("？？") == []
    assert Library.build([], LAWS).search("工资") == []


def test_a_library_survives_the_disk(tmp_path: Path) -> None:
    """What is saved is loaded equal, the empty one too."""
    for place, chunks in enumerate((CHUNKS, [])):
        folder = tmp_path / str(place)
        folder.mkdir()
        built = Library.build(chunks, LAWS)
        built.save(folder)
        loaded = Library.load(folder, LAWS)
        assert list(loaded.chunks) == chunks
        assert loaded.search("女职工产假") == built.search("女职工产假")


def test_the_digest_names_content_not_order() -> None:
    """The same content has the same fingerprint on every machine."""
    assert libraries.digest(CHUNKS, LAWS) == libraries.digest(reversed(CHUNKS), LAWS)
    assert libraries.digest(CHUNKS, LAWS) != libraries.digest(CHUNKS[1:], LAWS)


def test_coverage_does_not_grow_with_length() -> None:
    """A long text that holds none of the question's words covers nothing of it."""
    index = KeywordIndex.build([chunk.text for chunk in CHUNKS])
    assert index.coverage("产假").shares.tolist() == [0.0, 1.0, 1.0, 1.0, 1.0]
    assert index.coverage("产假").matched(1) == ("产假",)
    assert index.coverage("的").shares.max() == 0.0
