"""FAQ entries."""

from datetime import date
from pathlib import Path

import pytest

from bot.core.errors import ContentError
from knowledge import entries
from knowledge.entries import Entry

GOOD = """
group: 示例
entries:
  - id: H900
    title: 示例
    conclusion: 可以。
    steps: [先问。]
    questions: [怎么办]
    valid_from: 2020-01-01
    valid_to: 2021-01-01
"""


def test_entries_are_read_and_survive_storage(tmp_path: Path) -> None:
    """A file's entries come with their group and dates, and come back equal from JSON."""
    (tmp_path / "a.yml").write_text(GOOD, encoding="utf-8")
    (entry,) = entries.load(tmp_path)
    assert (entry.topic, entry.valid_from) == ("示例", date(2020, 1, 1))
    assert Entry.from_dict(entry.to_dict()) == entry
    assert entry.text == "可以。\n下一步：先问。"
    assert entry.current(date(2020, 6, 1))
    assert not entry.current(date(2019, 6, 1))
    assert not entry.current(date(2022, 6, 1))


@pytest.mark.parametrize(
    "content",
    [
        "group: 示例",
        "- 1",
        "group: x\nentries: [{id: H1}]",
        "group: x\nentries: [1]",
        "a: [",
        GOOD.replace("2020-01-01", "not-a-date"),
        GOOD.replace("    title", "    colour: red\n    title"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(tmp_path: Path, content: str) -> None:
    """The curator reads which file and which entry."""
    (tmp_path / "坏.yml").write_text(content, encoding="utf-8")
    with pytest.raises(ContentError, match=r"坏\.yml"):
        list(entries.load(tmp_path))


def test_more_questions_are_read_by_key(tmp_path: Path) -> None:
    """Questions of several files are joined; another shape is refused with the file's name."""
    (tmp_path / "a.yml").write_text("H1: [一, 二]\n", encoding="utf-8")
    (tmp_path / "b.yml").write_text("H1: [三]\n示范法#1: [四]\n", encoding="utf-8")
    assert entries.load_questions(tmp_path) == {"H1": ["一", "二", "三"], "示范法#1": ["四"]}
    for content in ("- 1", "H1: 一", "H1: [1]"):
        (tmp_path / "坏.yml").write_text(content, encoding="utf-8")
        with pytest.raises(ContentError, match=r"坏\.yml"):
            entries.load_questions(tmp_path)
