"""Dated regional amounts and holiday notices."""

from datetime import date
from pathlib import Path

import pytest

from bot.core.errors import ContentError
from knowledge.calculators import parameters, registry
from knowledge.calculators.periods import DAY
from knowledge.calculators.results import Context
from tests.unit.knowledge.calculators.conftest import SHIPPED

ROW = """[[row]]
region = "{region}"
value = {value}
unit = "元/月"
effective_from = {since}
source = "某号文"
verified_on = {verified}
"""


def _write(folder: Path, *rows: str, name: str = "minimum_wage.toml") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text("\n".join(rows), encoding="utf-8")
    return folder


def _row(
    region: str = "云南", value: object = 2070, since: str = "2024-10-01", verified: str = "2026-01-01"
) -> str:
    return ROW.format(region=region, value=value, since=since, verified=verified)


def test_the_row_in_force_on_the_day(tmp_path: Path) -> None:
    """A later row takes over from one left open; before the first there is none; 省 and 市 make no difference."""
    found = parameters.load(_write(tmp_path, _row(), _row(value=2200, since="2026-01-01")))
    assert found.find("minimum_wage", "云南省", date(2024, 9, 30)) is None
    for day, value in ((date(2024, 10, 1), 2070), (date(2025, 12, 31), 2070), (date(2026, 1, 1), 2200)):
        row = found.find("minimum_wage", "云南", day)
        assert row is not None
        assert row.value == value
    assert found.find("minimum_wage", "贵州", date(2026, 1, 1)) is None
    assert found.find("minimum_wage", "云南昆明", date(2026, 1, 1)) is None
    assert found.find("minimum_wage", "云南昆明", date(2026, 1, 1), within=True)
    assert found.find("nothing", "云南", date(2026, 1, 1)) is None


def test_a_row_that_ends(tmp_path: Path) -> None:
    """After its last day it no longer holds."""
    found = parameters.load(_write(tmp_path, _row() + "effective_to = 2025-12-31\n"))
    assert found.find("minimum_wage", "云南", date(2025, 12, 31))
    assert found.find("minimum_wage", "云南", date(2026, 1, 1)) is None


def test_eighteen_months_without_a_look(tmp_path: Path) -> None:
    """On the day it is still fresh, a day later flagged; never verified is flagged at once."""
    found = parameters.load(_write(tmp_path, _row(verified="2025-01-31")))
    row = found.find("minimum_wage", "云南", date(2026, 1, 1))
    assert row is not None
    assert not row.stale(date(2026, 7, 31))
    assert row.stale(date(2026, 8, 1))
    for today, flags in (
        (date(2026, 7, 31), []),
        (date(2026, 8, 1), ["local_standard_unverified"]),
        (None, []),
    ):
        known = Context(found, today=today)
        given = {"wage": 5000, "region": "云南", "on": "2026-01-01"}
        assert registry.calculate("wage_deduction", given, known).row()["flags"] == flags


def test_a_region_of_its_own_for_maternity(tmp_path: Path) -> None:
    """A row without spouse or childcare leave extends and says no more."""
    text = _row("云南", 60).replace("元/月", "天") + 'article = "人口与计划生育法#25"\n'
    known = Context.read(_write(tmp_path, text, name="maternity.toml"))
    row = registry.calculate("maternity", {"start": "2025-03-01", "region": "云南"}, known).row()
    assert row["result"]["total_days"] == 158
    assert not any(step.startswith("另外") for step in row["steps"])


