"""Statutes split by article."""

from datetime import date

from knowledge import statutes

BODY = """
## 第一章　总　则

第一条 为了示例，制定本办法。

第二条 本办法所称示例，是指：

（一）第一种；

（二）依照第一条的规定处理的情形。

第二条之一 后来加的一条。

## 第二章 附则

### 第一节 施行

第十一条的规定不适用于本段，因为它不是新的一条。

第三条 自公布之日起施行。

附录：

示例清单
"""


def test_articles_keep_number_address_chapter_and_text() -> None:
    """Each article carries its number, its Chinese address, its chapter and its exact paragraphs."""
    passages = statutes.split(BODY)
    assert [(p.number, p.address, p.heading) for p in passages] == [
        ("1", "第一条", "第一章 总则"),
        ("2", "第二条", "第一章 总则"),
        ("2之一", "第二条之一", "第一章 总则"),
        ("3", "第三条", "第二章 附则 第一节 施行"),
        ("", "附录", ""),
    ]
    assert (
        passages[1].text
        == "第二条 本办法所称示例，是指：\n（一）第一种；\n（二）依照第一条的规定处理的情形。"
    )
    assert passages[-1].text == "附录：\n示例清单"


def test_a_reference_at_a_line_start_opens_no_article() -> None:
    """第五条规定的… at the beginning of a paragraph belongs to the article before it."""
    passages = statutes.split("第一条 甲。\n第五条规定的情形除外。\n第二条 乙。\n第一条 又提到。")
    assert [p.number for p in passages] == ["1", "2"]
    assert "第五条规定的情形除外。" in passages[0].text
    assert "又提到" in passages[1].text


def test_a_header_is_recognised_with_and_without_mark() -> None:
    """Title and promulgation notes are neither lost nor taken for text."""
    marked = "# 示例条例\n\n2020年1月2日 通过\n\n<!-- INFO END -->\n\n第一条 甲。\n第二条 乙。"
    plain = "示例条例\n（2020年1月2日通过）\n第一条 甲。\n第二条 乙。"
    for text, history in ((marked, "2020年1月2日 通过"), (plain, "（2020年1月2日通过）")):
        title, found, body = statutes.split_header(text, "x")
        assert (title, found) == ("示例条例", history)
        assert len(statutes.split(body)) == 2


def test_the_version_date_comes_from_the_name_or_the_history() -> None:
    """The file's name goes first; an impossible date is passed over."""
    assert statutes.version_date("x(2021-03-04).md", "2020年1月2日") == date(2021, 3, 4)
    assert statutes.version_date("x.md", "2019年1月2日 通过\n2020年5月6日 修正") == date(2020, 5, 6)
    assert statutes.version_date("x(2021-13-40).md", "") is None


def test_a_long_opening_is_kept_and_a_short_one_is_not_an_article() -> None:
    """The preamble of a judicial interpretation stays findable."""
    passages = statutes.split("为正确审理" + "示例" * 30 + "。\n第一条 甲。\n第二条 乙。")
    assert [p.address for p in passages] == ["序言", "第一条", "第二条"]
