"""Medical period and the floor of sick pay (企业职工患病或非因工负伤医疗期规定第三条、第四条)."""

from decimal import Decimal
from typing import Any

from knowledge.calculators.calculator import ON, REGION, Calculator, Field, Given
from knowledge.calculators.common_inputs import local_minimum
from knowledge.calculators.errors import CalculationError
from knowledge.calculators.inputs import Input, Kind
from knowledge.calculators.money import cents, equals, shown
from knowledge.calculators.results import Working

_TEN, _FIVE = Decimal(10), Decimal(5)
_SHORT_SERVICE = ((_FIVE, 6, 12), (Decimal(0), 3, 6))
_LONG_SERVICE = (
    (Decimal(20), 24, 30),
    (Decimal(15), 18, 24),
    (_TEN, 12, 18),
    (_FIVE, 9, 15),
    (Decimal(0), 6, 12),
)
"""Years in the unit from which → months of medical period, and the window they are counted in."""
_FLOOR = Decimal("0.8")
_LOCAL_RULES = ("上海",)


def _period(given: Given, work: Working) -> dict[str, Any]:
    total, unit = given["total_years"], given["unit_years"]
    if unit > total:
        raise CalculationError(
            "本单位年限（unit_years）不能大于实际工作年限（total_years）。", field="unit_years"
        )
    table = _LONG_SERVICE if total >= _TEN else _SHORT_SERVICE
    months, window = next((months, window) for least, months, window in table if unit >= least)
    work.say(
        f"实际工作 {shown(total)} 年、本单位 {shown(unit)} 年：医疗期 {months} 个月",
        "企业职工患病或非因工负伤医疗期规定#3",
    )
    work.say(
        f"按 {window} 个月内累计病休时间计算",
        "企业职工患病或非因工负伤医疗期规定#4",
    )
    work.say("医疗期内单位不得以患病、裁员为由解除合同", "劳动合同法#42")
    work.assume(
        "整年数按“以上”归高一档；病休期间的公休和法定节日算在里面（劳部发〔1995〕236号，原文还没有收进资料库）。"
    )
    region = given["region"] or ""
    if region.startswith(_LOCAL_RULES):
        work.flag("local_rule", subject=f"{region}的医疗期")
    return {"months": months, "window": window}


def _sick_pay(given: Given, work: Working) -> dict[str, Any]:
    floor = _FLOOR * given["local_min"]
    work.say(f"病假工资最低 = 当地最低工资 {shown(given['local_min'])} × 80% {equals(floor)}元", "劳动法#48")
    work.flag("outside_corpus", subject="病假工资不低于最低工资80%的规定（劳部发〔1995〕309号第59条）")
    if given["sick_pay"] is not None and given["sick_pay"] < floor:
        work.say(
            f"实发病假工资 {shown(given['sick_pay'])}，还差 {shown(floor - given['sick_pay'])}元", "劳动法#48"
        )
    return {"floor": cents(floor)}


_YEARS = Decimal(80)

CALCULATORS = (
    Calculator(
        "medical_period",
        "医疗期",
        (
            Input("total_years", "实际工作年限", "参加工作一共几年？", Kind.NUMBER, "年", maximum=_YEARS),
            Input("unit_years", "本单位年限", "在这个单位几年？", Kind.NUMBER, "年", maximum=_YEARS),
            REGION,
        ),
        _period,
        (Field("months", "医疗期", "个月"), Field("window", "累计计算周期", "个月")),
        ("把诊断证明、病假条交给单位并留底；医疗期满做不了原来的活，单位解除要提前30日通知并付经济补偿。",),
        (
            "工作年限跨过5年、10年、15年、20年，医疗期就变；癌症、精神病、瘫痪等特殊疾病可以申请延长，请问当地人社部门。",
        ),
    ),
    Calculator(
        "sick_pay_floor",
        "病假工资下限",
        (
            local_minimum(),
            Input("sick_pay", "实发病假工资", "病假期间单位每月实际发多少元？", unit="元/月", required=False),
            REGION,
            ON,
        ),
        _sick_pay,
        (Field("floor", "病假工资不低于", "元/月"),),
        ("单位发得比这个还低，先书面要求补足；不补，向劳动监察投诉或申请仲裁。",),
        ("地方规定或合同、规章约定得更高的，按高的。",),
    ),
)
