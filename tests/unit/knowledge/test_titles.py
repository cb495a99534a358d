"""Titles, histories, and several texts in one file."""

import pytest

from knowledge import documents, titles
from knowledge.catalogue import Catalogue
from knowledge.documents import Document
from knowledge.formats import markdown, text
from tests import writers
from tests.writers import Part


def _texts(content: str, name: str = "文件.txt") -> tuple[Document, ...]:
    return documents.parse_all(content.encode(), name, Catalogue([]))


def test_a_header_is_recognised_with_and_without_mark() -> None:
    """Title and promulgation notes are neither lost nor taken for text."""
    marked = "# 示例条例\n\n2020年1月2日 通过\n\n<!-- INFO END -->\n\n第一条 甲。\n第二条 乙。"
    plain = "示例条例\n（2020年1月2日通过）\n第一条 甲。\n第二条 乙。"
    for content, history in ((marked, "2020年1月2日 通过"), (plain, "（2020年1月2日通过）")):
        found = titles.header(markdown.read(content), "x")
        assert (found.title, found.history, found.from_file_name) == ("示例条例", history, False)
        assert [block.text for block in found.body] == ["第一条 甲。", "第二条 乙。"]


def test_a_title_below_its_promulgation_is_found() -> None:
    """An order and a table of contents stand around the title; neither is text."""
    content = (
        "中华人民共和国主席令\n第七十三号\n《中华人民共和国甲法》已由会议通过，现予公布。\n中华人民共和国甲法\n"
        "（2012年12月28日通过）\n目　录\n第一章　总则\n第二章　附则\n第一章　总　则\n第一条 甲。\n第二章　附　则\n第二条 乙。"
    )
    (law,) = _texts(content)
    assert (law.law.title, law.law.short) == ("中华人民共和国甲法", "甲法")
    assert "主席令" in law.history
    assert "目" not in law.history
    assert [(p.address, p.heading) for p in law.passages] == [
        ("第一条", "第一章 总则"),
        ("第二条", "第二章 附则"),
    ]


def test_a_title_in_two_lines_is_one() -> None:
    """Who issued a text stands above what it is about."""
    content = "示范省总工会\n关于做好送温暖工作的通知\n示工发〔2023〕5号\n各市总工会：\n请做好送温暖工作。"
    (notice,) = _texts(content)
    assert (notice.kind, notice.law.title) == ("notice", "示范省总工会关于做好送温暖工作的通知")


def test_several_laws_in_one_file_are_several_documents() -> None:
    """A title and a first article begin anew; a first article quoted inside begins nothing."""
    first = "中华人民共和国甲法\n（2020年1月1日通过）\n第一条 甲。\n第二条 把乙条例改为：\n第一条 新乙。\n附件1：表\n内容\n"
    second = "乙条例\n（2021年2月3日发布）\n为了示例，制定本条例。\n第一章 总则\n第一条 丙。\n第二条 丁。\n"
    third = "示范市人民政府\n关于示例的规定\n第一条 戊。\n第二条 己。\n"
    found = _texts(first + second + third, "汇编(2024-01-01).txt")
    assert [d.law.title for d in found] == ["中华人民共和国甲法", "乙条例", "示范市人民政府关于示例的规定"]
    assert [[p.number for p in d.passages] for d in found] == [["1", "2", ""], ["1", "2"], ["1", "2"]]
    assert "第一条 新乙。" in found[0].passages[1].text
    assert [d.version_date and d.version_date.year for d in found] == [2020, 2021, None]
    marked = "# 某规章制度一\n第一条 甲。\n第二条 乙。\n# 某规章制度二\n第一条 丙。\n第二条 丁。\n"
    assert [d.law.title for d in _texts(marked, "a.md")] == ["某规章制度一", "某规章制度二"]


