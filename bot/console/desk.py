"""What the console works on, handed in by the server."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.core.clock import Clock
from bot.storage.database import Database
from handlers.publishing import Follower
from handlers.wording import Wording
from knowledge.catalogue import Catalogue
from knowledge.terms import Terms


class Finding(Protocol):
    """One checked thing of this deployment."""

    @property
    def subject(self) -> str:
        """What was checked."""
        ...

    @property
    def state(self) -> str:
        """``good``, ``hint`` or ``bad``."""
        ...

    @property
    def seen(self) -> str:
        """What was found."""
        ...

    @property
    def mend(self) -> str:
        """What to do about it; empty when nothing is."""
        ...


@dataclass(frozen=True, slots=True)
class Desk:
    """The running parts behind the pages."""

    database: Database
    catalogue: Catalogue
    follower: Follower
    index_dir: Path
    clock: Clock
    wording: Wording
    region: str
    """Province whose local rules rank with the national ones."""
    zone: ZoneInfo
    """Where the clock on the wall hangs."""
    examine: Callable[[], Sequence[Finding]]
    """Checks this deployment."""
    terms: Terms
    """Lines of service and other names an entry may use."""
