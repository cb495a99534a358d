"""Which calculator a message means, and whether it asks for one in so many words."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from bot.core import form_words
from intents.catalogue import Intent
from knowledge.calculators import registry

_ASKS = re.compile(
    r"(?:帮|给|替)(?:我|忙|俺|咱|下)?们?(?:计?算)|(?<![怎么打核清就])算一?算|算一下|我?(?:要|想)算(?!了)|^(?:计?算)(?!了|不|是).{1,12}$|计算器|计算一下"
)
_IDLE = re.compile(r"[算下吧呗啊呀嘛个账钱数请你您]")
_HOW = re.compile(
    r"怎么(?:计?算|个算)|如何计?算|算法|怎样计?算|算不算|算工伤(?!待遇|赔|补|能)|算加班吗|算不算数"
)
_NAMED: tuple[tuple[str, str], ...] = (
    ("double_wage", r"(双倍|二倍|两倍|2倍)工资|(没|未|不)(有)?签.{0,6}合同"),
    (
        "severance",
        r"经济补偿|n\s*\+\s*1|2n|代通知金|遣散|辞退|被辞|被裁|裁员|开除|解除.{0,4}(补|赔)|不续签|赔偿金",
    ),
    ("annual_leave_exit", r"(年假|年休).{0,12}(工资|钱|补|折|离职|没休|未休)|(没休|未休).{0,6}(年假|年休)"),
    ("annual_leave_new", r"(新|刚|今年).{0,4}(入职|进|来).{0,12}(年假|年休)"),
    ("annual_leave_days", r"年假|年休"),
    ("medical_period", r"医疗期"),
    ("sick_pay_floor", r"病假.{0,6}(工资|钱|扣|发)"),
    ("maternity", r"产假|流产"),
    ("work_death", r"工亡|因工死亡|工伤死|上班.{0,4}(死|没了)"),
    (
        "injury_claim_deadline",
        r"工伤认定.{0,8}(期限|最晚|最迟|多久|截止|哪天|来得及)|(期限|最晚).{0,8}工伤认定",
    ),
    ("work_injury", r"工伤|伤残|[一二三四五六七八九十\d]级"),
    ("unemployment_months", r"失业"),
    ("illegal_probation_pay", r"试用期.{0,10}(赔|超)"),
    ("probation_wage", r"试用期.{0,6}(工资|钱|薪)"),
    ("probation", r"试用期"),
    ("lawsuit_deadline", r"起诉|不服.{0,4}裁决"),
    ("arbitration_deadline", r"时效|仲裁"),
    ("inspection_deadline", r"监察|投诉"),
    ("resignation_date", r"辞职|预告期|提前.{0,4}(通知|说)"),
    ("transfer_deadline", r"(档案|社保).{0,4}转"),
    ("min_wage_check", r"最低工资"),
    ("wage_deduction", r"扣.{0,6}(工资|钱)|(工资|钱).{0,4}扣|罚款"),
    ("overtime", r"加班"),
    ("training_penalty", r"服务期|培训.{0,6}违约金"),
    ("noncompete", r"竞业"),
    ("social_insurance", r"社保|五险|公积金|缴费基数"),
    ("retirement", r"退休"),
)
"""Calculator → words that name it, the particular before the general."""
_FAMILIES: Mapping[Intent, tuple[str, ...]] = MappingProxyType(
    {
        Intent.CALC_SEVERANCE: ("severance",),
        Intent.CALC_WAGES: ("overtime", "min_wage_check", "wage_deduction", "sick_pay_floor", "double_wage"),
        Intent.CALC_LEAVE: ("annual_leave_days", "annual_leave_new", "annual_leave_exit", "medical_period", "sick_pay_floor"),
        Intent.CALC_MATERNITY: ("maternity",),
        Intent.CALC_INJURY: ("work_injury", "work_death"),
        Intent.CALC_INSURANCE: ("unemployment_months", "social_insurance"),
        Intent.CALC_CONTRACT: ("double_wage", "probation", "probation_wage", "illegal_probation_pay", "training_penalty", "noncompete"),
        Intent.CALC_DEADLINE: (
            "arbitration_deadline", "lawsuit_deadline", "injury_claim_deadline", "inspection_deadline", "resignation_date",
            "transfer_deadline",
        ),
        Intent.CALC_RETIREMENT: ("retirement",),
    }
)  # fmt: skip
_COMMON = ("severance", "overtime", "double_wage", "work_injury", "annual_leave_exit", "maternity", "arbitration_deadline", "retirement")  # fmt: skip
_GUANGDONG = "广东"


def wants(text: str) -> bool:
    """Whether ``text`` says in so many words that something is to be computed."""
    return bool(_ASKS.search(text)) and (bool(titled(text)) or not _HOW.search(text))


def asks_how(text: str) -> bool:
    """Whether ``text`` asks for the rule rather than for a figure."""
    return bool(_HOW.search(text))


def meant(text: str, intent: Intent | None, region: str = "") -> tuple[str, ...]:
    """Calculators the message may mean: by title, by name, by the family of its intent."""
    by_title = titled(text)
    if by_title:
        return (by_title,)
    if not _IDLE.sub("", form_words.plain(_ASKS.sub("", text))):
        return _COMMON
    family = _FAMILIES.get(intent, ()) if intent else ()
    by_name = [name for name, words in _NAMED if re.search(words, text.lower())]
    within = [name for name in by_name if name in family]
    found = within or by_name
    if not found:
        return family or _COMMON
    return (_local(found[0], region, text),)


def titled(text: str) -> str:
    """The calculator whose title ``text`` is; empty when it is none."""
    plain = form_words.plain(text)
    titles = {form_words.plain(one.title): one.name for one in registry.CALCULATORS.values()}
    for ask in ("帮我算", "算一下", "我要算", "算", ""):
        if plain.startswith(ask) and plain.removeprefix(ask) in titles:
            return titles[plain.removeprefix(ask)]
    return ""


def _local(name: str, region: str, text: str) -> str:
    is_there = region.startswith(_GUANGDONG) or _GUANGDONG in text
    return "unemployment_months_gd" if name == "unemployment_months" and is_there else name
