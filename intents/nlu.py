"""What any engine makes of a message: the intent, how sure, the next best, and what the message names."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from intents.catalogue import Intent
from intents.entities import Entity


@dataclass(frozen=True, slots=True)
class Ranked:
    """One candidate with its probability."""

    intent: Intent
    confidence: float


@dataclass(frozen=True, slots=True)
class NLUResult:
    """One message understood."""

    intent: Intent | None
    """The best candidate; None when nothing in the message is known."""
    confidence: float
    ranking: tuple[Ranked, ...]
    """Candidates, the likeliest first."""
    entities: tuple[Entity, ...]
    engine: str
    """builtin or rasa."""
    model_id: str
    """Fingerprint of what the engine was trained on."""

    def to_dict(self) -> dict[str, Any]:
        """The object ``intents parse --json`` prints."""
        return {
            "intent": self.intent.value if self.intent else None,
            "confidence": round(self.confidence, 4),
            "ranking": [
                {"intent": one.intent.value, "confidence": round(one.confidence, 4)} for one in self.ranking
            ],
            "entities": [entity.to_dict() for entity in self.entities],
            "engine": self.engine,
            "model_id": self.model_id,
        }


class NLUEngine(Protocol):
    """Anything that says what a message is for."""

    @property
    def thresholds(self) -> "Thresholds":
        """What its confidence is worth."""
        ...

    def parse(self, text: str, today: date) -> NLUResult:
        """``text`` understood; relative dates count from ``today``."""
        ...


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Borders on an engine's confidence, measured on examples it had not seen."""

    answer: float = 0.45
    """From here on the best candidate is acted on."""
    offer: float = 0.15
    """From here on the three best are offered; below, nothing is."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do about a result: act on one intent, ask which of several is meant, or neither."""

    intent: Intent | None = None
    offers: tuple[Intent, ...] = ()


_OFFERED = 3


def decide(result: NLUResult, thresholds: Thresholds) -> Decision:
    """Act when sure, offer the best three when not, and never force an answer."""
    if result.intent is None or result.confidence < thresholds.offer:
        return Decision()
    if result.confidence >= thresholds.answer:
        return Decision(result.intent)
    return Decision(offers=tuple(one.intent for one in result.ranking[:_OFFERED]))