def test_a_notice_and_the_rules_it_issues_are_two_documents() -> None:
    """关于印发… is kept as a notice, and the rules below it under their own name."""
    content = (
        "示范省人力资源厅关于印发《示范省欠薪处理办法》的通知\n示人社发〔2023〕5号\n各市：\n现将办法印发给你们，请执行。\n"
        "示范省欠薪处理办法\n第一条 为了处理欠薪，制定本办法。\n第二条 本办法适用于全省。\n"
    )
    found = _texts(content)
    assert [(d.kind, d.law.title) for d in found] == [
        ("notice", "示范省人力资源厅关于印发《示范省欠薪处理办法》的通知"),
        ("statute", "示范省欠薪处理办法"),
    ]


@pytest.mark.parametrize(
    ("title", "amends"),
    [
        ("全国人民代表大会常务委员会关于修改《中华人民共和国甲法》的决定", True),
        ("国务院关于修改和废止部分行政法规的决定", True),
        ("中华人民共和国刑法修正案（十一）", True),
        ("中华人民共和国劳动合同法", False),
        ("关于确立劳动关系有关事项的通知", False),
    ],
)
def test_amendments_are_known_by_their_title(title: str, amends: bool) -> None:
    """Only a text about changing other texts is one."""
    assert titles.is_amendment(title) is amends


def test_a_text_without_title_goes_by_its_file_and_loses_nothing() -> None:
    """A first sentence is no title; the file's name stands in, without its date, and is no part of the fingerprint."""
    content = "带身份证到工会就可以入会。\n当天办好。"
    (first,) = _texts(content, "入会指南(2024-01-01).txt")
    (second,) = _texts(content, "另一个名字.txt")
    assert first.law.title == "入会指南"
    assert first.passages[0].text == content
    assert first.digest == second.digest
    (named,) = _texts("入会指南\n" + content)
    assert named.digest != first.digest


def test_a_name_longer_than_the_store_allows_is_cut() -> None:
    """Titles, addresses and file names fit their columns."""
    (document,) = _texts(
        "# " + "长" * 500 + "\n\n正文。\n\n## " + "题" * 500 + "\n\n正文。", "名" * 300 + ".md"
    )
    assert len(document.law.title) == 200
    assert len(document.law.short) == 120
    assert max(len(p.address) for p in document.passages) == 200
    assert len(document.source_name) == 200


def test_an_opening_below_the_title_is_text() -> None:
    """A judicial interpretation says first why it is made; a note of its amendments says nothing."""
    opening = "坚持以人民为中心的思想，为了适应人口发展的新形势，充分开发利用人力资源，根据宪法，制定本办法。"
    content = f"示范办法\n（2024年9月13日通过）\n根据2024年10月1日《关于修改〈示范办法〉的决定》第一次修正，自同年十一月一日起施行。\n{opening}\n第一条 甲。\n第二条 乙。"
    (law,) = _texts(content)
    assert [p.address for p in law.passages] == ["序言", "第一条", "第二条"]
    assert law.passages[0].text == opening
    assert "第一次修正" in law.history


def test_a_plain_title_stands_above_styled_headings() -> None:
    """The first line of a Word file is its title, whether or not somebody styled it."""
    parts = (Part("会员指南"), Part("入会", 1), Part("填表。"), Part("退会", 1), Part("写申请。"))
    (document,) = documents.parse_all(writers.word(parts), "a.docx", Catalogue([]))
    assert document.law.title == "会员指南"
    assert [(p.heading, p.address) for p in document.passages] == [("会员指南", "入会"), ("会员指南", "退会")]


def test_addresses_tell_passages_apart() -> None:
    """Two appendices of the same name get a number."""
    (law,) = _texts("甲条例\n第一条 甲。\n第二条 乙。\n附表\n一\n附表\n二")
    assert [p.address for p in law.passages][2:] == ["附表", "附表（2）"]


def test_plain_text_is_read_line_by_line() -> None:
    """The reader of plain text keeps order and drops empty lines only."""
    assert [block.text for block in text.read("甲\n\n 乙 \n")] == ["甲", "乙"]
