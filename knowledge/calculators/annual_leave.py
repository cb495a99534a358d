"""Annual leave: days of a year, of the first year, and pay for what was not taken on leaving."""

from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from knowledge.calculators.calculator import Calculator, Field, Given
from knowledge.calculators.errors import CalculationError
from knowledge.calculators.inputs import Input, Kind
from knowledge.calculators.money import PAID_DAYS, cents, equals, shown
from knowledge.calculators.results import Working

_YEAR = 365
_TIERS = ((Decimal(20), 15, 4), (Decimal(10), 10, 3), (Decimal(1), 5, 2))
"""Years of work from which → days of leave, and months of sick leave that forfeit them."""
_LONG_ABSENCE = 20


def full_days(years: Decimal) -> int:
    """Days of a whole year's leave (职工带薪年休假条例第三条)."""
    return next((days for least, days, _ in _TIERS if years >= least), 0)


def _days(given: Given, work: Working) -> int:
    years = given["cum_years"]
    days = _say_full(years, work)
    if days and (reason := _forfeited(given, years)):
        work.say(f"{reason}，不享受当年的年休假", "职工带薪年休假条例#4")
        return 0
    return days


def _forfeited(given: Given, years: Decimal) -> str:
    most = next(months for least, _, months in _TIERS if years >= least)
    if given["long_vacation"]:
        return "享受的寒暑假多于年休假"
    if given["personal_days"] >= _LONG_ABSENCE:
        return "事假累计20天以上且单位不扣工资"
    return f"病假累计{most}个月以上" if given["sick_months"] >= most else ""


def _say_full(years: Decimal, work: Working) -> int:
    days = full_days(years)
    work.say(
        f"累计工作 {shown(years)} 年，全年年休假 {days} 天",
        "职工带薪年休假条例#3",
        "企业职工带薪年休假实施办法#4",
    )
    return days


def _new(given: Given, work: Working) -> int:
    join: date = given["join"]
    years: Decimal = given["cum_years"]
    full = _say_full(years, work)
    remaining = (date(join.year, 12, 31) - join).days + 1
    days = remaining * full // _YEAR
    work.say(
        f"{join} 到年底剩 {remaining} 天：{remaining} ÷ 365 × {full} {equals(Decimal(remaining * full) / _YEAR)}，"
        f"不足1整天的不算，{days} 天",
        "企业职工带薪年休假实施办法#5",
    )
    _look_for_tier(years, years + Decimal(remaining) / _YEAR, work)
    if not full:
        return 0
    work.assume("已经连续工作满12个月，换单位中间没有间断。")
    return days


def _exit(given: Given, work: Working) -> dict[str, Any]:
    last, years, taken = given["last"], given["cum_years"], given["taken"]
    first = _first_day(given, work)
    elapsed = (last - first).days + 1
    full = _say_full(years, work)
    exact = Decimal(elapsed * full) / _YEAR - taken
    unused = max(int(exact.to_integral_value(ROUND_FLOOR)), 0)
    work.say(
        f"当年已过 {elapsed} 天：{elapsed} ÷ 365 × {full} − 已休 {shown(taken)} {equals(exact)}，"
        f"不足1整天的不算，多休的不扣回，未休 {unused} 天",
        "企业职工带薪年休假实施办法#12",
    )
    _look_for_tier(years - Decimal(elapsed) / _YEAR, years, work)
    return {"elapsed_days": elapsed, "unused": unused, **_pay(given, unused, work)}


def _first_day(given: Given, work: Working) -> date:
    last, join = given["last"], given["join"]
    new_year = date(last.year, 1, 1)
    if join is None:
        work.assume(f"{last.year}年1月1日以前已经在本单位。")
        return new_year
    if join > last:
        raise CalculationError("入职日期（join）不能晚于离职日期（last）。", field="join")
    return max(date(join.year, join.month, join.day), new_year)


