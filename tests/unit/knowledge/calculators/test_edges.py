"""Borders, exceptions and flags of each calculator, with the figures worked out by hand."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from knowledge.calculators import registry
from knowledge.calculators.errors import CalculationError, LocalStandardError
from knowledge.calculators.results import Context

Compute = Callable[..., dict[str, Any]]
PAY = {"avg12": 6000, "local_min": 2000, "local_avg": 7000}


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        ("2024-01-01", "2024-01-01", 0.5),  # one day
        ("2024-01-01", "2024-06-29", 0.5),  # a day short of six months
        ("2024-01-01", "2024-06-30", 1.0),  # exactly six months
        ("2024-01-01", "2024-12-31", 1.0),  # exactly a year
        ("2024-01-01", "2025-01-01", 1.5),  # and a day
        ("2024-02-29", "2025-02-27", 1.0),  # no corresponding day: the month's end
        ("2024-02-29", "2024-08-28", 1.0),
        ("2024-08-31", "2025-02-26", 0.5),
        ("2024-08-31", "2025-02-27", 1.0),
        ("2008-01-01", "2008-06-30", 1.0),  # the law's first day needs no merging
    ],
)
def test_months_of_severance_at_the_borders(compute: Compute, start: str, end: str, months: float) -> None:
    """Half a month below six months, a month from six months on, both days counted."""
    row = compute("severance", start=start, end=end, **PAY)
    assert row["result"] == {"base": 6000.0, "capped": False, "months": months, "amount": 6000 * months}
    assert row["flags"] == []


def test_three_times_the_average_exactly_is_not_capped(compute: Compute) -> None:
    """Only above three times do the lower base and the twelve years hold; a cent is enough."""
    known = {"start": "2008-02-01", "end": "2025-01-31", "local_min": 2000, "local_avg": 7000}
    exactly = compute("severance", avg12=21000, **known)["result"]
    assert (exactly["capped"], exactly["months"], exactly["amount"]) == (False, 17.0, 357000.0)
    above = compute("severance", avg12="21000.01", **known)["result"]
    assert (above["capped"], above["months"], above["amount"]) == (True, 12.0, 252000.0)


def test_severance_before_2008(compute: Compute) -> None:
    """N counts from 2008 and says what merging would give; 2N counts from the first day; N+1 adds the notice to both."""
    known = {"start": "2003-07-01", "end": "2010-06-30", **PAY}
    assert compute("severance", **known)["result"] == {
        "base": 6000.0,
        "capped": False,
        "months": 3.0,
        "amount": 18000.0,
        "amount_if_merged": 42000.0,
    }
    double = compute("severance", scheme="2N", **known)
    assert double["result"] == {"base": 6000.0, "capped": False, "months": 7.0, "amount": 84000.0}
    assert double["flags"] == []
    notice = compute("severance", scheme="n+1", last_month=5000, **known)["result"]
    assert (notice["amount"], notice["amount_if_merged"], notice["notice_pay"]) == (23000.0, 47000.0, 5000.0)


def test_the_notice_is_not_capped_and_a_low_wage_is_lifted(compute: Compute) -> None:
    """The month in lieu is last month's wage however high; no income at all counts as the minimum wage."""
    rich = compute(
        "severance",
        start="2020-01-01",
        end="2020-12-31",
        scheme="N+1",
        last_month=90000,
        **{**PAY, "avg12": 90000},
    )
    assert rich["result"]["amount"] == 21000 + 90000
    poor = compute(
        "severance", start="2020-01-01", end="2020-12-31", **{**PAY, "avg12": 0}, include_overtime=True
    )
    assert poor["result"]["amount"] == 2000.0
    assert poor["flags"] == ["overtime_in_average"]


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("severance", {"start": "2025-01-02", "end": "2025-01-01", **PAY}, "解除或终止日期（end）不能早于"),
        ("severance", {"start": "2005-01-02", "end": "2007-12-31", **PAY}, "2008年以前"),
        (
            "severance",
            {"start": "2025-01-02", "end": "2025-02-01", **PAY, "scheme": "N+1"},
            "还缺上一个月工资（last_month）",
        ),
        (
            "severance",
            {"start": "2025-01-02", "end": "2025-02-01", **PAY, "avg12": -1},
            "月平均工资（avg12）不能是负数",
        ),
        (
            "severance",
            {"start": "2025-01-02", "end": "2025-02-01", **PAY, "local_avg": 0},
            "当地社平工资（local_avg）要大于0",
        ),
        (
            "severance",
            {"start": "2025-02-30", "end": "2025-03-01", **PAY},
            "入职日期（start）不是日历上有的日子",
        ),
        ("severance", {"wage": 1}, "没有 wage 这一项"),
        (
            "severance",
            {"start": "2025-01-02", "end": "2025-02-01", **PAY, "scheme": "3N"},
            "要从这些里选：N（经济补偿）",
        ),
        ("overtime", {"monthly_base": "很多"}, "月工资标准（monthly_base）要填数字"),
        ("overtime", {"monthly_base": True}, "要填数字"),
        ("overtime", {"monthly_base": 5000, "rest": -2}, "休息日加班（rest）不能是负数"),
        (
            "annual_leave_exit",
            {"cum_years": 3, "last": "2025-03-01", "join": "2025-04-01", "avg_no_ot": 1},
            "（join）不能晚于",
        ),
        ("medical_period", {"total_years": 3, "unit_years": 4}, "（unit_years）不能大于"),
        ("maternity", {"start": "2025-03-01", "babies": 0}, "胎儿数（babies）要大于0"),
        ("maternity", {"start": "2025-03-01", "babies": 1.5}, "要填整数"),
        ("maternity", {"start": "2025-03-01", "ext_days": 1, "ext_months": 1}, "只填一个"),
        ("work_injury", {"grade": 11, "wage": 1, "local_avg": 1}, "伤残等级（grade）不能大于10"),
        ("work_injury", {"grade": 0, "wage": 1, "local_avg": 1}, "伤残等级（grade）要大于0"),
        (
            "work_death",
            {"wage": 1, "local_avg": 1, "income": 1, "kin": [["friend", False]]},
            "供养亲属（kin）亲属关系要从这些里选",
        ),
        ("work_death", {"wage": 1, "local_avg": 1, "income": 1, "kin": "配偶、妻子"}, "配偶只能有一位"),
        ("probation", {"kind": "fixed"}, "还缺合同期限（months）"),
        (
            "double_wage",
            {"start": "2025-02-01", "end": "2025-01-01", "monthly": 1},
            "离职日期（end）不能早于",
        ),
        ("arbitration_deadline", {}, "还缺知道日期（known）"),
        (
            "arbitration_deadline",
            {"known": "2025-02-01", "interrupted": "2025-01-01"},
            "（interrupted）不能早于",
        ),
        ("arbitration_deadline", {"known": "2025-02-01", "suspended_from": "2025-03-01"}, "中止要填"),
        ("min_wage_check", {"gross": 100, "ot": 200, "local_min": 2000}, "应发工资（gross）比要剔除的"),
        (
            "training_penalty",
            {"cost": 1, "total_m": 0, "served_m": 0, "agreed": 1},
            "服务期（total_m）要大于0",
        ),
        (
            "social_insurance",
            {"wage": 1, "lo": 5, "hi": 4, "rates": {"pension": [8, 16]}},
            "（lo）不能大于上限",
        ),
        (
            "social_insurance",
            {"wage": 1, "lo": 3, "hi": 4, "rates": {"pension": 8}},
            "要有个人和单位两个比例",
        ),
        ("social_insurance", {"wage": 1, "lo": 3, "hi": 4, "rates": {"pension": [8, 160]}}, "0到100之间"),
        ("social_insurance", {"wage": 1, "lo": 3, "hi": 4, "rates": {"base": [8, 16]}}, "险种名"),
        ("social_insurance", {"wage": 1, "lo": 3, "hi": 4, "rates": "8和16"}, "缴费比例（rates）要像"),
        ("nothing", {}, "没有叫 nothing 的计算器"),
    ],
)
def test_bad_input_is_one_sentence_naming_the_field(
    compute: Compute, name: str, given: dict[str, Any], said: str
) -> None:
    """Each refusal says which input and what was expected."""
    with pytest.raises(CalculationError) as refused:
        compute(name, **given)
    assert said in str(refused.value)
    assert str(refused.value).count("。") <= 1
    assert refused.value.field


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("severance", {"start": "2025-01-02", "end": "2025-02-01", "avg12": 6000, "local_min": 2000}),
        (
            "severance",
            {"start": "2025-01-02", "end": "2025-02-01", "avg12": 6000, "local_avg": 2000, "region": "河北"},
        ),
        ("sick_pay_floor", {}),
        ("min_wage_check", {"gross": 2000, "region": "上海", "on": "2025-06-30"}),
        ("work_injury", {"grade": 5, "wage": 5000}),
        (
            "work_injury",
            {
                "grade": 5,
                "wage": 5000,
                "local_avg": 7000,
                "leaving": True,
                "region": "浙江",
                "on": "2026-01-01",
            },
        ),
        ("work_death", {"wage": 5000, "local_avg": 7000, "on": "2023-05-01"}),
        ("social_insurance", {"wage": 5000, "lo": 1, "hi": 2}),
        ("social_insurance", {"wage": 5000, "rates": {"pension": [8, 16]}}),
    ],
)
def test_a_missing_local_standard_is_asked_for(compute: Compute, name: str, given: dict[str, Any]) -> None:
    """Never a default in its place."""
    with pytest.raises(LocalStandardError, match=r"^需要当地标准：.*（\w+）"):
        compute(name, **given)


