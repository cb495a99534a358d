"""Maternity leave: the nation's days and the region's extension (女职工劳动保护特别规定第七条)."""

from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from bot.core.fields import Option
from knowledge.calculators.calculator import Calculator, Field, Given
from knowledge.calculators.errors import CalculationError
from knowledge.calculators.inputs import Input, Kind
from knowledge.calculators.parameters import Row
from knowledge.calculators.periods import DAY, add_months
from knowledge.calculators.results import Working

_BIRTH = 98
_FIFTEEN = 15
_MISCARRIAGE = MappingProxyType({"miscarriage_lt4": (15, "未满4个月"), "miscarriage_ge4": (42, "满4个月")})
_LAW = "女职工劳动保护特别规定#7"


def _compute(given: Given, work: Working) -> dict[str, Any]:
    national = _national(given, work)
    start: date = given["start"]
    last = start + DAY * (national - 1)
    if given["kind"] == "birth":
        last = _extended(last, given, work)
    elif given["ext_days"] or given["ext_months"] or given["region"]:
        work.assume("流产假按国家规定的天数，地方延长的产假不加在上面。")
    total = (last - start).days + 1
    work.say(f"从 {start} 起按自然日连续 {total} 天，到 {last} 止", _LAW)
    work.say(
        "产假期间：参加生育保险的，按单位上年度职工月平均工资由基金发生育津贴；没参加的，单位按产假前工资发",
        "女职工劳动保护特别规定#8",
    )
    return {"national_days": national, "total_days": total, "end": last.isoformat()}


def _national(given: Given, work: Working) -> int:
    if given["kind"] != "birth":
        days, said = _MISCARRIAGE[given["kind"]]
        work.say(f"怀孕{said}流产，产假 {days} 天", _LAW)
        return days
    days = _BIRTH
    said = "国家产假 98 天（产前可以休15天）"
    if given["difficult"]:
        days += _FIFTEEN
        said += " + 难产 15 天"
    if given["babies"] > 1:
        more = _FIFTEEN * (int(given["babies"]) - 1)
        days += more
        said += f" + 多胞胎 {more} 天"
    work.say(said if days == _BIRTH else f"{said}，共 {days} 天", _LAW)
    return days


def _extended(last: date, given: Given, work: Working) -> date:
    if given["ext_days"] is not None or given["ext_months"] is not None:
        if given["ext_days"] and given["ext_months"]:
            raise CalculationError("延长天数（ext_days）和延长月数（ext_months）只填一个。", field="ext_days")
        return _add(last, int(given["ext_days"] or 0), int(given["ext_months"] or 0), work, "当地规定")
    if given["region"] is None:
        work.assume("没有填地区和当地延长的天数，只算国家规定的。")
        work.flag("needs_local_standard", subject="地区和当地延长的产假")
        return last
    row = work.context.parameters.find("maternity", given["region"], given["start"], within=True)
    if row is None:
        work.flag("needs_local_standard", subject=f"{given['region']}延长产假的标准")
        return last
    return _by_region(last, row, given, work)


def _by_region(last: date, row: Row, given: Given, work: Working) -> date:
    work.use(row, "延长的产假")
    article = str(row.extra["article"])
    amount = row.value
    later = row.extra.get("later_children")
    if later is not None:
        if given["child"] is None:
            work.assume(f"按第一个孩子算；第二、第三个孩子延长{later}{row.unit}。")
        elif given["child"] > 1:
            amount = Decimal(str(later))
    days, months = (0, int(amount)) if row.unit == "个月" else (int(amount), 0)
    ended = _add(last, days, months, work, row.region, article)
    extras = (("spouse", "配偶陪产（护理）假"), ("childcare", "子女3岁内父母每年各有育儿假"))
    said = [f"{label}{row.extra[name]}" for name, label in extras if row.extra.get(name)]
    if said:
        work.say("另外，" + "，".join(said), article)
    return ended


def _add(last: date, days: int, months: int, work: Working, who: str, *basis: str) -> date:
    ended = last + DAY * days
    if months:
        ended = add_months(last + DAY, months) - DAY
    if days or months:
        said = f"{months} 个月（按月算到 {ended}）" if months else f"{days} 天"
        work.say(f"{who}延长 {said}", "人口与计划生育法#25", *basis)
    return ended


CALCULATORS = (
    Calculator(
        "maternity",
        "产假",
        (
            Input("start", "产假第一天", "产假从哪一天开始休？", Kind.DATE),
            Input(
                "kind",
                "情形",
                "是生育还是流产？",
                Kind.CHOICE,
                required=False,
                default="birth",
                choices=(
                    Option("birth", "生育"),
                    Option("miscarriage_lt4", "怀孕未满4个月流产"),
                    Option("miscarriage_ge4", "怀孕满4个月流产"),
                ),
            ),
            Input(
                "babies",
                "胎儿数",
                "生了几个宝宝？",
                Kind.COUNT,
                "个",
                required=False,
                default=Decimal(1),
                minimum=Decimal(1),
                maximum=Decimal(9),
                help="双胞胎填2。",
            ),
            Input(
                "difficult",
                "难产",
                "是难产吗？",
                Kind.YES_NO,
                required=False,
                default=False,
                help="以医院证明为准；剖宫产算不算看当地规定。",
            ),
            Input(
                "ext_days",
                "延长天数",
                "当地规定延长几天？",
                Kind.COUNT,
                "天",
                required=False,
                maximum=Decimal(400),
                help="填了地区、数据表里又有的，可以不填。",
            ),
            Input(
                "ext_months",
                "延长月数",
                "当地规定延长几个月？",
                Kind.COUNT,
                "个月",
                required=False,
                maximum=Decimal(12),
            ),
            Input(
                "child",
                "第几个孩子",
                "是第几个孩子？",
                Kind.COUNT,
                "孩",
                required=False,
                minimum=Decimal(1),
                maximum=Decimal(9),
            ),
            Input("region", "地区", "在哪个省或直辖市？", Kind.REGION, required=False),
        ),
        _compute,
        (
            Field("national_days", "国家规定", "天"),
            Field("total_days", "一共", "天"),
            Field("end", "最后一天"),
        ),
        ("休假前把预产期或出生证明交给单位，书面请假并留底；产假期间单位不得降工资、辞退。",),
        ("难产、多胞胎、所在省份、第几个孩子不同，天数就不同；产前休的15天也算在里面。",),
    ),
)
