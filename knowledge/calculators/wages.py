"""Minimum wage and the most that may be deducted (最低工资规定第十二条；工资支付暂行规定第十六条)."""

from decimal import Decimal
from typing import Any

from bot.core.fields import Option
from knowledge.calculators.calculator import ON, REGION, Calculator, Field, Given
from knowledge.calculators.common_inputs import local_minimum
from knowledge.calculators.errors import CalculationError
from knowledge.calculators.inputs import Input, Kind
from knowledge.calculators.money import cents, equals, shown
from knowledge.calculators.results import Working

_MOST_DEDUCTED = Decimal("0.2")
_NONE = Decimal(0)


def _minimum(given: Given, work: Working) -> dict[str, Any]:
    gross, minimum = given["gross"], given["local_min"]
    parts = [(given["ot"], "加班工资"), (given["special"], "特殊环境津贴"), (given["welfare"], "法定福利")]
    if _si_excluded(given, work):
        parts.append((given["si"], "个人缴的社保公积金"))
    comparable = gross - sum(amount for amount, _ in parts)
    if comparable < 0:
        raise CalculationError("应发工资（gross）比要剔除的各项之和还少，请核对。", field="gross")
    said = "".join(f" − {label} {shown(amount)}" for amount, label in parts if amount)
    work.say(f"可比工资 = 应发 {shown(gross)}{said} {equals(comparable)}元", "最低工资规定#12")
    short = max(minimum - comparable, _NONE)
    basis = ("劳动合同法#72",) if given["kind"] == "hourly" else ("劳动法#48",)
    if short:
        work.say(f"低于当地标准 {shown(minimum)}，应补 {shown(short)}元", *basis)
        work.say("责令后逾期不付的，加付50%到100%", "劳动合同法#85")
    else:
        work.say(f"不低于当地标准 {shown(minimum)}，没有违反", *basis)
    if given["absent"]:
        work.flag("not_applicable")
    return {"comparable": cents(comparable), "ok": not short, "shortfall": cents(short)}


def _si_excluded(given: Given, work: Working) -> bool:
    if given["si_excluded"] is not None:
        return bool(given["si_excluded"])
    row = given.rows.get("local_min")
    if row is not None and "si_excluded" in row.extra:
        excluded = bool(row.extra["si_excluded"])
        work.assume(f"{row.region}的最低工资{'不' if excluded else ''}含个人缴的社保公积金。")
        return excluded
    if given["si"]:
        work.assume("没有说明当地最低工资不含个人缴的社保公积金，按含在里面算。")
        work.flag("si_rule_unknown")
    return False


def _deduction(given: Given, work: Working) -> dict[str, Any]:
    wage, minimum, want = given["wage"], given["local_min"], given["want"]
    share, room = wage * _MOST_DEDUCTED, max(wage - minimum, _NONE)
    work.say(f"当月工资 {shown(wage)} × 20% {equals(share)}元", "工资支付暂行规定#16")
    work.say(
        f"扣后不低于最低工资：{shown(wage)} − {shown(minimum)}，最多 {shown(room)}元", "工资支付暂行规定#16"
    )
    most = min(share, room) if want is None else min(share, room, want)
    work.say(f"这个月最多扣 {shown(most)}元，没扣完的以后月份再扣也受同样的限制", "工资支付暂行规定#16")
    if wage < minimum:
        work.flag("below_minimum", subject="当月工资")
    return {"max_deduct": cents(most)}


def _part(name: str, label: str, prompt: str, *aliases: str) -> Input:
    return Input(name, label, prompt, unit="元", required=False, default=_NONE, aliases=aliases)


CALCULATORS = (
    Calculator(
        "min_wage_check",
        "最低工资核对",
        (
            Input("gross", "应发工资", "这个月应发多少元？", unit="元", help="非全日制填每小时多少元。"),
            _part("ot", "加班工资", "其中加班工资多少元？", "overtime"),
            _part("special", "特殊津贴", "中夜班、高温低温、有毒有害等津贴多少元？"),
            _part("welfare", "法定福利", "国家规定的福利待遇多少元？", "benefits"),
            _part("si", "个人社保公积金", "个人缴的社保公积金多少元？"),
            Input(
                "si_excluded",
                "标准不含社保",
                "当地最低工资不含个人缴的社保公积金吗？",
                Kind.YES_NO,
                required=False,
                help="上海不含；填了地区、数据表里又有的，可以不填。",
            ),
            local_minimum(),
            Input(
                "kind",
                "用工形式",
                "是全日制还是非全日制？",
                Kind.CHOICE,
                required=False,
                default="monthly",
                choices=(
                    Option("monthly", "全日制"),
                    Option("hourly", "非全日制（填小时数）", ("part_time",)),
                ),
                help="非全日制的应发和最低工资都填每小时多少元。",
            ),
            Input(
                "absent",
                "未正常出勤",
                "是因本人原因没有正常上班吗？",
                Kind.YES_NO,
                required=False,
                default=False,
            ),
            REGION,
            ON,
        ),
        _minimum,
        (
            Field("comparable", "可比工资", "元"),
            Field("ok", "是否达到最低工资"),
            Field("shortfall", "还差", "元"),
        ),
        ("带工资条、银行流水向劳动监察投诉（12333），或打12351请工会帮忙。",),
        ("加班费、津贴、福利和个人社保占多少，当地标准是多少，都会改变结果。",),
    ),
    Calculator(
        "wage_deduction",
        "工资扣除上限",
        (
            Input("wage", "当月工资", "这个月工资多少元？", unit="元"),
            local_minimum(),
            Input("want", "要扣的数", "单位这个月要扣多少元？", unit="元", required=False),
            REGION,
            ON,
        ),
        _deduction,
        (Field("max_deduct", "最多扣", "元"),),
        ("不是本人原因造成的损失、合同没有约定的，单位不能扣；多扣的可以要回来。",),
        ("工资支付办法各地可能更严；代扣个税、社保和法院判决要扣的不在这里算。",),
    ),
)
