"""What must hold for any amount and any day."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.calculators import annual_leave, registry, retirement, severance
from knowledge.calculators.errors import CalculationError
from knowledge.calculators.money import cents
from knowledge.calculators.periods import Holidays, add_months, weekdays, whole_months
from tests.unit.knowledge.calculators.test_worked_examples import EXAMPLES

Compute = Callable[..., dict[str, Any]]
_DAY = timedelta(days=1)
_dates = st.dates(date(1990, 1, 1), date(2090, 12, 31))
_recent = st.dates(date(2008, 1, 1), date(2026, 12, 31))
_money = st.decimals(0, 50000, places=2)
_many = settings(max_examples=80, deadline=None)


@_many
@given(_dates, _dates, _dates)
def test_more_time_never_means_fewer_months(first: date, one: date, other: date) -> None:
    """Months of severance grow with the last day and shrink with the first."""
    early, late = sorted((max(first, one), max(first, other)))
    assert severance.years(first, early) <= severance.years(first, late)
    start, begun = sorted((one, other))
    end = max(begun, first)
    assert severance.years(begun, end) <= severance.years(start, end)


@_many
@given(_dates, st.integers(0, 400))
def test_months_added_are_months_counted(first: date, months: int) -> None:
    """The day before the corresponding day completes the months; one day less does not."""
    last = add_months(first, months) - _DAY
    assert whole_months(first, last) >= months
    if months and add_months(first, months).day == first.day:
        assert whole_months(first, last) == months
        assert whole_months(first, last - _DAY) == months - 1
    assert add_months(first, months).month == (first.month - 1 + months) % 12 + 1


@_many
@given(_dates, st.integers(0, 800))
def test_weekdays_are_counted_as_by_hand(first: date, days: int) -> None:
    """The short way equals looking at each day."""
    last = first + _DAY * days
    assert weekdays(first, last) == sum((first + _DAY * n).isoweekday() < 6 for n in range(days + 1))


@_many
@given(_dates, st.integers(1, 70))
def test_working_days_come_one_after_another(day: date, count: int) -> None:
    """Without data the n-th working day is the day whose weekdays count n, and it is none of the weekend."""
    last = Holidays().add_working(day, count)
    assert weekdays(day + _DAY, last) == count
    assert last.isoweekday() < 6


@_many
@given(_recent, st.integers(0, 6000), _money, _money, st.sampled_from(["N", "2N"]))
def test_severance_grows_with_the_wage_up_to_its_cap(
    compute: Compute, start: date, days: int, wage: Decimal, more: Decimal, scheme: str
) -> None:
    """Below the cap more wage is never less money; above it the wage no longer matters."""
    known = {
        "start": start,
        "end": start + _DAY * days,
        "local_min": 2000,
        "local_avg": 7000,
        "scheme": scheme,
    }
    low, high = (compute("severance", avg12=amount, **known)["result"] for amount in sorted((wage, more)))
    if low["capped"] == high["capped"]:
        assert low["amount"] <= high["amount"]
    if low["capped"] and high["capped"]:
        assert low == high
    assert 2000 <= low["base"] <= 21000
    assert not high["capped"] or high["months"] <= 12


@_many
@given(st.dates(date(1990, 1, 1), date(2007, 12, 31)), st.dates(date(2008, 1, 1), date(2026, 12, 31)))
def test_years_before_2008_never_lower_the_merged_amount(compute: Compute, start: date, end: date) -> None:
    """The merged amount is at least the one from 2008 on, which does not depend on the earlier start."""
    known = {"end": end, "avg12": 6000, "local_min": 2000, "local_avg": 7000}
    row = compute("severance", start=start, **known)
    since = compute("severance", start="2008-01-01", **known)["result"]
    assert row["result"]["amount"] == since["amount"] <= row["result"]["amount_if_merged"]
    assert "pre2008_local_rule" in row["flags"]


@_many
@given(_money, st.integers(0, 80), st.integers(0, 80), st.integers(0, 80))
def test_overtime_is_linear_in_hours(
    compute: Compute, base: Decimal, weekday: int, rest: int, holiday: int
) -> None:
    """The total is the parts, to a cent each, and taking rest back never pays more."""
    row = compute("overtime", monthly_base=base, weekday=weekday, rest=rest, holiday=holiday)["result"]
    assert abs(row["amount"] - row["weekday"] - row["rest"] - row["holiday"]) <= 0.02
    less = compute("overtime", monthly_base=base, weekday=weekday, rest=rest, rest_comp=8, holiday=holiday)[
        "result"
    ]
    assert less["amount"] <= row["amount"]


@_many
@given(st.decimals(0, 45, places=1), _recent)
def test_leave_is_never_more_than_a_year_of_it(compute: Compute, years: Decimal, day: date) -> None:
    """First and last year give no more than the whole year's days, and more years never give less."""
    most = annual_leave.full_days(years)
    assert compute("annual_leave_new", cum_years=years, join=day)["result"] <= most
    assert compute("annual_leave_exit", cum_years=years, last=day, avg_no_ot=5000)["result"]["unused"] <= most
    assert most <= annual_leave.full_days(years + 1)


