"""Periods by the calendar: corresponding days, month ends, working days (民法典第二百条至第二百零三条)."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

DAY = timedelta(days=1)
_WEEKDAYS = "一二三四五六日"
_SATURDAY = 5


def add_months(day: date, months: int) -> date:
    """The corresponding day ``months`` later, or the month's last day where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def whole_months(first: date, last: date) -> int:
    """Full months from ``first`` to ``last``, both days counted."""
    after = last + DAY
    months = (after.year - first.year) * 12 + after.month - first.month
    return months if add_months(first, months) <= after else months - 1


def length(first: date, last: date) -> str:
    """``6年3个月16天``, both days counted."""
    months = whole_months(first, last)
    days = (last + DAY - add_months(first, months)).days
    parts = ((months // 12, "年"), (months % 12, "个月"), (days, "天"))
    return "".join(f"{number}{unit}" for number, unit in parts if number) or "0天"


def weekdays(first: date, last: date) -> int:
    """Mondays to Fridays from ``first`` to ``last``, both days counted."""
    days = max((last + DAY - first).days, 0)
    weeks, rest = divmod(days, 7)
    return weeks * 5 + sum((first + DAY * offset).weekday() < _SATURDAY for offset in range(rest))


@dataclass(frozen=True, slots=True)
class Holidays:
    """Days off and exchanged working days of the years whose official notice is in the data."""

    years: frozenset[int] = frozenset()
    off: Mapping[date, str] = field(default_factory=lambda: MappingProxyType({}))
    """Day of a holiday period → the holiday's name."""
    working: frozenset[date] = frozenset()
    """Saturdays and Sundays that are worked."""
    statutory: frozenset[date] = frozenset()
    """The days paid at 300% when worked (全国年节及纪念日放假办法第二条)."""

    def rests(self, day: date) -> bool:
        """Whether ``day`` is a day off; by weekends alone where its year is unknown."""
        return day in self.off or (day.weekday() >= _SATURDAY and day not in self.working)

    def next_working(self, day: date) -> date:
        """``day``, or the first working day after it."""
        while self.rests(day):
            day += DAY
        return day

    def add_working(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day``."""
        while count:
            day += DAY
            count -= not self.rests(day)
        return day

    def unusual(self, first: date, last: date) -> tuple[date, ...]:
        """Weekdays off and weekends worked from ``first`` to ``last``."""
        days = (first + DAY * offset for offset in range((last + DAY - first).days))
        return tuple(day for day in days if self.rests(day) != (day.weekday() >= _SATURDAY))

    def name(self, day: date) -> str:
        """What ``day`` is called as a day off: 国庆节、中秋节假期 or 星期六."""
        holiday = self.off.get(day)
        return f"{holiday}假期" if holiday else f"星期{_WEEKDAYS[day.weekday()]}"
