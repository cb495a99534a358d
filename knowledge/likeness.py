"""Texts so alike that they ask for the same thing: shared pairs of characters, found without comparing all with all."""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_SILENT = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Claim:
    """A text that somebody answers."""

    owner: str
    text: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two claims of different owners and how alike they are, 0 to 1."""

    first: Claim
    second: Claim
    likeness: float


def plain(text: str) -> str:
    """``text`` as it is compared: without marks and blanks, in lower case."""
    return _SILENT.sub("", text).lower()


def pairs(claims: Sequence[Claim], least: float) -> list[Pair]:
    """Every two claims of different owners that are at least ``least`` alike, the most alike first."""
    sets = [_pairs_of_characters(claim.text) for claim in claims]
    found = [
        Pair(claims[early], claims[late], share)
        for early, late in _candidates(sets, least)
        if claims[early].owner != claims[late].owner and (share := _share(sets[early], sets[late])) >= least
    ]
    return sorted(found, key=lambda pair: (-pair.likeness, pair.first.owner, pair.second.owner))


def _pairs_of_characters(text: str) -> frozenset[str]:
    framed = f"^{plain(text)}$"
    return frozenset(framed[place : place + 2] for place in range(len(framed) - 1))


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    both = len(one & other)
    return both / (len(one) + len(other) - both)


def _candidates(sets: Sequence[frozenset[str]], least: float) -> Iterator[tuple[int, int]]:
    """Places of sets that may reach ``least``: two such sets share one of their rarest members."""
    frequency = Counter(member for members in sets for member in members)
    seen: dict[str, list[int]] = defaultdict(list)
    for place, members in enumerate(sets):
        rarest = sorted(members, key=lambda member: (frequency[member], member))
        decisive = rarest[: len(rarest) - math.ceil(least * len(rarest)) + 1]
        for early in {early for member in decisive for early in seen[member]}:
            yield early, place
        for member in decisive:
            seen[member].append(place)
