"""Amounts, dates, lengths of time, phones, case numbers and places."""

from datetime import date
from decimal import Decimal

import pytest

from intents import dates, entities, numbers
from intents.entities import Kind

TODAY = date(2026, 11, 20)
"""A Friday."""
PLACES = {"杭州": "浙江", "浙江": "浙江", "朝阳": "辽宁", "朝阳区": "北京"}


def _found(text: str) -> list[tuple[str, str]]:
    return [(entity.kind.value, str(entity.value)) for entity in entities.extract(text, TODAY, PLACES)]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("三千五", "3500"),
        ("1万2", "12000"),
        ("1万2千", "12000"),
        ("一万二", "12000"),
        ("两万五千", "25000"),
        ("3,500.50", "3500.50"),
        ("一百零五", "105"),
        ("一百二", "120"),
        ("三千零五", "3005"),
        ("一万零五百", "10500"),
        ("十五", "15"),
        ("二〇二四", "2024"),
        ("1.2万", "12000.0"),
        ("5k", "5000"),
        ("2w", "20000"),
        ("壹万贰仟", "12000"),
        ("一亿二千万", "120000000"),
        ("十二万三千四百五十六", "123456"),
        ("8千5", "8500"),
        ("千五", "1500"),
    ],
)
def test_numbers_in_every_script(written: str, value: str) -> None:
    """Digits, Chinese numerals and both mixed."""
    assert numbers.parse(written) == Decimal(value)


@pytest.mark.parametrize("written", ["", "十十", "元", "三x", "百千"])
def test_what_is_no_number(written: str) -> None:
    """None rather than a guess."""
    assert numbers.parse(written) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("老板欠我三千五", "3500"),
        ("工资1万2没发", "12000"),
        ("扣了我3,500.50元", "3500.5"),
        ("两千多块", "2000"),
        ("五六千块", "5000-6000"),
        ("三块五", "3.5"),
        ("二十八块五毛", "28.5"),
        ("3块25", "3.25"),
        ("底薪3500", "3500"),
        ("罚款200", "200"),
        ("日结280", "280"),
        ("一千五百六十七块八毛", "1567.8"),
        ("３５００元", "3500"),
        ("8000", "8000"),
        ("一共一万三千六", "13600"),
    ],
)
def test_amounts(text: str, value: str) -> None:
    """Money with a unit, in thousands, after a word of pay, or alone."""
    assert ("amount", value) in _found(text)


@pytest.mark.parametrize(
    "text",
    ["等一下", "有一些问题", "学习三中全会精神", "千万别告诉老板", "万一被开除", "两千多人停工", "公司一共50个人", "第四十七条",
     "五险一金", "一百个不愿意", "12351", "996", "孩子3岁", "3到5个工作日", "赔N+1", "2N", "百分之十", "3号楼", "第三季度"],
)  # fmt: skip
def test_words_that_only_look_like_numbers(text: str) -> None:
    """No amount and no date is made of them."""
    assert _found(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("去年三月", "2025-03"),
        ("上个月15号", "2026-10-15"),
        ("前天", "2026-11-18"),
        ("今年五一", "2026-05-01"),
        ("2025.3.15", "2025-03-15"),
        ("2025-3-15", "2025-03-15"),
        ("2025年3月15日", "2025-03-15"),
        ("20250315", "2025-03-15"),
        ("二〇二四年", "2024"),
        ("二〇二四年五月", "2024-05"),
        ("24年3月", "2024-03"),
        ("2023.8入职", "2023-08"),
        ("98年5月", "1998-05"),
        ("三月份", "2026-03"),
        ("十二月的", "2025-12"),
        ("3月15", "2026-03-15"),
        ("五月二十八号", "2026-05-28"),
        ("5.20号", "2026-05-20"),
        ("15号", "2026-11-15"),
        ("25号发的", "2026-10-25"),
        ("去年年底", "2025-10-01/2025-12-31"),
        ("今年上半年", "2026-01-01/2026-06-30"),
        ("上个月底", "2026-10-21/2026-10-31"),
        ("上上个月", "2026-09"),
        ("本月初", "2026-11-01/2026-11-10"),
        ("上周三", "2026-11-11"),
        ("上周", "2026-11-09/2026-11-15"),
        ("下个星期天", "2026-11-29"),
        ("三天前", "2026-11-17"),
        ("两个月前", "2026-09-20"),
        ("半年前", "2026-05-20"),
        ("十天后", "2026-11-30"),
        ("两周以后", "2026-12-04"),
        ("春节加班", "2026-02-17"),
        ("去年除夕", "2025-01-28"),
        ("今年中秋节", "2026-09-25"),
        ("国庆加班", "2026-10-01"),
        ("大后天", "2026-11-23"),
        ("元月五号", "2026-01-05"),
        ("前年10月1号", "2024-10-01"),
        ("2月29号", "2024-02-29"),
    ],
)
def test_dates(text: str, value: str) -> None:
    """Days, months, years and the times between, counted from today."""
    assert _found(text) == [("date", value)]


