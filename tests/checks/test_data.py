"""Shipped content keeps its own rules."""

import re
from pathlib import Path

import pytest

from bot.settings import content_dir
from handlers import wording
from knowledge import catalogue, entries
from knowledge.entries import Entry

LONGEST_ANSWER = 460
LONGEST_CARD = 260
FEWEST_QUESTIONS = 12
MONEY = re.compile(r"\d[\d,.]*\s*(?:万)?元")


@pytest.fixture(scope="module")
def handbook() -> list[Entry]:
    """Every shipped topic."""
    return list(entries.load(content_dir() / "handbook"))


def test_topics_are_complete_and_short(handbook: list[Entry]) -> None:
    """Each fits one bubble, begins with its conclusion, says what to do next, and has its questions."""
    assert len(handbook) >= 259
    for entry in handbook:
        parts = [entry.conclusion, *entry.conditions, *entry.steps]
        assert len(entry.conclusion) <= 80, entry.id
        assert sum(map(len, parts)) <= LONGEST_ANSWER, entry.id
        assert len(entry.conclusion) + sum(map(len, entry.steps)) <= LONGEST_CARD, entry.id
        assert entry.steps, entry.id
        assert len(entry.questions) >= FEWEST_QUESTIONS, entry.id
        assert entry.checked is not None, entry.id
        assert entry.cites or entry.local, f"{entry.id} cites nothing and does not say that it is local"


def test_no_id_title_or_question_stands_twice(handbook: list[Entry]) -> None:
    """Two topics must not claim the same question."""
    assert len({entry.id for entry in handbook}) == len(handbook)
    assert len({entry.title for entry in handbook}) == len(handbook)
    seen: dict[str, str] = {}
    for entry in handbook:
        for question in entry.questions:
            plain = re.sub(r"\W", "", question)
            assert seen.setdefault(plain, entry.id) == entry.id, question


def test_every_cited_law_is_known_and_current(handbook: list[Entry]) -> None:
    """A topic cites only laws of the catalogue, and no article that newer law replaced."""
    known = catalogue.load(content_dir() / "laws.yml")
    for entry in handbook:
        for key in entry.cites:
            short, _, number = key.partition("#")
            assert short in known.laws, f"{entry.id}: {key}"
            assert known.laws[short].standing(number)[0], f"{entry.id}: {key}"


def test_all_outline_topics_are_there(handbook: list[Entry]) -> None:
    """The 179 topics of the outline are each answered."""
    assert {f"H{number:03d}" for number in range(1, 180)} <= {entry.id for entry in handbook}


def test_no_personal_numbers_in_shipped_content() -> None:
    """Content carries no phone or id number of a person."""
    personal = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|\d{17}[\dXx])(?!\d)")
    for path in Path(content_dir()).rglob("*.yml"):
        assert personal.search(path.read_text(encoding="utf-8")) is None, path.name


def test_wording_is_there_for_every_sentence_used() -> None:
    """Each sentence a handler asks for exists, and none is left that nobody asks for."""
    root = Path(__file__).resolve().parents[2]
    words = wording.load(content_dir(), "示例工会")
    used = set()
    for path in [*(root / "handlers").glob("*.py"), *(root / "bot").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        used |= set(re.findall(r'wording\["(\w+)"\]', text)) | set(
            re.findall(r'_say\(\w+, ReplyKind\.\w+, "(\w+)"', text)
        )
    for name in used:
        assert "{" not in words[name]
