"""Found chunks → the answer a worker reads: composed from stored text, cited, cut to fit, or withheld."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import quote

from bot.core.messages import Choice, Citation, Reply, ReplyKind
from bot.core.numerals import NUMERAL
from knowledge import checklists
from knowledge.chunks import Chunk, Finding, Hit
from knowledge.drafts import Prose
from knowledge.entries import Entry
from knowledge.library import Library

LONGEST = 560
"""Characters of one answer, so that it and its choices stay within 600; the rest waits for 更多."""
_MOST_CITATIONS = 6


Told = Callable[[Prose], Prose]
"""How the prose of an answer is told: as it is stored, or in other words that say the same."""


def _as_stored(prose: Prose) -> Prose:
    return prose


_ARTICLE = re.compile(f"第{NUMERAL}条")
"""Where rules are quoted, their wording is the point."""


class Verdict(StrEnum):
    """What may be done with a finding."""

    ANSWER = "answer"
    OFFER = "offer"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is done with a finding, and the two probabilities behind it."""

    verdict: Verdict
    ours: float
    """How likely it is that the knowledge base has an answer at all."""
    right: float
    """How likely it is that the best chunk is the answer."""


def judge(finding: Finding, library: Library) -> Judgement:
    """Whether to answer, to offer near misses or to refuse, by what the index knows of its own reliability."""
    calibration = library.calibration
    ours, right = (border.probability(finding.signals) for border in (calibration.ours, calibration.right))
    if not any(hit.chunk.in_force for hit in finding.hits) or ours < calibration.near:
        return Judgement(Verdict.REFUSE, ours, right)
    return Judgement(Verdict.ANSWER if right >= calibration.sure else Verdict.OFFER, ours, right)


def from_finding(finding: Finding, library: Library, near_text: str, told: Told = _as_stored) -> Reply | None:
    """The answer in ``finding``, near misses offered with ``near_text``, or None when nothing fits."""
    judgement = judge(finding, library)
    if judgement.verdict is Verdict.REFUSE:
        return None
    hits = [hit for hit in finding.hits if hit.chunk.in_force]
    if judgement.verdict is Verdict.OFFER:
        return replace(offered(hits, near_text), confidence=round(judgement.ours, 3))
    best = hits[0].chunk
    reply = from_entry(best, library, told) if best.kind == "entry" else from_passage(best, told)
    return replace(reply, confidence=round(judgement.ours, 3))


def from_entry(chunk: Chunk, library: Library, told: Told = _as_stored) -> Reply:
    """An FAQ entry as an answer: conclusion, conditions, next step, source; only the first two may be told anew."""
    entry = Entry.from_dict(dict(chunk.body or {}))
    prose = told(Prose(entry.conclusion, entry.conditions))
    entry = replace(entry, conclusion=prose.conclusion, conditions=prose.details)
    text = entry_text(entry, library)
    found_laws = [found for key in entry.cites if (found := library.get(key))]
    citations = tuple(map(cite, found_laws[:_MOST_CITATIONS]))
    choices = tuple(Choice(f"看{_title(law)}原文", _title(law)) for law in found_laws[:2]) + _ASK_PERSON
    shown, more = cut(text)
    return Reply(ReplyKind.ANSWER, shown, (*citations, cite(chunk)), choices, more=more)


def entry_text(entry: Entry, library: Library) -> str:
    """All that an entry says before it is cut to fit: its parts, the papers to bring, its source."""
    checklist = checklists.of(entry, library.checklists)
    papers = checklist.text if checklist else ""
    local = "各地规定不同，以当地为准。" if entry.local else ""
    source = f"依据：{'、'.join(spoken(key, library) for key in entry.cites)}" if entry.cites else ""
    return "\n".join(part for part in (entry.text, papers, local, source) if part)


