"""Fixed periods of law: from which day, how long, by which article."""

from dataclasses import dataclass
from enum import StrEnum

from knowledge.calculators.inputs import Input, Kind


class Unit(StrEnum):
    """What a period is counted in."""

    DAYS = "days"
    MONTHS = "months"
    WORKING_DAYS = "working_days"


@dataclass(frozen=True, slots=True)
class Term:
    """One period; with an option, ``amount`` holds where it is said yes to, ``amount_if_not`` otherwise."""

    name: str
    title: str
    label: str
    since: Input
    amount: int
    unit: Unit
    said: str
    basis: tuple[str, ...]
    option: Input | None = None
    amount_if_not: int = 0
    note: str = ""
    next_steps: tuple[str, ...] = ()
    rolls: bool = True
    """Whether a last day that is a day off moves on."""


def _since(name: str, label: str, prompt: str, *aliases: str) -> Input:
    return Input(name, label, prompt, Kind.DATE, aliases=aliases)


def _yes_no(name: str, label: str, prompt: str) -> Input:
    return Input(name, label, prompt, Kind.YES_NO, required=False, default=False)


_MEDIATION = "劳动争议调解仲裁法#14"
_INJURY = "工伤保险条例#17"

TERMS = (
    Term(
        "lawsuit_deadline",
        "起诉期限",
        "最晚起诉",
        _since(
            "received", "收到裁决日期", "哪一天收到仲裁裁决书？", "receive", "received_on", "award_received"
        ),
        15,
        Unit.DAYS,
        "{amount}日内可以向法院起诉",
        ("劳动争议调解仲裁法#48", "劳动争议调解仲裁法#50"),
        note="终局裁决只有劳动者可以起诉；期满不起诉，裁决生效",
        next_steps=("带裁决书、起诉状和证据到基层法院立案；不会写打12348申请法律援助。",),
    ),
    Term(
        "mediation_deadline",
        "调解期限",
        "调解最长到",
        _since("applied", "申请调解日期", "调解组织哪一天收到申请？"),
        15,
        Unit.DAYS,
        "{amount}日没有调解成，可以申请仲裁",
        (_MEDIATION,),
        next_steps=("没调解成，直接申请仲裁，不用等。",),
    ),
    Term(
        "arbitration_acceptance_deadline",
        "仲裁受理期限",
        "最晚答复受理",
        _since("applied", "申请仲裁日期", "仲裁委哪一天收到申请？"),
        5,
        Unit.DAYS,
        "{amount}日内决定是否受理",
        ("劳动争议调解仲裁法#29",),
        next_steps=("不受理或逾期不决定的，可以向法院起诉。",),
    ),
    Term(
        "arbitration_award_deadline",
        "仲裁裁决期限",
        "最晚裁决",
        _since("accepted", "受理日期", "仲裁委哪一天受理的？"),
        60,
        Unit.DAYS,
        "{amount}日内裁决",
        ("劳动争议调解仲裁法#43",),
        option=_yes_no("extended", "批准延期", "批准延期了吗？"),
        amount_if_not=45,
        note="一般45日，案情复杂经批准可以延长不超过15日；逾期没有裁决的可以起诉",
    ),
    Term(
        "injury_claim_deadline",
        "工伤认定申请期限",
        "最晚申请",
        _since("occurred", "受伤日期", "哪一天受伤，或者被诊断、鉴定为职业病？", "injured"),
        12,
        Unit.MONTHS,
        "一年内，本人、近亲属或工会可以直接申请工伤认定",
        (_INJURY,),
        note="单位应当在30日内申请；单位没报的，不要等",
        next_steps=("带劳动关系证明、诊断证明到单位所在地人社部门申请。",),
    ),
    Term(
        "injury_claim_deadline_employer",
        "单位申请工伤认定的期限",
        "单位最晚申请",
        _since("occurred", "受伤日期", "哪一天受伤，或者被诊断、鉴定为职业病？", "injured"),
        30,
        Unit.DAYS,
        "{amount}日内单位应当申请工伤认定",
        (_INJURY,),
        note="单位超过这个期限没报的，这期间的工伤待遇由单位负担",
    ),
    Term(
        "injury_decision_deadline",
        "工伤认定决定期限",
        "最晚决定",
        _since("accepted", "受理日期", "人社部门哪一天受理的？"),
        15,
        Unit.DAYS,
        "{amount}日内作出工伤认定决定",
        ("工伤保险条例#20",),
        option=_yes_no("simple", "事实清楚", "事实清楚、权利义务明确吗？"),
        amount_if_not=60,
        note="一般60日，事实清楚、权利义务明确的15日",
    ),
    Term(
        "disability_appraisal_deadline",
        "劳动能力鉴定期限",
        "最晚作出结论",
        _since("applied", "申请鉴定日期", "鉴定委员会哪一天收到申请？"),
        90,
        Unit.DAYS,
        "{amount}日内作出鉴定结论",
        ("工伤保险条例#25",),
        option=_yes_no("extended", "延长", "延长了吗？"),
        amount_if_not=60,
        note="一般60日，必要时可以延长30日",
    ),
    Term(
        "disability_reappraisal_deadline",
        "再次鉴定申请期限",
        "最晚申请再次鉴定",
        _since("received", "收到结论日期", "哪一天收到鉴定结论？"),
        15,
        Unit.DAYS,
        "{amount}日内可以向省级鉴定委员会申请再次鉴定",
        ("工伤保险条例#26",),
    ),
    Term(
        "disability_review_date",
        "复查鉴定的最早日期",
        "这天以后可以申请",
        _since("concluded", "结论日期", "鉴定结论哪一天作出的？"),
        12,
        Unit.MONTHS,
        "一年后，伤情有变化的可以申请复查鉴定",
        ("工伤保险条例#28",),
        rolls=False,
    ),
    Term(
        "inspection_deadline",
        "劳动监察投诉期限",
        "最晚投诉",
        _since("ended", "违法行为终了日期", "违法行为哪一天结束？一直没停就填今天。", "occurred"),
        24,
        Unit.MONTHS,
        "两年内可以向劳动监察举报、投诉",
        ("劳动保障监察条例#20",),
        note="连续或继续的，从结束那天起算",
        next_steps=("带工资条、考勤等到劳动监察大队，或打12333投诉。",),
    ),
    Term(
        "inspection_investigation_deadline",
        "劳动监察调查期限",
        "最晚完成调查",
        _since("opened", "立案日期", "劳动监察哪一天立案？"),
        90,
        Unit.WORKING_DAYS,
        "{amount}个工作日内完成调查",
        ("劳动保障监察条例#17",),
        option=_yes_no("extended", "批准延长", "批准延长了吗？"),
        amount_if_not=60,
        note="一般60个工作日，情况复杂经批准可以延长30个工作日",
    ),
    Term(
        "legal_aid_review_deadline",
        "法律援助审查期限",
        "最晚答复",
        _since("applied", "申请日期", "法律援助机构哪一天收到申请？"),
        7,
        Unit.DAYS,
        "{amount}日内审查决定",
        ("法律援助法#43",),
    ),
    Term(
        "legal_aid_assignment_deadline",
        "法律援助指派期限",
        "最晚指派",
        _since("decided", "决定日期", "哪一天决定给予法律援助？"),
        3,
        Unit.DAYS,
        "{amount}日内指派人员",
        ("法律援助法#43",),
    ),
    Term(
        "resignation_date",
        "辞职预告期",
        "预告期满",
        _since("noticed", "通知日期", "哪一天书面通知单位辞职？"),
        3,
        Unit.DAYS,
        "提前{amount}日通知，期满可以离开",
        ("劳动合同法#37",),
        option=_yes_no("probation", "试用期", "还在试用期吗？"),
        amount_if_not=30,
        note="辞职不用单位批准；转正后要书面通知，提前30日，试用期提前3日",
        rolls=False,
    ),
    Term(
        "transfer_deadline",
        "档案和社保转移期限",
        "最晚办好",
        _since("ended", "离职日期", "劳动合同哪一天解除或终止？"),
        15,
        Unit.DAYS,
        "{amount}日内单位办好档案和社保关系转移",
        ("劳动合同法#50",),
        note="离职证明在解除或终止时就要出具",
    ),
)
