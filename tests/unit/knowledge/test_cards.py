"""Rights cards, and how they come to be outdated."""

from dataclasses import replace
from datetime import date

import pytest

from knowledge import cards, sources
from knowledge.catalogue import Catalogue, Law
from knowledge.checklists import Checklist, Document
from knowledge.chunks import Chunk
from knowledge.entries import Entry
from knowledge.equipment import Equipment
from knowledge.library import Library
from knowledge.sources import Revision, Shelf

LAWS = Catalogue([Law("示范法", "示范法", "法律")])
PAPERS = {"aid": Checklist("aid", "助学", "工会", "帮扶", (Document("a", "身份证"), Document("b", "户口本")))}
FIRST = Revision(1, date(2026, 11, 20))
ENTRY = Entry(
    "H900",
    "示例",
    "工作服发不发",
    "可以要求单位发。",
    (),
    ("先问工会。", "再打12351。"),
    ("示范法#1", "示范法#2", "没有法#3", "示范法#4"),
    ("工作服",),
    checked=date(2026, 11, 20),
)


def library(text: str = "第一条 发一套。", in_force: bool = True) -> Library:
    """A library whose first article says ``text``."""
    articles = [
        Chunk("示范法#1", "statute", "示范法", "示范法", "1", "第一条", "", text, in_force=in_force),
        Chunk("示范法#2", "statute", "示范法", "示范法", "2", "第二条", "", "第二条 施行。"),
    ]
    return Library.build(articles, Equipment(LAWS, checklists=PAPERS))


def shelf(**dates: date) -> Shelf:
    """The texts as they are at a publication."""
    chunks = library().chunks
    return Shelf({chunk.key: sources.fingerprint(chunk.text) for chunk in chunks}, dates)


def test_a_card_says_what_how_why_and_which() -> None:
    """Title, conclusion, next step, articles with the law named once, region, entry, revision and day."""
    card = cards.make(ENTRY, Revision(3, date(2026, 11, 21)), library())
    assert card.text.split("\n") == [
        "【明白卡】工作服发不发",
        "可以要求单位发。",
        "下一步：先问工会。再打12351。",
        "依据：《示范法》第一条、第二条、《没有法》第3条",
        "适用：全国　手册H900　第3版　2026-11-21",
    ]


def test_a_card_of_an_application_lists_the_papers() -> None:
    """They come from the form; an entry without an article says that local rules decide."""
    card = cards.make(replace(ENTRY, forms=("aid",), cites=()), FIRST, library())
    assert card.papers == "申请助学要带的材料：身份证、户口本。"
    assert "以当地规定为准" in card.source


@pytest.mark.parametrize("length", [20, 100, 180, 250, 400, 900])
@pytest.mark.parametrize("forms", [(), ("aid",)])
@pytest.mark.parametrize("outdated", [(), ("示范法#1", "示范法#2", "没有法#3")])
def test_a_card_never_grows_over_its_edge(
    length: int, forms: tuple[str, ...], outdated: tuple[str, ...]
) -> None:
    """However long the steps, at most 300 characters, and never without step, source and stamp."""
    long = replace(ENTRY, steps=("先" + "做" * length + "。", "再" + "问" * length + "。"), forms=forms)
    card = cards.make(long, FIRST, library(), outdated)
    assert len(card.text) <= cards.LONGEST
    assert card.steps.startswith("先")
    assert "《示范法》第一条" in card.source
    assert "第1版　2026-11-20" in card.stamp
    assert ("已过期待复核" in card.text) == bool(outdated)


def test_what_an_article_said_at_the_check_is_remembered() -> None:
    """The first publication takes it; later ones keep it; a new check takes it anew."""
    remembered = sources.noted(ENTRY, FIRST, {}, shelf())
    assert set(remembered["texts"]) == {"示范法#1", "示范法#2"}
    assert sources.changed(ENTRY, remembered, library()) == ()
    assert sources.changed(ENTRY, remembered, library("第一条　发一套；")) == (), (
        "marks and blanks do not count"
    )
    assert sources.changed(ENTRY, remembered, library("第一条 发两套。")) == ("示范法#1",)
    assert sources.changed(ENTRY, remembered, library(in_force=False)) == ("示范法#1",)
    later = Shelf({"示范法#1": "new", "示范法#2": "new"}, {})
    assert sources.noted(ENTRY, FIRST, remembered, later) == remembered
    rewritten = Revision(2, date(2026, 11, 21))
    assert sources.noted(ENTRY, rewritten, remembered, later)["texts"] == remembered["texts"]
    checked = replace(ENTRY, checked=date(2026, 11, 21))
    assert set(sources.noted(checked, rewritten, remembered, later)["texts"].values()) == {"new"}


def test_an_entry_rewritten_on_the_day_it_names_was_checked() -> None:
    """The same date of check stands for a new check when the entry was changed on that very day."""
    remembered = sources.noted(ENTRY, FIRST, {}, shelf())
    later = Shelf({"示范法#1": "new"}, {})
    same_day = Revision(2, date(2026, 11, 20))
    assert sources.noted(ENTRY, same_day, remembered, later)["texts"] == {"示范法#1": "new"}


def test_a_law_younger_than_the_check_has_not_been_read() -> None:
    """Its articles count as changed until somebody checks again."""
    remembered = sources.noted(ENTRY, FIRST, {}, shelf(示范法=date(2026, 12, 1)))
    assert sources.changed(ENTRY, remembered, library()) == ("示范法#1", "示范法#2")


def test_an_article_that_is_gone_has_changed() -> None:
    """When its law is there without it; a law that was never imported says nothing."""
    remembered = {"texts": {"示范法#4": "x", "没有法#3": "x"}}
    assert sources.changed(ENTRY, remembered, library()) == ("示范法#4",)
