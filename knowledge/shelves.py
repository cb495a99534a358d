"""The handbook's topics as shelves small enough to be read out, for menus and the booklet."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.numerals import to_chinese
from knowledge.chunks import Chunk

MOST = 20
"""Entries of one shelf: their titles fit one message."""
NATIONAL = "全国"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Some entries of one topic."""

    topic: str
    name: str
    """The topic, with the number of the part where it is a long one: 工资与加班（二）."""
    entries: tuple[Chunk, ...]


def shelves(chunks: Iterable[Chunk], most: int = MOST) -> list[Shelf]:
    """Every entry on a shelf, the entries in the order of their ids, topics in the order of their first entry."""
    topics: dict[str, list[Chunk]] = defaultdict(list)
    for chunk in sorted((chunk for chunk in chunks if chunk.kind == "entry"), key=lambda chunk: chunk.key):
        topics[chunk.short].append(chunk)
    return [shelf for topic, entries in topics.items() for shelf in _parts(topic, entries, most)]


def holds_in(chunk: Chunk, region: str) -> bool:
    """Whether an entry is for ``region``; without a region every entry is."""
    return not region or (chunk.region or NATIONAL) in (NATIONAL, region)


def _parts(topic: str, entries: list[Chunk], most: int) -> list[Shelf]:
    parts = math.ceil(len(entries) / most)
    size = math.ceil(len(entries) / parts)
    return [
        Shelf(
            topic,
            f"{topic}（{to_chinese(part + 1)}）" if parts > 1 else topic,
            tuple(entries[part * size : (part + 1) * size]),
        )
        for part in range(parts)
    ]
