"""Topics cut into shelves."""

from knowledge import shelves
from knowledge.chunks import Chunk


def _entry(number: int, topic: str, region: str = "全国") -> Chunk:
    return Chunk(f"H{number:03d}", "entry", topic, f"题{number}", "", "", "", "", region=region)


def test_long_topics_become_even_parts() -> None:
    """No shelf holds more than asked, parts are named, nothing is lost or doubled, articles are no entries."""
    chunks = [_entry(number, "工资") for number in range(45)] + [_entry(99, "工会"), _entry(98, "工会")]
    article = Chunk("法#1", "statute", "法", "法", "1", "第一条", "", "")
    found = shelves.shelves([article, *reversed(chunks)])
    assert [(shelf.name, len(shelf.entries)) for shelf in found] == [
        ("工资（一）", 15),
        ("工资（二）", 15),
        ("工资（三）", 15),
        ("工会", 2),
    ]
    keys = [chunk.key for shelf in found for chunk in shelf.entries]
    assert sorted(keys) == sorted(chunk.key for chunk in chunks)


def test_a_region_takes_its_own_and_the_national_ones() -> None:
    """Without a region everything is taken."""
    assert shelves.holds_in(_entry(1, "甲"), "浙江")
    assert shelves.holds_in(_entry(1, "甲", "浙江"), "浙江")
    assert not shelves.holds_in(_entry(1, "甲", "上海"), "浙江")
    assert shelves.holds_in(_entry(1, "甲", "上海"), "")
