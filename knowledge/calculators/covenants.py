"""What a worker may have to pay for leaving early, and be paid for not competing (劳动合同法第二十二至二十四条)."""

from decimal import Decimal
from typing import Any

from bot.core.fields import Option
from knowledge.calculators.calculator import ON, REGION, Calculator, Field, Given
from knowledge.calculators.common_inputs import local_minimum
from knowledge.calculators.errors import CalculationError
from knowledge.calculators.inputs import Input, Kind
from knowledge.calculators.money import cents, equals, shown
from knowledge.calculators.results import Working

_SHARE = Decimal("0.3")
_LONGEST = 24
_NONE = Decimal(0)


def _training(given: Given, work: Working) -> dict[str, Any]:
    cost, total, served, agreed = (given[name] for name in ("cost", "total_m", "served_m", "agreed"))
    if total <= 0:
        raise CalculationError("服务期（total_m）要大于0个月。", field="total_m")
    if given["reason"] == "forced":
        work.say("因单位过错被迫解除的，不算违反服务期，不付违约金", "劳动合同法实施条例#26")
        return {"max_penalty": _NONE}
    if given["reason"] == "fault":
        work.say("因本人严重过错被解除的，违约金照付，上限一样", "劳动合同法实施条例#26")
    left = max(total - served, _NONE)
    share = cost * left / total
    work.say(
        f"没履行的 {shown(left)} 个月应分摊：{shown(cost)} × {shown(left)} ÷ {shown(total)} {equals(share)}元",
        "劳动合同法#22",
    )
    most = min(agreed, cost, share)
    work.say(
        f"约定 {shown(agreed)}、培训费 {shown(cost)}、分摊 {shown(share)}，取最低的 {shown(most)}元",
        "劳动合同法#22",
        "劳动合同法实施条例#16",
    )
    return {"max_penalty": cents(most)}


def _noncompete(given: Given, work: Working) -> dict[str, Any]:
    if given["months"] is not None and given["months"] > _LONGEST:
        work.say("竞业限制最长两年", "劳动合同法#24")
        work.flag("over_two_years")
    average, minimum, agreed = given["avg12"], given["local_min"], given["agreed"]
    share = average * _SHARE
    if agreed:
        work.say(f"约定了补偿，按约定每月 {shown(agreed)}元", "劳动合同法#23")
        if agreed < share or agreed < minimum:
            work.flag("compensation_low")
        return {"monthly": cents(agreed), "rule": "agreed"}
    monthly = max(share, minimum)
    work.say(
        f"没有约定补偿而已经履行：{shown(average)} × 30% {equals(share)}元，"
        f"和最低工资 {shown(minimum)} 取高，每月 {shown(monthly)}元",
        "劳动争议司法解释（一）#36",
    )
    return {"monthly": cents(monthly), "rule": "30%/min"}


CALCULATORS = (
    Calculator(
        "training_penalty",
        "培训服务期违约金",
        (
            Input(
                "cost",
                "培训费",
                "单位为专项培训花了多少元？",
                unit="元",
                help="有凭证的培训费、培训期间的差旅费和其他直接费用。",
            ),
            Input("total_m", "服务期", "约定的服务期是几个月？", Kind.NUMBER, "个月", maximum=Decimal(600)),
            Input("served_m", "已服务", "已经服务了几个月？", Kind.NUMBER, "个月", maximum=Decimal(600)),
            Input("agreed", "约定违约金", "协议约定的违约金是多少元？", unit="元"),
            Input(
                "reason",
                "离开原因",
                "因为什么离开？",
                Kind.CHOICE,
                required=False,
                default="resign",
                choices=(
                    Option("resign", "自己辞职"),
                    Option("forced", "欠薪、不缴社保等被迫解除", ("art38", "被迫解除")),
                    Option("fault", "因严重过错被解除", ("过错解除",)),
                ),
            ),
        ),
        _training,
        (Field("max_penalty", "违约金最多", "元"),),
        ("请单位拿出培训协议和付款凭证；没有专项培训的，不能约定违约金。",),
        ("因欠薪、不缴社保等被迫离职的不用付违约金；已经服务的月数、培训费凭证变了，结果就变。",),
    ),
    Calculator(
        "noncompete",
        "竞业限制",
        (
            Input("avg12", "月平均工资", "离开前12个月平均每月工资多少元？", unit="元/月"),
            local_minimum(),
            Input(
                "agreed", "约定补偿", "协议约定每月补偿多少元？没有约定就不填。", unit="元/月", required=False
            ),
            Input(
                "months",
                "限制月数",
                "约定限制几个月？",
                Kind.NUMBER,
                "个月",
                required=False,
                maximum=Decimal(600),
            ),
            REGION,
            ON,
        ),
        _noncompete,
        (Field("monthly", "每月补偿", "元/月"), Field("rule", "依据的算法")),
        (
            "因单位原因三个月没付补偿的，可以请求解除竞业限制；单位提前解除的，可以另要三个月。",
            "没有接触过商业秘密的，可以请求确认条款不生效；范围、地域、期限过宽的部分无效。",
        ),
        ("只有高管、高级技术人员和负保密义务的人才能约定；最长两年。",),
    ),
)
