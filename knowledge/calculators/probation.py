"""Probation: how long, how little it may pay, and what an unlawful one costs (劳动合同法第十九、二十、八十三条)."""

from decimal import Decimal
from typing import Any

from bot.core.fields import Option
from knowledge.calculators.calculator import ON, REGION, Calculator, Field, Given
from knowledge.calculators.common_inputs import local_minimum
from knowledge.calculators.inputs import Input, Kind
from knowledge.calculators.money import cents, equals, shown
from knowledge.calculators.results import Working

_TIERS = (
    (Decimal(36), 6, "三年以上"),
    (Decimal(12), 2, "一年以上不满三年"),
    (Decimal(3), 1, "三个月以上不满一年"),
)
_LONGEST = 6
_SHARE = Decimal("0.8")


def _limit(given: Given, work: Working) -> int:
    kind = given["kind"]
    if kind == "part_time":
        work.say("非全日制用工不得约定试用期", "劳动合同法#70")
        return 0
    if kind == "task":
        work.say("以完成一定工作任务为期限的合同不得约定试用期", "劳动合同法#19")
        return 0
    if kind == "open":
        months, said = _LONGEST, "无固定期限合同"
    else:
        term = given["months"]
        found = next(((months, said) for least, months, said in _TIERS if term >= least), (0, "不满三个月"))
        months, said = found[0], f"合同期限 {shown(term)} 个月，{found[1]}"
    limit = f"试用期不超过 {months} 个月" if months else "不得约定试用期"
    work.say(f"{said}：{limit}；同一单位只能约定一次", "劳动合同法#19")
    return months


def _wage(given: Given, work: Working) -> dict[str, Any]:
    minimum = given["local_min"]
    agreed, post = given["agreed"] * _SHARE, given["lowest_post"] * _SHARE
    floor, strict = max(min(agreed, post), minimum), max(agreed, post, minimum)
    work.say(
        f"约定工资的80% {equals(agreed)}元，同岗最低档的80% {equals(post)}元，当地最低工资 {shown(minimum)}元",
        "劳动合同法#20",
        "劳动合同法实施条例#15",
    )
    work.say(f"低于 {shown(floor)}元一定违法（两个80%取低，再和最低工资取高）", "劳动合同法实施条例#15")
    work.say(f"从严看不低于 {shown(strict)}元（取高）；条文用“或者”，两种理解都有", "劳动合同法#20")
    return {"floor": cents(floor), "strict_floor": cents(strict)}


def _penalty(given: Given, work: Working) -> dict[str, Any]:
    amount = given["monthly"] * given["over_months"]
    work.say(
        f"试用期满月工资 {shown(given['monthly'])} × 已履行的超期 {shown(given['over_months'])} 个月 {equals(amount)}元",
        "劳动合同法#83",
    )
    return {"amount": cents(amount)}


_MONTHS = Input(
    "months",
    "合同期限",
    "合同签了几个月？",
    Kind.NUMBER,
    "个月",
    required=False,
    help="固定期限的要填；三年填36。",
    when=("kind", ("fixed",)),
    maximum=Decimal(600),
)

CALCULATORS = (
    Calculator(
        "probation",
        "试用期上限",
        (
            _MONTHS,
            Input(
                "kind",
                "合同种类",
                "是哪种合同？",
                Kind.CHOICE,
                required=False,
                default="fixed",
                choices=(
                    Option("fixed", "固定期限", ("fixed_term",)),
                    Option(
                        "open",
                        "无固定期限",
                        ("open_ended", "open-ended", "indefinite", "unfixed", "permanent"),
                    ),
                    Option("task", "以完成一定工作任务为期限", ("完成任务", "project", "task_based")),
                    Option("part_time", "非全日制", ("parttime", "part-time", "小时工")),
                ),
            ),
        ),
        _limit,
        (Field("value", "试用期最长", "个月"),),
        ("约定得更长的，超过的部分违法；已经做过的可以要赔偿金。",),
        ("合同期限、合同种类变了，上限就变；同一单位第二次约定试用期违法。",),
    ),
    Calculator(
        "probation_wage",
        "试用期工资下限",
        (
            Input("agreed", "约定工资", "合同约定转正后每月多少元？", unit="元/月"),
            Input("lowest_post", "同岗最低档", "本单位相同岗位最低档工资每月多少元？", unit="元/月"),
            local_minimum(),
            REGION,
            ON,
        ),
        _wage,
        (Field("floor", "不低于（低于必违法）", "元/月"), Field("strict_floor", "从严不低于", "元/月")),
        ("低于下限的，书面要求补足；不补，向劳动监察投诉或申请仲裁。",),
        ("同岗最低档工资、当地最低工资变了，结果就变。",),
    ),
    Calculator(
        "illegal_probation_pay",
        "违法约定试用期的赔偿金",
        (
            Input(
                "monthly",
                "试用期满月工资",
                "试用期满后每月工资是多少元？",
                unit="元/月",
                aliases=("wage", "full_wage", "regular_wage", "monthly_wage"),
            ),
            Input(
                "over_months",
                "超期月数",
                "超过法定上限的试用期，已经做了几个月？",
                Kind.NUMBER,
                "个月",
                aliases=("months", "excess_months", "extra_months"),
                maximum=Decimal(120),
            ),
        ),
        _penalty,
        (Field("amount", "赔偿金", "元"),),
        ("带合同和工资流水申请仲裁；差额工资可以一起要。",),
        ("只算已经履行的超期部分；约定了还没做的，改正就行。",),
    ),
)
