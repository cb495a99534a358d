"""Rights cards (明白卡): one entry on one small card, with its source, its version and its place."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from knowledge import answers, checklists
from knowledge.entries import Entry
from knowledge.library import Library
from knowledge.sources import Revision

LONGEST = 300
"""Characters of a whole card."""
_MOST_SOURCES = 3


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on a card."""

    code: str
    title: str
    conclusion: str
    steps: str
    papers: str
    """What to bring, where the entry leads to an application."""
    source: str
    stamp: str
    """Region, handbook entry, version."""
    outdated: str
    """Why it has to be looked at again; empty while it is good."""

    @property
    def text(self) -> str:
        """The card as plain lines."""
        lines = (
            f"【明白卡】{self.title}",
            self.outdated,
            self.conclusion,
            f"下一步：{self.steps}",
            self.papers,
            f"依据：{self.source}",
            self.stamp,
        )
        return "\n".join(line for line in lines if line)


def make(entry: Entry, revision: Revision, library: Library, outdated: tuple[str, ...] = ()) -> Card:
    """The card of ``entry``; papers first, then next steps, then sources, as far as they fit."""
    bare = Card(
        code=entry.id,
        title=entry.title,
        conclusion=entry.conclusion,
        steps="",
        papers="",
        source="",
        stamp=f"适用：{entry.region}　手册{entry.id}　第{revision.number}版　{revision.day}",
        outdated=_notice(outdated, library),
    )
    card = bare
    for card in _from_full_to_short(bare, entry, library):
        if len(card.text) <= LONGEST:
            return card
    room = LONGEST - len(replace(card, steps="").text)
    return replace(card, steps=answers.cut(card.steps, max(room, 1))[0])


def _from_full_to_short(bare: Card, entry: Entry, library: Library) -> Iterator[Card]:
    fewest = range(min(len(entry.cites), _MOST_SOURCES), 0, -1)
    sources = [_spoken(entry.cites[:count], library) for count in fewest] or ["本手册，以当地规定为准"]
    steps = ["".join(entry.steps[:count]) for count in range(len(entry.steps), 0, -1)]
    checklist = checklists.of(entry, library.checklists)
    papers = [checklist.text, f"材料清单见手册{entry.id}。"] if checklist else [""]
    for paper, step, source in product(papers, steps, sources):
        yield replace(bare, papers=paper, steps=step, source=source)


def _notice(outdated: tuple[str, ...], library: Library) -> str:
    if not outdated:
        return ""
    laws = _spoken(outdated[:2], library)
    more = "等" if len(outdated) > 2 else ""
    return f"已过期待复核：{laws}{more}有变化，用前请先问工会。"


def _spoken(keys: Sequence[str], library: Library) -> str:
    """Citations in a row; a law is named once for articles that follow one another."""
    said, law = [], ""
    for key in keys:
        name, mark, article = answers.spoken(key, library).partition("》")
        said.append(article if name == law and article else name + mark + article)
        law = name
    return "、".join(said)
