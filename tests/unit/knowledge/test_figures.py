"""Figures are the same however they are written."""

import re

import pytest

from knowledge.figures import FIGURE, figure


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("不超过百分之五十", "最多50%"),
        ("两倍", "双倍"),
        ("二倍", "2倍"),
        ("十一个月", "11个月"),
        ("1.5倍", "一点五倍"),
        ("2万元", "20000元"),
        ("两千五百元", "2,500块"),
        ("三十日", "30天"),
        ("不少于三分之二", "至少3分之2"),
        ("30周岁", "三十岁"),
        ("半年", "半年"),
    ],
)
def test_one_value_has_one_spelling(one: str, other: str) -> None:
    """Numerals, units and bounds of one meaning."""
    assert figure(one) == figure(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("一个月", "一年"),
        ("最多十天", "至少十天"),
        ("十天以内", "十天以后"),
        ("十天", "十个工作日"),
        ("万分之五", "千分之五"),
        ("第三条", "三条"),
        ("满一年", "不满一年"),
        ("几天", "三天"),
        ("五十多岁", "五十岁"),
        ("2万元", "2元"),
    ],
)
def test_other_values_have_other_spellings(one: str, other: str) -> None:
    """A different number, unit or bound."""
    assert figure(one) != figure(other)


def test_words_with_a_numeral_in_them_are_no_figures() -> None:
    """一般 and 统一 count nothing; a hotline and a bare number do."""
    for text, found in (
        ("一般统一的万一", []),
        ("打12333", ["12333"]),
        ("一次性补助二十七个月", ["一次", "二十七个月"]),
        ("2030年1月1日起", ["2030年", "1月", "1日起"]),
    ):
        assert re.findall(FIGURE, text) == found


def test_what_is_no_figure_stays_itself() -> None:
    """Nothing is lost."""
    assert figure("喝茶") == "喝茶"
