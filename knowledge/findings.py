"""What the examination of entries is given, and what it finds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from knowledge.catalogue import Catalogue
from knowledge.entries import Entry
from knowledge.library import Library
from knowledge.terms import Terms


class Level(StrEnum):
    """Whether a finding has to be mended before going live."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend: where, and what to do in one sentence."""

    level: Level
    place: str
    """Id of an entry, key of attached questions, or name of a file."""
    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Base:
    """What is examined, and what it is measured by."""

    entries: Sequence[Entry]
    questions: Mapping[str, Sequence[str]]
    """Questions attached to keys beside the entries' own."""
    catalogue: Catalogue
    terms: Terms
    regions: frozenset[str]
    library: Library
    """May hold no statutes; then what they say is not checked."""
    today: date
    own: frozenset[str] = frozenset()
    """Entries this union wrote itself."""
    outdated: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Entry → articles it cites whose text changed after it was checked."""