def from_passage(chunk: Chunk, told: Told = _as_stored) -> Reply:
    """A statute's article, quoted as it stands, or a handbook's section, which may be told anew."""
    law = f"《{chunk.title}》{chunk.address}"
    state = f"（{chunk.note}）" if chunk.note else ""
    lead = f"手册里没有现成的回答，最相关的规定是{law}{state}：" if chunk.kind != "handbook" else f"{law}："
    first, *lines = chunk.text.split("\n")
    prose = Prose(first, tuple(lines))
    if chunk.kind == "handbook" and not _ARTICLE.search(chunk.text):
        prose = told(prose)
    shown, more = cut(f"{lead}\n{prose.text}")
    return Reply(ReplyKind.ANSWER, shown, (cite(chunk),), _ASK_PERSON, more=more)


def from_several(chunks: Sequence[Chunk], library: Library) -> Reply:
    """Several questions answered in one message: each by its conclusion and next step, in full on demand."""
    parts, citations = [], []
    for number, chunk in enumerate(chunks, start=1):
        if chunk.kind == "entry":
            entry = Entry.from_dict(dict(chunk.body or {}))
            source = "、".join(spoken(key, library) for key in entry.cites[:2])
            basis = f"\n依据：{source}" if source else ""
            parts.append(f"{number}. {entry.title}：{entry.conclusion}{''.join(entry.steps[:1])}{basis}")
            citations += [cite(found) for key in entry.cites[:2] if (found := library.get(key))]
        else:
            parts.append(f"{number}. 《{chunk.title}》{chunk.address}：{cut(chunk.text, 120)[0]}")
            citations.append(cite(chunk))
    choices = tuple(Choice(f"细说：{_title(chunk)}", _title(chunk)) for chunk in chunks)
    shown, more = cut("\n\n".join(parts))
    return Reply(ReplyKind.ANSWER, shown, tuple(citations), choices + _ASK_PERSON, more=more)


def from_articles(chunks: tuple[Chunk, ...]) -> Reply:
    """Articles that were asked for by number, word for word."""
    parts = []
    for chunk in chunks:
        state = "" if chunk.in_force else "【不再作为现行依据】"
        note = f"\n注：{chunk.note}" if chunk.note else ""
        parts.append(f"《{chunk.title}》{state}\n{chunk.text}{note}")
    shown, more = cut("\n\n".join(parts))
    return Reply(ReplyKind.ARTICLE, shown, tuple(map(cite, chunks)), (), more=more)


def cite(chunk: Chunk) -> Citation:
    """The citation of a chunk; its quote is the stored text."""
    region = "" if chunk.region in ("", "全国") else f"适用地区：{chunk.region}"
    return Citation(
        key=chunk.key,
        title=chunk.title,
        article=chunk.address,
        quote=chunk.text,
        in_force=chunk.in_force,
        note="；".join(part for part in (chunk.note, region) if part),
        url=f"/clause/{quote(chunk.key, safe='')}",
    )


def cut(text: str, longest: int = LONGEST) -> tuple[str, str]:
    """``text`` up to ``longest`` characters on a line or sentence border, and the rest."""
    if len(text) <= longest:
        return text, ""
    window = text[:longest]
    place = max(window.rfind("\n"), *(window.rfind(mark) + 1 for mark in "。；！？"))
    place = place if place > longest // 2 else longest
    return text[:place].rstrip(), text[place:].lstrip("\n")


_ASK_PERSON = (Choice("转人工", "人工"),)


def offered(hits: Sequence[Hit], near_text: str) -> Reply:
    """The best three to choose from, and a person."""
    choices = tuple(Choice(_title(hit.chunk), _title(hit.chunk)) for hit in hits[:3])
    return Reply(ReplyKind.CLARIFY, near_text, (), choices + _ASK_PERSON)


def _title(chunk: Chunk) -> str:
    if chunk.kind == "entry":
        return chunk.title
    return f"《{chunk.short}》{chunk.address}"


def spoken(key: str, library: Library) -> str:
    """A citation as people say it: 《劳动合同法》第四十七条."""
    found = library.get(key)
    if found:
        return _title(found)
    short, _, number = key.partition("#")
    return f"《{short}》" + (f"第{number}条" if number not in ("", "0") else "")