def test_overtime_systems(compute: Compute) -> None:
    """Irregular hours pay nothing here, comprehensive ones 150% throughout, piece work as standard, each with its flag."""
    hours = {"monthly_base": 5220, "weekday": 10, "rest": 10, "holiday": 8}
    assert compute("overtime", **hours)["result"]["amount"] == 450 + 600 + 720
    assert compute("overtime", **hours, system="综合工时")["result"]["amount"] == 450 + 450 + 720
    none = compute("overtime", **hours, system="irregular")
    assert none["result"]["amount"] == 0.0
    assert none["flags"] == ["irregular_holiday_rule"]
    piece = compute("overtime", **hours, system="piece")
    assert piece["result"]["amount"] == 1770.0
    assert piece["flags"] == ["piece_rate"]


def test_overtime_borders(compute: Compute) -> None:
    """Rest taken beyond rest worked is not set off elsewhere; 36 hours are allowed, more are not; no wage below the minimum."""
    row = compute("overtime", monthly_base=5220, weekday=10, rest=4, rest_comp=9)
    assert row["result"]["rest"] == 0.0
    assert row["result"]["amount"] == 450.0
    assert len(row["assumptions"]) == 1
    assert not compute("overtime", monthly_base=5220, weekday=36)["result"]["over_36h"]
    assert compute("overtime", monthly_base=5220, weekday="36.5小时")["result"]["over_36h"]
    low = compute("overtime", monthly_base=1740, weekday=8, local_min=2610)
    assert low["result"]["hourly"] == 15.0
    assert low["flags"] == ["below_minimum"]


