"""Statutes split by article."""

from datetime import date

from knowledge import statutes
from knowledge.formats import markdown
from knowledge.passages import Passage

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


def split(text: str) -> list[Passage]:
    """The articles of a text."""
    return statutes.split(markdown.read(text))


def test_articles_keep_number_address_chapter_and_text() -> None:
    """Each article carries its number, its Chinese address, its chapter and its exact paragraphs."""
    passages = split(BODY)
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
    passages = split("第一条 甲。\n第五条规定的情形除外。\n第二条 乙。\n第一条 又提到。")
    assert [p.number for p in passages] == ["1", "2"]
    assert "第五条规定的情形除外。" in passages[0].text
    assert "又提到" in passages[1].text


def test_the_version_date_comes_from_the_name_or_the_history() -> None:
    """The file's name goes first; an impossible date is passed over."""
    assert statutes.version_date("x(2021-03-04).md", "2020年1月2日") == date(2021, 3, 4)
    assert statutes.version_date("x.md", "2019年1月2日 通过\n2020年5月6日 修正") == date(2020, 5, 6)
    assert statutes.version_date("x(2021-13-40).md", "") is None


def test_a_long_opening_is_kept_and_a_short_one_is_not_an_article() -> None:
    """The preamble of a judicial interpretation stays findable."""
    passages = split("为正确审理" + "示例" * 30 + "。\n第一条 甲。\n第二条 乙。")
    assert [p.address for p in passages] == ["序言", "第一条", "第二条"]


def test_an_article_without_a_blank_opens_only_in_order() -> None:
    """第一条为了… is an article; 第三条规定的… and a number out of order are references."""
    body = "第一条为了示例，制定本办法。\n第三条规定的除外。\n第二条本办法适用于全省。\n第五条内容见附件。\n第 三 条　自公布之日起施行。"
    passages = split(body)
    assert [(p.number, p.text) for p in passages] == [
        ("1", "第一条为了示例，制定本办法。\n第三条规定的除外。"),
        ("2", "第二条本办法适用于全省。\n第五条内容见附件。"),
        ("3", "第 三 条　自公布之日起施行。"),
    ]


def test_divisions_without_number_or_blank() -> None:
    """总则 and 附则 stand alone in old texts; 第一章总则 lost its blank; parts and sections nest."""
    body = "第一编总纲\n第一章总则\n第一条 甲。\n第三章规定的情形除外。\n第二章 分则\n第一节 其一\n第二条 乙。\n附 则\n第三条 丙。"
    assert [(p.number, p.heading) for p in split(body)] == [
        ("1", "第一编 总纲 第一章 总则"),
        ("2", "第一编 总纲 第二章 分则 第一节 其一"),
        ("3", "第一编 总纲 附则"),
    ]


def test_each_appendix_is_a_passage_of_its_own() -> None:
    """What only begins with 附 is no appendix; an article in an appendix opens nothing."""
    body = "第一条 甲。\n附近的居民可以参加。\n附加条件不得违法。\n第二条 乙。\n附件1\n登记表\n第三条 样本。\n附件2：清单\n工具"
    passages = split(body)
    assert [(p.number, p.address) for p in passages] == [
        ("1", "第一条"),
        ("2", "第二条"),
        ("", "附件1"),
        ("", "附件2：清单"),
    ]
    assert passages[0].text.endswith("附加条件不得违法。")
    assert passages[2].text == "附件1\n登记表\n第三条 样本。"
