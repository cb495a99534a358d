"""Thousands of computations against a second, slow formulation: walking day by day, in fractions."""

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

Compute = Callable[..., dict[str, Any]]
Case = tuple[dict[str, Any], Any]
_DAY = timedelta(days=1)
_EACH = 150


def cents(amount: Fraction) -> float:
    """Half up to the cent, in whole numbers."""
    doubled = amount * 200
    return float(Fraction((doubled.numerator // doubled.denominator + 1) // 2, 100))


def exact(amount: Any) -> Fraction:
    """A number as it is written."""
    return Fraction(str(amount))


def corresponding(day: date, months: int) -> date:
    """Walk month by month, then step back from a day that is not there."""
    year, month = day.year, day.month
    for _ in range(months):
        month += 1
        if month > 12:
            year, month = year + 1, 1
    for number in range(day.day, 0, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    raise AssertionError


def months_between(first: date, last: date) -> tuple[int, bool]:
    """Full months with both days counted, and whether days are left over."""
    after, months = last + _DAY, 0
    while corresponding(first, months + 1) <= after:
        months += 1
    return months, corresponding(first, months) < after


def a_date(chance: random.Random, first: int = 2008, last: int = 2026) -> date:
    """Any day; a month end or the 29th of February more often than its share."""
    day = date(chance.randint(first, last), 1, 1) + _DAY * chance.randint(0, 364)
    if chance.random() < 0.3:
        day = (day.replace(day=28) + _DAY * 4).replace(day=1) - _DAY
    return day


def money(chance: random.Random, most: int) -> float:
    """An amount in whole cents."""
    return chance.randint(0, most * 100) / 100


def severance(chance: random.Random) -> Iterator[Case]:
    """Segments, caps, notice pay and double."""
    start = a_date(chance, 1995, 2024)
    end = max(start, date(2008, 1, 1)) + _DAY * chance.choice(
        [0, 180, 181, 182, 364, 365, chance.randint(0, 6500)]
    )
    average, local, least = money(chance, 40000), chance.randint(4000, 12000), chance.randint(1500, 2800)
    if chance.random() < 0.15:
        average = 3.0 * local
    scheme = chance.choice(["N", "N+1", "2N"])
    given = {"start": start.isoformat(), "end": end.isoformat(), "avg12": average, "local_min": least}
    given |= {"local_avg": local, "scheme": scheme, "last_month": 7000.55}
    capped = exact(average) > 3 * local
    base = Fraction(3 * local) if capped else max(exact(average), Fraction(least))

    def units(first: date) -> Fraction:
        months, over = months_between(first, end)
        count = Fraction(months // 12)
        if months % 12 >= 6:
            count += 1
        elif months % 12 or over:
            count += Fraction(1, 2)
        return min(count, Fraction(12)) if capped else count

    old = start < date(2008, 1, 1) and scheme != "2N"
    counted = units(date(2008, 1, 1) if old else start)
    plus = exact(7000.55) if scheme == "N+1" else Fraction(0)
    expected = {"base": cents(base), "capped": capped, "months": float(counted)}
    expected["amount"] = cents(base * counted * (2 if scheme == "2N" else 1) + plus)
    if scheme == "N+1":
        expected["notice_pay"] = 7000.55
    if old:
        expected["amount_if_merged"] = cents(base * units(start) + plus)
    yield given, expected


def overtime(chance: random.Random) -> Iterator[Case]:
    """Four systems, rest taken in lieu."""
    base, system = money(chance, 30000), chance.choice(["standard", "comprehensive", "irregular", "piece"])
    hours = {
        name: chance.choice([0, chance.randint(0, 60), chance.randint(0, 99) / 4])
        for name in ("weekday", "rest", "rest_comp", "holiday")
    }
    rest = max(exact(hours["rest"]) - exact(hours["rest_comp"]), Fraction(0))
    hourly = exact(base) / Fraction(87, 4) / 8
    times = {"irregular": (0, 0, 0), "comprehensive": (Fraction(3, 2), Fraction(3, 2), 3)}.get(
        system, (Fraction(3, 2), 2, 3)
    )
    worked = (exact(hours["weekday"]), rest, exact(hours["holiday"]))
    pays = [hourly * count * factor for count, factor in zip(worked, times, strict=True)]
    expected = {
        "hourly": cents(hourly),
        "weekday": cents(pays[0]),
        "rest": cents(pays[1]),
        "holiday": cents(pays[2]),
    }
    expected["amount"] = cents(sum(pays, Fraction(0)))
    expected["over_36h"] = system != "irregular" and sum(worked) > 36
    yield {"monthly_base": base, "system": system, **hours}, expected


def _leave(years: Fraction) -> int:
    return 0 if years < 1 else 5 if years < 10 else 10 if years < 20 else 15


def annual_leave_days(chance: random.Random) -> Iterator[Case]:
    """Three tiers."""
    years = chance.choice([0, 0.9, 1, 9.99, 10, 19.5, 20, 41, chance.randint(0, 400) / 10])
    yield {"cum_years": years}, _leave(exact(years))


def annual_leave_new(chance: random.Random) -> Iterator[Case]:
    """Days left counted one by one."""
    join, years = a_date(chance), chance.choice([0.5, 1, 5, 10, 15, 20, 30])
    left = sum(1 for number in range(367) if (join + _DAY * number).year == join.year)
    yield {"cum_years": years, "join": join.isoformat()}, int(Fraction(left * _leave(exact(years)), 365))


def annual_leave_exit(chance: random.Random) -> Iterator[Case]:
    """Days gone counted one by one."""
    last, years, taken = (
        a_date(chance),
        chance.choice([0.5, 1, 9, 10, 19, 20, 33]),
        chance.choice([0, 0, 1, 2.5, 5, 10]),
    )
    average, gone, day = money(chance, 30000), 0, date(last.year, 1, 1)
    while day <= last:
        gone, day = gone + 1, day + _DAY
    unused = 0
    while Fraction(gone * _leave(exact(years)), 365) - exact(taken) >= unused + 1:
        unused += 1
    daily = exact(average) / Fraction(87, 4)
    expected = {"elapsed_days": gone, "unused": unused, "daily": cents(daily)}
    expected |= {"total_300": cents(daily * 3 * unused), "extra_200": cents(daily * 2 * unused)}
    yield {"cum_years": years, "last": last.isoformat(), "taken": taken, "avg_no_ot": average}, expected


def medical_period(chance: random.Random) -> Iterator[Case]:
    """The seven rows of the table, written out."""
    unit = chance.choice([0, 4.99, 5, 9.9, 10, 14, 15, 19, 20, 30])
    total = unit + chance.choice([0, 0.01, 5, 8])
    short = [(5, 3, 6), (99, 6, 12)]
    long = [(5, 6, 12), (10, 9, 15), (15, 12, 18), (20, 18, 24), (99, 24, 30)]
    months, window = next((m, w) for below, m, w in (short if total < 10 else long) if unit < below)
    yield {"total_years": total, "unit_years": unit}, {"months": months, "window": window}


def sick_pay_floor(chance: random.Random) -> Iterator[Case]:
    """Four fifths."""
    least = money(chance, 4000)
    yield {"local_min": least}, {"floor": cents(exact(least) * 4 / 5)}


def maternity(chance: random.Random) -> Iterator[Case]:
    """Day after day, months by their own length."""
    start, kind = a_date(chance), chance.choice(["birth", "birth", "miscarriage_lt4", "miscarriage_ge4"])
    babies, difficult = chance.randint(1, 4), chance.random() < 0.5
    extension = chance.choice(
        [{}, {"ext_days": 60}, {"ext_months": 3}, {"region": "河南"}, {"region": "广东省"}]
    )
    national = {"miscarriage_lt4": 15, "miscarriage_ge4": 42}.get(
        kind, 98 + 15 * difficult + 15 * (babies - 1)
    )
    if kind == "birth" and extension.get("region") and start < date(2021, 12, 1):
        extension = {}
    last = start
    for _ in range(national - 1):
        last += _DAY
    if kind == "birth":
        for _ in range(extension.get("ext_days", 80 if extension.get("region") == "广东省" else 0)):
            last += _DAY
        months = 3 if extension.get("region") == "河南" else extension.get("ext_months", 0)
        last = corresponding(last + _DAY, months) - _DAY
    given = {"start": start.isoformat(), "kind": kind, "babies": babies, "difficult": difficult, **extension}
    yield given, {"national_days": national, "total_days": (last - start).days + 1, "end": last.isoformat()}


def _own_wage(wage: float, average: int) -> Fraction:
    return max(Fraction(3 * average, 5), min(exact(wage), Fraction(3 * average)))


def work_injury(chance: random.Random) -> Iterator[Case]:
    """Ten grades, both limits, the floor of the allowance."""
    grade, wage, average = chance.randint(1, 10), money(chance, 40000), chance.randint(4000, 12000)
    least = chance.choice([None, 1800, 9000])
    base = _own_wage(wage, average)
    months = (27, 25, 23, 21, 18, 16, 13, 11, 9, 7)[grade - 1]
    expected: dict[str, Any] = {"base": cents(base), "lump_months": months, "lump": cents(base * months)}
    if grade <= 6:
        percent = (90, 85, 80, 75, 70, 60)[grade - 1]
        expected |= {
            "allowance_pct": percent,
            "allowance": cents(max(base * percent / 100, Fraction(least or 0))),
        }
    yield {"grade": grade, "wage": wage, "local_avg": average, "local_min": least}, expected


def work_death(chance: random.Random) -> Iterator[Case]:
    """Shares added one by one, never above the wage."""
    wage, average, income = money(chance, 40000), chance.randint(4000, 12000), chance.randint(30000, 60000)
    kin = [["spouse", False]] * chance.randint(0, 1)
    kin += [[chance.choice(["child", "parent"]), chance.random() < 0.4] for _ in range(chance.randint(0, 4))]
    base, share = _own_wage(wage, average), Fraction(0)
    for relation, alone in kin:
        share += Fraction(4 if relation == "spouse" else 3, 10) + (Fraction(1, 10) if alone else 0)
    expected = {
        "funeral": cents(Fraction(average * 6)),
        "pension_month": cents(base * min(share, Fraction(1))),
    }
    expected["lump"] = cents(Fraction(income * 20))
    yield {"wage": wage, "local_avg": average, "income": income, "kin": kin}, expected


def unemployment_months(chance: random.Random) -> Iterator[Case]:
    """Three tiers and the common cap."""
    years, left = chance.choice([0, 0.99, 1, 4.99, 5, 9.9, 10, 30]), chance.randint(0, 24)
    most = 0 if years < 1 else 12 if years < 5 else 18 if years < 10 else 24
    yield {"years": years, "left": left}, {"max_months": most, "combined": min(most + left, 24)}


def unemployment_months_gd(chance: random.Random) -> Iterator[Case]:
    """Month by month of contributions."""
    paid, left = chance.randint(0, 400), chance.randint(0, 24)
    months = 0
    for month in range(1, paid + 1):
        if (month <= 48 and month % 12 == 0) or (month > 48 and month % 6 == 0):
            months += 1
    months = min(months, 24)
    yield (
        {"years": f"{paid // 12}年{paid % 12}个月", "left": left},
        {"max_months": months, "combined": min(months + left, 24)},
    )


def double_wage(chance: random.Random) -> Iterator[Case]:
    """Every day from the second month to the first anniversary, sorted into months."""
    start, monthly = a_date(chance), money(chance, 20000)
    end = start + _DAY * chance.choice([0, 20, chance.randint(25, 420), 800])
    signed = start + _DAY * chance.randint(10, 500) if chance.random() < 0.4 else None
    last = min(end, corresponding(start, 12) - _DAY, (signed or date.max) - _DAY)
    given = {"start": start.isoformat(), "end": end.isoformat(), "monthly": monthly}
    given["signed"] = signed.isoformat() if signed else None
    first = corresponding(start, 1)
    if last < first:
        yield given, {"period": None, "full_months": 0, "extra": 0.0}
        return
    full = sum(1 for number in range(1, 12) if corresponding(start, number + 1) - _DAY <= last)
    day, days = corresponding(start, full + 1), 0
    while day <= last:
        days += day.isoweekday() < 6
        day += _DAY
    extra = exact(monthly) * full + exact(monthly) / Fraction(87, 4) * days
    expected = {
        "period": [first.isoformat(), last.isoformat()],
        "full_months": full,
        "partial_workdays": days,
    }
    yield given, {**expected, "extra": cents(extra)}


def probation(chance: random.Random) -> Iterator[Case]:
    """Terms around every border."""
    months, kind = (
        chance.choice([0, 2.9, 3, 11.9, 12, 35.5, 36, 120]),
        chance.choice(["fixed", "fixed", "open", "task", "part_time"]),
    )
    fixed = 0 if months < 3 else 1 if months < 12 else 2 if months < 36 else 6
    yield {"months": months, "kind": kind}, {"fixed": fixed, "open": 6}.get(kind, 0)


def probation_wage(chance: random.Random) -> Iterator[Case]:
    """Lower and higher of two shares."""
    agreed, lowest, least = money(chance, 12000), money(chance, 12000), chance.randint(1500, 2800)
    shares = sorted([exact(agreed) * 4 / 5, exact(lowest) * 4 / 5])
    expected = {
        "floor": cents(max(shares[0], Fraction(least))),
        "strict_floor": cents(max(shares[1], Fraction(least))),
    }
    yield {"agreed": agreed, "lowest_post": lowest, "local_min": least}, expected


def illegal_probation_pay(chance: random.Random) -> Iterator[Case]:
    """Wage times months."""
    monthly, over = money(chance, 20000), chance.choice([0, 0.5, 1, 2.25, 5])
    yield {"monthly": monthly, "over_months": over}, {"amount": cents(exact(monthly) * exact(over))}


def arbitration_deadline(chance: random.Random) -> Iterator[Case]:
    """A year from the last claim."""
    known = a_date(chance)
    broken = known + _DAY * chance.randint(0, 360) if chance.random() < 0.5 else None
    given = {"known": known.isoformat(), "interrupted": broken.isoformat() if broken else None}
    yield given, corresponding(broken or known, 12).isoformat()


def lawsuit_deadline(chance: random.Random) -> Iterator[Case]:
    """Fifteen days walked."""
    day = received = a_date(chance)
    for _ in range(15):
        day += _DAY
    yield {"received": received.isoformat()}, day.isoformat()


def min_wage_check(chance: random.Random) -> Iterator[Case]:
    """What is left after each part."""
    gross = chance.randint(2500, 5000)
    parts = {name: chance.choice([0, money(chance, 500)]) for name in ("ot", "special", "welfare", "si")}
    least, excluded = chance.randint(1800, 3000), chance.random() < 0.5
    left = Fraction(gross) - sum(exact(parts[name]) for name in ("ot", "special", "welfare"))
    left -= exact(parts["si"]) if excluded else 0
    expected = {
        "comparable": cents(left),
        "ok": left >= least,
        "shortfall": cents(max(least - left, Fraction(0))),
    }
    yield {"gross": gross, **parts, "si_excluded": excluded, "local_min": least}, expected


def training_penalty(chance: random.Random) -> Iterator[Case]:
    """The least of three."""
    cost, agreed, total = money(chance, 90000), money(chance, 90000), chance.choice([12, 24, 36, 60, 7])
    served = chance.randint(0, 66)
    share = exact(cost) * Fraction(max(total - served, 0), total)
    yield (
        {"cost": cost, "total_m": total, "served_m": served, "agreed": agreed},
        {"max_penalty": cents(min(share, exact(cost), exact(agreed)))},
    )


def noncompete(chance: random.Random) -> Iterator[Case]:
    """Agreed, or three tenths and not below the minimum."""
    average, least, agreed = (
        money(chance, 30000),
        chance.randint(1500, 2800),
        chance.choice([None, 0, 500, 6000]),
    )
    if agreed:
        yield (
            {"avg12": average, "local_min": least, "agreed": agreed},
            {"monthly": float(agreed), "rule": "agreed"},
        )
        return
    monthly = cents(max(exact(average) * 3 / 10, Fraction(least)))
    yield {"avg12": average, "local_min": least, "agreed": agreed}, {"monthly": monthly, "rule": "30%/min"}


def social_insurance(chance: random.Random) -> Iterator[Case]:
    """Each insurance to the cent by itself."""
    wage, low = money(chance, 50000), chance.randint(3000, 8000)
    rates = {"pension": [8, 16], "medical": [2, 9.5], "unemployment": [0.5, 0.5], "injury": [0, 0.16]}
    base = max(Fraction(low), min(exact(wage), Fraction(low * 5)))
    expected: dict[str, Any] = {"base": cents(base)}
    for name, pair in rates.items():
        expected[name] = [cents(base * exact(percent) / 100) for percent in pair]
    yield {"wage": wage, "lo": low, "hi": low * 5, "rates": rates}, expected


def wage_deduction(chance: random.Random) -> Iterator[Case]:
    """The least of three, never below nothing."""
    wage, least, want = money(chance, 9000), chance.randint(1500, 2800), money(chance, 3000)
    most = min(exact(wage) / 5, exact(wage) - least, exact(want))
    yield {"wage": wage, "local_min": least, "want": want}, {"max_deduct": cents(max(most, Fraction(0)))}


def retirement(chance: random.Random) -> Iterator[Case]:
    """Month of birth by month of birth, one more month of delay with every step."""
    kind = chance.choice(["m60", "f55", "f50"])
    age, year, step, most = {"m60": (60, 1965, 4, 36), "f55": (55, 1970, 4, 36), "f50": (50, 1975, 2, 60)}[
        kind
    ]
    born = a_date(chance, year - 2, year + 16)
    delay, month = 0, date(year, 1, 1)
    while month <= born:
        if (month.month - 1) % step == 0 and delay < most:
            delay += 1
        month = corresponding(month, 1)
    retire = corresponding(born.replace(day=1), age * 12 + delay)
    years, rest = age + delay // 12, delay % 12
    said = f"{years}岁{rest}个月" if rest else f"{years}岁"
    yield (
        {"birth": born.isoformat(), "kind": kind},
        {"delay_months": delay, "age": said, "retire_month": retire.isoformat()[:7]},
    )


REFERENCES = (
    severance, overtime, annual_leave_days, annual_leave_new, annual_leave_exit, medical_period, sick_pay_floor,
    maternity, work_injury, work_death, unemployment_months, unemployment_months_gd, double_wage, probation,
    probation_wage, illegal_probation_pay, arbitration_deadline, lawsuit_deadline, min_wage_check,
    training_penalty, noncompete, social_insurance, wage_deduction, retirement,
)  # fmt: skip


@pytest.mark.parametrize("reference", REFERENCES, ids=lambda reference: reference.__name__)
def test_the_calculator_agrees_with_the_slow_reference(
    compute: Compute, reference: Callable[[random.Random], Iterator[Case]]
) -> None:
    """Not one of the generated examples differs in any field."""
    chance = random.Random(reference.__name__)
    for _ in range(_EACH):
        for given, expected in reference(chance):
            assert compute(reference.__name__, **given)["result"] == expected, given