def test_annual_leave_exceptions(compute: Compute) -> None:
    """Sick leave, long holidays and paid personal leave forfeit the year; who declined in writing gets no 200%."""
    assert compute("annual_leave_days", cum_years=9, sick_months=2)["result"] == 0
    assert compute("annual_leave_days", cum_years=10, sick_months=2)["result"] == 10
    assert compute("annual_leave_days", cum_years=20, sick_months=4)["result"] == 0
    assert compute("annual_leave_days", cum_years=3, personal_days=20)["result"] == 0
    assert compute("annual_leave_days", cum_years=3, long_vacation="是")["result"] == 0
    assert compute("annual_leave_days", cum_years="九年11个月")["result"] == 5
    leaver = {"cum_years": 15, "last": "2024-12-31", "avg_no_ot": 6525}
    assert compute("annual_leave_exit", **leaver)["result"]["elapsed_days"] == 366
    assert compute("annual_leave_exit", **leaver)["result"]["unused"] == 10
    assert compute("annual_leave_exit", **leaver, taken=12)["result"]["unused"] == 0
    declined = compute("annual_leave_exit", **leaver, declined=True)
    assert declined["result"]["total_300"] == declined["result"]["extra_200"] == 0.0
    assert declined["flags"] == ["no_unpaid_300"]
    joined = compute("annual_leave_exit", **leaver, join="2024-07-01")
    assert (joined["result"]["elapsed_days"], joined["result"]["unused"]) == (184, 5)
    assert compute("annual_leave_exit", **leaver, join="2020-07-01")["result"]["unused"] == 10
    assert "tier_crossing" in compute("annual_leave_exit", **{**leaver, "cum_years": 10.5})["flags"]
    assert compute("annual_leave_new", cum_years=0.5, join="2025-01-01")["result"] == 0


