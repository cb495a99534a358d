"""What the articles behind an entry said when somebody last checked it, and which have changed since."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from knowledge import likeness
from knowledge.entries import Entry
from knowledge.library import Library

_UNKNOWN = ""
"""Stands for a text that is younger than the check: nobody has read it yet."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The texts an entry may rest on, as they are now."""

    prints: Mapping[str, str]
    """Key of an article → fingerprint of its text."""
    dates: Mapping[str, date]
    """Short name of a law → day of its current text."""


@dataclass(frozen=True, slots=True)
class Revision:
    """Which state of an entry is stored, and since when."""

    number: int
    day: date


def fingerprint(text: str) -> str:
    """Fingerprint of an article's words; blanks and marks do not count, for they differ from file to file."""
    return hashlib.sha256(likeness.plain(text).encode()).hexdigest()[:16]


def noted(entry: Entry, revision: Revision, before: Mapping[str, Any], shelf: Shelf) -> dict[str, Any]:
    """What to remember of the articles ``entry`` cites: as they were at the check, or as they are if it is a new one."""
    checked = entry.checked.isoformat() if entry.checked else ""
    kept = before.get("texts", {}) if _same_check(entry, revision, before, checked) else {}
    texts = {key: kept.get(key, _print_now(key, entry, shelf)) for key in entry.cites}
    return {
        "checked": checked,
        "revision": revision.number,
        "texts": {key: print_ for key, print_ in texts.items() if print_ is not None},
    }


def changed(entry: Entry, remembered: Mapping[str, Any], library: Library) -> tuple[str, ...]:
    """The cited articles that no longer say what they said at the check, or are no longer in force."""
    texts, laws = remembered.get("texts", {}), set(library.book.laws())
    return tuple(
        key for key in entry.cites if key in texts and _has_changed(key, str(texts[key]), library, laws)
    )


def _same_check(entry: Entry, revision: Revision, before: Mapping[str, Any], checked: str) -> bool:
    """Whether nobody checked the entry again; rewriting it on the day it names counts as checking."""
    rewritten = before.get("revision") != revision.number
    rechecked = rewritten and entry.checked is not None and entry.checked >= revision.day
    return before.get("checked") == checked and not rechecked


def _print_now(key: str, entry: Entry, shelf: Shelf) -> str | None:
    day = shelf.dates.get(key.partition("#")[0])
    if key in shelf.prints and day is not None and entry.checked is not None and day > entry.checked:
        return _UNKNOWN
    return shelf.prints.get(key)


def _has_changed(key: str, before: str, library: Library, laws: set[str]) -> bool:
    chunk = library.get(key)
    if chunk is None:
        return key.partition("#")[0] in laws
    return not chunk.in_force or fingerprint(chunk.text) != before
