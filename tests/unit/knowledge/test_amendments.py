"""Texts that change other laws."""

from knowledge import documents
from knowledge.catalogue import Catalogue, Law

DECISION = """全国人民代表大会常务委员会
关于修改《中华人民共和国示范劳动法》的决定
（2023年1月2日第十四届全国人民代表大会常务委员会第一次会议通过）
会议决定对《中华人民共和国示范劳动法》作如下修改：
一、将第三条修改为：“第三条 工作服每年发两套。
“第四条 工作服不得折成现金。
一、这一行在引号里。”
二、删去第五条。
本决定自公布之日起施行。
《中华人民共和国示范劳动法》根据本决定作相应修改，重新公布。
"""
LAW = "中华人民共和国示范劳动法\n（2023年1月2日修正）\n第一条 甲。\n第二条 乙。\n"
KNOWN = Catalogue([Law("中华人民共和国示范劳动法", "示范劳动法", "法律")])


def test_a_decision_is_kept_apart_from_the_law_it_changes() -> None:
    """Its items are its own; the law printed behind it is a document of its own under the law's name."""
    decision, law = documents.parse_all((DECISION + LAW).encode(), "a.txt", KNOWN)
    assert (decision.kind, decision.law.level) == ("amendment", "修正案和修改决定")
    assert decision.law.title == "全国人民代表大会常务委员会关于修改《中华人民共和国示范劳动法》的决定"
    assert decision.law.short != "示范劳动法"
    assert [(p.number, p.address) for p in decision.passages] == [
        ("", "正文"),
        ("1", "第一项"),
        ("2", "第二项"),
        ("", "施行"),
    ]
    assert "“第四条 工作服不得折成现金。" in decision.passages[1].text
    assert (law.kind, law.law.short, [p.number for p in law.passages]) == (
        "statute",
        "示范劳动法",
        ["1", "2"],
    )


def test_an_amendment_is_cited_by_its_own_articles() -> None:
    """修正案 counts 条, whether written 一、 or 第一条."""
    for marks in ("一、", "第一条 "), ("二、", "第二条 "):
        assert marks
    for first, second in (("一、", "二、"), ("第一条 ", "第二条 ")):
        text = f"示范法修正案（三）\n（2022年2月3日通过）\n{first}将第八条第二款删去。\n{second}本修正案的说明。\n本修正案自公布之日起施行。"
        (amendment,) = documents.parse_all(text.encode(), "a.txt", KNOWN)
        assert amendment.kind == "amendment"
        assert [p.address for p in amendment.passages] == ["第一条", "第二条", "施行"]
