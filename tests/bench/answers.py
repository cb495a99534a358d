"""Passive answers of a whole deployment under load: how fast, none lost, and in order for one person."""

import os
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass

import httpx
from sqlalchemy import select

from bot import app
from bot.settings import load_settings
from bot.storage import conversations
from bot.storage.models import TranscriptRow
from tests.bench import load
from tests.bench.load import Landed, Shot
from tests.bench.places import LEAD, Bench, Server, generator, questions
from tests.bench.report import Result, percentile
from tests.fakes.wechat_platform import Outcome, text

_A_SECOND = 20
_ECHOES_A_SECOND = 4
_EACH_SENDER = 3
_BAR_P99 = 300.0
_BAR_MOST = 4500.0
_PEOPLE = 5
"""Who send ten rapid questions each, one after another."""
_RAPID = 10
_GAP = 0.02


@dataclass(frozen=True, slots=True)
class Asked:
    """One message on its way: who asks what, and when."""

    at: float
    sender: str
    question: str


def answer_20ps(bench: Bench) -> Result:
    """Signed, encrypted messages of many people at random instants; address checks between them are the floor."""
    place, chance = bench.copy("answers"), random.Random(20)
    crowd, rapid = _crowd(bench.seconds, chance), _rapid(chance)
    with bench.served(NIANGJIA_DATA_DIR=str(place)) as server, generator() as shooting:
        shots, echoes = messages(server, crowd), _echoes(server, bench.seconds, chance)
        busy = load.processor_seconds(server.process.pid)
        shooting.shoot([*shots, *echoes])
        landed = shooting.finish()
        busy = (load.processor_seconds(server.process.pid) - busy) / len(crowd) * 1000
        shooting.shoot(messages(server, rapid))
        quick = shooting.finish()
        said, quickly = readable(server, crowd, landed), readable(server, rapid, quick)
        parts = app.assemble(load_settings(data_dir=place))
        lost = _lost(parts, [*crowd, *rapid], [*said, *quickly])
        ordered = sum(_in_order(parts, rapid, quickly, person) for person in _people())
        parts.close()
    waits = [one.milliseconds for one in landed[: len(shots)]]
    floor = percentile([one.milliseconds for one in landed[len(shots) :]], 0.99)
    p99, most = percentile(waits, 0.99), max(*waits, *(one.milliseconds for one in quick))
    detail = (
        f"{len(crowd)} messages of {len({one.sender for one in crowd})} people in {bench.seconds:.0f} s, "
        f"p50 {percentile(waits, 0.5):.1f}, most {most:.0f} ms, {busy:.1f} ms CPU each; {lost} lost; ten rapid questions in order "
        f"{ordered}/{_PEOPLE}; floor: p99 of an address check between them; system load {os.getloadavg()[0]:.1f}"
    )
    met = p99 <= _BAR_P99 and most <= _BAR_MOST and not lost and ordered == _PEOPLE
    return Result("answer_20ps", p99, "ms", floor, p99 / floor, detail, "p99 ≤ 300, ≤ 4500, 0 lost", met)


def messages(server: Server, asked: Sequence[Asked]) -> list[Shot]:
    """Each message signed and encrypted, with the time it will be sent in it."""
    platform, now = server.platform, time.time() + LEAD
    made = []
    for one in asked:
        query, body = platform.request(text(one.question, one.sender, created=int(now + one.at)))
        made.append(Shot(one.at, server.port, load.wire("POST", "/wechat", query, body)))
    return made


def readable(server: Server, asked: Sequence[Asked], landed: Sequence[Landed]) -> list[str]:
    """What each person read; empty where the platform would have shown nothing or a notice of an outage."""
    platform = server.platform
    seen = [
        platform.read(httpx.Response(one.status or 504, content=one.body), who.sender)
        for who, one in zip(asked, landed, strict=False)
    ]
    return [one.text if one.outcome is Outcome.REPLY else "" for one in seen]


def _crowd(seconds: float, chance: random.Random) -> list[Asked]:
    """Twenty a second on average, at random instants, from people who ask a few times each."""
    count = round(_A_SECOND * seconds)
    known = questions()
    people = [f"oCrowd_{number:06}" for number in range(max(1, count // _EACH_SENDER))]
    instants = sorted(chance.uniform(0, seconds) for _ in range(count))
    return [
        Asked(at, people[number % len(people)], chance.choice(known)) for number, at in enumerate(instants)
    ]


def _rapid(chance: random.Random) -> list[Asked]:
    """Ten different questions of one person within a fifth of a second, then the next person's."""
    return [
        Asked(2.0 * turn + _GAP * number, person, question)
        for turn, person in enumerate(_people())
        for number, question in enumerate(chance.sample(questions(), _RAPID))
    ]


def _people() -> list[str]:
    return [f"oRapid_{number:06}" for number in range(_PEOPLE)]


def _echoes(server: Server, seconds: float, chance: random.Random) -> list[Shot]:
    platform = server.platform
    query, _ = platform.request(text("signs the query"))
    signed = {name: query[name] for name in ("signature", "timestamp", "nonce")} | {"echostr": "1"}
    request = load.wire("GET", "/wechat", signed)
    instants = (chance.uniform(0, seconds) for _ in range(max(10, round(_ECHOES_A_SECOND * seconds))))
    return [Shot(at, server.port, request) for at in instants]


def _lost(parts: app.Parts, asked: Sequence[Asked], said: Sequence[str]) -> int:
    """Messages without a proper answer, or missing in the transcript."""
    broken = parts.wording["broken"]
    unanswered = sum(not one or broken in one for one in said)
    with parts.database.reading() as session:
        kept = sorted(session.scalars(select(TranscriptRow.text).where(TranscriptRow.by_worker)))
    wanted = sorted(one.question for one in asked)
    return unanswered + (0 if kept == wanted else max(1, abs(len(wanted) - len(kept))))


def _in_order(parts: app.Parts, asked: Sequence[Asked], said: Sequence[str], person: str) -> bool:
    """Whether the transcript shows question, its answer, next question, and so on, as they were sent and read."""
    with parts.database.reading() as session:
        rows = conversations.transcript(session, parts.database.vault, "wechat", person)
        lines = [(row.by_worker, row.text.strip()) for row in rows]
    pairs = [(one, read) for one, read in zip(asked, said, strict=True) if one.sender == person]
    if len(lines) != 2 * len(pairs):
        return False
    return all(
        lines[2 * place] == (True, one.question.strip())
        and not lines[2 * place + 1][0]
        and read.startswith(lines[2 * place + 1][1][:100])
        for place, (one, read) in enumerate(pairs)
    )