def test_sickness(compute: Compute) -> None:
    """Whole years belong to the higher row; Shanghai has its own rule; what is paid below the floor is shown."""
    assert compute("medical_period", total_years=10, unit_years=5)["result"] == {"months": 9, "window": 15}
    assert compute("medical_period", total_years=20, unit_years=20)["result"] == {"months": 24, "window": 30}
    assert "local_rule" in compute("medical_period", total_years=1, unit_years=1, region="上海市")["flags"]
    row = compute("sick_pay_floor", region="北京市", sick_pay=1500)
    assert row["result"] == {"floor": 2032.0}
    assert any("还差 532元" in step for step in row["steps"])
    assert row["flags"] == ["outside_corpus"]


def test_maternity_by_region(compute: Compute) -> None:
    """Henan extends by months of the calendar, Zhejiang by the child, others ask for the standard."""
    henan = compute("maternity", start="2025-11-01", region="河南省")
    # 98 days to 2026-02-06, then three months to 2026-05-06, which are 89 days
    assert henan["result"] == {"national_days": 98, "total_days": 187, "end": "2026-05-06"}
    assert "河南省人口与计划生育条例#27" in henan["citations"]
    assert "local_standard_unverified" in henan["flags"]
    assert compute("maternity", start="2025-03-01", region="浙江")["result"]["total_days"] == 158
    assert compute("maternity", start="2025-03-01", region="浙江", child=2)["result"]["total_days"] == 188
    assert compute("maternity", start="2025-03-01", region="上海", child=3)["result"]["total_days"] == 158
    assert (
        compute("maternity", start="2025-03-01", region="浙江省杭州市", child=1)["result"]["total_days"]
        == 158
    )
    assert compute("maternity", start="2025-03-01", region="云南", ext_days=0)["flags"] == []
    unknown = compute("maternity", start="2025-03-01", region="云南")
    assert unknown["result"]["total_days"] == 98
    assert unknown["flags"] == ["needs_local_standard"]
    assert "需要当地标准" in unknown["notes"][0]
    assert compute("maternity", start="2025-03-01")["flags"] == ["needs_local_standard"]


def test_miscarriage_and_many_babies(compute: Compute) -> None:
    """42 days from four months on, without extension; triplets add thirty days."""
    gone = compute("maternity", start="2024-01-20", kind="miscarriage_ge4", ext_days=60, region="上海")
    assert len(gone["assumptions"]) == 1
    assert gone["result"] == {"national_days": 42, "total_days": 42, "end": "2024-03-01"}
    assert compute("maternity", start="2025-03-01", babies=3)["result"]["national_days"] == 128


