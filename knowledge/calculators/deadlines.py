"""Deadlines as dates of the calendar; a last day that is a day off is flagged, not moved (民法典第二百零一至二百零三条)."""

from datetime import date
from typing import Any

from knowledge.calculators.calculator import Calculator, Field, Given
from knowledge.calculators.errors import CalculationError
from knowledge.calculators.inputs import Input, Kind
from knowledge.calculators.periods import DAY, add_months
from knowledge.calculators.results import Working
from knowledge.calculators.terms import TERMS, Term, Unit

_YEAR = 12
_LIMIT = "劳动争议调解仲裁法#27"
_CORRESPONDING, _ROLLS = "民法典总则编#202", "民法典总则编#203"


def _arbitration(given: Given, work: Working) -> str | None:
    if given["arrears"]:
        if given["ended"] is None:
            work.say("在职期间因拖欠劳动报酬发生争议，不受一年的限制", _LIMIT)
            work.flag("no_limit_in_service")
            return None
        since = _restarted(given["ended"], "劳动关系终止", given, work)
    else:
        since = _restarted(given["known"], "知道或应当知道权利被侵害", given, work)
    last = add_months(since, _YEAR)
    work.say(f"从 {since} 起一年，到 {last} 止", _LIMIT, _CORRESPONDING)
    last = _suspended(since, last, given, work)
    look_at_rest(last, work)
    return last.isoformat()


def _restarted(since: date, reason: str, given: Given, work: Working) -> date:
    work.say(f"时效从{reason}之日 {since} 起算", _LIMIT)
    broken: date | None = given["interrupted"]
    if broken is None:
        return since
    if broken < since:
        raise CalculationError("主张权利的日期（interrupted）不能早于起算的日期。", field="interrupted")
    if broken > add_months(since, _YEAR):
        work.flag("interrupted_late")
    work.say(f"{broken} 主张过权利，时效中断，从这天重新计算", _LIMIT)
    return broken


def _suspended(since: date, last: date, given: Given, work: Working) -> date:
    stopped, resumed = given["suspended_from"], given["suspended_to"]
    if stopped is None and resumed is None:
        return last
    if stopped is None or resumed is None or resumed < stopped:
        raise CalculationError(
            "中止要填开始（suspended_from）和结束（suspended_to）两个日期，结束不早于开始。",
            field="suspended_to",
        )
    if not since <= stopped <= last:
        work.flag("suspension_outside")
        return last
    moved: date = last + (resumed - stopped)
    work.say(f"{stopped} 到 {resumed} 中止，停 {(resumed - stopped).days} 天，顺延到 {moved}", _LIMIT)
    return moved


def _term(term: Term, given: Given, work: Working) -> str:
    since = given[term.since.name]
    amount = term.amount
    if term.option is not None:
        amount = term.amount_if_not if not given[term.option.name] else term.amount
    last = _last_day(since, amount, term, work)
    work.say(f"从 {since} 起{term.said.format(amount=amount)}：{last}", *term.basis)
    if term.note:
        work.say(term.note, *term.basis)
    if term.rolls:
        look_at_rest(last, work)
    return last.isoformat()


def _last_day(since: date, amount: int, term: Term, work: Working) -> date:
    if term.unit is Unit.MONTHS:
        return add_months(since, amount)
    if term.unit is Unit.DAYS:
        return since + DAY * amount
    last = work.context.holidays.add_working(since, amount)
    _look_for_data(since, last, work)
    return last


def look_at_rest(last: date, work: Working) -> None:
    """Flag a last day that is a day off, with the day it moves to."""
    holidays = work.context.holidays
    _look_for_data(last, last, work)
    if holidays.rests(last):
        moved = holidays.next_working(last)
        work.say(f"末日 {last} 是{holidays.name(last)}，顺延到 {moved}", _ROLLS)
        work.flag("rest_day", day=last, name=holidays.name(last), next=moved)


def _look_for_data(first: date, last: date, work: Working) -> None:
    for year in range(first.year, last.year + 1):
        if year not in work.context.holidays.years:
            work.flag("no_holiday_data", year=year)


def _calculator(term: Term) -> Calculator:
    def compute(given: Given, work: Working) -> str:
        return _term(term, given, work)

    asked = (term.since,) if term.option is None else (term.since, term.option)
    return Calculator(
        term.name,
        term.title,
        asked,
        compute,
        (Field("value", term.label),),
        term.next_steps,
        ("起算的日期变了，结果就变。",),
    )


def _date(name: str, label: str, prompt: str, **more: Any) -> Input:
    return Input(name, label, prompt, Kind.DATE, required=False, **more)


_KNOWN = _date(
    "known",
    "知道日期",
    "哪一天知道自己的权利被侵害的？",
    help="例如没发工资的那天、收到解除通知的那天。",
    when=("arrears", (False,)),
)

CALCULATORS = (
    Calculator(
        "arbitration_deadline",
        "仲裁时效",
        (
            _KNOWN,
            _date(
                "interrupted",
                "主张日期",
                "后来有没有向单位或有关部门主张过权利？最近一次是哪天？",
                help="投诉、要钱、单位答应给，都算；要留证据。",
            ),
            Input(
                "arrears", "拖欠工资", "是在职期间拖欠的工资吗？", Kind.YES_NO, required=False, default=False
            ),
            _date("ended", "离职日期", "哪一天离职？还在职就不填。"),
            _date("suspended_from", "中止开始", "因不可抗力等不能申请仲裁，从哪天起？"),
            _date("suspended_to", "中止结束", "到哪天能申请了？"),
        ),
        _arbitration,
        (Field("value", "最晚申请仲裁"),),
        ("在末日以前把申请书和证据交到劳动人事争议仲裁委员会，要回执；不会写申请打12351。",),
        ("主张过权利、单位答应给、有不可抗力，末日就会往后。",),
    ),
    *(_calculator(term) for term in TERMS),
)
