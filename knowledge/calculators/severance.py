"""Severance, pay in lieu of notice and compensation for unlawful dismissal (劳动合同法第四十六、四十七、八十七条)."""

from datetime import date
from decimal import Decimal
from typing import Any

from bot.core.fields import Option
from knowledge.calculators.calculator import REGION, Calculator, Field, Given
from knowledge.calculators.common_inputs import local_average, local_minimum
from knowledge.calculators.errors import CalculationError
from knowledge.calculators.inputs import Input, Kind
from knowledge.calculators.money import cents, equals, shown
from knowledge.calculators.periods import DAY, add_months, length, whole_months
from knowledge.calculators.results import Working

_LAW_BEGINS = date(2008, 1, 1)
_MOST_YEARS = Decimal(12)
_HALF = Decimal("0.5")
_SIX_MONTHS = 6


def years(first: date, last: date) -> Decimal:
    """Months of wage for the service from ``first`` to ``last``: 0.5 below six months, 1 from six months on."""
    full, rest = divmod(whole_months(first, last), 12)
    begun = add_months(first, full * 12) < last + DAY
    part = Decimal(1) if rest >= _SIX_MONTHS else _HALF if begun else Decimal(0)
    return full + part


def _compute(given: Given, work: Working) -> dict[str, Any]:
    start, end, scheme = given["start"], given["end"], given["scheme"]
    _check(given)
    if scheme != "2N":
        work.say("先看是不是应当支付经济补偿的情形，自己辞职的没有", "劳动合同法#46")
    base, capped = _base(given, work)
    split = start < _LAW_BEGINS and scheme != "2N"
    first = _LAW_BEGINS if split else start
    months = _months(first, end, capped, work)
    amount = base * months
    work.say(f"经济补偿 N = {shown(base)} × {shown(months)} {equals(amount)}元", "劳动合同法#47")
    result: dict[str, Any] = {"base": cents(base), "capped": capped, "months": months}
    extra = _notice(given, work) if scheme == "N+1" else Decimal(0)
    if scheme == "N+1":
        result["notice_pay"] = cents(extra)
    elif scheme == "2N":
        amount *= 2
        work.say(
            f"赔偿金 2N {equals(amount)}元；付了赔偿金的不再付经济补偿，也不加代通知金",
            "劳动合同法#87",
            "劳动合同法实施条例#25",
        )
    if extra:
        work.say(
            f"合计 {shown(amount)} + {shown(extra)} {equals(amount + extra)}元",
            "劳动合同法#40",
            "劳动合同法#46",
        )
    result["amount"] = cents(amount + extra)
    if split:
        work.say("2008年以前入职的，经济补偿年限从2008年1月1日起算，以前的按当时有关规定", "劳动合同法#97")
        merged = _months(start, end, capped, work)
        result["amount_if_merged"] = cents(base * merged + extra)
        work.say(
            f"2008年前的年限也合并计算的话：{shown(base)} × {shown(merged)}"
            f"{f' + {shown(extra)}' if extra else ''} {equals(base * merged + extra)}元",
            "劳动合同法#97",
        )
        work.flag("pre2008_local_rule")
    if given["include_overtime"] is not None:
        work.flag("overtime_in_average")
    return result


def _check(given: Given) -> None:
    start, end = given["start"], given["end"]
    if end < start:
        raise CalculationError("解除或终止日期（end）不能早于入职日期（start）。", field="end")
    if end < _LAW_BEGINS:
        raise CalculationError(
            "解除或终止日期（end）在2008年以前，按当时的规定办，这里算不了，请问工会。", field="end"
        )


def _base(given: Given, work: Working) -> tuple[Decimal, bool]:
    average, minimum, top = given["avg12"], given["local_min"], 3 * given["local_avg"]
    if average > top:
        work.say(
            f"月平均工资 {shown(average)} 高于当地职工月平均工资的三倍 {shown(top)}，"
            f"基数按 {shown(top)}，年限最高12年",
            "劳动合同法#47",
        )
        return top, True
    base = max(average, minimum)
    said = "不低于当地最低工资，照算" if base == average else f"低于当地最低工资，按 {shown(minimum)}"
    work.say(
        f"月平均工资 {shown(average)} 没有超过三倍社平工资 {shown(top)}；{said}",
        "劳动合同法#47",
        "劳动合同法实施条例#27",
    )
    return base, False


