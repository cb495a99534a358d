"""Dates in messages: 2025.3.15, 去年三月, 上个月15号, 前天, 今年五一, 二〇二四年, 三天前."""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from intents.numbers import parse

_CN = "零〇○一二三四五六七八九十两"
_YEAR = rf"(?P<year>(?:19|20)\d\d|[{_CN}]{{4}}|\d\d(?=年\d)|[{_CN}]{{2}}(?=年[{_CN}]{{1,2}}月))"
_MONTH = r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]|元|腊)"
_DAY = r"(?P<day>[12]\d|3[01]|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九]|廿[一二三四五六七八九]?)"
_MARK = r"(?:号|日(?!元|薪|工资|结))"
_RELATIVE_YEARS = {
    "大前年": -3,
    "前年": -2,
    "去年": -1,
    "上一年": -1,
    "今年": 0,
    "本年": 0,
    "明年": 1,
    "后年": 2,
}
_RELATIVE_DAYS = {
    "大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "昨晚": -1, "昨夜": -1, "前晚": -2, "今天": 0, "今日": 0,
    "今早": 0, "今晚": 0, "明天": 1, "明日": 1, "明早": 1, "明晚": 1, "后天": 2, "大后天": 3,
}  # fmt: skip
_WEEKDAYS = {name: place for place, name in enumerate("一二三四五六日")} | {"天": 6}
_FESTIVALS = {"元旦": (1, 1), "三八": (3, 8), "五一": (5, 1), "六一": (6, 1), "七一": (7, 1), "八一": (8, 1), "十一": (10, 1), "国庆": (10, 1)}  # fmt: skip
_SPRING = {2020: 125, 2021: 212, 2022: 201, 2023: 122, 2024: 210, 2025: 129, 2026: 217, 2027: 206, 2028: 126, 2029: 213, 2030: 203}  # fmt: skip
_QINGMING = {2020: 404, 2021: 404, 2022: 405, 2023: 405, 2024: 404, 2025: 404, 2026: 405, 2027: 405, 2028: 404, 2029: 404, 2030: 405}  # fmt: skip
_DUANWU = {2020: 625, 2021: 614, 2022: 603, 2023: 622, 2024: 610, 2025: 531, 2026: 619, 2027: 609, 2028: 528, 2029: 616, 2030: 605}  # fmt: skip
_ZHONGQIU = {2020: 1001, 2021: 921, 2022: 910, 2023: 929, 2024: 917, 2025: 1006, 2026: 925, 2027: 915, 2028: 1003, 2029: 922, 2030: 912}  # fmt: skip
_LUNAR = {
    "春节": _SPRING,
    "过年": _SPRING,
    "大年初一": _SPRING,
    "清明": _QINGMING,
    "端午": _DUANWU,
    "中秋": _ZHONGQIU,
}
_SEASON = {"初": (1, 10), "中旬": (11, 20), "底": (21, 31), "上旬": (1, 10), "下旬": (21, 31), "末": (21, 31)}
_PARTS = {"初": (1, 3), "底": (10, 12), "末": (10, 12), "上半年": (1, 6), "下半年": (7, 12)}


@dataclass(frozen=True, slots=True)
class When:
    """A day, or the first and last day of a longer time."""

    start: date
    end: date
    assumed: bool = False
    """Whether year or month was not said and the nearest past one was taken."""

    @property
    def day(self) -> date | None:
        """The day, when it is one."""
        return self.start if self.start == self.end else None

    def __str__(self) -> str:
        if self.start == self.end:
            return self.start.isoformat()
        if (self.start, self.end) == _whole_month(self.start.year, self.start.month):
            return self.start.isoformat()[:7]
        if (self.start, self.end) == (date(self.start.year, 1, 1), date(self.start.year, 12, 31)):
            return str(self.start.year)
        return f"{self.start.isoformat()}/{self.end.isoformat()}"


Found = tuple[int, int, When]
_Reader = Callable[[re.Match[str], date], When | None]


def find(text: str, today: date) -> Iterator[Found]:
    """Every date in ``text`` with its span, the longest reading of each place first."""
    for pattern, reader in _READERS:
        for match in pattern.finditer(text):
            when = reader(match, today)
            if when is not None:
                yield match.start(), match.end(), when


