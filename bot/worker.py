"""Background work of a process: follows publications, deletes what is past its retention."""

import threading
from collections.abc import Callable
from datetime import timedelta

import structlog

from bot.core.clock import Clock
from bot.storage import alerts, conversations
from bot.storage.database import Database

_log = structlog.get_logger(__name__)
_REMEMBER_MESSAGES = timedelta(hours=24)
_KEEP_ALERTS = timedelta(days=180)
"""Seen ones; what nobody has seen stays."""


class Ticker:
    """Runs one piece of work every few seconds in its own thread until stopped; a failure is logged, not fatal."""

    def __init__(self, name: str, every: float, work: Callable[[], object]) -> None:
        self._every = every
        self._work = work
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin; the first run comes after one interval."""
        self._thread.start()

    def stop(self) -> None:
        """End after the run in progress."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._stopped.wait(self._every):
            try:
                self._work()
            except Exception:  # noqa: BLE001 - around one delivery: the next one still runs
                _log.exception("background work failed", work=self._thread.name)


def purge(database: Database, clock: Clock, transcript_days: int) -> int:
    """Delete transcript lines, remembered messages and seen alerts past their retention."""
    now = clock.now()
    with database.session() as session:
        gone = conversations.purge(session, now - timedelta(days=transcript_days), now - _REMEMBER_MESSAGES)
        return gone + alerts.purge(session, now - _KEEP_ALERTS)