def _months(first: date, last: date, capped: bool, work: Working) -> Decimal:
    counted = years(first, last)
    months = min(counted, _MOST_YEARS) if capped else counted
    cut = f"，封顶 {shown(months)} 个月" if months != counted else ""
    work.say(
        f"{first} 到 {last} 共{length(first, last)}：满一年算1个月，余数满六个月算1个月、"
        f"不满六个月算半个月，计 {shown(counted)} 个月{cut}",
        "劳动合同法#47",
    )
    return months


def _notice(given: Given, work: Working) -> Decimal:
    notice: Decimal = given["last_month"]
    work.say(
        f"代通知金按上一个月工资 {shown(notice)}元，不受三倍封顶限制，"
        "只用于患病医疗期满、不能胜任、客观情况重大变化三种解除",
        "劳动合同法#40",
        "劳动合同法实施条例#20",
    )
    return notice


_INPUTS = (
    Input(
        "start",
        "入职日期",
        "哪一天开始上班的？",
        Kind.DATE,
        help="非因本人原因从原单位安排过来、没领过补偿的，填原单位入职日。",
    ),
    Input("end", "解除日期", "劳动合同哪一天解除或终止？", Kind.DATE, help="最后在职的那一天。"),
    Input(
        "avg12",
        "月平均工资",
        "离开前12个月平均每月应得多少工资？",
        unit="元/月",
        help="应得工资，含奖金、津贴、补贴，没扣社保个税；不足12个月按实际月数。",
    ),
    local_minimum(),
    local_average("用人单位所在直辖市或设区市上年度职工月平均工资，用来看是否封顶。"),
    Input(
        "scheme",
        "算哪一种",
        "算哪一种？",
        Kind.CHOICE,
        required=False,
        default="N",
        choices=(
            Option("N", "经济补偿", ("n",)),
            Option("N+1", "经济补偿加代通知金", ("n1", "N＋1", "代通知金")),
            Option("2N", "违法解除的赔偿金", ("2n", "赔偿金")),
        ),
    ),
    Input(
        "last_month",
        "上一个月工资",
        "解除前上一个月的工资是多少？",
        unit="元",
        required=False,
        help="只有 N+1 要填。",
        when=("scheme", ("N+1",)),
    ),
    Input(
        "include_overtime",
        "平均工资含加班费",
        "填的月平均工资里含加班费吗？",
        Kind.YES_NO,
        required=False,
        help="只作提示：算不算各地口径不同。",
    ),
    REGION,
)

CALCULATORS = (
    Calculator(
        "severance",
        "经济补偿、代通知金和赔偿金",
        _INPUTS,
        _compute,
        (
            Field("base", "月工资基数", "元"),
            Field("capped", "是否封顶"),
            Field("months", "补偿月数", "个月"),
            Field("notice_pay", "代通知金", "元"),
            Field("amount", "合计", "元"),
            Field("amount_if_merged", "2008年前年限合并计算时", "元"),
        ),
        next_steps=(
            "先要解除证明和工资流水，书面向单位要；不给就在离职后一年内申请仲裁。",
            "也可以向劳动监察投诉；责令后还不付的，加付50%到100%（劳动合同法第八十五条）。",
        ),
        changes=(
            "自己辞职（第三十七条）没有补偿；因欠薪、不缴社保等被迫解除（第三十八条）有补偿。",
            "试用期被证明不符合录用条件等过错解除（第三十九条）没有补偿；违法解除按2N。",
            "月平均工资、当地最低工资和社平工资、工作年限的起止日变了，结果就变。",
        ),
        dated_by="end",
    ),
)
