"""Keyword retrieval: BM25 over characters as 1- and 2-grams."""

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
from numpy.typing import NDArray

_RUN = re.compile(r"[㐀-䶿一-鿿]+|[a-z0-9]+")
_STOP = frozenset("的了吗呢啊呀吧么我你他她它是在有和就都也不这那个")


def normalise(text: str) -> str:
    """``text`` in half width and lower case."""
    return unicodedata.normalize("NFKC", text).lower()


def tokens(text: str) -> list[str]:
    """1- and 2-grams of every run of Chinese characters; Latin words and numbers whole."""
    found: list[str] = []
    for run in _RUN.findall(normalise(text)):
        if run[0].isascii():
            found.append(run)
        else:
            found.extend(run)
            found.extend(run[place : place + 2] for place in range(len(run) - 1))
    return found


@dataclass(frozen=True, slots=True)
class Coverage:
    """Shares of one question's weight that the chunks cover."""

    shares: NDArray[np.float32]
    """0 to 1 for every chunk."""
    places: Mapping[str, NDArray[np.int32]]
    weights: Mapping[str, float]

    @property
    def known(self) -> float:
        """Share of the question's weight that any chunk knows."""
        total = sum(self.weights.values())
        return sum(self.weights[word] for word in self.places) / total if total else 0.0

    def matched(self, place: int, most: int = 8) -> tuple[str, ...]:
        """The heaviest words of the question that the chunk at ``place`` contains."""
        words = [word for word, chunks in self.places.items() if place in chunks]
        return tuple(sorted(words, key=lambda word: -self.weights[word])[:most])


class KeywordIndex:
    """A built BM25 index over chunks, and the weights of its words."""

    def __init__(self, model: Any, size: int, weights: dict[str, float]) -> None:
        self._model = model
        self._size = size
        self.weights = weights
        """Inverse document frequency of every 1- and 2-gram."""

    @classmethod
    def build(cls, texts: Sequence[str]) -> "KeywordIndex":
        """The index over ``texts``, one per chunk, in chunk order."""
        if not any(map(tokens, texts)):
            return cls(None, len(texts), {})
        tokenised = [tokens(text) for text in texts]
        counts: dict[str, int] = {}
        for words in tokenised:
            for word in set(words):
                counts[word] = counts.get(word, 0) + 1
        size = len(texts)
        weights = {word: float(np.log(1 + (size - n + 0.5) / (n + 0.5))) for word, n in counts.items()}
        model = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
        model.index(tokenised, show_progress=False)
        return cls(model, size, weights)

    def scores(self, question: str) -> NDArray[np.float32]:
        """BM25 score of every chunk for ``question``."""
        words = [word for word in tokens(question) if word in self.weights]
        if not words:
            return np.zeros(self._size, dtype=np.float32)
        found: NDArray[np.float32] = self._model.get_scores(words)
        return found

    def coverage(self, question: str) -> "Coverage":
        """How much of the question's weight each chunk covers; length plays no part in it."""
        asked = {word for word in tokens(question) if len(word) > 1 and not set(word) <= _STOP}
        heaviest = max(self.weights.values(), default=1.0)
        weight = {word: self.weights.get(word, heaviest) for word in asked}
        places = {word: self._places(word) for word in asked if word in self.weights}
        shares = np.zeros(self._size, dtype=np.float32)
        total = sum(weight.values())
        for word, chunks in places.items():
            shares[chunks] += weight[word] / total
        return Coverage(shares, places, weight)

    def _places(self, word: str) -> NDArray[np.int32]:
        """Which chunks contain ``word``."""
        column = self._model.vocab_dict[word]
        matrix = self._model.scores
        start, end = matrix["indptr"][column], matrix["indptr"][column + 1]
        found: NDArray[np.int32] = np.asarray(matrix["indices"][start:end])
        return found

    def save(self, folder: Path) -> None:
        """Write the index into ``folder``."""
        if self._model is not None:
            self._model.save(str(folder), show_progress=False)
        (folder / "weights.json").write_text(
            json.dumps([self._size, self.weights], ensure_ascii=False), "utf-8"
        )

    @classmethod
    def load(cls, folder: Path) -> "KeywordIndex":
        """The index that :meth:`save` wrote, memory-mapped."""
        size, weights = json.loads((folder / "weights.json").read_text("utf-8"))
        if not weights:
            return cls(None, size, {})
        return cls(bm25s.BM25.load(str(folder), mmap=True, show_progress=False, verbosity=0), size, weights)
