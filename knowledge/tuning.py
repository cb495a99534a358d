"""How much an encoder counts beside keywords: the weight that serves held-out questions best, 0 when none does."""

from collections.abc import Sequence
from dataclasses import replace

from knowledge.chunks import Chunk
from knowledge.encoder import Encoder, Vectors
from knowledge.equipment import Equipment
from knowledge.library import Library

WEIGHTS = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6)
_LEAST_GAIN = 0.003
"""An encoder that does not raise the mean reciprocal rank by this much stays out."""
_DEPTH = 10


class _Weighted:
    """An encoder under another weight."""

    def __init__(self, encoder: Encoder, weight: float) -> None:
        self._encoder = encoder
        self._weight = weight

    @property
    def name(self) -> str:
        """The encoder's own name."""
        return self._encoder.name

    @property
    def weight(self) -> float:
        """The weight being tried."""
        return self._weight

    def encode(self, texts: Sequence[str]) -> Vectors:
        """The encoder's own vectors."""
        return self._encoder.encode(texts)


def weighted(encoder: Encoder, weight: float) -> Encoder:
    """``encoder`` counting as much as ``weight`` says."""
    return _Weighted(encoder, weight)


def choose_weight(
    chunks: Sequence[Chunk], held: Sequence[tuple[str, str]], equipment: Equipment, encoder: Encoder
) -> tuple[float, dict[str, float]]:
    """The best weight for ``held`` questions (question, key), and the mean reciprocal rank under each weight tried."""
    figures = {}
    library = Library.build(chunks, replace(equipment, encoder=_Weighted(encoder, 1.0)))
    for weight in WEIGHTS:
        library.equip(replace(equipment, encoder=_Weighted(encoder, weight)))
        figures[f"mrr@{weight}"] = round(sum(_worth(library, *one) for one in held) / max(len(held), 1), 4)
    best = max(WEIGHTS, key=lambda weight: figures[f"mrr@{weight}"])
    helps = figures[f"mrr@{best}"] - figures["mrr@0.0"] >= _LEAST_GAIN
    return (best if helps else 0.0), figures


def _worth(library: Library, question: str, key: str) -> float:
    return next((1 / hit.rank for hit in library.search(question, _DEPTH) if hit.chunk.key == key), 0.0)
