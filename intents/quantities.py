"""Amounts of money, lengths of time and working hours in messages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from intents.numbers import NUMBER, parse, spread

_MONEY = r"元|块钱?|圆|人民币|rmb|大洋"
_COUNTED = (
    "个|人|名|位|天|年|月|日|号|次|条|家|户|件|岁|斤|公斤|吨|米|公里|里|平|平米|度|小时|分钟|分|秒|点|期|层|楼|项|张|份|批|台|辆|单|步|遍|倍|趟|车|口|瓦|伏|千瓦|"
    "职工|工人|会员|员工|民工|兄弟|号人|多人|多名|多个|多号|来人|来个|来号|余人|余名"
)
_BEFORE = re.compile(
    r"(?:工资|底薪|月薪|年薪|薪水|薪资|工钱|欠薪|欠[了我你他们着]*|罚款?了?我?|扣[了我掉]*|赔偿?[了我给]*|付[了给]*|给了?我?|发了?|收入|补偿?[了助贴]*|低保|每月|每个月|一个月|一月|月入|"
    r"日结|日薪|时薪|一天|每天|一小时|挣|拿到?手?|到手|花了?|费用?|押金|奖金|提成|借款?|交了?|缴了?|基数|平均|标准|学费|生活费|要价|共计?|总共|合计|大概|差不多|约|才|只有|是|有|[:：,，])\s*$"
)
_HOTLINES = {"110", "119", "120", "12351", "12333", "12348", "12356", "12329", "12345", "12315", "996", "007"}
_MOST = 10**9
"""Yuan; whatever is more is no amount of a worker."""
_APPROXIMATE = r"(?:多|来|几|出头|左右|上下|以上|不到)"
_NEVER = re.compile(
    r"[千万](?:万|一)?(?:别|不|要|不要|记|小心|注意|急|家|户|吨)|万一|一万个|百分之|三中全会|万达|万科|万元户|千言|千山|百度|百货|百姓"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """Money in yuan; ``most`` differs from ``least`` where a range was said."""

    least: Decimal
    most: Decimal
    approximate: bool = False

    def __str__(self) -> str:
        return _plain(self.least) if self.least == self.most else f"{_plain(self.least)}-{_plain(self.most)}"


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time in calendar units."""

    years: int = 0
    months: int = 0
    days: int = 0
    approximate: bool = False

    def __str__(self) -> str:
        parts = f"{self.years}Y" * bool(self.years) + f"{self.months}M" * bool(self.months)
        return "P" + (parts + f"{self.days}D" * bool(self.days) or "0D")


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours of work."""

    hours: Decimal

    def __str__(self) -> str:
        return _plain(self.hours)


def amounts(text: str) -> Iterator[tuple[int, int, Amount]]:
    """Amounts of money: with a unit, in 千 or 万 that count nothing else, or after a word of pay."""
    for match in _AMOUNT.finditer(text):
        written, end = match["number"], match.end()
        if (
            _NEVER.match(text, match.start())
            or _NEVER.match(text, max(0, end - 1))
            or _is_part(text, match.start())
        ):
            continue
        both = spread(written) or _single(written, match["cents"])
        if both is None or not 0 < both[1] < _MOST:
            continue
        if match["money"] or _speaks_of_money(text, match.start(), end, written):
            approximate = bool(match["about"]) or both[0] != both[1]
            yield match.start(), end, Amount(*both, approximate)


def durations(text: str) -> Iterator[tuple[int, int, Duration]]:
    """Lengths of time: 三年半, 8个月, 一年零三个月, 两个半月, 半年, 20天, 两周."""
    for match in _DURATION.finditer(text):
        duration = _duration(match)
        if duration is not None and not _is_part(text, match.start()):
            yield match.start(), match.end(), duration


def hours(text: str) -> Iterator[tuple[int, int, Hours]]:
    """Hours of work: 10小时, 八个钟头, 三个半小时, 半小时."""
    for match in _HOURS.finditer(text):
        whole = Decimal(0) if match["number"] == "半" else parse(match["number"] or "零")
        if whole is None:
            continue
        half = Decimal("0.5") if match["half"] or match["number"] == "半" else Decimal(0)
        yield match.start(), match.end(), Hours(whole + half)


def _single(written: str, cents: str | None) -> tuple[Decimal, Decimal] | None:
    value = parse(written)
    if value is None:
        return None
    if cents:
        small = parse(cents.rstrip("毛角分"))
        value += (small or Decimal(0)) / (
            100 if cents.endswith("分") or len(cents.rstrip("毛角")) == 2 else 10
        )
    return value, value


def _speaks_of_money(text: str, start: int, end: int, written: str) -> bool:
    if re.match(_COUNTED, text[end:]):
        return False
    if text.strip() == written:
        return written not in _HOTLINES and bool(re.search(r"[百千万wk]|\d{3}", written)) and len(written) > 1
    if re.search(r"[万千wk]", written, re.I) and len(written) > 1:
        return not re.match(r"[一-鿿]", text[end:]) or not re.match(r"[克瓦米卡户家]", text[end:])
    if re.search(r"百", written) and len(written) > 1:
        return bool(_BEFORE.search(text, 0, start))
    plain = written.replace(",", "")
    return bool(re.fullmatch(r"\d{3,7}(?:\.\d{1,2})?", plain)) and bool(_BEFORE.search(text, 0, start))


def _is_part(text: str, start: int) -> bool:
    return start > 0 and text[start - 1] in "第.%周初N"


def _duration(match: re.Match[str]) -> Duration | None:
    groups = match.groupdict()
    about = any(groups[name] for name in ("about", "about2", "about3"))
    if groups["half_year"]:
        return Duration(months=6, approximate=bool(groups["about3"]))
    years, months = _whole(groups["years"]), _whole(groups["months"])
    weeks, days = _whole(groups["weeks"]), _whole(groups["days"])
    if None in (years, months, weeks, days) or not any((years, months, weeks, days)):
        return None
    assert years is not None
    assert months is not None
    assert weeks is not None
    assert days is not None
    if groups["year_half"]:
        months += 6
    if groups["month_half"] or groups["month_half2"]:
        days += 15
    return Duration(years, months, days + 7 * weeks, about)


def _whole(said: str | None) -> int | None:
    if not said:
        return 0
    value = parse(said)
    return int(value) if value is not None and value == int(value) and value < 1000 else None


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


_SMALL = r"(?:\d{1,3}|[一二三四五六七八九两]?十[一二三四五六七八九]?|[一二三四五六七八九两俩])"
_AMOUNT = re.compile(
    rf"(?<![\d.a-z\-])(?P<number>{NUMBER})(?P<about>{_APPROXIMATE}(?=\D|$))?(?:\s?(?P<money>{_MONEY}|毛钱?)"
    rf"(?P<cents>(?:\d{{1,2}}|[一二三四五六七八九])(?:[毛角分]|(?![\d一二三四五六七八九十个月天年点号]))[毛角分]?)?)?",
    re.I,
)
_DURATION = re.compile(
    rf"(?P<half_year>(?<![一二三四五六七八九两大下上\d])(?:大)?半年(?!前))(?P<about3>多)?"
    rf"|(?<![\d.第{'一二三四五六七八九十'}])(?=(?:{_SMALL})(?:多|来|几)?(?:年|个|周|星期|礼拜|天|日))"
    rf"(?:(?P<years>{_SMALL})(?P<about>多|来|几)?年(?!级|底|初|前|终|会|月|龄|休|薪)(?P<year_half>半)?(?:多)?[零又]?)?"
    rf"(?:(?P<months>{_SMALL})(?P<about2>多|来|几)?个(?P<month_half2>半)?(?:多)?月(?P<month_half>零?半)?[零又]?)?"
    rf"(?:(?P<weeks>{_SMALL})个?(?:周(?!岁|年)|星期|礼拜))?"
    rf"(?:(?P<days>{_SMALL})多?(?:天|日(?!元)))?"
)
_HOURS = re.compile(
    r"(?<![\d.第])(?:(?P<number>\d{1,3}(?:\.\d)?|[一二三四五六七八九两]?十[一二三四五六七八九]?|[一二三四五六七八九两半]))"
    r"个?(?P<half>半)?多?(?:小时|钟头|钟(?![一-鿿])|h(?![a-z]))"
)
