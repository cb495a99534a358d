"""The library: found by words."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import bm25s
import numpy as np

from knowledge.catalogue import Catalogue, Law
from knowledge.chunks import Chunk
from knowledge.encoder import Vectors, unit
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


class LetterEncoder:
    """Counts characters: texts of the same characters are alike."""

    name, weight = "letters", 0.4

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One unit vector per text."""
        rows = np.zeros((len(texts), 64), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for letter in text:
                row[ord(letter) % 64] += 1
        return unit(rows)


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
    digest = Library.build(CHUNKS, LAWS).digest
    assert digest == Library.build(list(reversed(CHUNKS)), LAWS).digest
    assert digest != Library.build(CHUNKS[1:], LAWS).digest


def test_coverage_does_not_grow_with_length() -> None:
    """A long text that holds none of the question's words covers nothing of it."""
    index = KeywordIndex.build([chunk.text for chunk in CHUNKS])
    assert index.coverage("产假").shares.tolist() == [0.0, 1.0, 1.0, 1.0, 1.0]
    assert index.coverage("产假").matched(1) == ("产假",)
    assert index.coverage("的").shares.max() == 0.0


def test_a_rebuild_from_an_earlier_library_equals_a_fresh_one(tmp_path: Path) -> None:
    """Whatever went, came or changed: the same words, weights, vectors and fingerprint as built from nothing."""
    negatives = ("今天天气怎么样", "红烧肉怎么做")
    equipment = replace(LAWS, encoder=LetterEncoder(), negatives=negatives)
    asked = replace(CHUNKS[1], questions=("怀孕被辞退了咋办", "生孩子能休多久"))
    before = Library.build([*CHUNKS[:1], asked, *CHUNKS[2:]], equipment)
    (tmp_path / "index").mkdir()
    before.save(tmp_path / "index")
    edited = replace(asked, questions=(*asked.questions, "坐月子有工资吗"), text=asked.text + "另有奖励假。")
    for chunks in (
        [edited, *CHUNKS[3:]],
        [*CHUNKS, replace(edited, key="示范法#九十")],
        [],
        [edited, CHUNKS[0]],
    ):
        fresh = Library.build(chunks, equipment)
        for start in (before, Library.load(tmp_path / "index", equipment)):
            rebuilt = start.rebuilt(chunks)
            assert rebuilt.digest == fresh.digest
            for question in ("坐月子有没有工资", "怀孕被辞退", "另有奖励假", "没有人问过的话", "工资"):
                assert rebuilt.find(question) == fresh.find(question)


def test_nothing_changed_is_the_library_before() -> None:
    """A publication without news costs nothing."""
    before = Library.build(CHUNKS, LAWS)
    assert before.rebuilt(list(CHUNKS)) is before


def test_the_matrix_is_the_one_bm25s_computes() -> None:
    """Our columns, computed from kept counts, hold bm25s's own scores."""
    texts = [chunk.text for chunk in CHUNKS]
    theirs = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
    theirs.index([tokens(text) for text in texts], show_progress=False)
    ours = KeywordIndex.build(texts)
    for question in ("产假工资", "劳动合同", "女职工生育享受九十八天产假"):
        np.testing.assert_allclose(ours.scores(question), theirs.get_scores(tokens(question)), rtol=1e-5)