def shift(day: date, months: int) -> date:
    """The same day ``months`` later, or the last of that month."""
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _whole_month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _number(said: str | None) -> int | None:
    if not said:
        return None
    if said.startswith("廿"):
        return 20 + (_number(said[1:]) or 0)
    value = {"元": 1, "腊": 12}.get(said)
    found = parse(said) if value is None else None
    return value if found is None else int(found)


def _build(
    year: int, month: int | None, day: int | None, part: str | None = None, assumed: bool = False
) -> When | None:
    try:
        if month is None:
            return When(date(year, 1, 1), date(year, 12, 31), assumed)
        if day is not None:
            return When(date(year, month, day), date(year, month, day), assumed)
        first, last = _whole_month(year, month)
    except ValueError:
        return None
    if part:
        begin, end = _SEASON[part]
        return When(first.replace(day=begin), first.replace(day=min(end, last.day)), assumed)
    return When(first, last, assumed)


def _full(match: re.Match[str], today: date) -> When | None:
    """2025年3月15号, 2025-3-15, 24年3月, 二〇二四年."""
    groups = match.groupdict()
    year = _number(groups["year"])
    if year is None:
        return None
    if year < 100:
        year += 2000 if year <= today.year % 100 + 10 else 1900
    if not 1950 <= year <= 2100:
        return None
    return _build(year, _number(groups.get("month")), _number(groups.get("day")), groups.get("part"))


def _compact(match: re.Match[str], today: date) -> When | None:
    """20250315."""
    del today
    return _build(int(match["year"]), int(match["month"]), int(match["day"]))


def _relative_year(match: re.Match[str], today: date) -> When | None:
    """去年, 去年三月, 今年3月15号, 去年年底, 今年上半年."""
    year = today.year + _RELATIVE_YEARS[match["which"]]
    if match["festival"]:
        return _festival_in(match["festival"], year)
    if match["season"]:
        first, last = _PARTS[match["season"]]
        return When(date(year, first, 1), _whole_month(year, last)[1])
    return _build(year, _number(match["month"]), _number(match["day"]), match["part"])


def _relative_month(match: re.Match[str], today: date) -> When | None:
    """上个月, 上个月15号, 本月底, 下月初."""
    which = match["which"]
    months = -which.count("上") + which.count("下")
    first = shift(today.replace(day=1), months)
    return _build(first.year, first.month, _number(match["day"]), match["part"])


def _month_day(match: re.Match[str], today: date) -> When | None:
    """三月十五号, 3月, 3月底: the nearest past one."""
    month = _number(match["month"])
    if month is None:
        return None
    found = None
    for year in range(today.year, today.year - 9, -1):
        found = _build(year, month, _number(match["day"]), match["part"], assumed=True)
        if found is not None and found.start <= today:
            return found
    return found


def _day_of_month(match: re.Match[str], today: date) -> When | None:
    """15号: the nearest past one."""
    day = _number(match["day"])
    for months in range(0, -3, -1):
        first = shift(today.replace(day=1), months)
        found = _build(first.year, first.month, day, assumed=True)
        if found is not None and found.start <= today:
            return found
    return None


def _relative_day(match: re.Match[str], today: date) -> When | None:
    day = today + timedelta(days=_RELATIVE_DAYS[match[0]])
    return When(day, day)


def _week(match: re.Match[str], today: date) -> When | None:
    """上周, 上周三, 这个星期五, 下礼拜天."""
    which = match["which"]
    monday = today + timedelta(days=-today.weekday() + 7 * (which.count("下") - which.count("上")))
    if match["weekday"]:
        day = monday + timedelta(days=_WEEKDAYS[match["weekday"]])
        return When(day, day)
    return When(monday, monday + timedelta(days=6))


def _ago(match: re.Match[str], today: date) -> When | None:
    """三天前, 两个月以前, 半年前, 5年后."""
    said, unit = match["number"], match["unit"]
    amount = 0.5 if said == "半" else float(parse(said) or 0)
    if not amount:
        return None
    sign = -1 if match["way"].endswith("前") else 1
    if unit in ("天", "日"):
        day = _moved(today, days=sign * int(amount))
    elif unit in ("周", "星期", "礼拜"):
        day = _moved(today, days=sign * int(amount * 7))
    else:
        day = _moved(today, months=sign * int(amount * (12 if unit == "年" else 1)))
    return When(day, day, assumed=unit not in ("天", "日")) if day else None


