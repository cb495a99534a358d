"""Work injury benefits and what the family receives on a death at work (工伤保险条例第三十三至三十九条)."""

from decimal import Decimal
from types import MappingProxyType
from typing import Any

from bot.core.fields import Option
from knowledge.calculators.calculator import ON, REGION, Calculator, Field, Given, local_standard
from knowledge.calculators.common_inputs import local_average, local_minimum
from knowledge.calculators.inputs import Input, Kind
from knowledge.calculators.money import cents, equals, shown
from knowledge.calculators.results import Working

_LUMP_MONTHS = MappingProxyType({1: 27, 2: 25, 3: 23, 4: 21, 5: 18, 6: 16, 7: 13, 8: 11, 9: 9, 10: 7})
_ALLOWANCE = MappingProxyType({1: 90, 2: 85, 3: 80, 4: 75, 5: 70, 6: 60})
_CARE = MappingProxyType({"full": 50, "most": 40, "part": 30})
_LOWEST, _HIGHEST = Decimal("0.6"), Decimal(3)
_FUNERAL_MONTHS, _DEATH_TIMES = 6, 20
_SPOUSE, _OTHER, _ALONE = 40, 30, 10
_NEAR_RETIREMENT = Decimal(5)
_FUND_ONLY = 4
_STAYS = 6


def _injury(given: Given, work: Working) -> dict[str, Any]:
    grade = int(given["grade"])
    base = _own_wage(given, work)
    months = _LUMP_MONTHS[grade]
    lump = base * months
    work.say(f"一次性伤残补助金（基金付）= {shown(base)} × {months} {equals(lump)}元", _article(grade))
    result: dict[str, Any] = {"base": cents(base), "lump_months": months, "lump": cents(lump)}
    if grade in _ALLOWANCE:
        result |= _allowance(grade, base, given, work)
    if given["care"] is not None:
        percent = _CARE[given["care"]]
        fee = given["local_avg"] * percent / 100
        work.say(
            f"生活护理费每月 = 社平工资 {shown(given['local_avg'])} × {percent}% {equals(fee)}元",
            "工伤保险条例#34",
        )
        result["care"] = cents(fee)
    if given["leaving"]:
        result |= _leaving(grade, given, work)
    work.say("停工留薪期一般不超过12个月，可以再延长不超过12个月，原工资福利由单位照发", "工伤保险条例#33")
    if not given["insured"]:
        work.say("单位没有参加工伤保险，由单位按同样的项目和标准付", "工伤保险条例#62")
        work.flag("paid_by_employer")
    return result


def _own_wage(given: Given, work: Working) -> Decimal:
    wage, average = Decimal(given["wage"]), Decimal(given["local_avg"])
    low, high = average * _LOWEST, average * _HIGHEST
    base = min(max(wage, low), high)
    limit = "在两者之间，照算" if base == wage else f"按 {shown(base)} 算"
    work.say(
        f"本人工资 {shown(wage)}，社平工资的60%是 {shown(low)}、300%是 {shown(high)}：{limit}",
        "工伤保险条例#64",
    )
    return base


def _article(grade: int) -> str:
    return f"工伤保险条例#{35 if grade <= _FUND_ONLY else 36 if grade <= _STAYS else 37}"


def _allowance(grade: int, base: Decimal, given: Given, work: Working) -> dict[str, Any]:
    percent = _ALLOWANCE[grade]
    amount = base * percent / 100
    payer = "基金付" if grade <= _FUND_ONLY else "难以安排工作时由单位付"
    work.say(f"伤残津贴每月（{payer}）= {shown(base)} × {percent}% {equals(amount)}元", _article(grade))
    minimum = given["local_min"]
    if minimum is None:
        work.flag("needs_local_standard", subject="当地最低工资（伤残津贴低于它的要补足）")
    elif amount < minimum:
        amount = minimum
        work.say(f"低于当地最低工资，补足到 {shown(minimum)}元", _article(grade))
    return {"allowance_pct": percent, "allowance": cents(amount)}


def _leaving(grade: int, given: Given, work: Working) -> dict[str, Any]:
    if grade <= _FUND_ONLY:
        work.say("一级至四级保留劳动关系，没有一次性医疗补助金和就业补助金", "工伤保险条例#35")
        return {}
    region = given["region"] or ""
    day = given["on"] or work.context.today
    row = work.context.parameters.find("injury_subsidy", region, day, within=True) if region and day else None
    if row is None:
        work.flag("needs_local_standard", subject=f"{region}一次性工伤医疗补助金和伤残就业补助金的标准")
        return {}
    average = given["province_avg"]
    if average is None:
        raise local_standard(_PROVINCE_AVERAGE, region, given["on"])
    work.use(row, "两项一次性补助金")
    months = Decimal(str(row.extra["months"][str(grade)]))
    amount = average * months
    article = str(row.extra["article"])
    work.say(
        f"离开单位：一次性工伤医疗补助金（基金付）= 全省社平工资 {shown(average)} × {months} {equals(amount)}元",
        _article(grade),
        article,
    )
    if given["years_to_retire"] is not None and given["years_to_retire"] < _NEAR_RETIREMENT:
        work.flag("near_retirement_reduction")
        return {"medical_subsidy": cents(amount)}
    work.say(f"一次性伤残就业补助金（单位付）{equals(amount)}元", _article(grade), article)
    return {"medical_subsidy": cents(amount), "employment_subsidy": cents(amount)}