def test_work_injury_beyond_the_lump(compute: Compute) -> None:
    """Allowance never below the minimum; care; Zhejiang's two sums; an employer without insurance pays."""
    known = {"wage": 3000, "local_avg": 5000, "on": "2026-01-01"}
    low = compute("work_injury", grade=6, local_min=2200, **known)
    assert (low["result"]["allowance_pct"], low["result"]["allowance"]) == (60, 2200.0)
    assert compute("work_injury", grade=5, **known)["flags"] == ["needs_local_standard"]
    assert (
        compute("work_injury", grade=2, local_min=2200, care="most", insured=False, **known)["result"]["care"]
        == 2000.0
    )
    assert compute("work_injury", grade=9, insured="否", **known)["flags"] == ["paid_by_employer"]
    leaving = compute("work_injury", grade=8, leaving=True, region="浙江", province_avg=7000, **known)
    assert leaving["result"]["medical_subsidy"] == leaving["result"]["employment_subsidy"] == 49000.0
    near = compute(
        "work_injury", grade=8, leaving=True, region="浙江", province_avg=7000, years_to_retire=4.9, **known
    )
    assert "employment_subsidy" not in near["result"]
    assert "near_retirement_reduction" in near["flags"]
    assert (
        "needs_local_standard"
        in compute("work_injury", grade=8, leaving=True, region="江西", **known)["flags"]
    )
    assert (
        "medical_subsidy" not in compute("work_injury", grade=3, leaving=True, local_min=1, **known)["result"]
    )


def test_work_death_limits(compute: Compute) -> None:
    """No dependants, orphans, the cap at the own wage, the income of the year before from the data."""
    known = {"wage": 10000, "local_avg": 7000, "income": 50000}
    assert compute("work_death", **known)["result"]["pension_month"] == 0.0
    assert compute("work_death", **known, kin="孤儿、孤儿")["result"]["pension_month"] == 8000.0
    assert compute("work_death", **known, kin="孤儿、孤儿、孤儿")["result"]["pension_month"] == 10000.0
    mixed = compute("work_death", **known, kin='[["spouse", false], ["parent", true]]', insured=False)
    assert mixed["result"]["pension_month"] == 8000.0
    assert mixed["flags"] == ["paid_by_employer"]
    looked_up = compute("work_death", wage=10000, local_avg=7000, on="2025-12-31")
    assert looked_up["result"]["lump"] == 1083760.0
    assert looked_up["flags"] == ["local_standard_unverified"]
    low = compute("work_death", wage=1000, local_avg=7000, income=1, kin=[["spouse", False]])
    assert low["result"]["pension_month"] == 1680.0


def test_unemployment_borders(compute: Compute) -> None:
    """Guangdong counts half years beyond four; both never pass 24; the monthly sum is 90% of the minimum."""
    for years, months in (
        (0.99, 0),
        (1, 1),
        (3.9, 3),
        (4, 4),
        (4.49, 4),
        (4.5, 5),
        (5, 6),
        (13.5, 23),
        (14, 24),
        (30, 24),
    ):
        assert compute("unemployment_months_gd", years=years)["result"] == {
            "max_months": months,
            "combined": months,
        }
    assert compute("unemployment_months_gd", years=2, left=30, local_min=2500)["result"] == {
        "max_months": 2,
        "combined": 24,
        "monthly": 2250.0,
    }
    assert compute("unemployment_months", years=0.9, left=7)["result"] == {"max_months": 0, "combined": 7}
    assert compute("unemployment_months", years="4年11个月", left=13)["result"] == {
        "max_months": 12,
        "combined": 24,
    }


def test_double_wage_partial_months(compute: Compute) -> None:
    """What is beyond whole months is paid by working days; signing stops it the day before."""
    row = compute("double_wage", start="2025-03-10", end="2025-06-20", monthly=4350)
    # two months to 2025-06-09, then ten days from 06-10 to 06-20 with nine weekdays
    assert row["result"] == {
        "period": ["2025-04-10", "2025-06-20"],
        "full_months": 2,
        "partial_workdays": 9,
        "extra": 10500.0,
    }
    signed = compute("double_wage", start="2025-03-10", signed="2025-06-10", end="2025-12-31", monthly=4350)
    assert signed["result"]["period"] == ["2025-04-10", "2025-06-09"]
    assert signed["result"]["partial_workdays"] == 0
    assert (
        compute("double_wage", start="2025-03-10", signed="2025-04-10", end="2025-12-31", monthly=1)[
            "result"
        ]["period"]
        is None
    )
    given = compute("double_wage", start="2025-03-10", end="2025-06-20", monthly=4350, workdays=3)
    assert given["result"]["extra"] == 9300.0
    holiday = compute("double_wage", start="2025-01-10", end="2025-10-12", monthly=4350)
    assert holiday["result"]["partial_workdays"] == 1
    assert "actual_workdays" in holiday["flags"]


