"""What the examination of entries finds, and what it lets pass."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from knowledge import faq_lint
from knowledge.catalogue import Catalogue, Law
from knowledge.checklists import Checklist, Document
from knowledge.chunks import Chunk
from knowledge.entries import Entry
from knowledge.equipment import Equipment
from knowledge.findings import Base, Finding, Level
from knowledge.library import Library
from knowledge.terms import Line, Terms

TODAY = date(2026, 11, 20)
LAWS = Catalogue(
    [
        Law("示范法", "示范法", "法律", superseded_articles={"3": "已由新法取代"}),
        Law("没导入法", "没导入法", "法律"),
    ]
)
CHECKLISTS = {
    "tuition": Checklist("tuition", "助学", "工会", "帮扶", (Document("identity", "身份证"),)),
}


def _article(number: str, text: str, **more: Any) -> Chunk:
    return Chunk(f"示范法#{number}", "statute", "示范法", "示范法", number, f"第{number}条", "", text, **more)


LIBRARY = Library.build(
    [
        _article("1", "第一条 每人处五百元罚款，最低二千元。"),
        _article("2", "第二条 已废止。", in_force=False, note="已失效"),
    ],
    Equipment(LAWS, checklists=CHECKLISTS),
)
QUESTIONS = tuple("甲乙丙丁戊己庚辛壬癸子丑")
GOOD = Entry(
    id="H900",
    topic="示例",
    title="工作服发不发",
    conclusion="可以要求单位发。",
    conditions=("一年两套。",),
    steps=("先问工会。",),
    cites=("示范法#1",),
    questions=tuple(f"{name}工种问工作服{name}{name}" for name in QUESTIONS),
    checked=date(2026, 1, 1),
)


def examine(*entries: Entry, **more: Any) -> list[Finding]:
    """What is found wrong with ``entries``."""
    base = Base(
        entries=entries,
        questions=more.pop("questions", {}),
        catalogue=LAWS,
        terms=Terms((Line("帮扶", ""),), {"overtime": "加班费"}, {"wage_arrears": "欠薪"}),
        regions=frozenset({"全国", "浙江"}),
        library=more.pop("library", LIBRARY),
        today=TODAY,
        **more,
    )
    return [finding for finding in faq_lint.examine(base) if finding.rule != "line.empty"]


def test_a_good_entry_is_clean() -> None:
    """Nothing is found where nothing is wrong."""
    assert examine(GOOD) == []
    assert examine(replace(GOOD, conclusion="不合法。可以要求单位马上发。")) == []
    assert examine(replace(GOOD, conditions=("罚五千元。", "例：月工资6000元，日工资275.86元。"))) == []
    assert examine(replace(GOOD, conditions=("不能保证能批下来。", "交了保证金的要退。"))) == []


@pytest.mark.parametrize(
    ("changes", "rule", "said"),
    [
        ({"title": "长" * 41}, "title.length", "40"),
        ({"steps": ()}, "steps", "下一步"),
        ({"conditions": ("两\n行。",)}, "lines", "一行"),
        ({"conclusion": "没有句号"}, "conclusion", "句号"),
        ({"conclusion": "单位一定要给每个人都发两套工作服才行。发旧的不算。"}, "conclusion", "一句话"),
        ({"conclusion": "一。二。三。"}, "conclusion", "一句话"),
        ({"conclusion": "长" * 80 + "。"}, "conclusion.length", "80"),
        ({"conditions": ("长" * 590,)}, "length", "600"),
        ({"conditions": ("𠮷" * 500,)}, "bytes", "2000"),
        ({"questions": GOOD.questions[:11]}, "questions", "至少 12"),
        ({"questions": (*GOOD.questions, "长" * 201)}, "question.length", "200"),
        ({"cites": ()}, "cites", "没有依据"),
        ({"cites": ("示范法#1", "示范法#1")}, "cites.twice", "两遍"),
        ({"cites": ("示范法",)}, "cites", "条号"),
        ({"cites": ("没有法#1",)}, "cites", "法规目录"),
        ({"cites": ("示范法#9",)}, "cites", "没有第9条"),
        ({"cites": ("示范法#2",)}, "cites", "已失效"),
        ({"cites": ("示范法#3",)}, "cites", "新法取代"),
        ({"valid_from": date(2026, 1, 2), "valid_to": date(2026, 1, 1)}, "valid", "早于"),
        ({"valid_to": date(2026, 11, 19)}, "valid", "失效"),
        ({"valid_from": date(2027, 1, 1)}, "valid", "才生效"),
        ({"checked": None}, "checked", "核对日期"),
        ({"checked": date(2026, 11, 21)}, "checked", "还没到"),
        ({"checked": date(2025, 5, 1)}, "checked", "18 个月"),
        ({"line": "没有线"}, "line", "帮扶"),
        ({"forms": ("no_form",)}, "forms", "no_form"),
        ({"calculators": ("no_calculator",)}, "calculators", "no_calculator"),
        ({"region": "月球"}, "region", "月球"),
        ({"local": True, "steps": ("自己看着办。",)}, "local", "12351"),
        ({"conditions": ("这种官司一定能赢。",)}, "promise", "一定能赢"),
        ({"conditions": ("保证能批。",)}, "promise", "保证能"),
        ({"conditions": ("每月发300元高温费。",)}, "money", "300元"),
    ],
)
def test_each_rule_finds_its_fault(changes: dict[str, Any], rule: str, said: str) -> None:
    """One fault, one finding of its rule that says what it is about."""
    found = [finding for finding in examine(replace(GOOD, **changes)) if finding.rule == rule]
    assert len(found) == 1
    assert said in found[0].text
    assert found[0].place == "H900"
    assert found[0].text.endswith("。")


def test_what_statutes_say_is_checked_only_where_they_are_imported() -> None:
    """Without the text an article may be cited and a sum may stand; with it the sum must be in it."""
    unread = replace(GOOD, cites=("没导入法#99",), conditions=("每月300元。",))
    assert examine(unread) == []
    assert examine(replace(GOOD, conditions=("最低2000元。",))) == []


def test_own_entries_are_held_to_less() -> None:
    """A union's own entry with few questions or no date is warned about, no more."""
    own = replace(GOOD, questions=("工作服",), checked=None)
    assert {finding.level for finding in examine(own, own=frozenset({"H900"}))} == {Level.WARNING}
    assert {finding.level for finding in examine(own)} == {Level.ERROR}


