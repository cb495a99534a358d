"""Dense retrieval: faiss over the vectors of texts and of their known questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge.chunks import Chunk
from knowledge.encoder import Encoder, Vectors

_NEAREST_TEXTS = 200
_NEAREST_QUESTIONS = 120
_COUNTED_QUESTIONS = 3


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like one question the nearest chunks are."""

    texts: NDArray[np.float32]
    """Cosine of the question with each chunk's text; 0 for chunks that are not near."""
    questions: NDArray[np.float32]
    """Mean cosine with the nearest known questions of each chunk; the text's own where it has none near."""


class DenseIndex:
    """Vectors of one encoder, searched exactly; right below 300 000 chunks."""

    def __init__(self, texts: Any, questions: Any, owners: NDArray[np.int64]) -> None:
        self._texts = texts
        self._questions = questions
        self._owners = owners
        self._size = texts.ntotal
        # One question is found faster by one thread, and other questions keep theirs.
        faiss.omp_set_num_threads(1)

    @classmethod
    def empty(cls) -> "DenseIndex":
        """An index of nothing."""
        nothing = _index(np.empty((0, 1), dtype=np.float32))
        return cls(nothing, nothing, np.empty(0, dtype=np.int64))

    def rebuilt(self, encoder: Encoder, chunks: Sequence[Chunk], kept: NDArray[np.int64]) -> "DenseIndex":
        """The index of ``chunks``; ``kept`` names for each the place the same chunk has here, -1 for one to encode."""
        asked = np.array([len(chunk.questions) for chunk in chunks], dtype=np.int64)
        owners = np.repeat(np.arange(len(chunks), dtype=np.int64), asked)
        questions = [question for chunk in chunks for question in chunk.questions]
        same = _question_rows(self._owners, kept, asked)
        texts = _rows(encoder, [text_of(chunk) for chunk in chunks], self._texts, kept)
        return DenseIndex(_index(texts), _index(_rows(encoder, questions, self._questions, same)), owners)

    def likeness(self, vector: Vectors) -> Likeness:
        """Compare one question's vector with everything near it."""
        texts = np.zeros(self._size, dtype=np.float32)
        scores, places = self._texts.search(vector.reshape(1, -1), min(_NEAREST_TEXTS, self._size))
        texts[places[0]] = scores[0]
        questions = texts.copy()
        if len(self._owners):
            near = min(_NEAREST_QUESTIONS, len(self._owners))
            scores, places = self._questions.search(vector.reshape(1, -1), near)
            self._take_questions(questions, texts, self._owners[places[0]], scores[0])
        return Likeness(texts, questions)

    def _take_questions(
        self,
        into: NDArray[np.float32],
        texts: NDArray[np.float32],
        owners: NDArray[np.int64],
        scores: NDArray[np.float32],
    ) -> None:
        found: dict[int, list[float]] = {}
        for owner, score in zip(owners.tolist(), scores.tolist(), strict=True):
            listed = found.setdefault(owner, [])
            if len(listed) < _COUNTED_QUESTIONS:
                listed.append(score)
        for owner, listed in found.items():
            missing = _COUNTED_QUESTIONS - len(listed)
            into[owner] = (sum(listed) + missing * min(float(texts[owner]), listed[-1])) / _COUNTED_QUESTIONS

    def save(self, folder: Path) -> None:
        """Write both indexes into ``folder``."""
        faiss.write_index(self._texts, str(folder / "texts.faiss"))
        faiss.write_index(self._questions, str(folder / "questions.faiss"))
        np.save(folder / "owners.npy", self._owners)

    @staticmethod
    def is_in(folder: Path) -> bool:
        """Whether ``folder`` holds a dense index."""
        return (folder / "owners.npy").exists()

    @classmethod
    def load(cls, folder: Path) -> "DenseIndex":
        """The indexes that :meth:`save` wrote."""
        texts = faiss.read_index(str(folder / "texts.faiss"))
        questions = faiss.read_index(str(folder / "questions.faiss"))
        return cls(texts, questions, np.load(folder / "owners.npy"))


def text_of(chunk: Chunk) -> str:
    """What of a chunk is encoded; the training uses the same."""
    return f"{chunk.title} {chunk.heading} {chunk.text}"


def _question_rows(
    owners: NDArray[np.int64], kept: NDArray[np.int64], asked: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Where the vectors of kept chunks' questions stood; an unchanged chunk has as many as before, in the same order."""
    first = np.searchsorted(owners, kept)
    nth = np.arange(asked.sum()) - np.repeat(np.cumsum(asked) - asked, asked)
    return np.where(np.repeat(kept, asked) >= 0, np.repeat(first, asked) + nth, -1)


def _rows(encoder: Encoder, texts: Sequence[str], before: Any, kept: NDArray[np.int64]) -> Vectors:
    """One vector per text: taken from ``before`` where it has it, encoded where not."""
    new = np.flatnonzero(kept < 0)
    fresh = encoder.encode([texts[place] for place in new.tolist()] or [""])
    rows = np.empty((len(texts), fresh.shape[1]), dtype=np.float32)
    rows[new] = fresh[: len(new)]
    if len(new) < len(texts):
        stood = faiss.downcast_index(before.index).reconstruct_n(0, before.ntotal)
        rows[kept >= 0] = stood[kept[kept >= 0]]
    return rows


def _index(rows: Vectors) -> Any:
    index = faiss.IndexIDMap2(faiss.IndexFlatIP(rows.shape[1]))
    index.add_with_ids(rows, np.arange(len(rows), dtype=np.int64))
    return index
