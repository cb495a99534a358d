"""What the built-in engine sees of a message: runs of characters, weighed by how rare they are, and a sentence vector."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Vectors = Callable[[Sequence[str]], Floats]
"""Texts → one unit vector each; handed in, for the encoder belongs to another room."""

_LONGEST = 500
_SIZES = (1, 2)
_LEAST = 2
_NOISE = re.compile(r"[^\w?]+|_+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Grams:
    """A vocabulary of character runs with their weights."""

    places: dict[str, int]
    weights: Floats

    @classmethod
    def learn(cls, texts: Iterable[str]) -> "Grams":
        """Single signs, and pairs that occur twice, weighed by inverse document frequency."""
        counts: Counter[str] = Counter()
        total = 0
        for text in texts:
            counts.update(set(runs(text)))
            total += 1
        listed = sorted(run for run, count in counts.items() if len(run) == 1 or count >= _LEAST)
        weights = [math.log((1 + total) / (1 + counts[run])) + 1 for run in listed]
        return cls({run: place for place, run in enumerate(listed)}, np.array(weights, dtype=np.float32))

    def row(self, text: str) -> tuple[NDArray[np.int64], Floats]:
        """Places and values of the known runs in ``text``, at unit length."""
        counts = Counter(place for run in runs(text) if (place := self.places.get(run)) is not None)
        places = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
        values: Floats = 1 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))
        values = values * self.weights[places]
        length = np.float32(np.sqrt(values @ values))
        if length:
            values = values / length
        return places, values

    def knows(self, text: str) -> bool:
        """Whether any sign of ``text`` but numbers and blanks has been seen before."""
        return any(sign in self.places for sign in simplify(text)[1:-1] if sign not in " 0")

    def matrix(self, texts: Sequence[str]) -> Any:
        """Rows of all ``texts`` as a sparse matrix."""
        from scipy.sparse import csr_matrix

        rows = [self.row(text) for text in texts]
        bounds = np.cumsum([0, *(len(places) for places, _ in rows)])
        places = np.concatenate([places for places, _ in rows])
        values = np.concatenate([values for _, values in rows])
        return csr_matrix((values, places, bounds), shape=(len(rows), len(self.places)))


def runs(text: str) -> list[str]:
    """Runs of one and two characters; numbers are one sign, both ends are marked."""
    plain = simplify(text)
    return [plain[at : at + size] for size in _SIZES for at in range(len(plain) - size + 1)]


def simplify(text: str) -> str:
    """Half width, lower case, numbers as ``0``, marks as blanks; very long stories keep both ends."""
    if len(text) > _LONGEST:
        text = text[: _LONGEST * 2 // 3] + text[-_LONGEST // 3 :]
    plain = _NUMBER.sub("0", unicodedata.normalize("NFKC", text).lower())
    return f"^{_NOISE.sub(' ', plain).strip()}$"
