"""What a conversation can do beside answering: understand intents, compute with local standards, fill in forms."""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from bot.core.errors import ContentError
from bot.core.fields import Found, Period, Span
from bot.core.form import Form
from bot.core.numerals import to_int
from intents import dates, entities
from intents.dates import When
from intents.entities import Entity
from intents.nlu import NLUResult, Thresholds
from intents.quantities import Amount, Duration, Hours
from knowledge.calculators.parameters import Parameters
from knowledge.calculators.results import Context

_log = structlog.get_logger(__name__)
_STAYED = ("干了", "做了", "工作了", "上了", "来了", "待了", "呆了", "进厂", "进来", "入职")

_GRADE = re.compile(r"(?<![\d一二三四五六七八九])(10|[1-9]|十|[一二三四五六七八九])级")

Understand = Callable[[str, date], NLUResult]


class Standards:
    """Local standards and holidays of the parameter folders, read again whenever a file has changed."""

    def __init__(self, *folders: Path) -> None:
        self._folders = folders
        self._lock = threading.Lock()
        self._seen: tuple[tuple[str, int], ...] = ()
        self._known = Context()

    def on(self, today: date) -> Context:
        """What holds, as the files say; a file that was broken meanwhile leaves the last good state."""
        with self._lock:
            now = tuple(
                (str(path), path.stat().st_mtime_ns)
                for folder in self._folders
                for path in sorted(folder.glob("*.toml"))
            )
            if now != self._seen:
                self._read()
                self._seen = now
            return Context(self._known.parameters, self._known.holidays, today)

    def _read(self) -> None:
        try:
            self._known = Context.read(*self._folders)
        except ContentError as broken:
            if not self._seen:
                raise
            _log.error("local standards unreadable, the last good ones hold", reason=str(broken))


@dataclass(frozen=True, slots=True)
class Skills:
    """What the composition root hands to every turn."""

    understand: Understand | None = None
    thresholds: Thresholds = field(default_factory=Thresholds)
    standards: Callable[[date], Context] = field(default=lambda today: Context(Parameters(), today=today))
    forms: Mapping[str, Form] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))

    def today(self, now: datetime) -> date:
        """The day it is where the union is."""
        return now.astimezone(self.zone).date()


def named(text: str, today: date, places: Mapping[str, str]) -> tuple[Found, ...]:
    """What ``text`` names, as the form engine takes it."""
    monthly = _spell_out(text)
    found: list[Found] = []
    for entity in entities.extract(monthly, today, places):
        found.append(_found(entity))
        if isinstance(entity.value, Duration) and _stayed(monthly, entity):
            found.append(_begun(entity, entity.value, today))
    grades = (
        Found("grade", Decimal(to_int(one[1]) or 0), one.start(), one.end()) for one in _GRADE.finditer(text)
    )
    return (*found, *grades)


def _spell_out(text: str) -> str:
    """``8千一个月`` with its 一 taken out of the number; every character keeps its place."""
    spelled = text
    for mark in "千万百kwKW元块0123456789":
        for monthly in ("一个月", "一月", "1个月"):
            spelled = spelled.replace(mark + monthly, mark + "每" + monthly[1:])
    return spelled


def _found(entity: Entity) -> Found:
    value = entity.value
    kind = entity.kind.value
    match value:
        case Amount():
            return Found(kind, value.least, entity.start, entity.end)
        case When():
            return Found(kind, Period(value.start, value.end), entity.start, entity.end)
        case Duration():
            return Found(kind, Span(value.years, value.months, value.days), entity.start, entity.end)
        case Hours():
            return Found(kind, value.hours, entity.start, entity.end)
        case _:
            return Found(kind, value, entity.start, entity.end)


def _stayed(text: str, entity: Entity) -> bool:
    return text[: entity.start].endswith(_STAYED)


def _begun(entity: Entity, length: Duration, today: date) -> Found:
    """干了三年 says, roughly, when it began: the month is taken."""
    first = dates.shift(today, -12 * length.years - length.months).replace(day=1)
    last = dates.shift(first, 1) - timedelta(days=1)
    return Found("date", Period(first, last), entity.start, entity.end)
