"""Time comes from a clock that is handed in, always with a zone."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Anything that tells the present instant in UTC."""

    def now(self) -> datetime:
        """The present instant, with zone UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """The present instant, with zone UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands still until moved; for tests and for replaying a day."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def now(self) -> datetime:
        """The instant it was set to."""
        return self.instant

    def advance(self, **parts: float) -> None:
        """Move forward by the parts of a ``timedelta`` (``seconds=5``)."""
        self.instant += timedelta(**parts)
