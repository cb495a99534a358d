"""Keyword retrieval: BM25 over characters as 1- and 2-grams."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bm25s
import numpy as np
from numpy.typing import NDArray

from knowledge.counts import WordCounts

_RUN = re.compile(r"[㐀-䶿一-鿿]+|[a-z0-9]+")
_STOP = frozenset("的了吗呢啊呀吧么我你他她它是在有和就都也不这那个")
_K1, _B = 1.5, 0.75
_ARRAYS = ("data", "indices", "indptr")


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
        words = [word for word, chunks in self.places.items() if _holds(chunks, place)]
        return tuple(sorted(words, key=lambda word: -self.weights[word])[:most])


class KeywordIndex:
    """BM25 over chunks, searched by bm25s; its matrix is computed from word counts that outlive a rebuild."""

    def __init__(self, counts: WordCounts, matrix: Mapping[str, NDArray[Any]]) -> None:
        self._counts = counts
        self._matrix = matrix
        self._model = bm25s.BM25(method="lucene", k1=_K1, b=_B)
        self._model.scores = {**matrix, "num_docs": counts.size}
        self._model.vocab_dict = counts.vocabulary
        self._model.nonoccurrence_array = None
        self._weight = _weights(counts.size, np.diff(matrix["indptr"]))

    @classmethod
    def build(cls, texts: Sequence[str]) -> "KeywordIndex":
        """The index over ``texts``, one per chunk, in chunk order."""
        nothing = WordCounts.empty()
        return cls(nothing, _bm25(nothing)).rebuilt(texts, np.full(len(texts), -1))

    def rebuilt(self, texts: Sequence[str], kept: NDArray[np.int64]) -> "KeywordIndex":
        """The index over ``texts``; ``kept`` names for each the place the same text has here, -1 for a new one."""
        counts = self._counts.recounted(texts, kept, tokens)
        return KeywordIndex(counts, _bm25(counts))

    def weight(self, word: str) -> float | None:
        """Inverse document frequency of a 1- or 2-gram; None for one that no chunk contains."""
        column = self._counts.vocabulary.get(word)
        return None if column is None else float(self._weight[column])

    def scores(self, question: str) -> NDArray[np.float32]:
        """BM25 score of every chunk for ``question``."""
        words = [word for word in tokens(question) if word in self._counts.vocabulary]
        if not words:
            return np.zeros(self._counts.size, dtype=np.float32)
        found: NDArray[np.float32] = self._model.get_scores(words)
        return found

    def coverage(self, question: str) -> "Coverage":
        """How much of the question's weight each chunk covers; length plays no part in it."""
        asked = {word for word in tokens(question) if len(word) > 1 and not set(word) <= _STOP}
        heaviest = float(self._weight.max(initial=0.0)) or 1.0
        known = {word: self.weight(word) for word in asked}
        weight = {word: heaviest if found is None else found for word, found in known.items()}
        places = {word: self._places(word) for word, found in known.items() if found is not None}
        shares = np.zeros(self._counts.size, dtype=np.float32)
        total = sum(weight.values())
        for word, chunks in places.items():
            shares[chunks] += weight[word] / total
        return Coverage(shares, places, weight)

    def _places(self, word: str) -> NDArray[np.int32]:
        """Which chunks contain ``word``."""
        column = self._counts.vocabulary[word]
        start, end = self._matrix["indptr"][column : column + 2]
        found: NDArray[np.int32] = np.asarray(self._matrix["indices"][start:end])
        return found

    def save(self, folder: Path) -> None:
        """Write the index into ``folder``."""
        self._counts.save(folder)
        for name in _ARRAYS:
            np.save(folder / f"bm25-{name}.npy", self._matrix[name])

    @classmethod
    def load(cls, folder: Path) -> "KeywordIndex":
        """The index that :meth:`save` wrote, memory-mapped."""
        matrix = {name: np.load(folder / f"bm25-{name}.npy", mmap_mode="r") for name in _ARRAYS}
        return cls(WordCounts.load(folder), matrix)


def _holds(chunks: NDArray[np.int32], place: int) -> bool:
    """Whether ``place`` is among ``chunks``, which ascend."""
    at = int(np.searchsorted(chunks, place))
    return at < len(chunks) and int(chunks[at]) == place


def _weights(size: int, found_in: NDArray[Any]) -> NDArray[np.float32]:
    """Lucene's inverse document frequency of words found in so many of ``size`` texts."""
    weights: NDArray[np.float32] = np.log1p((size - found_in + 0.5) / (found_in + 0.5)).astype(np.float32)
    return weights


def _bm25(counts: WordCounts) -> dict[str, NDArray[Any]]:
    """Each word's column: the chunks that hold it and what it is worth there (BM25 as Lucene computes it)."""
    length = counts.lengths
    mean = max(float(length.mean()), 1.0) if counts.size else 1.0
    norm = (_K1 * (1 - _B + _B * length / mean)).astype(np.float32)
    by_word = np.argsort(counts.words, kind="stable")
    words, texts = counts.words[by_word], counts.texts[by_word]
    times = counts.times[by_word].astype(np.float32)
    found_in = np.bincount(counts.words, minlength=len(counts.vocabulary))
    data = _weights(counts.size, found_in)[words] * (times / (norm[texts] + times))
    return {
        "data": data.astype(np.float32),
        "indices": texts,
        "indptr": np.concatenate(([0], np.cumsum(found_in))),
    }