@_many
@given(st.integers(1, 10), _money, st.integers(3000, 15000))
def test_a_graver_injury_never_gets_less(compute: Compute, grade: int, wage: Decimal, average: int) -> None:
    """The lump falls with the grade; the wage counted stays within 60% and 300%."""
    row = compute("work_injury", grade=grade, wage=wage, local_avg=average)["result"]
    assert average * 0.6 - 0.01 <= row["base"] <= average * 3
    if grade > 1:
        assert (
            compute("work_injury", grade=grade - 1, wage=wage, local_avg=average)["result"]["lump"]
            >= row["lump"]
        )


@_many
@given(st.dates(date(1960, 1, 1), date(2000, 12, 31)), st.sampled_from(["m60", "f55", "f50"]))
def test_who_is_born_later_never_retires_earlier(born: date, kind: str) -> None:
    """Delay never falls with birth, rises by at most one a month, and stays within its limit."""
    now, then = (retirement.delay(day, kind) for day in (born, add_months(born, 1)))
    assert 0 <= now <= then <= now + 1 <= (61 if kind == "f50" else 37)


@_many
@given(st.integers(2020, 2060))
def test_least_contributions_rise_by_half_a_year(year: int) -> None:
    """Fifteen years until 2029, twenty from 2039, half a year more each year between."""
    expected = 15 if year < 2030 else 20 if year >= 2039 else 15 + (year - 2029) / 2
    assert float(retirement.least_paid_years(year)) == expected


@_many
@given(_recent, st.integers(0, 500), st.integers(1, 500))
def test_double_wage_never_exceeds_eleven_months(compute: Compute, start: date, days: int, more: int) -> None:
    """Eleven months at most, and staying longer is never less."""
    end = start + _DAY * days
    one = compute("double_wage", start=start, end=end, monthly=6000)["result"]
    two = compute("double_wage", start=start, end=end + _DAY * more, monthly=6000)["result"]
    assert one["extra"] <= 66000 + 6400
    assert one["full_months"] <= two["full_months"] <= 11


@_many
@given(_money, _money, st.integers(0, 3000))
def test_a_deduction_leaves_four_fifths_and_the_minimum(
    compute: Compute, wage: Decimal, want: Decimal, least: int
) -> None:
    """Never more than wanted, than a fifth, than what is above the minimum."""
    most = compute("wage_deduction", wage=wage, local_min=least, want=want)["result"]["max_deduct"]
    assert 0 <= most <= float(want)
    assert most <= float(cents(wage / 5))
    assert most == 0 or float(wage) - most >= least - 0.01


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(EXAMPLES),
    st.text(max_size=30) | st.floats() | st.integers() | st.lists(st.integers()) | st.booleans() | st.dates(),
)
def test_no_input_breaks_a_calculator(
    compute: Compute, example: tuple[str, dict[str, Any], Any], junk: object
) -> None:
    """Anything at all in place of one input is computed or refused in one Chinese sentence that names an input."""
    name, good, _ = example
    for asked in registry.find(name).inputs:
        said, field = _refusal(compute, name, {**good, asked.name: junk})
        assert not said or (said.endswith(("。", "？")) and "（" in said and field), said


def _refusal(compute: Compute, name: str, answers: dict[str, Any]) -> tuple[str, str]:
    try:
        json.dumps(compute(name, **answers), allow_nan=False)
    except CalculationError as refused:
        return str(refused), refused.field
    return "", ""
