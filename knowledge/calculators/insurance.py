"""Social insurance contributions, each insurance rounded to the cent (社会保险法第十、二十三、三十三、四十四、五十三条)."""

from decimal import Decimal
from types import MappingProxyType
from typing import Any

from knowledge.calculators.calculator import ON, REGION, Calculator, Field, Given
from knowledge.calculators.errors import CalculationError, LocalStandardError
from knowledge.calculators.inputs import Input, Kind
from knowledge.calculators.money import cents, shown
from knowledge.calculators.results import Working

_INSURANCES = MappingProxyType(
    {
        "pension": ("养老保险", ("社会保险法#10", "社会保险法#12")),
        "medical": ("医疗保险", ("社会保险法#23",)),
        "unemployment": ("失业保险", ("社会保险法#44",)),
        "injury": ("工伤保险", ("社会保险法#33",)),
        "maternity": ("生育保险", ("社会保险法#53",)),
        "housing_fund": ("住房公积金", ("住房公积金管理条例#18",)),
    }
)
_EMPLOYER_ONLY = ("injury", "maternity")
_FUND_LEAST = 5


def _compute(given: Given, work: Working) -> dict[str, Any]:
    wage, low, high = given["wage"], given["lo"], given["hi"]
    if low > high:
        raise CalculationError("缴费基数下限（lo）不能大于上限（hi）。", field="lo")
    if given["rates"] is None:
        raise LocalStandardError(
            "需要当地标准：请填缴费比例（rates），各地费率不同，可以问社保经办机构（12333）。", field="rates"
        )
    base = min(max(wage, low), high)
    limit = "在上下限之间，照算" if base == wage else f"按{'下' if base == low else '上'}限 {shown(base)}"
    work.say(
        f"上年月平均工资 {shown(wage)}，基数下限 {shown(low)}、上限 {shown(high)}：{limit}", "社会保险法#12"
    )
    result: dict[str, Any] = {"base": cents(base)}
    for name, (personal, employer) in given["rates"].items():
        label, basis = _INSURANCES.get(name, (name, ()))
        shares = [cents(base * percent / 100) for percent in (personal, employer)]
        work.say(f"{label}：个人 {personal}%，{shares[0]}元；单位 {employer}%，{shares[1]}元", *basis)
        _check(name, personal, employer, work)
        result[name] = shares
    work.say("单位应当按月把缴费明细告诉本人", "社会保险法#60")
    return result


def _check(name: str, personal: Decimal, employer: Decimal, work: Working) -> None:
    if name in _EMPLOYER_ONLY and personal > 0:
        work.flag("personal_share")
    if name == "housing_fund" and min(personal, employer) < _FUND_LEAST:
        work.flag("fund_share")


def _limit(name: str, label: str, prompt: str, table: str) -> Input:
    return Input(
        name, label, prompt, unit="元/月", table=table, help="各地每年公布，一般是社平工资的60%和300%。"
    )


CALCULATORS = (
    Calculator(
        "social_insurance",
        "社保缴费",
        (
            Input("wage", "上年月均工资", "上年度月平均工资多少元？", unit="元/月"),
            _limit("lo", "基数下限", "当地缴费基数下限是多少元？", "contribution_floor"),
            _limit("hi", "基数上限", "当地缴费基数上限是多少元？", "contribution_ceiling"),
            Input(
                "rates",
                "缴费比例",
                "当地各险种个人和单位的缴费比例是多少（%）？",
                Kind.RATES,
                "%",
                required=False,
                help='例如 {"pension": [8, 16]}，先个人后单位。',
            ),
            REGION,
            ON,
        ),
        _compute,
        (
            Field("base", "缴费基数", "元"),
            *(Field(name, f"{label}（个人、单位）", "元/月") for name, (label, _) in _INSURANCES.items()),
        ),
        (
            "在社保公众号或12333查缴费记录，单位没缴或少缴的，向社保征收机构或劳动监察投诉。",
            "自愿放弃社保的约定无效，可以因此被迫解除并要经济补偿（劳动争议司法解释（二）第十九条）。",
        ),
        ("每年调整上下限和费率；工伤费率按行业不同。",),
    ),
)
