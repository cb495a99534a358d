"""Answers as people write them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from knowledge.calculators import readers
from knowledge.calculators.errors import CalculationError
from knowledge.calculators.inputs import Input, named


@pytest.mark.parametrize(
    ("raw", "unit", "value"),
    [
        (8000, "元", "8000"),
        (34.48, "元", "34.48"),
        ("8,000元", "元/月", "8000"),
        ("￥８０００．５", "元", "8000.5"),
        ("1.5万", "元", "15000"),
        ("五千", "元", "5000"),
        ("两千八百块钱", "元", "2800"),
        ("3小时", "小时", "3"),
        ("3个月", "个月", "3"),
        ("三年", "个月", "36"),
        ("3年6个月", "年", "3.5"),
        ("一年半", "年", "1.5"),
        ("半年", "个月", "6"),
        ("18个月", "年", "1.5"),
        ("2.5年", "个月", "30"),
        ("十级", "级", "10"),
        ("8%", "%", "8"),
        (Decimal("7.10"), "", "7.10"),
        ("-3", "", "-3"),
    ],
)
def test_numbers(raw: Any, unit: str, value: str) -> None:
    """Ints, floats, strings, full width, commas, Chinese numerals, durations in the unit asked for."""
    assert readers.number(raw, unit) == Decimal(value)


@pytest.mark.parametrize("raw", [True, None, [], "", "abc", "1.2.3", float("nan"), "inf", "3天"])
def test_what_is_no_number(raw: Any) -> None:
    """Refused, also a unit that is not the one asked for."""
    with pytest.raises(ValueError, match="要填数字"):
        readers.number(raw, "元")


@pytest.mark.parametrize(
    "raw",
    [
        "2025-06-03",
        "2025/6/3",
        "2025年6月3日",
        "2025.06.03",
        "２０２５-06-03",
        "2025-06-03T08:00:00",
        date(2025, 6, 3),
    ],
)
def test_dates(raw: Any) -> None:
    """ISO and the ways people write."""
    assert readers.day(raw) == date(2025, 6, 3)
    assert readers.day(datetime(2025, 6, 3, 9, 0)) == date(2025, 6, 3)  # noqa: DTZ001 - a naive one is still a day


@pytest.mark.parametrize("raw", ["2025-13-01", "2025-02-29", "0001-01-01", "昨天", 20250603, None, "2025-6"])
def test_what_is_no_date(raw: Any) -> None:
    """Refused with what was expected."""
    with pytest.raises(ValueError, match=r"要|日历"):
        readers.day(raw)


def test_yes_no_words_and_kin() -> None:
    """The ordinary answers, and lists of relatives in both forms."""
    assert readers.yes_no("是") is readers.yes_no(True) is readers.yes_no("YES") is True
    assert readers.yes_no("否") is readers.yes_no(0) is False
    with pytest.raises(ValueError, match="是或否"):
        readers.yes_no("也许")
    with pytest.raises(ValueError, match="名称"):
        readers.words(5)
    assert readers.kin("妻子，儿子(孤儿) 无") == (("spouse", False), ("child", True))
    assert readers.kin("孤寡老人") == (("other", True),)
    assert readers.kin([["orphan", False], ["wife", False]]) == (("other", True), ("spouse", False))
    assert readers.kin([["spouse", "false"], "母亲"]) == (("spouse", False), ("parent", False))
    for wrong in (5, "[oops", [["spouse"]], [5], "邻居"):
        with pytest.raises(ValueError, match="要"):
            readers.kin(wrong)
    with pytest.raises(ValueError, match="要像"):
        readers.rates([])
    with pytest.raises(ValueError, match="险种名"):
        readers.rates({"养老": [1, 2]})


def test_names_of_inputs() -> None:
    """Aliases lead to the input, an empty answer is none, the same input twice is refused."""
    asked = (Input("monthly", "月工资", "每月多少？", aliases=("wage",)),)
    assert named(asked, {"wage": 5}) == {"monthly": 5}
    assert named(asked, {"wage": "", "monthly": None}) == {}
    with pytest.raises(CalculationError, match="填了两次"):
        named(asked, {"wage": 5, "monthly": 5})
    with pytest.raises(CalculationError, match="…"):
        named(asked, {"x" * 50: 5})
