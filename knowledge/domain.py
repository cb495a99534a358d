"""Whether a message is about work and the union at all: word odds learned from known questions and negatives."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.keywords import tokens

_FILE = "domain.json"
_SMOOTHING = 0.5
_STRONGEST = 4.0
"""No single word decides alone."""


class Domain:
    """Log-odds of words between what is ours and what is not."""

    def __init__(self, inside: Counter[str], outside: Counter[str]) -> None:
        """``inside`` and ``outside`` count in how many messages of either side each word stands."""
        self._inside = inside
        self._outside = outside
        self._odds = _odds(inside, outside)

    @classmethod
    def learn(cls, ours: Iterable[str], others: Iterable[str]) -> "Domain":
        """Learn from messages of both sides; without either side nothing is known of any word."""
        return cls(_counts(ours), _counts(others))

    def after(self, gone: Iterable[str], new: Iterable[str]) -> "Domain":
        """What is learned when some of our messages go and others come; the same as learning afresh."""
        inside = self._inside.copy()
        inside.subtract(_counts(gone))
        inside.update(_counts(new))
        return Domain(+inside, self._outside)

    def score(self, message: str) -> float:
        """Mean log-odds of the message's words; above 0 is more like ours. Does not grow with length."""
        words = tokens(message)
        if not words or not self._odds:
            return 0.0
        return sum(self._odds.get(word, 0.0) for word in words) / len(words)

    def save(self, folder: Path) -> None:
        """Write the counts into ``folder``."""
        (folder / _FILE).write_text(json.dumps([self._inside, self._outside], ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Domain":
        """What :meth:`save` wrote."""
        inside, outside = json.loads((folder / _FILE).read_text("utf-8"))
        return cls(Counter(inside), Counter(outside))


def _odds(inside: Counter[str], outside: Counter[str]) -> dict[str, float]:
    if not inside or not outside:
        return {}
    words = list(inside.keys() | outside.keys())
    share = [_log_share(side, words) for side in (inside, outside)]
    odds = np.clip(share[0] - share[1], -_STRONGEST, _STRONGEST).round(3)
    return dict(zip(words, odds.tolist(), strict=True))


def _log_share(side: Counter[str], words: Sequence[str]) -> NDArray[np.float64]:
    """Log of each word's smoothed share of all the words of one side."""
    counts = np.array([side[word] for word in words], dtype=np.float64)
    share: NDArray[np.float64] = np.log((counts + _SMOOTHING) / (counts.sum() + len(words) * _SMOOTHING))
    return share


def _counts(messages: Iterable[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for message in messages:
        counts.update(set(tokens(message)))
    return counts
