"""Messages read as answers: what each kind of field takes, and what it says to the rest."""

from datetime import date
from decimal import Decimal

import pytest

from bot.core import form_words, reading
from bot.core.fields import Field, Found, Kind, Option, Period, Span
from bot.core.form_words import Word
from bot.core.reading import MisreadError

PAY = Field("pay", "工资", "多少？", Kind.MONEY, unit="元/月", least=Decimal(100), most=Decimal(100_000))
HOURS = Field("hours", "小时", "几小时？", Kind.NUMBER, unit="小时")
DAYS = Field("days", "天数", "几天？", Kind.NUMBER, unit="天")
BABIES = Field("babies", "宝宝", "几个？", Kind.COUNT, unit="个")
PLACE = Field("place", "地区", "在哪？", Kind.PLACE)
NAME = Field("name", "姓名", "叫什么？", Kind.NAME)
PHONE = Field("phone", "电话", "号码？", Kind.PHONE)
SURE = Field("sure", "确定", "对吗？", Kind.YES_NO)
SINCE = Field("since", "开始", "哪天？", Kind.DATE, cues=("进厂",))
UNTIL = Field("until", "结束", "哪天？", Kind.DATE, month_ends=True)
WHY = Field(
    "why",
    "原因",
    "哪种？",
    Kind.CHOICE,
    choices=(Option("a", "自己辞职"), Option("b", "被违法辞退", ("2n",))),
)
NOTE = Field("note", "补充", "还有吗？", longest=10)


def amount(text: str, said: str, value: str) -> Found:
    """An amount named in ``text`` by ``said``."""
    return Found("amount", Decimal(value), text.index(said), text.index(said) + len(said))


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        (PAY, "8000", "8000"),
        (PAY, "8,000元", "8000"),
        (PAY, "大概６千块吧", "6000"),
        (PAY, "1.5万", "15000"),
        (PAY, "每个月8k", "8000"),
        (PAY, "八千", "8000"),
        (HOURS, "0", "0"),
        (HOURS, "20个小时", "20"),
        (HOURS, "十二", "12"),
        (DAYS, "5天", "5"),
        (BABIES, "２个", "2"),
        (PLACE, "浙江", "浙江"),
        (PLACE, "我在云南。", "云南"),
        (NAME, "张三", "张三"),
        (NAME, "我叫李·小四", "李·小四"),
        (PHONE, "138 0000 0000", "13800000000"),
        (PHONE, "+8613800000000", "13800000000"),
        (SURE, "是的", True),
        (SURE, "2", False),
        (SURE, "没有签过", False),
        (SURE, "嗯签了", True),
        (WHY, "2", "b"),
        (WHY, "2N", "b"),
        (WHY, "算是自己辞职吧", "a"),
        (NOTE, " 好的 ", "好的"),
    ],
)
def test_what_is_understood(field: Field, text: str, value: object) -> None:
    """Digits of any width, units, small words around."""
    assert reading.read(field, text).value == value


@pytest.mark.parametrize(
    ("field", "text", "reason"),
    [
        (PAY, "50", "不能小于100"),
        (PAY, "1000000", "不能大于100000"),
        (PAY, "好多", "请写数额"),
        (HOURS, "很久", "请写小时数"),
        (BABIES, "1.5", "请写整数"),
        (BABIES, "好", "请写一个数字"),
        (PLACE, "不晓得啊", "请写省"),
        (PLACE, "哪里都行吗", "请写省"),
        (NAME, "你好", "只写姓名"),
        (NAME, "13800000000", "只写姓名"),
        (PHONE, "12345", "手机号"),
        (SURE, "哪天", "是”或“否"),
        (SURE, "张三", "是”或“否"),
        (SINCE, "很久以前", "请写日期"),
        (WHY, "3", "前面的数字"),
        (WHY, "怎么算被违法辞退？", "前面的数字"),
        (NOTE, "  ", "没有收到文字"),
        (NOTE, "长" * 11, "10字以内"),
        (Field("f", "材料", "发来", Kind.FILES), "在路上", "照片或文件"),
        (Field("g", "家人", "有吗", Kind.GROUP), "有", "一项一项"),
    ],
)
def test_what_is_not_understood_is_said_in_one_sentence(field: Field, text: str, reason: str) -> None:
    """What is expected, with an example."""
    with pytest.raises(MisreadError, match=reason):
        reading.read(field, text)