def _pay(given: Given, unused: int, work: Working) -> dict[str, Any]:
    average = given["avg_no_ot"]
    daily = average / PAID_DAYS
    total, extra = average * 3 * unused / PAID_DAYS, average * 2 * unused / PAID_DAYS
    work.say(
        f"日工资 = {shown(average)} ÷ 21.75 {equals(daily)}元（前12个月剔除加班费的月平均工资）",
        "企业职工带薪年休假实施办法#11",
    )
    if given["declined"]:
        work.say("本人书面提出不休，单位可以只付正常工资", "企业职工带薪年休假实施办法#10")
        work.flag("no_unpaid_300")
        total = extra = Decimal(0)
    else:
        work.say(
            f"日工资 × 300% × {unused}天 {equals(total)}元，其中正常工资已包括100%，通常另付200% {equals(extra)}元",
            "职工带薪年休假条例#5",
            "企业职工带薪年休假实施办法#10",
        )
    return {"daily": cents(daily), "total_300": cents(total), "extra_200": cents(extra)}


def _look_for_tier(before: Decimal, after: Decimal, work: Working) -> None:
    if full_days(before) != full_days(after):
        work.flag("tier_crossing")


_CUM_YEARS = Input(
    "cum_years",
    "累计工龄",
    "到现在累计工作了几年？",
    Kind.NUMBER,
    "年",
    help="不限本单位，以前单位的也算；可以填 6.5 或 6年3个月。",
    maximum=Decimal(80),
)
_JOIN = Input("join", "入职日期", "哪一天到这个单位的？", Kind.DATE)
_STEPS = ("先书面向单位申请安排休假或补发；单位不给，向劳动监察投诉或申请仲裁。",)
_CHANGES = ("累计工龄要有社保记录、劳动合同等证明；跨过10年、20年天数就变。",)

CALCULATORS = (
    Calculator(
        "annual_leave_days",
        "年休假天数",
        (
            _CUM_YEARS,
            Input(
                "sick_months",
                "病假",
                "今年病假累计几个月？",
                Kind.NUMBER,
                "个月",
                required=False,
                default=Decimal(0),
                maximum=Decimal(12),
            ),
            Input(
                "personal_days",
                "事假",
                "今年不扣工资的事假累计几天？",
                Kind.NUMBER,
                "天",
                required=False,
                default=Decimal(0),
                maximum=Decimal(366),
            ),
            Input(
                "long_vacation",
                "寒暑假",
                "寒暑假比年休假多吗？",
                Kind.YES_NO,
                required=False,
                default=False,
                help="老师等有寒暑假的才要填。",
            ),
        ),
        _days,
        (Field("value", "全年年休假", "天"),),
        _STEPS,
        _CHANGES,
    ),
    Calculator(
        "annual_leave_new",
        "新入职当年的年休假",
        (_CUM_YEARS, _JOIN),
        _new,
        (Field("value", "当年年休假", "天"),),
        _STEPS,
        _CHANGES,
    ),
    Calculator(
        "annual_leave_exit",
        "离职时未休年假的工资",
        (
            _CUM_YEARS,
            Input("last", "离职日期", "最后在职是哪一天？", Kind.DATE),
            Input(
                "taken",
                "已休天数",
                "今年已经休了几天年假？",
                Kind.NUMBER,
                "天",
                required=False,
                default=Decimal(0),
                maximum=Decimal(60),
            ),
            Input(
                "avg_no_ot",
                "月平均工资",
                "前12个月不含加班费的月平均工资是多少元？",
                unit="元/月",
                help="不足12个月的按实际月数平均。",
            ),
            Input("join", "入职日期", "如果是今年才入职，哪一天入职的？", Kind.DATE, required=False),
            Input(
                "declined",
                "书面不休",
                "是本人书面提出不休的吗？",
                Kind.YES_NO,
                required=False,
                default=False,
            ),
        ),
        _exit,
        (
            Field("elapsed_days", "当年已过天数", "天"),
            Field("unused", "应休未休", "天"),
            Field("daily", "日工资", "元"),
            Field("total_300", "按300%共计", "元"),
            Field("extra_200", "其中另付", "元"),
        ),
        _STEPS,
        (*_CHANGES, "以前年度没休的另算；工资里已经付过当天工资的，通常只再要200%。"),
    ),
)
