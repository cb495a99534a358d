"""Found chunks → the answer a worker reads: composed from stored text, cited, cut to fit, or withheld."""

from dataclasses import dataclass
from urllib.parse import quote

from bot.core.messages import Choice, Citation, Reply, ReplyKind
from knowledge.chunks import Chunk, Hit
from knowledge.entries import Entry
from knowledge.library import Library

LONGEST = 560
"""Characters of one answer, so that it and its choices stay within 600; the rest waits for 更多."""
_MOST_CITATIONS = 6


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What a found chunk must reach; computed when the index is built."""

    sure: float = 0.42
    """Coverage from which the best chunk is the answer."""
    near: float = 0.22
    """Coverage from which chunks are offered as 您是不是想问."""


def from_hits(hits: list[Hit], library: Library, limits: Thresholds, near_text: str) -> Reply | None:
    """The answer in ``hits``, near misses offered with ``near_text``, or None when nothing fits."""
    best = next((hit for hit in hits if hit.chunk.in_force), None)
    if best is None or best.coverage < limits.near:
        return None
    if best.coverage < limits.sure:
        return _near(hits, near_text)
    reply = from_entry(best.chunk, library) if best.chunk.kind == "entry" else from_passage(best.chunk)
    return Reply(
        reply.kind,
        reply.text,
        reply.citations,
        reply.choices,
        confidence=round(best.coverage, 3),
        more=reply.more,
    )


def from_entry(chunk: Chunk, library: Library) -> Reply:
    """An FAQ entry as an answer: conclusion, conditions, next step, source."""
    entry = Entry.from_dict(dict(chunk.body or {}))
    source = f"依据：{'、'.join(_spoken(key, library) for key in entry.cites)}" if entry.cites else ""
    local = "各地规定不同，以当地为准。" if entry.local else ""
    text = "\n".join(part for part in (entry.text, local, source) if part)
    found_laws = [found for key in entry.cites if (found := library.get(key))]
    citations = tuple(map(cite, found_laws[:_MOST_CITATIONS]))
    choices = tuple(Choice(f"看{_title(law)}原文", _title(law)) for law in found_laws[:2]) + _ASK_PERSON
    shown, more = cut(text)
    return Reply(ReplyKind.ANSWER, shown, (*citations, cite(chunk)), choices, more=more)


def from_passage(chunk: Chunk) -> Reply:
    """A statute's article or a handbook's section as an answer, quoted as it stands."""
    law = f"《{chunk.title}》{chunk.address}"
    state = f"（{chunk.note}）" if chunk.note else ""
    lead = f"手册里没有现成的回答，最相关的规定是{law}{state}：" if chunk.kind != "handbook" else f"{law}："
    shown, more = cut(f"{lead}\n{chunk.text}")
    return Reply(ReplyKind.ANSWER, shown, (cite(chunk),), _ASK_PERSON, more=more)


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


def _near(hits: list[Hit], near_text: str) -> Reply:
    offered = [hit.chunk for hit in hits[:3]]
    choices = tuple(Choice(_title(chunk), _title(chunk)) for chunk in offered)
    return Reply(
        ReplyKind.CLARIFY, near_text, (), choices + _ASK_PERSON, confidence=round(hits[0].coverage, 3)
    )


def _title(chunk: Chunk) -> str:
    if chunk.kind == "entry":
        return chunk.title
    return f"《{chunk.short}》{chunk.address}"


def _spoken(key: str, library: Library) -> str:
    found = library.get(key)
    if found:
        return _title(found)
    short, _, number = key.partition("#")
    return f"《{short}》" + (f"第{number}条" if number not in ("", "0") else "")
