"""What the index is built from and what it finds: one article, one entry, one handbook section."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Chunk:
    """One findable text with its address; everything an answer shows is in it."""

    key: str
    """Law short name#number (劳动合同法#47) or an entry's id (H019); unique in the index."""
    kind: str
    """statute, notice, handbook or entry."""
    short: str
    """Short name of the law or handbook; the topic of an entry."""
    title: str
    number: str
    address: str
    """第四十七条, a heading, or an entry's title."""
    heading: str
    """Chapter and section above it."""
    text: str
    region: str = "全国"
    level: str = ""
    in_force: bool = True
    note: str = ""
    questions: tuple[str, ...] = ()
    """Known questions it answers; searched, not shown."""
    cites: tuple[str, ...] = ()
    body: Mapping[str, Any] | None = None
    """An entry's fields, for composing the answer."""

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> "Chunk":
        """The inverse of :meth:`to_dict`."""
        return cls(**{**stored, "questions": tuple(stored["questions"]), "cites": tuple(stored["cites"])})


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that was found, with why."""

    rank: int
    score: float
    """Fused score, 1 for the best possible."""
    coverage: float
    """Share of the question's weight that the chunk covers, 0 to 1; does not grow with length."""
    chunk: Chunk
    matched: tuple[str, ...] = ()
    """The question's heaviest words found in it, for the console."""


@dataclass(frozen=True, slots=True)
class Signals:
    """How well the best chunks fit a question; none of these grows with the question's length."""

    coverage: float
    """Share of the question's weight that the best chunk covers."""
    known: float
    """Share of the question's weight that the knowledge base knows at all."""
    text: float
    """Cosine with the nearest chunk's text."""
    question: float
    """Mean cosine with the nearest known questions of one chunk."""
    lead: float
    """How far the best is ahead of the fifth."""
    apart: float
    """How far it is ahead of the first that rests on other articles."""
    domain: float
    """Log-odds of being about work and the union at all."""

    @classmethod
    def none(cls, domain: float) -> "Signals":
        """Nothing was found."""
        return cls(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, domain)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a search found."""

    hits: tuple[Hit, ...]
    signals: Signals
