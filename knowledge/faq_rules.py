"""The rules that one handbook entry keeps by itself."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta

from knowledge import amounts, answers
from knowledge.entries import Entry
from knowledge.findings import Base, Finding, Level

LONGEST_ANSWER = 600
"""Characters of a whole answer with its source."""
LARGEST_ANSWER = 2000
"""UTF-8 bytes that fit one WeChat message."""
LONGEST_CONCLUSION = 80
LONGEST_TITLE = 40
LONGEST_QUESTION = 200
FEWEST_QUESTIONS = 12
RECHECK = timedelta(days=548)
"""Eighteen months: after that somebody reads the articles again."""
_VERDICT = 16
"""Characters of a short answer (不合法。) that may stand before the one sentence."""
_SENTENCE = re.compile(r"[^。！？!?]*[。！？!?]+")
_PROMISE = re.compile(
    r"(?<!不)一定能?(?:会)?赢|(?:包|稳|必|准|肯定能?|绝对能?)赢|必胜|稳拿|包你|保你|百分之(?:百|一百)能"
    r"|(?<!不能)(?<!不)保证你?(?:能|会|拿到|赢|胜|赔到|批下|通过|要回|成功)"
)
_WHOM = re.compile(
    r"工会|123\d\d|12345|仲裁|法院|法庭|劳动监察|人社|社保|医保|民政|街道|居委|村委|村（居）委|鉴定委员会|经办机构"
    r"|公共就业|公积金中心|法律援助|法援|税务|卫健|残联|妇联|派出所|公安|司法局|司法所"
)
_PENALTY_OR_EXAMPLE = re.compile(r"罚|没收|例[：:]|比如|例如|假如")


def of_entry(entry: Entry, base: Base) -> Iterator[Finding]:
    """Every finding about ``entry``."""
    for rule in _RULES:
        for level, name, text in rule(entry, base):
            yield Finding(level, entry.id, name, text)


_Told = Iterator[tuple[Level, str, str]]
_Rule = Callable[[Entry, Base], _Told]


def _parts(entry: Entry, _base: Base) -> _Told:
    if not entry.title.strip() or len(entry.title) > LONGEST_TITLE:
        yield Level.ERROR, "title.length", f"标题要有，且不超过 {LONGEST_TITLE} 个字，请改短。"
    if not [step for step in entry.steps if step.strip()]:
        yield Level.ERROR, "steps", "没有“下一步”，请写上找谁、多长时间内、带什么。"
    listed = (*entry.conditions, *entry.steps, *entry.questions, *entry.cites)
    if any("\n" in item or not item.strip() for item in (entry.title, entry.conclusion, *listed)):
        yield Level.ERROR, "lines", "有空白的一项，或一项里换了行，请每项写成一行，空的删掉。"


def _conclusion(entry: Entry, _base: Base) -> _Told:
    text = entry.conclusion.strip()
    sentences = _SENTENCE.findall(text)
    if "".join(sentences) != text or not sentences:
        yield Level.ERROR, "conclusion", "结论要用句号结尾，请补上。"
    elif len(sentences) > 2 or (len(sentences) == 2 and len(sentences[0]) > _VERDICT):
        yield (
            Level.ERROR,
            "conclusion",
            "结论要是一句话（前面可以加“不合法。”这样的短答），多出来的请移到“具体情况”。",
        )
    if len(text) > LONGEST_CONCLUSION:
        yield (
            Level.ERROR,
            "conclusion.length",
            f"结论有 {len(text)} 个字，请压到 {LONGEST_CONCLUSION} 个字以内。",
        )


def _length(entry: Entry, base: Base) -> _Told:
    whole = answers.entry_text(entry, base.library)
    size = len(whole.encode())
    if len(whole) > LONGEST_ANSWER:
        yield (
            Level.ERROR,
            "length",
            f"连同依据共 {len(whole)} 个字，超过 {LONGEST_ANSWER}，请删减“具体情况”或依据。",
        )
    if size > LARGEST_ANSWER:
        yield (
            Level.ERROR,
            "bytes",
            f"连同依据共 {size} 字节，超过微信一条消息的 {LARGEST_ANSWER} 字节，请删减。",
        )


def _questions(entry: Entry, base: Base) -> _Told:
    if len(entry.questions) < FEWEST_QUESTIONS:
        level = Level.WARNING if entry.id in base.own else Level.ERROR
        yield level, "questions", f"只有 {len(entry.questions)} 种问法，请补到至少 {FEWEST_QUESTIONS} 种。"
    longest = max(map(len, entry.questions), default=0)
    if longest > LONGEST_QUESTION:
        yield (
            Level.ERROR,
            "question.length",
            f"有一种问法长 {longest} 个字，请压到 {LONGEST_QUESTION} 个字以内。",
        )


def _cites(entry: Entry, base: Base) -> _Told:
    if not entry.cites and not entry.local:
        yield Level.ERROR, "cites", "没有依据，也没有标明各地不同，请补上条文，或把 local 设为是。"
    if len(set(entry.cites)) < len(entry.cites):
        yield Level.ERROR, "cites.twice", "同一条依据写了两遍，请删掉重复的。"
    imported = set(base.library.book.laws())
    for key in entry.cites:
        problem = _cite(key, base, imported)
        if problem:
            yield Level.ERROR, "cites", problem


def _cite(key: str, base: Base, imported: set[str]) -> str:
    """What is wrong with citing ``key``; nothing when it may be cited."""
    short, _, number = key.partition("#")
    if not number:
        return f"依据“{key}”要写成“法规简称#条号”，例如 劳动合同法#82。"
    law, chunk = base.catalogue.laws.get(short), base.library.get(key)
    if law is None and chunk is None and short not in imported:
        return f"依据《{short}》不在法规目录里，也没有导入，请核对名称，或先导入这份文件。"
    in_force, note = law.standing(number) if law else (True, "")
    if not in_force or (chunk is not None and not chunk.in_force):
        note = note or (chunk.note if chunk else "")
        return f"依据《{short}》第{number}条已不是现行规定（{note}），请换成现行条文。"
    if chunk is None and short in imported:
        return f"《{short}》里没有第{number}条，请核对条号。"
    return ""


def _dates(entry: Entry, base: Base) -> _Told:
    if entry.valid_from and entry.valid_to and entry.valid_from > entry.valid_to:
        yield Level.ERROR, "valid", "失效日期早于生效日期，请核对这两个日期。"
    elif entry.valid_to and entry.valid_to < base.today:
        yield Level.ERROR, "valid", f"已在 {entry.valid_to} 失效，请改写或撤下。"
    if entry.valid_from and entry.valid_from > base.today:
        yield Level.WARNING, "valid", f"要到 {entry.valid_from} 才生效，请确认现在就要给职工看。"
    yield from _checked(entry.checked, entry.id in base.own, base.today)


def _checked(checked: date | None, own: bool, today: date) -> _Told:
    if checked is None:
        level = Level.WARNING if own else Level.ERROR
        yield level, "checked", "没有核对日期，请对照条文看一遍，填上当天日期。"
    elif checked > today:
        yield Level.ERROR, "checked", f"核对日期 {checked} 还没到，请改成真正核对的那天。"
    elif today - checked > RECHECK:
        yield (
            Level.WARNING,
            "checked",
            f"上次核对是 {checked}，已超过 18 个月，请对照条文再看一遍，更新核对日期。",
        )


def _names(entry: Entry, base: Base) -> _Told:
    known = {line.name for line in base.terms.lines}
    if entry.line and entry.line not in known:
        yield Level.ERROR, "line", f"没有服务线“{entry.line}”，可用的有{'、'.join(sorted(known))}。"
    forms = base.terms.forms.keys() | base.library.checklists.keys()
    for name in entry.forms:
        if name not in forms:
            yield Level.ERROR, "forms", f"没有表单 {name}，请对照 data/faq_terms.yml 和 data/forms 改正。"
    for name in entry.calculators:
        if name not in base.terms.calculators:
            yield Level.ERROR, "calculators", f"没有计算器 {name}，请对照 data/faq_terms.yml 改正。"


def _place(entry: Entry, base: Base) -> _Told:
    if entry.region not in base.regions:
        yield (
            Level.ERROR,
            "region",
            f"不认识的地区“{entry.region}”，请写“全国”或省市名，例如 浙江、杭州。",
        )
    if entry.local and not _WHOM.search(entry.text):
        yield (
            Level.ERROR,
            "local",
            "各地不同的条目要写明问谁：本单位或当地工会、12351、12333，或经办的部门，请补到“下一步”。",
        )


def _promise(entry: Entry, _base: Base) -> _Told:
    for found in _PROMISE.finditer(entry.text):
        yield Level.ERROR, "promise", f"“{found[0]}”像在打包票，请改成“可以要求”“一般能”这样的说法。"


def _money(entry: Entry, base: Base) -> _Told:
    """A sum is a penalty, an example, or stands in a cited article; any other changes from place to place."""
    cited = [chunk.text for key in entry.cites if (chunk := base.library.get(key))]
    national = {value for text in cited for value in amounts.found(text)}
    unread = len(cited) < len(entry.cites)
    for sentence in re.split(r"[。\n]", entry.text):
        strange = [value for value in amounts.found(sentence) if value not in national]
        if strange and not unread and not _PENALTY_OR_EXAMPLE.search(sentence):
            sums = "、".join(f"{value.normalize():f}元" for value in strange)
            yield (
                Level.ERROR,
                "money",
                f"写了依据里没有的金额（{sums}），各地会变，请改成“当地标准”并说明问谁。",
            )


def _outdated(entry: Entry, base: Base) -> _Told:
    changed = base.outdated.get(entry.id, ())
    if changed:
        laws = "、".join(answers.spoken(key, base.library) for key in changed)
        yield (
            Level.WARNING,
            "outdated",
            f"已过期待复核：{laws}在核对以后有变化，请对照新条文改好，更新核对日期。",
        )


_RULES: tuple[_Rule, ...] = (
    _parts,
    _conclusion,
    _length,
    _questions,
    _cites,
    _dates,
    _names,
    _place,
    _promise,
    _money,
    _outdated,
)