def test_double_wage_from_a_month_end_and_before_the_law(compute: Compute) -> None:
    """Eleven months from the 31st are eleven; before 2008 the month begins with the law; still employed means today."""
    row = compute("double_wage", start="2025-01-31", end="2026-06-30", monthly=1000)
    assert row["result"] == {
        "period": ["2025-02-28", "2026-01-30"],
        "full_months": 11,
        "partial_workdays": 0,
        "extra": 11000.0,
    }
    old = compute("double_wage", start="2006-05-01", end="2012-01-01", monthly=1000)
    assert old["result"]["period"] == ["2008-02-01", "2008-12-31"]
    assert "before_2008" in old["flags"]
    now = compute("double_wage", start="2026-09-20", monthly=1000)
    assert now["result"]["period"] == ["2026-10-20", "2026-11-20"]
    assert "今天" in now["assumptions"][0]
    open_end = registry.calculate("double_wage", {"start": "2025-01-31", "monthly": 1}, Context())
    assert isinstance(open_end.value, dict)
    assert open_end.value["full_months"] == 11


def test_probation_kinds(compute: Compute) -> None:
    """None for part-time and for a task whatever the months; open-ended six without any."""
    assert compute("probation", months=60, kind="part_time")["result"] == 0
    assert compute("probation", months=60, kind="task")["result"] == 0
    assert compute("probation", kind="无固定期限")["result"] == 6
    assert compute("probation", months="两年十一个月")["result"] == 2
    assert compute("probation", months="3年")["result"] == 6
    assert compute("illegal_probation_pay", wage=6000, months=1.5)["result"] == {"amount": 9000.0}


def test_arbitration(compute: Compute) -> None:
    """Wage owed in service has no limit until leaving; suspension moves the day; a late claim needs proof of earlier ones."""
    assert compute("arbitration_deadline", arrears=True)["result"] is None
    assert compute("arbitration_deadline", arrears=True)["flags"] == ["no_limit_in_service"]
    assert compute("arbitration_deadline", arrears=True, ended="2025-08-31")["result"] == "2026-08-31"
    later = compute("arbitration_deadline", arrears=True, ended="2025-08-31", interrupted="2026-01-05")
    assert later["result"] == "2027-01-05"
    assert later["flags"] == ["no_holiday_data"]
    moved = compute(
        "arbitration_deadline", known="2025-03-10", suspended_from="2025-05-01", suspended_to="2025-05-21"
    )
    assert moved["result"] == "2026-03-30"
    outside = compute(
        "arbitration_deadline", known="2025-03-10", suspended_from="2024-05-01", suspended_to="2024-05-21"
    )
    assert outside["result"] == "2026-03-10"
    assert "suspension_outside" in outside["flags"]
    late = compute("arbitration_deadline", known="2024-03-10", interrupted="2025-06-03")
    assert late["result"] == "2026-06-03"
    assert late["flags"] == ["interrupted_late"]


