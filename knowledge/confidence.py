"""When to answer, offer or refuse: what a published index knows of its own reliability."""

import json
from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np

from bot.core.errors import ContentError
from knowledge.chunks import Signals


@dataclass(frozen=True, slots=True)
class Border:
    """A logistic model over the signals of a finding."""

    weights: tuple[float, ...]
    bias: float
    mean: tuple[float, ...]
    scale: tuple[float, ...]

    def probability(self, signals: Signals) -> float:
        """How likely it is, 0 to 1."""
        row = (np.array(astuple(signals)) - self.mean) / self.scale
        return float(1 / (1 + np.exp(-np.clip(row @ np.array(self.weights) + self.bias, -30, 30))))


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a published index knows of its own reliability."""

    ours: Border
    """Whether the knowledge base has an answer at all."""
    right: Border
    """Whether the best chunk is the answer."""
    near: float
    """Probability of being ours below which is refused."""
    sure: float
    """Probability of being right from which is answered rather than offered."""
    figures: Mapping[str, float]
    """What was measured on held-out questions, for the health page."""

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Calibration":
        """The inverse of :meth:`to_dict`; nothing stored, or by a program that knew other signals, is the default."""
        if not stored or len(stored["right"]["weights"]) != len(SIGNALS):
            return DEFAULT
        return cls(
            _border(stored["ours"]),
            _border(stored["right"]),
            stored["near"],
            stored["sure"],
            stored["figures"],
        )


def _border(stored: Mapping[str, Any]) -> Border:
    return Border(tuple(stored["weights"]), stored["bias"], tuple(stored["mean"]), tuple(stored["scale"]))


_BY_COVERAGE = Border((8.0,) + (0.0,) * 6, -2.4, (0.0,) * 7, (1.0,) * 7)
DEFAULT = Calibration(_BY_COVERAGE, _BY_COVERAGE, near=0.35, sure=0.7, figures={})
"""Without negatives or enough questions: the share of the question that the best chunk covers decides."""

SIGNALS = tuple(field.name for field in fields(Signals))
"""Names of the signals, in the order of a border's weights."""


def load(path: Path) -> Calibration:
    """The calibration shipped with the content; no file is the default."""
    if not path.exists():
        return DEFAULT
    try:
        return Calibration.from_dict(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError) as wrong:
        raise ContentError(f"{path.name} 读不懂，请用 niangjia index build 重新生成。") from wrong
