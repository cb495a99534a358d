"""The same statute and the same handbook in every format and encoding give the same passages."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from knowledge import documents
from knowledge.catalogue import Catalogue
from knowledge.documents import Document
from tests import writers
from tests.requirements import need
from tests.writers import Part

STATUTE = (
    Part("示范省职工权益保障条例", 1),
    Part("（2020年5月6日示范省第十三届人民代表大会常务委员会第九次会议通过）"),
    Part("第一章 总则", 2),
    Part(
        "第一条 为了保障职工的合法权益，构建和谐稳定的劳动关系，根据有关法律、行政法规，结合本省实际，制定本条例。"
    ),
    Part("第二条 本条例所称职工，包括下列人员："),
    Part("（一）与用人单位建立劳动关系的人员；"),
    Part(
        "（二）被派遣的人员，以及法律、法规规定由用人单位承担用工责任，并且在用工单位连续工作满六个月的其他人员。"
    ),
    Part("用人单位应当按照第二条的规定登记，登记的内容包括姓名、岗位和起止时间。"),
    Part("第二条之一 新就业形态劳动者参照适用本条例。"),
    Part("第二章 法律责任", 2),
    Part("第一节 一般规定", 3),
    Part(
        "第三条 违反本条例第十二条规定的，由县级以上人民政府人力资源社会保障行政部门责令改正；逾期不改正的，处二千元以上二万元以下的罚款。"
    ),
    Part("第四条 本条例自2020年7月1日起施行。"),
    Part("附件：登记表式样"),
    Part("姓名、岗位、起止时间。"),
)
FEES = (("项目", "标准", "备注"), ("住院慰问", "500元", "每年一次"), ("大病救助", "3000元", ""))
HANDBOOK = (
    Part("会员服务指南", 1),
    Part("本指南由基层工会编写，供会员查阅。"),
    Part("一、怎样入会", 2),
    Part(
        "带身份证到单位工会填表；没有单位工会的，到街道工会填表。填好以后七天内会收到短信，凭短信领取会员卡。"
    ),
    Part("- 身份证原件"),
    Part("- 一寸照片两张"),
    Part("二、困难帮扶", 2),
    Part("家庭遇到困难的，可以申请帮扶。"),
    Part("", table=FEES),
    Part("三、联系电话", 2),
    Part("拨打12351。"),
)
TRADITIONAL = (
    Part("勞工權益指引", 1),
    Part("本指引由工會編寫，供會員查閱。"),
    Part("一、怎樣入會", 2),
    Part("請帶備身份證明文件，到最近的工會辦事處填寫表格，職員會即時辦理。"),
)
Passages = list[tuple[str, str, str, str]]


def _read(content: bytes, name: str) -> Document:
    (document,) = documents.parse_all(content, name, Catalogue([]))
    return document


def _passages(document: Document) -> Passages:
    return [(p.number, p.address, p.heading, p.text) for p in document.passages]


def _twin(parts: Sequence[Part]) -> Document:
    return _read(writers.plain(parts).encode(), "文件.txt")


def _rows(parts: Sequence[Part]) -> list[tuple[str, ...]]:
    """Each line in a row of its own."""
    return [(line,) for line in writers.plain(parts).splitlines()]


FORMATS: dict[str, Callable[[Sequence[Part]], bytes]] = {
    "甲.md": writers.markdown,
    "乙.docx": writers.word,
    "标题样式.docx": lambda parts: writers.word(
        parts, lambda level: "Title" if level == 1 else f"Heading {level - 1}"
    ),
    "没有样式.docx": lambda parts: writers.word(parts, lambda _: ""),
    "丙.html": writers.web,
    "国标.htm": lambda parts: writers.web(parts, "gb2312" if parts is not TRADITIONAL else "gb18030"),
    "排版.pdf": writers.typeset,
    "单列.xlsx": lambda parts: writers.workbook({"Sheet1": _rows(parts)}),
    "单列.csv": lambda parts: writers.table(_rows(parts)),
    "改了名字的.docx": writers.typeset,
    "没有后缀": writers.word,
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_statute_is_the_same_in_every_format(name: str) -> None:
    """Title, history, chapters, articles, items and the appendix equal the plain-text twin's, down to the fingerprint."""
    twin = _twin(STATUTE)
    assert [p.number for p in twin.passages] == ["1", "2", "2之一", "3", "4", ""]
    found = _read(FORMATS[name](STATUTE), name)
    assert _passages(found) == _passages(twin)
    assert (found.kind, found.law, found.history, found.digest) == (
        "statute",
        twin.law,
        twin.history,
        twin.digest,
    )


