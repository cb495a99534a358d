"""Months of unemployment benefit: the nation's maximum and Guangdong's own formula."""

from decimal import Decimal
from typing import Any

from knowledge.calculators.calculator import ON, REGION, Calculator, Field, Given
from knowledge.calculators.common_inputs import local_minimum
from knowledge.calculators.inputs import Input, Kind
from knowledge.calculators.money import cents, equals, shown
from knowledge.calculators.results import Working

_TIERS = ((Decimal(10), 24), (Decimal(5), 18), (Decimal(1), 12))
_MOST = 24
_GUANGDONG_WHOLE = Decimal(4)
_GUANGDONG_SHARE = Decimal("0.9")


def _national(given: Given, work: Working) -> dict[str, Any]:
    years = given["years"]
    months = next((most for least, most in _TIERS if years >= least), 0)
    said = f"最长 {months} 个月" if months else "不满一年，没有新的领取月数"
    work.say(f"累计缴费 {shown(years)} 年：{said}", "社会保险法#45", "社会保险法#46", "失业保险条例#17")
    work.flag("maximum_only")
    return {
        "max_months": months,
        "combined": _combined(months, given, work, "社会保险法#46", "失业保险条例#17"),
    }


def _guangdong(given: Given, work: Working) -> dict[str, Any]:
    years = given["years"]
    beyond = max(years - _GUANGDONG_WHOLE, Decimal(0))
    half_years = int(beyond * 2)
    months = min(int(min(years, _GUANGDONG_WHOLE)) + half_years, _MOST)
    work.say(
        f"缴费 {shown(years)} 年：四年以内每满一年1个月，超过四年的部分每满半年加1个月，"
        f"最长24个月，计 {months} 个月",
        "广东省失业保险条例#17",
    )
    result = {
        "max_months": months,
        "combined": _combined(months, given, work, "广东省失业保险条例#18"),
    }
    if given["local_min"] is None:
        return result
    monthly = given["local_min"] * _GUANGDONG_SHARE
    work.say(
        f"每月 = 最低工资 {shown(given['local_min'])} × 90% {equals(monthly)}元", "广东省失业保险条例#19"
    )
    return {**result, "monthly": cents(monthly)}


def _combined(months: int, given: Given, work: Working, *basis: str) -> int:
    left = int(given["left"])
    combined = min(months + left, _MOST)
    if left:
        work.say(f"加上次没领完的 {left} 个月，合并不超过24个月，共 {combined} 个月", *basis)
    return combined


_YEARS = Input(
    "years",
    "缴费年数",
    "失业保险一共缴了几年？",
    Kind.NUMBER,
    "年",
    help="单位和本人都缴过的累计时间；上次领过失业金的，从再就业起重新算。可以填 4.5 或 4年6个月。",
    maximum=Decimal(60),
)
_LEFT = Input(
    "left",
    "上次剩余月数",
    "上次失业还有几个月没领完？",
    Kind.COUNT,
    "个月",
    required=False,
    default=Decimal(0),
    maximum=Decimal(240),
)
_FIELDS = (Field("max_months", "这次", "个月"), Field("combined", "合并后", "个月"))
_STEPS = ("不是自己要走的（被辞退、合同到期单位不续、被迫解除等），登记失业后就可以申领。",)
_CHANGES = ("自己辞职不能领；缴费年数要以经办机构的记录为准。",)

CALCULATORS = (
    Calculator(
        "unemployment_months", "失业保险金月数", (_YEARS, _LEFT), _national, _FIELDS, _STEPS, _CHANGES
    ),
    Calculator(
        "unemployment_months_gd",
        "失业保险金月数（广东）",
        (_YEARS, _LEFT, local_minimum(required=False), REGION, ON),
        _guangdong,
        (*_FIELDS, Field("monthly", "每月失业金", "元/月")),
        _STEPS,
        _CHANGES,
    ),
)