def test_a_last_day_off_is_flagged_and_not_moved(compute: Compute) -> None:
    """National day moves to the eighth, a worked Saturday does not, a year without a notice knows weekends only."""
    row = compute("arbitration_deadline", known="2025-10-01")
    assert row["result"] == "2026-10-01"
    assert row["flags"] == ["rest_day"]
    assert "2026-10-08" in row["notes"][0]
    assert compute("arbitration_deadline", known="2025-02-14")["flags"] == []  # a Saturday worked in 2026
    assert compute("arbitration_deadline", known="2025-11-21")["flags"] == ["rest_day"]  # a plain Saturday
    assert compute("lawsuit_deadline", received="2027-09-16")["flags"] == ["no_holiday_data"]


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("lawsuit_deadline", {"received": "2026-02-20"}, "2026-03-07"),
        ("mediation_deadline", {"applied": "2025-12-20"}, "2026-01-04"),
        ("arbitration_acceptance_deadline", {"applied": "2024-02-26"}, "2024-03-02"),
        ("arbitration_award_deadline", {"accepted": "2025-01-01"}, "2025-02-15"),
        ("arbitration_award_deadline", {"accepted": "2025-01-01", "extended": True}, "2025-03-02"),
        ("injury_claim_deadline", {"occurred": "2024-02-29"}, "2025-02-28"),
        ("injury_claim_deadline_employer", {"occurred": "2025-01-31"}, "2025-03-02"),
        ("injury_decision_deadline", {"accepted": "2025-03-01"}, "2025-04-30"),
        ("injury_decision_deadline", {"accepted": "2025-03-01", "simple": "是"}, "2025-03-16"),
        ("disability_appraisal_deadline", {"applied": "2025-03-01"}, "2025-04-30"),
        ("disability_appraisal_deadline", {"applied": "2025-03-01", "extended": 1}, "2025-05-30"),
        ("disability_reappraisal_deadline", {"received": "2025-03-01"}, "2025-03-16"),
        ("disability_review_date", {"concluded": "2025-03-01"}, "2026-03-01"),
        ("inspection_deadline", {"ended": "2024-02-29"}, "2026-02-28"),
        ("inspection_investigation_deadline", {"opened": "2025-01-02"}, "2025-04-02"),
        ("legal_aid_review_deadline", {"applied": "2025-12-30"}, "2026-01-06"),
        ("legal_aid_assignment_deadline", {"decided": "2025-12-30"}, "2026-01-02"),
        ("resignation_date", {"noticed": "2025-01-30"}, "2025-03-01"),
        ("resignation_date", {"noticed": "2025-01-30", "probation": True}, "2025-02-02"),
        ("transfer_deadline", {"ended": "2025-02-20"}, "2025-03-07"),
    ],
)
def test_other_periods(compute: Compute, name: str, given: dict[str, Any], expected: str) -> None:
    """Each period of the table, by calendar days, months or working days."""
    assert compute(name, **given)["result"] == expected


def test_working_days_of_an_investigation_by_hand(context: Context) -> None:
    """Sixty working days after 2025-01-02, the official exchange of days taken into account."""
    off = {
        date(2025, 1, 28),
        date(2025, 1, 29),
        date(2025, 1, 30),
        date(2025, 1, 31),
        date(2025, 2, 3),
        date(2025, 2, 4),
    }
    worked, day = 0, date(2025, 1, 2)
    while worked < 60:
        day = date.fromordinal(day.toordinal() + 1)
        weekend = day.isoweekday() > 5
        worked += (not weekend and day not in off) or day in {date(2025, 1, 26), date(2025, 2, 8)}
    assert context.holidays.add_working(date(2025, 1, 2), 60) == day


def test_minimum_wage_checks(compute: Compute) -> None:
    """Shanghai's standard excludes contributions by the data; where nobody said, it is flagged; part-time by the hour."""
    known = {"gross": 3200, "si": 500, "on": "2026-01-01"}
    shanghai = compute("min_wage_check", region="上海市", **known)
    assert shanghai["result"] == {"comparable": 2700.0, "ok": False, "shortfall": 40.0}
    beijing = compute("min_wage_check", region="北京", **known)
    assert beijing["result"]["ok"]
    assert beijing["flags"] == ["si_rule_unknown"]
    hourly = compute("min_wage_check", gross=20, local_min=26.4, kind="hourly", absent=True)
    assert hourly["result"]["shortfall"] == 6.4
    assert hourly["flags"] == ["not_applicable"]
    assert "劳动合同法#72" in hourly["citations"]