def _death(given: Given, work: Working) -> dict[str, Any]:
    base = _own_wage(given, work)
    funeral = given["local_avg"] * _FUNERAL_MONTHS
    work.say(f"丧葬补助金 = 社平工资 {shown(given['local_avg'])} × 6 {equals(funeral)}元", "工伤保险条例#39")
    percents = [
        (_SPOUSE if relation == "spouse" else _OTHER) + (_ALONE if alone else 0)
        for relation, alone in given["kin"]
    ]
    pension = base * sum(percents) / 100
    said = " + ".join(f"{percent}%" for percent in percents) or "没有符合条件的供养亲属，0"
    work.say(f"供养亲属抚恤金每月 = {shown(base)} × ({said}) {equals(pension)}元", "工伤保险条例#39")
    if pension > base:
        pension = base
        work.say(f"各人合计不高于本人工资，按 {shown(base)}元", "工伤保险条例#39")
    lump = given["income"] * _DEATH_TIMES
    work.say(
        f"一次性工亡补助金 = 上一年度全国城镇居民人均可支配收入 {shown(given['income'])} × 20 {equals(lump)}元",
        "工伤保险条例#39",
    )
    if not given["insured"]:
        work.say("单位没有参加工伤保险，由单位按同样的项目和标准付", "工伤保险条例#62")
        work.flag("paid_by_employer")
    return {"funeral": cents(funeral), "pension_month": cents(pension), "lump": cents(lump)}


_WAGE = Input(
    "wage",
    "本人工资",
    "受伤前12个月平均每月的缴费工资是多少元？",
    unit="元/月",
    help="看社保缴费记录，不是到手工资。",
)
_AVERAGE = local_average("统筹地区职工月平均工资。")
_INSURED = Input(
    "insured", "参加工伤保险", "单位给参加了工伤保险吗？", Kind.YES_NO, required=False, default=True
)
_PROVINCE_AVERAGE = Input(
    "province_avg",
    "全省社平工资",
    "解除时上年度全省职工月平均工资是多少元？",
    unit="元/月",
    required=False,
    table="province_average_wage",
)

CALCULATORS = (
    Calculator(
        "work_injury",
        "工伤待遇",
        (
            Input(
                "grade",
                "伤残等级",
                "鉴定是几级伤残？",
                Kind.COUNT,
                "级",
                minimum=Decimal(1),
                maximum=Decimal(10),
            ),
            _WAGE,
            _AVERAGE,
            local_minimum(required=False),
            Input(
                "care",
                "生活自理",
                "鉴定需要生活护理吗？",
                Kind.CHOICE,
                required=False,
                choices=(
                    Option("full", "完全不能自理"),
                    Option("most", "大部分不能自理"),
                    Option("part", "部分不能自理"),
                ),
            ),
            Input(
                "leaving",
                "离开单位",
                "是解除或终止劳动关系吗？",
                Kind.YES_NO,
                required=False,
                default=False,
                help="五级至十级才有两项一次性补助金。",
            ),
            _PROVINCE_AVERAGE,
            Input(
                "years_to_retire",
                "离退休年数",
                "离法定退休年龄还有几年？",
                Kind.NUMBER,
                "年",
                required=False,
                maximum=Decimal(60),
            ),
            _INSURED,
            REGION,
            ON,
        ),
        _injury,
        (
            Field("base", "本人工资基数", "元"),
            Field("lump_months", "一次性伤残补助金月数", "个月"),
            Field("lump", "一次性伤残补助金", "元"),
            Field("allowance_pct", "伤残津贴比例", "%"),
            Field("allowance", "伤残津贴", "元/月"),
            Field("care", "生活护理费", "元/月"),
            Field("medical_subsidy", "一次性工伤医疗补助金", "元"),
            Field("employment_subsidy", "一次性伤残就业补助金", "元"),
        ),
        (
            "还没认定的先申请工伤认定：单位30日内，单位不报的本人、近亲属、工会一年内自己报。",
            "拿到伤残鉴定后到社保经办机构申领；单位该付的部分书面要，不付就申请仲裁。",
        ),
        ("伤残等级、缴费工资、社平工资、单位参没参保变了，结果就变。",),
    ),
    Calculator(
        "work_death",
        "工亡待遇",
        (
            _WAGE,
            _AVERAGE,
            Input(
                "income",
                "人均可支配收入",
                "上一年度全国城镇居民人均可支配收入是多少元？",
                unit="元/年",
                help="填了死亡日期、数据表里又有的，可以不填。",
                table="disposable_income",
                national=True,
            ),
            Input(
                "kin",
                "供养亲属",
                "由他供养、没有劳动能力的亲属有哪些？孤寡老人和孤儿请注明。",
                Kind.KIN,
                required=False,
                default=(),
                help="例如：配偶、子女、父母（孤寡）。",
            ),
            _INSURED,
            REGION,
            Input("on", "死亡日期", "哪一天去世的？", Kind.DATE, required=False),
        ),
        _death,
        (
            Field("funeral", "丧葬补助金", "元"),
            Field("pension_month", "供养亲属抚恤金合计", "元/月"),
            Field("lump", "一次性工亡补助金", "元"),
        ),
        (
            "先申请工伤认定：单位30日内，单位不报的近亲属、工会一年内自己报。",
            "认定后带死亡证明、亲属关系和供养证明到社保经办机构申领。",
        ),
        ("供养亲属的范围要经办机构核定；去世的年份不同，一次性工亡补助金不同。",),
    ),
)
