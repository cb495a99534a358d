"""How often each word stands in each text; a rebuilt index takes the rows of unchanged texts over."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_FILE = "words.json"
_ARRAYS = ("starts", "words", "times")
_MOST = np.iinfo(np.uint16).max


@dataclass(frozen=True, slots=True)
class WordCounts:
    """Rows of (word, times), one row per text, one after another."""

    vocabulary: dict[str, int]
    """Word → its number; only words that stand in some text."""
    words: NDArray[np.int32]
    times: NDArray[np.uint16]
    starts: NDArray[np.int64]
    """Where each text's row begins, and where the last ends: shape (texts + 1,)."""

    @classmethod
    def empty(cls) -> "WordCounts":
        """The counts of no text."""
        return cls({}, np.empty(0, np.int32), np.empty(0, np.uint16), np.zeros(1, np.int64))

    def recounted(
        self, texts: Sequence[str], kept: NDArray[np.int64], tokens: Callable[[str], list[str]]
    ) -> "WordCounts":
        """The counts of ``texts``; ``kept`` names for each the row to take over from these, -1 to count it anew."""
        vocabulary = dict(self.vocabulary)
        old_words, old_times = np.asarray(self.words), np.asarray(self.times)  # slices of a file's are slow
        words, times = [], []
        for text, place in zip(texts, kept.tolist(), strict=True):
            if place >= 0:
                row = slice(self.starts[place], self.starts[place + 1])
                words.append(old_words[row])
                times.append(old_times[row])
            else:
                counted = Counter(tokens(text))
                numbers = (vocabulary.setdefault(word, len(vocabulary)) for word in counted)
                words.append(np.fromiter(numbers, dtype=np.int32, count=len(counted)))
                times.append(np.minimum(list(counted.values()), _MOST).astype(np.uint16))
        starts = np.cumsum([0, *map(len, words)], dtype=np.int64)
        vocabulary, joined = _renumbered(vocabulary, np.concatenate([np.empty(0, np.int32), *words]))
        return WordCounts(vocabulary, joined, np.concatenate([np.empty(0, np.uint16), *times]), starts)

    @property
    def size(self) -> int:
        """How many texts."""
        return len(self.starts) - 1

    @property
    def texts(self) -> NDArray[np.int32]:
        """The text each (word, times) belongs to."""
        return np.repeat(np.arange(self.size, dtype=np.int32), np.diff(self.starts))

    @property
    def lengths(self) -> NDArray[np.int64]:
        """How many words each text has."""
        sums = np.concatenate(([0], np.cumsum(self.times, dtype=np.int64)))
        found: NDArray[np.int64] = np.diff(sums[self.starts])
        return found

    def save(self, folder: Path) -> None:
        """Write the counts into ``folder``."""
        (folder / _FILE).write_text(json.dumps(list(self.vocabulary), ensure_ascii=False), "utf-8")
        for name in _ARRAYS:
            np.save(folder / f"counts-{name}.npy", getattr(self, name))

    @classmethod
    def load(cls, folder: Path) -> "WordCounts":
        """The counts that :meth:`save` wrote, memory-mapped."""
        listed = json.loads((folder / _FILE).read_text("utf-8"))
        arrays: dict[str, Any] = {
            name: np.load(folder / f"counts-{name}.npy", mmap_mode="r") for name in _ARRAYS
        }
        return cls({word: number for number, word in enumerate(listed)}, **arrays)


def _renumbered(
    vocabulary: dict[str, int], words: NDArray[np.int32]
) -> tuple[dict[str, int], NDArray[np.int32]]:
    """The vocabulary without the words that no text holds any more, and ``words`` in its numbers."""
    used = np.bincount(words, minlength=len(vocabulary)) > 0
    if used.all():
        return vocabulary, words
    number = (np.cumsum(used) - 1).astype(np.int32)
    still = (word for word, old in vocabulary.items() if used[old])
    return {word: place for place, word in enumerate(still)}, number[words]