def test_deductions(compute: Compute) -> None:
    """Without a sum wanted the most allowed; nothing from a wage at or below the minimum."""
    assert compute("wage_deduction", wage=5000, local_min=2540)["result"] == {"max_deduct": 1000.0}
    assert compute("wage_deduction", wage=2540, local_min=2540, want=1)["result"] == {"max_deduct": 0.0}
    assert compute("wage_deduction", wage=2000, local_min=2540)["flags"] == ["below_minimum"]


def test_covenants(compute: Compute) -> None:
    """Forced to leave costs nothing, fault costs the same, service done costs nothing; two years and low pay are flagged."""
    known = {"cost": 30000, "total_m": "5年", "served_m": 24, "agreed": 50000}
    assert compute("training_penalty", **known, reason="forced")["result"] == {"max_penalty": 0.0}
    assert compute("training_penalty", **known, reason="fault")["result"] == {"max_penalty": 18000.0}
    assert compute("training_penalty", **{**known, "served_m": 70})["result"] == {"max_penalty": 0.0}
    row = compute("noncompete", avg12=9000, local_min=2200, agreed=1000, months=36)
    assert row["result"] == {"monthly": 1000.0, "rule": "agreed"}
    assert row["flags"] == ["over_two_years", "compensation_low"]
    assert compute("noncompete", avg12=9000, local_min=2200, agreed=0)["result"]["rule"] == "30%/min"


def test_contributions_that_look_wrong_are_flagged(compute: Compute) -> None:
    """A personal share of work injury insurance, a housing fund below 5%; an unknown insurance is computed all the same."""
    rates = '{"injury": [1, 0.5], "housing_fund": [4, 5], "supplement": [1, 1]}'
    row = compute("social_insurance", wage=10000, lo=5000, hi=30000, rates=rates)
    assert row["result"]["injury"] == [100.0, 50.0]
    assert row["result"]["supplement"] == [100.0, 100.0]
    assert row["flags"] == ["personal_share", "fund_share"]


@pytest.mark.parametrize(
    ("birth", "kind", "delay", "age", "month"),
    [
        ("1964-12-31", "m60", 0, "60岁", "2024-12"),
        ("1965-04-30", "m60", 1, "60岁1个月", "2025-05"),
        ("1965-05-01", "m60", 2, "60岁2个月", "2025-07"),
        ("1968-12-01", "m60", 12, "61岁", "2029-12"),
        ("1976-08-31", "m60", 35, "62岁11个月", "2039-07"),
        ("1976-09-01", "m60", 36, "63岁", "2039-09"),
        ("1990-09-01", "男", 36, "63岁", "2053-09"),
        ("1969-12-31", "f55", 0, "55岁", "2024-12"),
        ("1981-09-30", "f55", 36, "58岁", "2039-09"),
        ("1974-12-01", "f50", 0, "50岁", "2024-12"),
        ("1975-01-01", "f50", 1, "50岁1个月", "2025-02"),
        ("1984-10-31", "f50", 59, "54岁11个月", "2039-09"),
        ("1984-11-01", "f50", 60, "55岁", "2039-11"),
        ("2000-02-29", "f50", 60, "55岁", "2055-02"),
    ],
)
def test_retirement_at_the_borders(
    compute: Compute, birth: str, kind: str, delay: int, age: str, month: str
) -> None:
    """First and last month of each step, as the official table has them."""
    row = compute("retirement", birth=birth, kind=kind)
    assert row["result"] == {"delay_months": delay, "age": age, "retire_month": month}
    assert ("before_reform" in row["flags"]) == (delay == 0)


def test_flexible_retirement_is_shown(compute: Compute) -> None:
    """Three years earlier, never before the original age; contributions rise from 2030."""
    late = compute("retirement", birth="1980-01-01", kind="m60")["steps"]
    assert "最早 2040-01" in late[1]
    assert "最晚 2046-01" in late[1]
    assert "最低缴费 20 年" in late[2]
    assert "最早 2025-01" in compute("retirement", birth="1965-01-01", kind="m60")["steps"][1]
    assert "最低缴费 15.5 年" in compute("retirement", birth="1969-02-01", kind="m60")["steps"][2]