def test_a_union_adds_its_own_beside_the_shipped_ones(tmp_path: Path) -> None:
    """A second folder adds rows and replaces the same region and day."""
    own = _write(tmp_path / "own", _row(), _row("上海", 2900, "2025-07-01"))
    found = parameters.load(SHIPPED, own, tmp_path / "none")
    for region, value in (("云南", 2070), ("上海", 2900), ("北京", 2540)):
        row = found.find("minimum_wage", region, date(2026, 1, 1))
        assert row is not None
        assert row.value == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("row = [", "请检查引号和日期"),
        (_row(value='"两千"'), "第1项有一格写得不对"),
        (_row(value="true"), "第1项有一格写得不对"),
        (_row(value="-5"), "第1项有一格写得不对"),
        (_row(since='"2024-10-01"'), "第1项有一格写得不对"),
        (_row(since="2024-10-01T00:00:00"), "第1项有一格写得不对"),
        (_row() + "effective_to = 2020-01-01\n", "第1项有一格写得不对"),
        (_row() + _row().replace("value = 2070\n", ""), "第2项缺少 value"),
        (_row() + _row(), "写了两次"),
    ],
)
def test_a_broken_table_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    """File, entry and what to do."""
    with pytest.raises(ContentError, match=r"^minimum_wage\.toml ") as refused:
        parameters.load(_write(tmp_path, text))
    assert said in str(refused.value)


def test_the_shipped_seeds_are_those_of_the_specification() -> None:
    """Two minimum wages, three incomes, four regions of maternity leave, one of injury sums; the rest is empty."""
    shipped = parameters.load(SHIPPED)
    assert {
        name: sorted((row.region, str(row.value)) for row in rows) for name, rows in shipped.tables.items()
    } == {
        "average_wage": [],
        "contribution_ceiling": [],
        "contribution_floor": [],
        "disposable_income": [("全国", "51821"), ("全国", "54188"), ("全国", "56502")],
        "injury_subsidy": [("浙江", "30")],
        "maternity": [("上海", "60"), ("广东", "80"), ("河南", "3"), ("浙江", "60")],
        "minimum_wage": [("上海", "2740"), ("北京", "2540")],
        "province_average_wage": [],
    }


def test_every_table_an_input_names_is_there() -> None:
    """No input looks in a file that does not exist."""
    tables = {
        one.table for calculator in registry.CALCULATORS.values() for one in calculator.inputs if one.table
    }
    assert tables | {"maternity", "injury_subsidy"} == set(parameters.load(SHIPPED).tables)


def test_holiday_years_add_up() -> None:
    """Thirteen paid days a year inside the holidays; exchanged days are weekends outside them; as many as were moved."""
    holidays = parameters.load_holidays(SHIPPED)
    assert holidays.years == {2025, 2026}
    for year in holidays.years:
        off = {day for day in holidays.off if day.year == year}
        statutory = {day for day in holidays.statutory if day.year == year}
        working = {day for day in holidays.working if day.year == year}
        assert len(statutory) == 13
        assert statutory <= off
        assert not working & off
        assert all(day.isoweekday() > 5 for day in working)
        weekdays_off = sum(day.isoweekday() <= 5 for day in off)
        assert weekdays_off - len(working) == 13
    assert holidays.name(date(2026, 10, 1)) == "国庆节假期"
    assert holidays.name(date(2026, 11, 21)) == "星期六"
    assert holidays.next_working(date(2026, 2, 15)) == date(2026, 2, 24)
    assert holidays.unusual(date(2026, 2, 13), date(2026, 2, 15)) == (date(2026, 2, 14),)


def test_a_union_adds_a_year_of_holidays(tmp_path: Path) -> None:
    """A second folder's notice is added; one that is broken is refused; none at all leaves weekends."""
    assert parameters.load_holidays(tmp_path).years == frozenset()
    text = '[[year]]\nyear = 2030\nworking = []\nstatutory = []\nholiday = [{ name = "元旦", first = 2030-01-01, last = 2030-01-02 }]\n'
    own = _write(tmp_path / "own", text, name="holidays.toml")
    holidays = parameters.load_holidays(SHIPPED, own)
    assert holidays.years == {2025, 2026, 2030}
    assert holidays.rests(date(2030, 1, 2))
    assert not holidays.rests(date(2030, 1, 2) + DAY)
    for wrong in (text.replace("2030-01-02", '"元月二日"'), text.replace("working", "works"), "year = 5\n"):
        with pytest.raises(ContentError, match=r"^holidays\.toml "):
            parameters.load_holidays(_write(tmp_path / "own", wrong, name="holidays.toml"))