@pytest.mark.parametrize("name", FORMATS)
def test_a_handbook_is_the_same_in_every_format(name: str) -> None:
    """Headings become addresses, tables are told row by row, lists and paragraphs stay lines."""
    twin = _twin(HANDBOOK)
    assert [p.address for p in twin.passages] == [
        "会员服务指南",
        "一、怎样入会",
        "二、困难帮扶",
        "三、联系电话",
    ]
    assert "项目：大病救助；标准：3000元" in twin.passages[2].text
    found = _read(FORMATS[name](HANDBOOK), name)
    assert _passages(found) == _passages(twin)
    assert (found.kind, found.law, found.digest) == ("handbook", twin.law, twin.digest)


@pytest.mark.parametrize("parts", [STATUTE, HANDBOOK], ids=["statute", "handbook"])
def test_a_page_printed_by_a_browser_is_the_same(parts: Sequence[Part], tmp_path: Path) -> None:
    """Lines are joined into paragraphs again; the browser's date, address and page number are gone."""
    need(writers.CHROMIUM is not None, "there is no Chromium to print with")
    found = _read(writers.printed(parts, tmp_path), "打印.pdf")
    assert _passages(found) == _passages(_twin(parts))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
@pytest.mark.parametrize("parts", [STATUTE, HANDBOOK], ids=["statute", "handbook"])
def test_every_encoding_is_guessed(parts: Sequence[Part], encoding: str) -> None:
    """Plain text, csv and line ends of any system give the same document."""
    twin = _twin(parts)
    for line_end in ("\n", "\r\n", "\r"):
        content = writers.plain(parts).replace("\n", line_end).encode(encoding)
        assert _read(content, "别名.txt").digest == twin.digest
    content = writers.table(_rows(parts), encoding=encoding)
    assert _passages(_read(content, "别名.csv")) == _passages(twin)


@pytest.mark.parametrize("encoding", ["big5", "cp950", "gb18030", "utf-16-le"])
def test_traditional_characters_are_guessed(encoding: str) -> None:
    """Big5 is told from GB18030 by which characters come out."""
    content = writers.plain(TRADITIONAL).encode(encoding)
    assert _passages(_read(content, "指引.txt")) == _passages(_twin(TRADITIONAL))


def test_a_statute_kept_as_a_table_is_a_statute() -> None:
    """条号 and 条文 in columns, the chapter in merged cells."""
    rows = [
        ("示范省职工权益保障条例", "", ""),
        ("章", "条号", "条文"),
        ("第一章 总则", "第一条", "为了示范，制定本条例。"),
        ("", "第二条", "下列人员适用：\n（一）职工；\n（二）其他人员。"),
        ("第二章 附则", "第三条", "自公布之日起施行。"),
    ]
    text = "示范省职工权益保障条例\n第一章 总则\n第一条 为了示范，制定本条例。\n第二条 下列人员适用：\n（一）职工；\n（二）其他人员。\n"
    twin = _read((text + "第二章 附则\n第三条 自公布之日起施行。\n").encode(), "a.txt")
    book = writers.workbook({"Sheet1": rows}, {"Sheet1": ["A1:C1", "A3:A4"]})
    assert _passages(_read(book, "条例.xlsx")) == _passages(twin)
    assert _passages(_read(writers.table(rows, "gbk"), "条例.csv")) == _passages(twin)


def test_a_handbook_kept_as_questions_and_answers_is_a_handbook() -> None:
    """Questions become addresses, in a workbook, in csv and in Markdown alike."""
    text = "# 常见问题\n\n## 怎么入会？\n\n带身份证到工会。\n七天内办好。\n\n## 会费多少？\n\n基本工资的千分之五。\n依据：工会章程\n"
    twin = _read(text.encode(), "a.md")
    rows = [
        ("常见问题", "", "", ""),
        ("序号", "问题", "答案", "依据"),
        ("1", "怎么入会？", "带身份证到工会。\n七天内办好。", ""),
        ("2", "会费多少？", "基本工资的千分之五。", "工会章程"),
    ]
    assert _passages(_read(writers.workbook({"问答": rows}, {"问答": ["A1:D1"]}), "b.xlsx")) == _passages(
        twin
    )
    for delimiter in (",", "\t", ";"):
        content = writers.table(rows, "gb18030", delimiter)
        assert _passages(_read(content, "c.csv")) == _passages(twin)


def test_a_foreign_encoding_is_read_when_nothing_else_fits() -> None:
    """Western letters, as a last resort."""
    told = "Les salariés ont droit à une pause dès six heures. Été comme hiver, la règle est la même.\n" * 3
    assert _read(told.encode("cp1252"), "a.txt").passages[0].text == told.strip()