@pytest.mark.parametrize("text", ["2025-13-40", "2月30号", "1234年", "13月5", "0月"])
def test_no_such_day(text: str) -> None:
    """What no calendar has is not a date."""
    assert not [kind for kind, _ in _found(text) if kind == "date"]


@pytest.mark.parametrize(
    ("text", "today", "value"),
    [
        ("廿三号", TODAY, "2026-10-23"),
        ("3月", date(2026, 2, 1), "2025-03"),
        ("31号", date(2026, 7, 1), "2026-05-31"),
        ("国庆", date(2026, 2, 1), "2025-10-01"),
        ("除夕", date(2026, 1, 5), "2025-01-28"),
        ("昨晚", date(2026, 1, 1), "2025-12-31"),
    ],
)
def test_the_nearest_past_one_is_meant(text: str, today: date, value: str) -> None:
    """Across the ends of months and years."""
    assert [str(one.value) for one in entities.extract(text, today)] == [value]


@pytest.mark.parametrize(
    ("text", "today"),
    [
        ("春节", date(2040, 1, 1)),
        ("今年除夕", date(2040, 1, 1)),
        ("零天前", TODAY),
        ("999年前", date(900, 1, 1)),
    ],
)
def test_what_no_table_and_no_calendar_holds(text: str, today: date) -> None:
    """Festivals of years we have no table for, and times before all calendars, are no dates."""
    assert not [one for one in entities.extract(text, today) if one.kind is Kind.DATE]


def test_what_was_not_said_is_marked() -> None:
    """A month without its year is taken as the nearest past one, and says so."""
    month, year = entities.extract("三月份", TODAY)[0].value, entities.extract("去年三月", TODAY)[0].value
    assert isinstance(month, dates.When)
    assert isinstance(year, dates.When)
    assert (month.assumed, year.assumed) == (True, False)
    assert month.day is None
    assert entities.extract("昨天", TODAY)[0].value.day == date(2026, 11, 19)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("干了三年半", "P3Y6M"),
        ("8个月", "P8M"),
        ("一年零三个月", "P1Y3M"),
        ("两个半月", "P2M15D"),
        ("半年多", "P6M"),
        ("二十天", "P20D"),
        ("两周", "P14D"),
        ("五年多", "P5Y"),
        ("十来年", "P10Y"),
        ("3个月零10天", "P3M10D"),
    ],
)
def test_durations(text: str, value: str) -> None:
    """Lengths of time in calendar units."""
    assert ("duration", value) in _found(text)


@pytest.mark.parametrize(
    ("text", "value"), [("每天10小时", "10"), ("干八个钟头", "8"), ("三个半小时", "3.5"), ("半小时", "0.5")]
)
def test_hours(text: str, value: str) -> None:
    """Hours of work."""
    assert ("hours", value) in _found(text)


def test_phones_case_numbers_and_places() -> None:
    """Whatever stands around them; the longest name of a place counts."""
    assert _found("我电话138 0000 0000，+8613900000000或0571-88000000") == [
        ("phone", "13800000000"),
        ("phone", "13900000000"),
        ("phone", "057188000000"),
    ]
    assert _found("gh-2026-000123-4办到哪了") == [("case_number", "GH-2026-000123-4")]
    assert _found("我在朝阳区上班，杭州人") == [("place", "北京"), ("place", "浙江")]


def test_several_things_in_one_story() -> None:
    """Each keeps its place in the text as it was typed."""
    text = "我２０１９年3月15日入职，去年12月被辞退，月薪八千，干了六年，想问能赔多少"
    found = entities.extract(text, TODAY)
    assert [(one.kind, str(one.value)) for one in found] == [
        (Kind.DATE, "2019-03-15"),
        (Kind.DATE, "2025-12"),
        (Kind.AMOUNT, "8000"),
        (Kind.DURATION, "P6Y"),
    ]
    assert all(text[one.start : one.end] == one.text for one in found)
    assert found[0].to_dict() == {
        "entity": "date", "value": "2019-03-15", "text": "２０１９年3月15日", "start": 1, "end": 11,
    }  # fmt: skip


def test_months_shift_to_the_last_day_there_is() -> None:
    """A month after the thirty-first of January is the end of February."""
    assert dates.shift(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert dates.shift(date(2024, 1, 31), -2) == date(2023, 11, 30)


def test_any_text_gives_an_answer() -> None:
    """Long, empty or odd messages raise nothing, and what is found lies inside them in order."""
    for text in (
        "",
        "９" * 5000,
        "年月日" * 500,
        "一" * 3000,
        "…①㎡",
        "999999年前",
        "999年前",
        "千" * 900,
        "，1,1,1,1," * 200,
    ):
        found = entities.extract(text, TODAY, PLACES)
        assert all(0 <= one.start < one.end <= len(text) for one in found)
        assert [one.start for one in found] == sorted(one.start for one in found)