def _moved(today: date, days: int = 0, months: int = 0) -> date | None:
    try:
        return shift(today, months) + timedelta(days=days)
    except (ValueError, OverflowError):
        return None


def _festival(match: re.Match[str], today: date) -> When | None:
    """五一, 国庆节, 春节: the nearest past one."""
    for year in (today.year, today.year - 1):
        found = _festival_in(match["festival"], year)
        if found is not None and found.start <= today:
            return When(found.start, found.end, assumed=True)
    return None


def _festival_in(name: str, year: int) -> When | None:
    if name in _FESTIVALS:
        return _build(year, *_FESTIVALS[name])
    if name == "除夕":
        eve = _festival_in("春节", year)
        return When(eve.start - timedelta(days=1), eve.end - timedelta(days=1)) if eve else None
    at = _LUNAR[name].get(year)
    return _build(year, *divmod(at, 100)) if at else None


_PART = rf"(?P<part>{'|'.join(_SEASON)})"
_NAMED = "|".join([*_FESTIVALS, *_LUNAR, "除夕"])
_SAFE_NAMED = "|".join(
    name for name in [*_FESTIVALS, *_LUNAR, "除夕"] if name not in ("十一", "七一", "八一", "三八", "过年")
)
_TAIL = rf"(?:{_DAY}{_MARK}?(?!\d)|{_PART})?"
_READERS: tuple[tuple[re.Pattern[str], _Reader], ...] = tuple(
    (re.compile(pattern), reader)
    for pattern, reader in (
        (rf"(?<!\d){_YEAR}\s?年\s?(?:的)?(?:{_MONTH}\s?月份?\s?{_TAIL})?", _full),
        (
            r"(?<![\d.])(?P<year>(?:19|20)\d\d)([-/.])(?P<month>1[0-2]|0?[1-9])\2(?P<day>[12]\d|3[01]|0?[1-9])(?![\d.])",
            _full,
        ),
        (r"(?<![\d.])(?P<year>(?:19|20)\d\d)[-/.](?P<month>1[0-2]|0?[1-9])(?![\d.万元块kK])", _full),
        (
            r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d)",
            _compact,
        ),
        (
            rf"(?P<which>{'|'.join(_RELATIVE_YEARS)})(?:的)?(?:(?P<festival>{_NAMED})(?:节|劳动节|期间)?(?![月号年个])"
            rf"|年?(?P<season>{'|'.join(_PARTS)})|{_MONTH}月份?的?{_TAIL})?",
            _relative_year,
        ),
        (rf"(?P<which>上{{1,3}}个?|这个?|本|下{{1,3}}个?)月份?(?:的)?{_TAIL}", _relative_month),
        (rf"(?<![\d个第.]){_MONTH}月(?!薪|饼|嫂|子|亮)份?的?{_TAIL}", _month_day),
        (
            rf"(?<![\d.月第])(?P<month>1[0-2]|0?[1-9])[./](?P<day>[12]\d|3[01]|0?[1-9]){_MARK}(?P<part>)",
            _month_day,
        ),
        (rf"(?<![\d.月第{_CN}]){_DAY}号(?!楼|线|门|院|令|文|仓|机|车|店|桌|床|岗|库|坑|井)", _day_of_month),
        ("|".join(sorted(_RELATIVE_DAYS, key=len, reverse=True)), _relative_day),
        (
            r"(?P<which>上{1,3}个?|这个?|本|下{1,3}个?)(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天](?!个))?",
            _week,
        ),
        (
            rf"(?<![\d第.{_CN}])(?P<number>半|\d{{1,3}}|[{_CN}]{{1,3}})(?:多)?个?(?P<unit>天|日|周|星期|礼拜|月|年)(?:多)?(?P<way>之前|以前|前(?!后)|之后|以后|后)",
            _ago,
        ),
        (rf"(?P<festival>{_SAFE_NAMED})(?:节|劳动节)?(?![月号年个路奖勋])", _festival),
    )
)
"""The order is the order of trust: what is found first keeps its place in the text."""
