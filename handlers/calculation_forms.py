"""A calculator's inputs as a form: what the chat asks, in which order, and which words say what an amount is."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from bot.core.fields import Condition, Field, Kind, Option
from bot.core.form import Form
from knowledge.calculators import inputs
from knowledge.calculators.calculator import Calculator
from knowledge.calculators.errors import CalculationError
from knowledge.calculators.inputs import Input
from knowledge.calculators.parameters import NATION
from knowledge.calculators.results import Context

PREFIX = "calc:"
_VERSION = 1
_KINDS = MappingProxyType(
    {
        inputs.Kind.MONEY: Kind.MONEY,
        inputs.Kind.NUMBER: Kind.NUMBER,
        inputs.Kind.COUNT: Kind.COUNT,
        inputs.Kind.DATE: Kind.DATE,
        inputs.Kind.CHOICE: Kind.CHOICE,
        inputs.Kind.YES_NO: Kind.YES_NO,
        inputs.Kind.REGION: Kind.PLACE,
        inputs.Kind.KIN: Kind.TEXT,
        inputs.Kind.RATES: Kind.TEXT,
    }
)
_ASKED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "severance": ("scheme",),
        "overtime": ("weekday", "rest", "holiday"),
        "annual_leave_exit": ("taken",),
        "maternity": ("kind", "babies", "difficult"),
        "work_injury": ("leaving", "insured"),
        "work_death": ("on", "kin"),
        "double_wage": ("end", "signed"),
        "arbitration_deadline": ("arrears", "ended"),
        "resignation_date": ("probation",),
        "min_wage_check": ("ot", "special", "si"),
        "wage_deduction": ("want",),
        "sick_pay_floor": ("sick_pay",),
        "training_penalty": ("reason",),
        "noncompete": ("agreed",),
        "social_insurance": ("rates",),
    }
)
"""Inputs that may be left out but are asked all the same, for the result means little without them."""
_ONLY_IF: Mapping[tuple[str, str], tuple[str, tuple[Any, ...]]] = MappingProxyType(
    {
        ("maternity", "babies"): ("kind", ("birth", None)),
        ("maternity", "difficult"): ("kind", ("birth", None)),
        ("arbitration_deadline", "ended"): ("arrears", (True,)),
    }
)
_BEGIN = (
    "进厂",
    "入职",
    "入厂",
    "进公司",
    "进单位",
    "上班",
    "开始",
    "来的",
    "干了",
    "做了",
    "工作了",
    "干起",
    "进的",
    "去的",
    "上岗",
    "到岗",
)
_END = (
    "被辞",
    "辞退",
    "离职",
    "走的",
    "走人",
    "解除",
    "开除",
    "被裁",
    "裁员",
    "辞职",
    "到期",
    "离开",
    "不干",
    "不让我干",
    "没续",
    "赶走",
)
_PAY = ("工资", "月薪", "每个月", "每月", "月", "到手", "平均", "挣", "底薪", "薪水", "收入", "应发")
_HURT = ("受伤", "出事", "摔", "砸", "事故", "诊断", "伤的", "压伤", "烫", "受的", "撞")
_GOT = ("收到", "拿到", "下来")
_CUES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "start": _BEGIN,
        "join": _BEGIN,
        "end": _END,
        "last": _END,
        "avg12": _PAY,
        "monthly": _PAY,
        "monthly_base": _PAY,
        "wage": _PAY,
        "avg_no_ot": _PAY,
        "gross": _PAY,
        "birth": ("出生", "生的", "生日", "生人", "年生", "月生", "日生", "号生"),
        "occurred": _HURT,
        "received": _GOT,
        "weekday": ("工作日", "平时", "平日", "晚上", "延时"),
        "rest": ("周末", "休息日", "双休", "周六", "周日"),
        "holiday": ("法定", "节日", "国庆", "春节", "五一", "元旦", "节假日", "过年"),
        "taken": ("休了", "已休", "休过"),
        "cum_years": ("工龄", "工作了", "上班", "工作", "干了"),
        "total_years": ("工龄", "一共", "参加工作"),
        "unit_years": ("本单位", "这个单位", "这家", "这里", "厂里"),
        "years": ("缴", "交", "社保", "失业保险"),
        "known": ("没发", "知道", *_END),
        "noticed": ("辞职", "通知", "提出", "交的", "递"),
        "local_min": ("最低工资",),
        "local_avg": ("社平", "社会平均"),
        "signed": ("补签", "签的", "签了"),
        "scheme": ("*",),
        "kind": ("*",),
    }
)  # fmt: skip
"""Input → words beside an amount or date that say it is meant; * lets a choice be read out of a whole sentence."""
_LABELS: Mapping[tuple[str, str], tuple[str, tuple[str, ...]]] = MappingProxyType(
    {
        ("scheme", "N"): ("协商解除、裁员、到期不续等（经济补偿N）", ("n", "裁员", "到期不续", "协商解除", "协商")),
        ("scheme", "N+1"): ("没提前三十天通知的辞退（N+1）", ("n+1", "n1", "代通知金", "没提前通知")),
        ("scheme", "2N"): ("违法辞退（赔偿金2N）", ("2n", "赔偿金", "违法辞退", "违法解除", "无故辞退", "无故开除", "非法辞退")),
    }
)  # fmt: skip
_PROMPTS: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("severance", "scheme"): "单位是怎么让走的？",
        ("severance", "start"): "哪年哪月进这家单位的？（记得哪天更好）",
        ("severance", "end"): "哪天离开的，或者说好哪天走？",
        ("severance", "avg12"): "离开前一年，平均每个月应得多少钱？（没扣社保个税的数，含奖金津贴）",
        ("overtime", "weekday"): "这个月平时晚上一共加班几小时？没有就写0。",
        ("overtime", "rest"): "周末加班几小时（没补休的）？没有就写0。",
        ("overtime", "holiday"): "法定节日加班几小时？没有就写0。",
        (
            "social_insurance",
            "rates",
        ): "各险种个人和单位各交百分之几？像这样写：养老 8/16，医疗 2/9，失业 0.5/0.5，先个人后单位。",
        ("double_wage", "end"): "还在这家干吗？已经走了的，写哪天走的；还在就回复“跳过”。",
        ("double_wage", "signed"): "后来补签过合同的，写哪天签的；没签过就回复“跳过”。",
    }
)
_LEAST_WAGE = Decimal(100)
"""Yuan a month; less is a slip, such as the number of a choice."""
_PLAINER = frozenset({"rates", "months"})
"""Inputs whose help is for programs, or repeats what the unit does by itself."""
_MONTH_ENDS = frozenset({"end", "last"})
_UNKNOWN = "不知道就回复“跳过”，我说明缺什么、到哪里问。"


@dataclass(frozen=True, slots=True)
class _Unlisted:
    """Asked where the data have no local standard for the region and day."""

    table: str
    national: bool
    dated_by: str
    context: Context

    def __call__(self, answers: Mapping[str, Any]) -> bool:
        region = NATION if self.national else answers.get("region") or ""
        said = answers.get(self.dated_by)
        day = date.fromisoformat(said) if said else self.context.today
        return not (region and day and self.context.parameters.find(self.table, region, day))


@dataclass(frozen=True, slots=True)
class _Among:
    """Asked where another input has one of these values, its default where nothing was said."""

    name: str
    values: tuple[Any, ...]
    default: Any = None

    def __call__(self, answers: Mapping[str, Any]) -> bool:
        said = answers.get(self.name)
        return (self.default if said is None else said) in self.values


def build(calculator: Calculator, context: Context) -> Form:
    """The form of a calculator: what must be known first, then the place, then local standards no table has."""
    asked = [one for one in calculator.inputs if _is_asked(calculator, one)]
    names = [one.name for one in asked]
    late = {one.when[0] for one in asked if one.when and one.name in names[: _place(names, one.when[0])]}
    asked.sort(key=lambda one: (bool(one.table), one.kind is inputs.Kind.REGION, one.name not in late))
    fields = tuple(_field(calculator, one, context) for one in asked)
    return Form(PREFIX + calculator.name, _VERSION, calculator.title, fields, confirms=False)


def _place(names: list[str], name: str) -> int:
    """Where an input is asked; before everything where it is not."""
    return names.index(name) if name in names else 0


def _is_asked(calculator: Calculator, one: Input) -> bool:
    if one.kind is inputs.Kind.REGION:
        return calculator.name in ("maternity", "medical_period") or any(
            other.table and other.required and not other.national for other in calculator.inputs
        )
    return one.required or one.when is not None or one.name in _ASKED.get(calculator.name, ())


def _field(calculator: Calculator, one: Input, context: Context) -> Field:
    return Field(
        name=one.name,
        label=one.label,
        prompt=_PROMPTS.get((calculator.name, one.name), one.prompt),
        kind=_KINDS[one.kind],
        required=_is_needed(one),
        when=_condition(calculator, one, context),
        choices=tuple(_option(one, choice) for choice in one.choices),
        unit="" if one.unit == "%" else one.unit,
        help=_UNKNOWN if one.table else "" if one.name in _PLAINER else one.help,
        least=one.minimum or (_LEAST_WAGE if one.unit == "元/月" or one.name == "last_month" else None),
        most=one.maximum,
        cues=_CUES.get(one.name, ()),
        month_ends=one.name in _MONTH_ENDS,
        check=_CHECKS[one.kind](one) if one.kind in _CHECKS else None,
    )


def _option(one: Input, choice: Option) -> Option:
    label, aliases = _LABELS.get((one.name, choice.value), (choice.label, choice.aliases))
    return Option(choice.value, label, aliases)


def _condition(calculator: Calculator, one: Input, context: Context) -> Condition | None:
    if one.table:
        return _Unlisted(one.table, one.national, calculator.dated_by, context)
    wanted = one.when or _ONLY_IF.get((calculator.name, one.name))
    if wanted is None:
        return None
    other = next(other for other in calculator.inputs if other.name == wanted[0])
    return _Among(wanted[0], wanted[1], other.default)


def _is_needed(one: Input) -> bool:
    """Whether there is no result without it; a local standard may be unknown to the worker."""
    needed = one.required or one.when is not None or one.kind is inputs.Kind.RATES
    return needed and not one.table and one.kind is not inputs.Kind.REGION


def _kin(one: Input) -> Callable[[Any], str]:
    def check(value: Any) -> str:
        try:
            one.read(value)
        except CalculationError:
            return f"请照这样写：{one.help.removeprefix('例如：')}"
        return ""

    return check


def _rates(_one: Input) -> Callable[[Any], str]:
    return lambda value: "" if rates(value) else "没看懂。请照这样写：养老 8/16，医疗 2/9，失业 0.5/0.5。"


_CHECKS = MappingProxyType({inputs.Kind.KIN: _kin, inputs.Kind.RATES: _rates})
_INSURED = MappingProxyType(
    {"养老": "pension", "医疗": "medical", "医保": "medical", "失业": "unemployment", "工伤": "injury", "生育": "maternity", "公积金": "housing_fund"}
)  # fmt: skip
_RATE = re.compile(
    rf"({'|'.join(_INSURED)})(?:保险)?[:：]?\s*(?:个人)?(\d{{1,2}}(?:\.\d{{1,2}})?)%?\s*(?:[/、,，和比]|单位)+\s*(\d{{1,2}}(?:\.\d{{1,2}})?)%?"
)


def rates(text: str) -> dict[str, list[str]]:
    """Percentages of each insurance out of ``养老 8/16，医疗 2/9``, the person's share first."""
    return {_INSURED[name]: [own, employer] for name, own, employer in _RATE.findall(text)}


def answers(calculator: Calculator, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the calculator is given: everything that was answered."""
    kinds = {one.name: one.kind for one in calculator.inputs}
    return {
        name: rates(value) if kinds[name] is inputs.Kind.RATES else value
        for name, value in values.items()
        if name in kinds and value is not None
    }
