"""Whether a message is about work and the union at all: word odds learned from known questions and negatives."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from knowledge.keywords import tokens

_FILE = "domain.json"
_SMOOTHING = 0.5
_STRONGEST = 4.0
"""No single word decides alone."""


class Domain:
    """Log-odds of words between what is ours and what is not."""

    def __init__(self, odds: Mapping[str, float]) -> None:
        self._odds = odds

    @classmethod
    def learn(cls, ours: Iterable[str], others: Iterable[str]) -> "Domain":
        """Learn from messages of both sides; without either side nothing is known of any word."""
        inside, outside = _counts(ours), _counts(others)
        if not inside or not outside:
            return cls({})
        all_inside, all_outside = sum(inside.values()), sum(outside.values())
        size = len(inside.keys() | outside.keys()) * _SMOOTHING
        return cls(
            {
                word: round(
                    math.log((inside[word] + _SMOOTHING) / (all_inside + size))
                    - math.log((outside[word] + _SMOOTHING) / (all_outside + size)),
                    3,
                )
                for word in inside.keys() | outside.keys()
            }
        )

    def score(self, message: str) -> float:
        """Mean log-odds of the message's words; above 0 is more like ours. Does not grow with length."""
        words = tokens(message)
        if not words or not self._odds:
            return 0.0
        return sum(max(-_STRONGEST, min(_STRONGEST, self._odds.get(word, 0.0))) for word in words) / len(
            words
        )

    def save(self, folder: Path) -> None:
        """Write the odds into ``folder``."""
        (folder / _FILE).write_text(json.dumps(self._odds, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Domain":
        """The odds that :meth:`save` wrote."""
        return cls(json.loads((folder / _FILE).read_text("utf-8")))


def _counts(messages: Iterable[str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for message in messages:
        counts.update(set(tokens(message)))
    return counts
