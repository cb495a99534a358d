"""Dated regional amounts from ``data/parameters/*.toml``; what is not there is asked for, never made up."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot.core.errors import ContentError
from knowledge.calculators.periods import DAY, Holidays, add_months

NATION = "全国"
_STALE_AFTER_MONTHS = 18
_HOLIDAYS = "holidays.toml"
_ENDINGS = ("维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "特别行政区", "省", "市")
_KNOWN = {"region", "value", "unit", "effective_from", "effective_to", "source", "verified_on"}


@dataclass(frozen=True, slots=True)
class Row:
    """One amount, where and when it holds, and who says so."""

    region: str
    value: Decimal
    unit: str
    effective_from: date
    source: str
    effective_to: date | None = None
    verified_on: date | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Further columns of its table."""

    def holds(self, day: date) -> bool:
        """Whether the amount is in force on ``day``."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)

    def stale(self, today: date) -> bool:
        """Whether nobody has verified it for 18 months."""
        return self.verified_on is None or add_months(self.verified_on, _STALE_AFTER_MONTHS) < today


@dataclass(frozen=True, slots=True)
class Parameters:
    """All tables; a table is the name of its file."""

    tables: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)

    def find(self, table: str, region: str, day: date, *, within: bool = False) -> Row | None:
        """The row of ``region`` in force on ``day``; a later one replaces an earlier one that was left open.

        With ``within`` a city takes its province's row, as it must where the standard is a provincial statute.
        """
        wanted = plain_region(region)
        rows = [
            row
            for row in self.tables.get(table, ())
            if row.holds(day) and (row.region == wanted or (within and wanted.startswith(row.region)))
        ]
        return max(rows, key=lambda row: row.effective_from, default=None)


def plain_region(region: str) -> str:
    """``上海市`` as 上海, ``浙江省`` as 浙江."""
    name = region.strip()
    ending = next(
        (ending for ending in _ENDINGS if name.endswith(ending) and len(name) > len(ending) + 1), ""
    )
    return name.removesuffix(ending)


def load(*folders: Path) -> Parameters:
    """Every table of the folders; a later folder's amount replaces the same one of an earlier, a broken file is refused."""
    tables: dict[str, dict[tuple[str, date], Row]] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            if path.name != _HOLIDAYS:
                rows = {(row.region, row.effective_from): row for row in _table(path)}
                tables.setdefault(path.stem, {}).update(rows)
    return Parameters(MappingProxyType({name: tuple(rows.values()) for name, rows in tables.items()}))


def load_holidays(*folders: Path) -> Holidays:
    """The holiday notices in the folders; a later folder's year replaces the same one of an earlier."""
    notices: dict[int, _Notice] = {}
    for path in (folder / _HOLIDAYS for folder in folders):
        if path.exists():
            try:
                notices.update((int(entry["year"]), _notice(entry)) for entry in _read(path)["year"])
            except (KeyError, TypeError, ValueError, AttributeError) as wrong:
                raise ContentError(f"{path.name} 读不懂：{wrong}。请对照文件开头的说明改正。") from wrong
    off = {day: name for notice in notices.values() for day, name in notice.off.items()}
    working = frozenset(day for notice in notices.values() for day in notice.working)
    statutory = frozenset(day for notice in notices.values() for day in notice.statutory)
    return Holidays(frozenset(notices), MappingProxyType(off), working, statutory)


@dataclass(frozen=True, slots=True)
class _Notice:
    off: Mapping[date, str]
    working: frozenset[date]
    statutory: frozenset[date]


def _notice(entry: Mapping[str, Any]) -> _Notice:
    off: dict[date, str] = {}
    for holiday in entry["holiday"]:
        first, last = _days((holiday["first"], holiday["last"]))
        off.update((first + DAY * offset, str(holiday["name"])) for offset in range((last - first).days + 1))
    return _Notice(off, frozenset(_days(entry["working"])), frozenset(_days(entry["statutory"])))


def _days(days: Any) -> list[date]:
    found = list(days)
    if not all(isinstance(day, date) for day in found):
        raise TypeError("日期要写成 2026-01-01，不加引号")
    return found


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise ContentError(f"{path.name} 读不懂：{wrong}。请检查引号和日期。") from wrong


def _table(path: Path) -> tuple[Row, ...]:
    rows = []
    for number, entry in enumerate(_read(path).get("row", ()), start=1):
        try:
            rows.append(_row(entry))
        except (KeyError, TypeError, ValueError, InvalidOperation, AttributeError) as wrong:
            said = f"缺少 {wrong.args[0]}" if isinstance(wrong, KeyError) else "有一格写得不对"
            raise ContentError(f"{path.name} 第{number}项{said}，请对照文件开头的说明改正。") from wrong
    rows.sort(key=lambda row: (row.region, row.effective_from))
    for earlier, later in pairwise(rows):
        if (earlier.region, earlier.effective_from) == (later.region, later.effective_from):
            raise ContentError(
                f"{path.name} 里{later.region} {later.effective_from} 起的标准写了两次，请删掉一项。"
            )
    return tuple(rows)


def _row(entry: Mapping[str, Any]) -> Row:
    if isinstance(entry["value"], bool):
        raise TypeError(entry["value"])
    row = Row(
        region=plain_region(entry["region"]),
        value=Decimal(str(entry["value"])),
        unit=str(entry["unit"]),
        effective_from=entry["effective_from"],
        source=str(entry["source"]).strip(),
        effective_to=entry.get("effective_to") or None,
        verified_on=entry.get("verified_on") or None,
        extra=MappingProxyType({name: value for name, value in entry.items() if name not in _KNOWN}),
    )
    dates = [day for day in (row.effective_from, row.effective_to, row.verified_on) if day is not None]
    if not (row.region and row.source and row.value.is_finite() and row.value >= 0):
        raise ValueError(row.region)
    if (
        any(type(day) is not date for day in dates)
        or (row.effective_to or row.effective_from) < row.effective_from
    ):
        raise ValueError(row.region)
    return row
