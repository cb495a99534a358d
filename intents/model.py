"""A trained classifier as plain numbers: weights of runs and of the sentence vector, and what its scores are worth."""

import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from intents.catalogue import Intent, known
from intents.features import Floats, Grams, Vectors
from intents.nlu import Ranked, Thresholds

FORMAT = 1
"""Raised whenever a model of an older program must not be read."""
_RANKED = 10


@dataclass(frozen=True, slots=True)
class Worth:
    """What scores are worth: the sharpness that makes them probabilities, and the borders of decisions."""

    sharpness: float = 4.0
    thresholds: Thresholds = field(default_factory=Thresholds)


@dataclass(frozen=True, slots=True)
class Model:
    """Linear scores of every intent."""

    intents: tuple[Intent, ...]
    grams: Grams
    weights: Floats
    """Runs × intents."""
    dense: Floats
    """Vector dimensions × intents; no rows when trained without an encoder."""
    bias: Floats
    worth: Worth
    digest: str
    """What it was trained on: corpus, encoder and kind of model."""

    def scores(self, text: str, vectors: Vectors | None) -> Floats | None:
        """One score per intent; None when nothing in ``text`` is known."""
        if not self.grams.knows(text):
            return None
        places, values = self.grams.row(text)
        scores: Floats = values @ self.weights[places] + self.bias
        if len(self.dense) and vectors is not None:
            scores = scores + vectors([text])[0] @ self.dense
        return scores

    def rank(self, scores: Floats) -> tuple[Ranked, ...]:
        """Candidates with their probabilities, the likeliest first."""
        shares = probabilities(scores, self.worth.sharpness)
        order = np.argsort(-shares)[:_RANKED]
        return tuple(Ranked(self.intents[place], float(shares[place])) for place in order)

    def save(self, path: Path) -> None:
        """Write to ``path``, whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".npz")
        borders = self.worth.thresholds
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez_compressed(
                    file,
                    format=np.array(FORMAT),
                    digest=np.array(self.digest),
                    intents=np.array([intent.value for intent in self.intents]),
                    runs=np.array(list(self.grams.places)),
                    rarity=self.grams.weights,
                    weights=self.weights.astype(np.float16),
                    dense=self.dense,
                    bias=self.bias,
                    worth=np.array([self.worth.sharpness, borders.answer, borders.offer]),
                )
            Path(draft).chmod(0o644)
            Path(draft).replace(path)
        finally:
            Path(draft).unlink(missing_ok=True)

    @classmethod
    def load(cls, path: Path) -> "Model | None":
        """The model in ``path``; None when there is none, or none that this program reads."""
        try:
            with np.load(path, allow_pickle=False) as stored:
                return cls._from(dict(stored))
        except (OSError, ValueError, KeyError, EOFError):
            return None

    @classmethod
    def _from(cls, stored: dict[str, Any]) -> "Model | None":
        intents = tuple(known(code) for code in stored["intents"].tolist())
        if int(stored["format"]) != FORMAT or None in intents:
            return None
        sharpness, answer, offer = stored["worth"].tolist()
        return cls(
            intents=tuple(intent for intent in intents if intent),
            grams=Grams({run: place for place, run in enumerate(stored["runs"].tolist())}, stored["rarity"]),
            weights=stored["weights"].astype(np.float32),
            dense=stored["dense"],
            bias=stored["bias"],
            worth=Worth(sharpness, Thresholds(answer, offer)),
            digest=str(stored["digest"]),
        )


def probabilities(scores: Floats, sharpness: float) -> Floats:
    """Shares of 1 from scores, along the last axis."""
    lifted = sharpness * (scores - scores.max(axis=-1, keepdims=True))
    shares: Floats = np.exp(lifted)
    shares /= shares.sum(axis=-1, keepdims=True)
    return shares