def test_two_entries_do_not_claim_the_same() -> None:
    """Ids, titles, questions, and questions that are nearly the same; errors come first."""
    other = replace(
        GOOD, id="H901", questions=("甲工种问工作服甲甲!", *[f"{name}" * 9 for name in QUESTIONS])
    )
    found = examine(GOOD, other)
    assert [(finding.rule, finding.place) for finding in found] == [
        ("question.twice", "H900、H901"),
        ("title", "H900、H901"),
    ]
    assert examine(GOOD, replace(GOOD, title="另一个标题"))[0].rule == "id"


@pytest.mark.parametrize(
    ("question", "region", "level"),
    [
        ("公司两个月没发工资了该找哪个部门投诉呢", "全国", Level.ERROR),
        ("公司两个月没发工资了该找哪个部门投诉呢", "浙江", Level.WARNING),
        ("公司两个月没发工资了该找谁投诉", "全国", Level.WARNING),
        ("公司两个月没有年终奖", "全国", None),
    ],
)
def test_questions_too_alike_compete(question: str, region: str, level: Level | None) -> None:
    """Very alike is an error, alike a warning, and between regions a warning only; both ids are named."""
    one = replace(GOOD, questions=(*GOOD.questions, "公司两个月没发工资了该找哪个部门投诉"))
    other = replace(
        GOOD,
        id="H901",
        title="别的事",
        region=region,
        questions=(question, *[f"{name}" * 9 for name in QUESTIONS]),
    )
    found = [finding for finding in examine(one, other) if finding.rule == "competing"]
    assert [finding.level for finding in found] == ([level] if level else [])
    assert all(finding.place == "H900、H901" and question in finding.text for finding in found)


def test_attached_questions_point_to_something() -> None:
    """Their keys exist; a law that is known but not imported is believed; one said twice is warned about."""
    questions = {
        "H900": ["新问法真新鲜", "甲工种问工作服甲甲"],
        "示范法#1": ["罚款多少呀"],
        "没导入法#5": ["没导入的"],
        "H999": ["谁的"],
        "示范法#9": ["哪条"],
        "没有法#1": ["哪部法"],
    }
    found = {(finding.rule, finding.place, finding.level) for finding in examine(GOOD, questions=questions)}
    assert found == {
        ("question.key", "H999", Level.ERROR),
        ("question.key", "示范法#9", Level.ERROR),
        ("question.key", "没有法#1", Level.ERROR),
        ("question.twice", "H900", Level.WARNING),
    }


def test_changed_articles_and_empty_lines_are_told() -> None:
    """An entry whose article changed since it was checked, and a line of service without any entry."""
    (found,) = examine(GOOD, outdated={"H900": ("示范法#1",)})
    assert (found.level, found.rule) == (Level.WARNING, "outdated")
    assert "已过期待复核" in found.text
    assert "《示范法》第1条" in found.text
    base = Base([GOOD], {}, LAWS, Terms((Line("帮扶", ""),), {}, {}), frozenset({"全国"}), LIBRARY, TODAY)
    assert [finding.rule for finding in faq_lint.examine(base)] == ["line.empty"]