def test_a_daily_or_yearly_wage_is_no_monthly_one() -> None:
    """一天两百 would be wrong by a factor of twenty."""
    for text, said, value in (
        ("一天200元", "200元", "200"),
        ("年薪十万", "十万", "100000"),
        ("干活200元一天", "200元", "200"),
    ):
        with pytest.raises(MisreadError, match="每月"):
            reading.read(PAY, text, (amount(text, said, value),))
    said = "一个月工资三千五"
    assert reading.read(PAY, said, (amount(said, "三千五", "3500"),)).value == "3500"


def test_months_stand_for_their_first_or_last_day() -> None:
    """And the answer is marked as assumed; a year alone is not enough."""
    month = Found("date", Period(date(2026, 2, 1), date(2026, 2, 28)), 0, 4)
    assert reading.read(SINCE, "今年二月", (month,)) == reading.Reading("2026-02-01", True, (0, 4))
    assert reading.read(UNTIL, "今年二月", (month,)).value == "2026-02-28"
    with pytest.raises(MisreadError, match="请说到月份"):
        reading.read(SINCE, "去年", (Found("date", Period(date(2025, 1, 1), date(2025, 12, 31)), 0, 2),))


def test_of_two_dates_the_one_beside_a_cue_counts() -> None:
    """A comma ends what a cue reaches."""
    text = "去年五一走的，2019年3月进厂"
    went = Found("date", Period(date(2025, 5, 1), date(2025, 5, 1)), 0, 4)
    came = Found("date", Period(date(2019, 3, 1), date(2019, 3, 31)), 7, 14)
    assert reading.read(SINCE, text, (went, came)).value == "2019-03-01"
    assert reading.near(text, went, SINCE.cues) is None


def test_a_length_of_time_needs_a_fitting_unit() -> None:
    """两个月 is no number of days."""
    with pytest.raises(MisreadError, match="请写天数"):
        reading.read(DAYS, "两个月", (Found("duration", Span(months=2), 0, 3),))
    assert reading.read(DAYS, "两周", (Found("duration", Span(days=14), 0, 2),)).value == "14"


def test_what_is_named_answers_phones_and_places() -> None:
    """As the finder read it."""
    assert (
        reading.read(PHONE, "打13800000000", (Found("phone", "13800000000", 1, 12),)).value == "13800000000"
    )
    assert reading.read(PLACE, "人在杭州呢", (Found("place", "浙江", 2, 4),)).value == "浙江"


def test_stored_values_are_checked_again() -> None:
    """Each kind knows what it holds."""
    fine = (
        (SURE, True),
        (WHY, "a"),
        (SINCE, "2026-01-01"),
        (PAY, "500"),
        (NOTE, "好"),
        (Field("f", "", "", Kind.FILES), ["a"]),
    )
    broken = (
        (SURE, "是"),
        (WHY, "c"),
        (SINCE, "三月"),
        (PAY, "1"),
        (PAY, "x"),
        (NOTE, "长" * 11),
        (NOTE, None),
    )
    assert all(reading.holds(field, value) for field, value in fine)
    assert not any(reading.holds(field, value) for field, value in broken)


def test_reserved_words_are_known_in_every_dress() -> None:
    """Marks and blanks around them do not matter; names are none of them."""
    assert form_words.meaning("取 消！") is Word.CANCEL
    assert form_words.meaning("张三") is None
    assert form_words.number("选②") == 2
    assert form_words.yes_no("要不要都行") is None
