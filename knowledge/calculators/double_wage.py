"""The second wage for work without a written contract (劳动合同法第八十二条)."""

from datetime import date
from decimal import Decimal
from typing import Any

from knowledge.calculators.calculator import Calculator, Field, Given
from knowledge.calculators.errors import CalculationError
from knowledge.calculators.inputs import Input, Kind
from knowledge.calculators.money import PAID_DAYS, cents, equals, shown
from knowledge.calculators.periods import DAY, add_months, weekdays, whole_months
from knowledge.calculators.results import Working

_LAW_BEGINS = date(2008, 1, 1)
_RULE = "劳动合同法实施条例#6"
_BY_MONTH = "劳动争议司法解释（二）#6"


def _compute(given: Given, work: Working) -> dict[str, Any]:
    start = _employed_from(given, work)
    first, last = add_months(start, 1), _last_day(start, given, work)
    if last < first:
        work.say("没有超过一个月，没有二倍工资", "劳动合同法#82", _RULE)
        return {"period": None, "full_months": 0, "extra": Decimal(0)}
    full = whole_months(start, last) - 1
    rest_from = add_months(start, full + 1)
    work.say(
        f"用工满一个月的次日 {first} 起，到 {last} 止，满 {full} 个月",
        "劳动合同法#82",
        _RULE,
        "劳动合同法实施条例#7",
    )
    days = _workdays(rest_from, last, given, work)
    monthly = given["monthly"]
    extra = monthly * full + monthly * days / PAID_DAYS
    said = f"{shown(monthly)} × {full}"
    if days:
        said += f" + {shown(monthly)} ÷ 21.75 × {shown(days)}个工作日"
    work.say(f"差额的一倍 = {said} {equals(extra)}元", _BY_MONTH)
    work.flag("time_limit")
    return {
        "period": [first.isoformat(), last.isoformat()],
        "full_months": full,
        "partial_workdays": int(days),
        "extra": cents(extra),
    }


def _employed_from(given: Given, work: Working) -> date:
    start: date = given["start"]
    if given["end"] is not None and given["end"] < start:
        raise CalculationError("离职日期（end）不能早于用工日期（start）。", field="end")
    if start >= _LAW_BEGINS:
        return start
    work.say("2008年以前开始用工的，从2008年1月1日起算一个月", "劳动合同法#97")
    work.flag("before_2008")
    return _LAW_BEGINS


def _last_day(start: date, given: Given, work: Working) -> date:
    ends = [(add_months(start, 12) - DAY, "满一年的前一日")]
    if given["signed"] is not None:
        ends.append((given["signed"] - DAY, "补订合同的前一日"))
    if given["end"] is not None:
        ends.append((given["end"], "离职日"))
    elif work.context.today is not None:
        ends.append((max(work.context.today, start), "今天"))
        work.assume(f"没有填离职日期，按到今天 {work.context.today} 还在职算。")
    last, reason = min(ends)
    work.say(f"截止日取最早的：{last}（{reason}）", _RULE, "劳动合同法实施条例#7")
    if last == ends[0][0]:
        work.say(
            "满一年后视为已订立无固定期限合同，不再付二倍工资", "劳动合同法#14", "劳动争议司法解释（二）#9"
        )
    return last


def _workdays(first: date, last: date, given: Given, work: Working) -> Decimal:
    if given["workdays"] is not None:
        return Decimal(given["workdays"])
    days = weekdays(first, last)
    if days:
        work.say(f"零头 {first} 到 {last} 不满一个月，有 {days} 个工作日", _BY_MONTH)
        work.assume("零头里的工作日按周一到周五数。")
        if unusual := work.context.holidays.unusual(first, last):
            said = "、".join(f"{day:%m-%d}" for day in unusual)
            work.flag("actual_workdays", subject=said)
    return Decimal(days)


CALCULATORS = (
    Calculator(
        "double_wage",
        "没签书面合同的二倍工资",
        (
            Input("start", "用工日期", "哪一天开始上班的？", Kind.DATE),
            Input("end", "离职日期", "哪一天离职？还在职就不填。", Kind.DATE, required=False),
            Input("monthly", "月工资", "每月工资多少元？", unit="元/月", help="应得工资。"),
            Input(
                "signed",
                "补签日期",
                "后来补签过书面合同吗？哪一天？",
                Kind.DATE,
                required=False,
                aliases=("signed_on", "sign", "signed_date", "contract_signed"),
            ),
            Input(
                "workdays",
                "零头工作日",
                "不满一个月的部分实际工作了几天？",
                Kind.COUNT,
                "天",
                required=False,
                maximum=Decimal(31),
                help="不填就按周一到周五数。",
            ),
        ),
        _compute,
        (
            Field("period", "计算期间"),
            Field("full_months", "满月数", "个月"),
            Field("partial_workdays", "零头工作日", "天"),
            Field("extra", "差额的一倍", "元"),
        ),
        (
            "收好能证明在这里上班的材料：工资流水、工牌、工作群记录、考勤。",
            "申请仲裁有一年时效，从哪天起算各地不同，要尽早。",
        ),
        (
            "因不可抗力或劳动者故意、重大过失没签的，单位不用付；合同依法自动续延的不算没签。",
            "补签日期、离职日期、每月应得工资变了，结果就变。",
        ),
    ),
)
