"""An edited FAQ entry until workers get it, while they keep asking."""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
from fastapi import FastAPI, Response
from fastapi.responses import PlainTextResponse

from bot import app, server
from bot.core.clock import SystemClock
from bot.core.messages import ReplyKind
from bot.settings import content_dir, load_settings
from bot.storage import knowledge as store
from knowledge import entries
from knowledge.entries import Entry
from tests.bench import load
from tests.bench.load import Landed, Shot
from tests.bench.places import Bench, Server, generator
from tests.bench.report import Result, percentile

_A_SECOND = 50
_APART = 8.0
"""Seconds from one edit to the next, and from the last to the end; one that takes longer is the last."""
_WARM_UP = 1.0
_MOST_EDITS = 5
_SHORT = 360
"""Characters of an entry whose answer arrives in one piece."""
_MARK = re.compile("（第([0-9]+)次修改）")
_BAR = 2.0
_MIXED = -1
"""The edition of an answer whose two marks differ."""


@dataclass(frozen=True, slots=True)
class _Subject:
    """The entry that is edited and a question it answers."""

    entry: Entry
    question: str


@dataclass(frozen=True, slots=True)
class _Run:
    """What askers saw of the edits, and how long each took to be seen."""

    where: str
    asked: int
    failed: int
    mixed: int
    live: list[float]
    p99: float

    @property
    def detail(self) -> str:
        """One line about it."""
        seconds = "/".join(f"{one:.2f}" for one in self.live)
        return (
            f"{self.where} {seconds} s ({self.asked} asked, {self.failed} failed, {self.mixed} mixed, "
            f"answers p99 {self.p99:.0f} ms)"
        )


def application() -> FastAPI:
    """A whole server where questions can also be asked without a conversation, and an entry be edited from inside."""
    parts = app.assemble(load_settings(), SystemClock())
    web = server.create(parts)
    shipped = {entry.id: entry for entry in _shipped()}

    @web.get("/bench/ask")
    def asked(text: str) -> Response:
        return PlainTextResponse(app.asker(parts)(text).text)

    @web.post("/bench/edit/{code}/{number}")
    def edited(code: str, number: int) -> float:
        return edit(parts, shipped[code], number)

    return web


def edit(parts: app.Parts, entry: Entry, number: int) -> float:
    """Store ``entry`` with ``number`` in its first and last sentence and publish; returns its processor time."""
    started = time.thread_time()
    body, mark = entry.to_dict(), f"（第{number}次修改）"
    body["conclusion"] = mark + body["conclusion"]
    body["steps"] = [*body["steps"][:-1], body["steps"][-1] + mark]
    digest = Entry.from_dict(body).digest
    with parts.database.session() as session:
        store.store_entries(session, [(digest, body)], parts.clock.now(), shipped=False)
    parts.follower.publish(parts.clock.now())
    return time.thread_time() - started


def faq_live(bench: Bench) -> Result:
    """Edited by another process and by the serving one; the slowest edit of all counts."""
    place = bench.copy("publishing")
    parts = app.assemble(load_settings(data_dir=place))
    subject, other = _subjects(parts)
    entry = subject.entry
    started = time.perf_counter()
    busy = sum(edit(parts, entry, number) for number in (-3, -2, 0)) / 3
    floor = (time.perf_counter() - started) / 3
    runs = []
    for first, where in ((1, "another process"), (101, "the serving process")):
        with _served(bench, place) as served:
            inside = where != "another process"
            change = partial(_edit_inside, served, entry) if inside else partial(edit, parts, entry)
            runs.append(_Watched(bench, served, subject, other).run(where, change, first))
        edit(parts, entry, 0)
    parts.close()
    value = max(max(run.live) for run in runs)
    detail = "; ".join(f"edited by {run.detail}" for run in runs)
    detail += f"; {_A_SECOND} searches a second; floor: edit and publish, nobody asking ({busy:.2f} s CPU)"
    met = value <= _BAR and not any(run.failed or run.mixed for run in runs)
    return Result("faq_live", value, "s", floor, value / floor, detail, "≤ 2, 0 failed", met)


