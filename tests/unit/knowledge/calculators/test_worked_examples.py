"""The worked examples of the specification, field by field."""

from collections.abc import Callable
from typing import Any

import pytest

EXAMPLES: tuple[tuple[str, dict[str, Any], Any], ...] = (
    (
        "severance",
        {
            "start": "2019-03-15",
            "end": "2025-06-30",
            "avg12": 8000,
            "local_min": 2200,
            "local_avg": 7500,
            "scheme": "N",
        },
        {"base": 8000.0, "capped": False, "months": 6.5, "amount": 52000.0},
    ),
    (
        "severance",
        {
            "start": "2010-07-01",
            "end": "2025-09-30",
            "avg12": 30000,
            "local_min": 2540,
            "local_avg": 9000,
            "scheme": "N",
        },
        {"base": 27000.0, "capped": True, "months": 12.0, "amount": 324000.0},
    ),
    (
        "severance",
        {
            "start": "2020-01-10",
            "end": "2024-02-09",
            "avg12": 6200,
            "local_min": 2000,
            "local_avg": 7000,
            "scheme": "N+1",
            "last_month": 6800,
        },
        {"base": 6200.0, "capped": False, "months": 4.5, "notice_pay": 6800.0, "amount": 34700.0},
    ),
    (
        "overtime",
        {"monthly_base": 6000, "weekday": 20, "rest": 16, "holiday": 8},
        {
            "hourly": 34.48,
            "weekday": 1034.48,
            "rest": 1103.45,
            "holiday": 827.59,
            "amount": 2965.52,
            "over_36h": True,
        },
    ),
    (
        "overtime",
        {"monthly_base": 5220, "weekday": 0, "rest": 8, "rest_comp": 8, "holiday": 0},
        {"hourly": 30.0, "weekday": 0.0, "rest": 0.0, "holiday": 0.0, "amount": 0.0, "over_36h": False},
    ),
    (
        "overtime",
        {"monthly_base": 4350, "weekday": 10, "rest": 0, "holiday": 24},
        {
            "hourly": 25.0,
            "weekday": 375.0,
            "rest": 0.0,
            "holiday": 1800.0,
            "amount": 2175.0,
            "over_36h": False,
        },
    ),
    (
        "annual_leave_exit",
        {"cum_years": 3, "last": "2025-06-30", "taken": 0, "avg_no_ot": 6525},
        {"elapsed_days": 181, "unused": 2, "daily": 300.0, "total_300": 1800.0, "extra_200": 1200.0},
    ),
    (
        "annual_leave_exit",
        {"cum_years": 12, "last": "2025-09-30", "taken": 3, "avg_no_ot": 8700},
        {"elapsed_days": 273, "unused": 4, "daily": 400.0, "total_300": 4800.0, "extra_200": 3200.0},
    ),
    (
        "annual_leave_exit",
        {"cum_years": 22, "last": "2025-12-31", "taken": 15, "avg_no_ot": 10000},
        {"elapsed_days": 365, "unused": 0, "daily": 459.77, "total_300": 0.0, "extra_200": 0.0},
    ),
    ("annual_leave_new", {"cum_years": 6, "join": "2025-04-01"}, 3),
    ("annual_leave_new", {"cum_years": 15, "join": "2025-10-15"}, 2),
    ("annual_leave_new", {"cum_years": 25, "join": "2025-01-01"}, 15),
    ("medical_period", {"total_years": 3, "unit_years": 1}, {"months": 3, "window": 6}),
    ("medical_period", {"total_years": 8, "unit_years": 6}, {"months": 6, "window": 12}),
    ("medical_period", {"total_years": 12, "unit_years": 4}, {"months": 6, "window": 12}),
    ("maternity", {"start": "2025-03-01"}, {"national_days": 98, "total_days": 98, "end": "2025-06-06"}),
    (
        "maternity",
        {"start": "2025-03-01", "babies": 2, "difficult": True, "ext_days": 60},
        {"national_days": 128, "total_days": 188, "end": "2025-09-04"},
    ),
    (
        "maternity",
        {"start": "2025-05-10", "kind": "miscarriage_lt4"},
        {"national_days": 15, "total_days": 15, "end": "2025-05-24"},
    ),
    (
        "work_injury",
        {"grade": 10, "wage": 6000, "local_avg": 7000},
        {"base": 6000.0, "lump_months": 7, "lump": 42000.0},
    ),
    (
        "work_injury",
        {"grade": 4, "wage": 3000, "local_avg": 7000, "local_min": 2200},
        {"base": 4200.0, "lump_months": 21, "lump": 88200.0, "allowance_pct": 75, "allowance": 3150.0},
    ),
    (
        "work_injury",
        {"grade": 7, "wage": 30000, "local_avg": 8000},
        {"base": 24000.0, "lump_months": 13, "lump": 312000.0},
    ),
    (
        "work_death",
        {"wage": 6000, "local_avg": 7000, "income": 54188, "kin": [["spouse", False], ["child", False]]},
        {"funeral": 42000.0, "pension_month": 4200.0, "lump": 1083760.0},
    ),
    (
        "work_death",
        {
            "wage": 5000,
            "local_avg": 6500,
            "income": 56502,
            "kin": [["spouse", False], ["child", False], ["parent", False], ["parent", False]],
        },
        {"funeral": 39000.0, "pension_month": 5000.0, "lump": 1130040.0},
    ),
    (
        "work_death",
        {"wage": 4000, "local_avg": 6000, "income": 51821, "kin": [["parent", True]]},
        {"funeral": 36000.0, "pension_month": 1600.0, "lump": 1036420.0},
    ),
    ("unemployment_months", {"years": 0.9, "left": 0}, {"max_months": 0, "combined": 0}),
    ("unemployment_months", {"years": 1, "left": 0}, {"max_months": 12, "combined": 12}),
    ("unemployment_months", {"years": 5, "left": 0}, {"max_months": 18, "combined": 18}),
    (
        "double_wage",
        {"start": "2025-01-06", "end": "2025-05-05", "monthly": 5000},
        {"period": ["2025-02-06", "2025-05-05"], "full_months": 3, "partial_workdays": 0, "extra": 15000.0},
    ),
    (
        "double_wage",
        {"start": "2024-03-01", "end": "2025-06-30", "monthly": 6000},
        {"period": ["2024-04-01", "2025-02-28"], "full_months": 11, "partial_workdays": 0, "extra": 66000.0},
    ),
    (
        "double_wage",
        {"start": "2025-03-10", "end": "2025-04-05", "monthly": 5000},
        {"period": None, "full_months": 0, "extra": 0.0},
    ),
    ("probation", {"months": 2, "kind": "fixed"}, 0),
    ("probation", {"months": 3, "kind": "fixed"}, 1),
    ("probation", {"months": 12, "kind": "fixed"}, 2),
    (
        "probation_wage",
        {"agreed": 5000, "lowest_post": 4000, "local_min": 2200},
        {"floor": 3200.0, "strict_floor": 4000.0},
    ),
    (
        "probation_wage",
        {"agreed": 2500, "lowest_post": 2500, "local_min": 2200},
        {"floor": 2200.0, "strict_floor": 2200.0},
    ),
    (
        "probation_wage",
        {"agreed": 10000, "lowest_post": 9000, "local_min": 2540},
        {"floor": 7200.0, "strict_floor": 8000.0},
    ),
    ("arbitration_deadline", {"known": "2025-03-10", "interrupted": None}, "2026-03-10"),
    ("arbitration_deadline", {"known": "2024-02-29", "interrupted": None}, "2025-02-28"),
    ("arbitration_deadline", {"known": "2024-05-01", "interrupted": "2025-01-15"}, "2026-01-15"),
    (
        "min_wage_check",
        {"gross": 3000, "ot": 500, "special": 100, "local_min": 2540},
        {"comparable": 2400.0, "ok": False, "shortfall": 140.0},
    ),
    (
        "min_wage_check",
        {"gross": 3200, "ot": 0, "special": 0, "si": 500, "local_min": 2740, "si_excluded": True},
        {"comparable": 2700.0, "ok": False, "shortfall": 40.0},
    ),
    (
        "min_wage_check",
        {"gross": 2740, "local_min": 2740},
        {"comparable": 2740.0, "ok": True, "shortfall": 0.0},
    ),
    (
        "training_penalty",
        {"cost": 60000, "total_m": 36, "served_m": 12, "agreed": 60000},
        {"max_penalty": 40000.0},
    ),
    (
        "training_penalty",
        {"cost": 30000, "total_m": 60, "served_m": 24, "agreed": 50000},
        {"max_penalty": 18000.0},
    ),
    (
        "training_penalty",
        {"cost": 20000, "total_m": 24, "served_m": 6, "agreed": 8000},
        {"max_penalty": 8000.0},
    ),
    ("noncompete", {"avg12": 9000, "local_min": 2200}, {"monthly": 2700.0, "rule": "30%/min"}),
    ("noncompete", {"avg12": 6000, "local_min": 2200}, {"monthly": 2200.0, "rule": "30%/min"}),
    (
        "noncompete",
        {"avg12": 20000, "local_min": 2540, "agreed": 5000},
        {"monthly": 5000.0, "rule": "agreed"},
    ),
    (
        "social_insurance",
        {
            "wage": 40000,
            "lo": 7546,
            "hi": 37731,
            "rates": {"pension": [8, 16], "medical": [2, 9], "unemployment": [0.5, 0.5], "injury": [0, 0.2]},
        },
        {
            "base": 37731.0,
            "pension": [3018.48, 6036.96],
            "medical": [754.62, 3395.79],
            "unemployment": [188.66, 188.66],
            "injury": [0.0, 75.46],
        },
    ),
    (
        "social_insurance",
        {
            "wage": 4100,
            "lo": 7546,
            "hi": 37731,
            "rates": {"pension": [8, 16], "medical": [2, 9], "unemployment": [0.5, 0.5], "injury": [0, 0.2]},
        },
        {
            "base": 7546.0,
            "pension": [603.68, 1207.36],
            "medical": [150.92, 679.14],
            "unemployment": [37.73, 37.73],
            "injury": [0.0, 15.09],
        },
    ),
    (
        "social_insurance",
        {
            "wage": 10000,
            "lo": 7546,
            "hi": 37731,
            "rates": {"pension": [8, 16], "medical": [2, 9], "unemployment": [0.5, 0.5], "injury": [0, 0.2]},
        },
        {
            "base": 10000.0,
            "pension": [800.0, 1600.0],
            "medical": [200.0, 900.0],
            "unemployment": [50.0, 50.0],
            "injury": [0.0, 20.0],
        },
    ),
    ("wage_deduction", {"wage": 5000, "local_min": 2540, "want": 2000}, {"max_deduct": 1000.0}),
    ("wage_deduction", {"wage": 2800, "local_min": 2540, "want": 1000}, {"max_deduct": 260.0}),
    ("wage_deduction", {"wage": 2500, "local_min": 2540, "want": 300}, {"max_deduct": 0.0}),
    (
        "retirement",
        {"birth": "1965-01-15", "kind": "m60"},
        {"delay_months": 1, "age": "60岁1个月", "retire_month": "2025-02"},
    ),
    (
        "retirement",
        {"birth": "1970-05-01", "kind": "f55"},
        {"delay_months": 2, "age": "55岁2个月", "retire_month": "2025-07"},
    ),
    (
        "retirement",
        {"birth": "1975-03-01", "kind": "f50"},
        {"delay_months": 2, "age": "50岁2个月", "retire_month": "2025-05"},
    ),
)


@pytest.mark.parametrize(("name", "given", "expected"), EXAMPLES)
def test_a_worked_example_comes_out_exactly(
    compute: Callable[..., dict[str, Any]], name: str, given: dict[str, Any], expected: Any
) -> None:
    """Every field, no other, and every result says how it was reached and by which article."""
    row = compute(name, **given)
    assert row["result"] == expected
    assert row["steps"]
    assert row["citations"]
