"""Chinese and Arabic numerals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.numerals import to_chinese, to_int


@given(st.integers(min_value=0, max_value=9999))
def test_every_number_survives_the_way_to_chinese_and_back(number: int) -> None:
    """Article numbers are written in Chinese and read back unchanged."""
    assert to_int(to_chinese(number)) == number


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("四十七", 47),
        ("47", 47),
        ("４７", 47),
        ("一百零二", 102),
        ("一〇二", 102),
        ("十", 10),
        ("两", 2),
        ("千", 1000),
    ],
)
def test_ordinary_spellings_are_read(numeral: str, value: int) -> None:
    """People write numbers in every width and script."""
    assert to_int(numeral) == value


@pytest.mark.parametrize("numeral", ["", "条", "十百", "4十x"])
def test_what_is_no_number_is_refused(numeral: str) -> None:
    """Nothing is guessed."""
    assert to_int(numeral) is None
