"""Overtime pay (劳动法第四十四条；工资支付暂行规定第十三条)."""

from decimal import Decimal
from types import MappingProxyType
from typing import Any

from bot.core.fields import Option
from knowledge.calculators.calculator import ON, REGION, Calculator, Field, Given
from knowledge.calculators.common_inputs import local_minimum
from knowledge.calculators.inputs import Input, Kind
from knowledge.calculators.money import HOURS, PAID_DAYS, cents, equals, shown
from knowledge.calculators.results import Working

_MONTH_LIMIT = 36
_MOST_HOURS = Decimal(9000)
_NONE = Decimal(0)
_STANDARD = (Decimal("1.5"), Decimal(2), Decimal(3))
_RATES = MappingProxyType(
    {
        "standard": _STANDARD,
        "piece": _STANDARD,
        "comprehensive": (Decimal("1.5"), Decimal("1.5"), Decimal(3)),
        "irregular": (_NONE, _NONE, _NONE),
    }
)
"""System → times the hourly wage on working days, rest days and statutory holidays."""
_KINDS = (("weekday", "工作日延时"), ("rest", "休息日"), ("holiday", "法定休假日"))


def _compute(given: Given, work: Working) -> dict[str, Any]:
    base, system = _base(given, work), given["system"]
    work.say(
        f"时薪 = {shown(base)} ÷ 21.75 ÷ 8 {equals(base / (PAID_DAYS * HOURS))}元；"
        "21.75是月计薪天数（劳社部发〔2008〕3号，公开资料显示已由人社部发〔2025〕2号替代，天数不变）",
        "劳动法#51",
    )
    _explain(system, work)
    hours = {"weekday": given["weekday"], "rest": _rest_hours(given, work), "holiday": given["holiday"]}
    result: dict[str, Any] = {"hourly": cents(base / (PAID_DAYS * HOURS))}
    weighted = _NONE
    for (name, label), times in zip(_KINDS, _RATES[system], strict=True):
        pay = base * hours[name] * times / (PAID_DAYS * HOURS)
        result[name] = cents(pay)
        weighted += hours[name] * times
        if hours[name]:
            work.say(
                f"{label} {shown(hours[name])}小时 × 时薪 × {shown(times)} {equals(pay)}元", *_basis(system)
            )
    amount = base * weighted / (PAID_DAYS * HOURS)
    work.say(f"合计 {equals(amount)}元", *_basis(system))
    over = system != "irregular" and sum(hours.values()) > _MONTH_LIMIT
    if over and system != "comprehensive":
        work.say(f"这个月加班 {shown(sum(hours.values(), _NONE))}小时，超过36小时", "劳动法#41")
        work.flag("excessive_overtime")
    return {**result, "amount": cents(amount), "over_36h": over}


def _base(given: Given, work: Working) -> Decimal:
    base: Decimal = given["monthly_base"]
    minimum = given["local_min"]
    if minimum is not None and base < minimum:
        work.say(f"月工资标准 {shown(base)} 低于当地最低工资，按 {shown(minimum)} 算", "劳动法#48")
        work.flag("below_minimum", subject="月工资标准")
        return Decimal(minimum)
    return base


def _rest_hours(given: Given, work: Working) -> Decimal:
    rest, taken = given["rest"], given["rest_comp"]
    if taken > rest:
        work.assume("补休的小时比休息日加班多，多出的不抵别的加班。")
    if taken:
        work.say(
            f"休息日加班 {shown(rest)}小时，已补休 {shown(taken)}小时，补休的不再付200%；法定休假日不能用补休代替",
            "劳动法#44",
            "工资支付暂行规定#13",
        )
    return Decimal(max(rest - taken, _NONE))


def _basis(system: str) -> tuple[str, ...]:
    return (
        ("工资支付暂行规定#13",) if system in ("irregular", "piece") else ("劳动法#44", "工资支付暂行规定#13")
    )


def _explain(system: str, work: Working) -> None:
    if system == "comprehensive":
        work.assume("工作日和休息日两栏填的都是周期内超过法定标准的小时数，一律按150%；法定休假日按300%。")
        work.flag("comprehensive_cycle")
    elif system == "irregular":
        work.say("不定时工时制不执行加班费的规定", "工资支付暂行规定#13")
        work.flag("irregular_holiday_rule")
    elif system == "piece":
        work.assume("月工资标准是按本人法定工作时间的计件单价换算的，加班是完成定额以后做的。")
        work.flag("piece_rate")


def _hours(name: str, label: str, prompt: str, help_text: str = "") -> Input:
    return Input(
        name,
        label,
        prompt,
        Kind.NUMBER,
        "小时",
        required=False,
        default=_NONE,
        help=help_text,
        maximum=_MOST_HOURS,
    )


CALCULATORS = (
    Calculator(
        "overtime",
        "加班费",
        (
            Input(
                "monthly_base",
                "月工资标准",
                "合同约定的月工资标准是多少元？",
                unit="元/月",
                help="劳动合同或集体合同约定的本人工资标准，不低于当地最低工资。",
            ),
            _hours("weekday", "工作日加班", "这个月工作日加班几小时？"),
            _hours("rest", "休息日加班", "休息日加班几小时？", "周末和调休形成的休息日。"),
            _hours("rest_comp", "已补休", "其中已经安排补休几小时？"),
            _hours(
                "holiday",
                "法定休假日加班",
                "法定休假日加班几小时？",
                "元旦1天、春节4天、清明1天、劳动节2天、端午1天、中秋1天、国庆3天。",
            ),
            Input(
                "system",
                "工时制度",
                "是哪种工时制度？",
                Kind.CHOICE,
                required=False,
                default="standard",
                choices=(
                    Option("standard", "标准工时", ("标准",)),
                    Option("comprehensive", "综合计算工时", ("综合工时", "综合")),
                    Option("irregular", "不定时工时", ("不定时",)),
                    Option("piece", "计件工资", ("计件", "piecework")),
                ),
            ),
            local_minimum(required=False),
            REGION,
            ON,
        ),
        _compute,
        (
            Field("hourly", "时薪", "元"),
            Field("weekday", "工作日加班费", "元"),
            Field("rest", "休息日加班费", "元"),
            Field("holiday", "法定休假日加班费", "元"),
            Field("amount", "合计", "元"),
            Field("over_36h", "是否超过每月36小时"),
        ),
        next_steps=(
            "把考勤、排班、工作群记录和工资条留好，先书面向单位要。",
            "单位不给，向劳动监察投诉，或在离职后一年内申请仲裁。",
        ),
        changes=(
            "合同约定的工资标准、工时制度（是否经过审批）、补休是否真的安排了，都会改变结果。",
            "月薪制的，法定休假日的300%在正常月薪以外另付（劳动法第五十一条）。",
            "怀孕7个月以上、哺乳未满1周岁婴儿的，不得安排加班。",
        ),
    ),
)