@dataclass(frozen=True, slots=True)
class _Watched:
    """A server that is asked for the edited entry and for another one in turn."""

    bench: Bench
    server: Server
    subject: _Subject
    other: _Subject

    def run(self, where: str, change: Callable[[int], object], first: int) -> _Run:
        """Edit several times under load and see what was answered meanwhile; no edition comes twice."""
        edits = max(1, min(_MOST_EDITS, int(self.bench.seconds / _APART)))
        shots, begun = self._shots(_WARM_UP + _APART * edits), {}
        with generator() as shooting:
            started = shooting.shoot(shots)
            for number in range(edits):
                begun[first + number] = _at(started + _WARM_UP + _APART * number)
                change(first + number)
                if time.perf_counter() > started + _WARM_UP + _APART * (edits - 1):
                    break
            landed = shooting.finish()
        return _seen(where, landed, begun)

    def _shots(self, seconds: float) -> list[Shot]:
        pair = [load.wire("GET", "/bench/ask", {"text": one.question}) for one in (self.subject, self.other)]
        return [
            Shot(number / _A_SECOND, self.server.port, pair[number % 2])
            for number in range(int(seconds * _A_SECOND))
        ]


def _seen(where: str, landed: Sequence[Landed], begun: Mapping[int, float]) -> _Run:
    """What the answers say about the editions that were begun at these times."""
    said = [one.body.decode() if one.status == 200 else "" for one in landed]
    editions, others, asked = [_edition(text) for text in said[::2]], said[1::2], landed[::2]
    failed = sum(edition is None for edition in editions) + sum(not text for text in others)
    mixed = sum(edition == _MIXED for edition in editions) + _late(editions, asked)
    mixed += sum(bool(text) and text != others[0] for text in others)
    live = [_first(number, editions, asked) - start for number, start in begun.items()]
    p99 = percentile([one.milliseconds for one in landed], 0.99)
    return _Run(where, len(landed), failed, mixed, live, p99)


@contextmanager
def _served(bench: Bench, place: Path) -> Iterator[Server]:
    factory = f"{__name__}:{application.__name__}"
    with bench.served_by(factory, NIANGJIA_DATA_DIR=str(place)) as served:
        yield served


def _at(instant: float) -> float:
    """Wait until ``instant`` unless it is over; returns the time it is then."""
    time.sleep(max(0.0, instant - time.perf_counter()))
    return time.perf_counter()


def _edition(text: str) -> int | None:
    """Which edition ``text`` is, by both its marks; None where it is not the entry at all."""
    marks = _MARK.findall(text)
    if not marks:
        return None
    return int(marks[0]) if len(marks) == 2 and marks[0] == marks[1] else _MIXED


def _first(number: int, editions: Sequence[int | None], landed: Sequence[Landed]) -> float:
    """When edition ``number`` was first read; the end of the run where it never was."""
    seen = [one.done for edition, one in zip(editions, landed, strict=True) if edition == number]
    return min(seen, default=landed[-1].done)


def _late(editions: Sequence[int | None], landed: Sequence[Landed]) -> int:
    """Answers with an old edition to who asked after a newer one had been read."""
    newest = {number: _first(number, editions, landed) for number in set(editions) - {None, _MIXED}}
    return sum(
        any(number > edition and read < one.due for number, read in newest.items())
        for edition, one in zip(editions, landed, strict=True)
        if edition is not None and edition != _MIXED
    )


def _subjects(parts: app.Parts) -> tuple[_Subject, _Subject]:
    """Two entries with a question that is surely answered by them, in one piece."""
    asker = app.asker(parts)

    def suitable() -> Iterator[_Subject]:
        for entry in _shipped():
            question = next((one for one in entry.questions if one != entry.title), "")
            if not question or len(entry.text) > _SHORT:
                continue
            reply = asker(question)
            if reply.kind is ReplyKind.ANSWER and reply.citations[-1].key == entry.id and not reply.more:
                yield _Subject(entry, question)

    found = suitable()
    return next(found), next(found)


def _shipped() -> list[Entry]:
    return list(entries.load(content_dir() / "handbook"))


def _edit_inside(served: Server, entry: Entry, number: int) -> None:
    address = f"http://127.0.0.1:{served.port}/bench/edit/{entry.id}/{number}"
    httpx.post(address, timeout=60, trust_env=False).raise_for_status()
