"""Replies as WeChat text: what is shown, where it is cut, and that the XML is whole."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy.replies import deserialize_reply

from bot.channels.wechat import render
from bot.channels.wechat.inbound import Push
from bot.core.messages import Choice, Citation, Reply, ReplyKind
from tests.fakes.wechat_platform import ACCOUNT, WORKER

SITE = "https://union.example"
LAW = Citation("示范法#47", "示范法", "第四十七条", "……", url="/clause/%E7%A4%BA%E8%8C%83%E6%B3%95%2347")
ENTRY = Citation("wages-01", "拖欠工资怎么办", "拖欠工资怎么办", "……", url="/clause/wages-01")
FAMILY = "👩‍👩‍👧"
FLAG = "🇨🇳"


def _reply(text: str, **more: object) -> Reply:
    return Reply(ReplyKind.ANSWER, text, **more)  # type: ignore[arg-type]


def _size(text: str) -> int:
    return len(text.encode())


def test_an_answer_with_everything() -> None:
    """Text first, then what can be done next, then links to the sources."""
    choices = (Choice("看原文", "示范法第四十七条"), Choice("转人工", "人工"))
    reply = _reply("可以要求补发。", more="……", choices=choices, citations=(LAW, ENTRY))
    assert render.passive((reply,), SITE) == (
        "可以要求补发。\n\n"
        "回复“更多”看余下内容。\n\n"
        "回复数字选择：\n1. 看原文\n2. 转人工\n\n"
        '看原文：<a href="https://union.example/clause/%E7%A4%BA%E8%8C%83%E6%B3%95%2347">《示范法》第四十七条</a>\n'
        '看详情：<a href="https://union.example/clause/wages-01">拖欠工资怎么办</a>'
    )


def test_without_a_public_address_there_are_no_links() -> None:
    """A link nobody can open is worse than none."""
    assert render.passive((_reply("好。", citations=(LAW,)),), "") == "好。"


@pytest.mark.parametrize(
    "replies", [(), (_reply(""),), (_reply(" \n\x07"),), (_reply("", citations=(LAW,)),)]
)
def test_nothing_to_say(replies: tuple[Reply, ...]) -> None:
    """An empty reply renders to nothing, so that ``success`` is answered."""
    assert render.passive(replies, SITE) == ""


def test_choices_alone_are_shown() -> None:
    """A reply may consist of choices only."""
    assert (
        render.passive((_reply("", choices=(Choice("菜\n单", "菜单"),)),), "") == "回复数字选择：\n1. 菜 单"
    )


def test_ten_thousand_characters_are_cut_on_a_sentence_with_a_way_to_the_rest() -> None:
    """The first part ends with a sentence; what can be done next stays."""
    reply = _reply("单位应当按月足额支付工资。" * 800, choices=(Choice("转人工", "人工"),), citations=(LAW,))
    shown = render.passive((reply,), SITE)
    assert _size(shown) <= render.LIMIT
    assert "支付工资。\n（内容较长，余下部分请看<a href=" in shown
    assert shown.endswith("1. 转人工")
    assert "只能显示前一部分" in render.passive((reply,), "")


def test_even_endless_choices_stay_inside_the_limit() -> None:
    """Neither text nor choices can push a reply over what the platform takes."""
    choices = tuple(Choice("选项" * 40, "x") for _ in range(20))
    shown = render.passive((_reply("说明。" * 500, choices=choices),), SITE)
    assert _size(shown) <= render.LIMIT
    assert shown.startswith("说明。")


def test_no_more_than_three_links() -> None:
    """A bubble full of links is read by nobody; one page is linked once."""
    laws = tuple(
        Citation(f"法#{number}", "法", f"第{number}条", "", url=f"/clause/{number % 5}")
        for number in range(9)
    )
    assert render.passive((_reply("好。", citations=laws),), SITE).count("<a href=") == 3


def test_links_give_way_to_text() -> None:
    """A text that just fits is not cut for the sake of links."""
    text = "工" * 660
    assert render.passive((_reply(text, citations=(LAW,)),), SITE) == text


@pytest.mark.parametrize("whole", ["🙂", FAMILY, FLAG, "👍🏽", "1️⃣", "e\u0301", "工"])
@pytest.mark.parametrize("room", range(30))
def test_nothing_is_cut_inside(whole: str, room: int) -> None:
    """A character, an emoji with its joiners, a flag or an accent stays whole at any limit."""
    part = render.first_part(whole * 12, room)
    count = part.count(whole)
    assert part in (whole * count, "") or _size(whole) > room
    assert _size(part) <= max(room, 0)


@pytest.mark.parametrize("link", ['<a href="https://x.example/a">这里</a>', "https://x.example/abc?d=e"])
def test_links_stay_whole(link: str) -> None:
    """A text is cut before a link rather than inside it."""
    text = "请看" + link + "再说"
    for limit in range(_size("请看"), _size(text)):
        part = render.first_part(text, limit)
        assert part == "请看" or part.startswith("请看" + link)


@pytest.mark.parametrize(
    ("text", "limit", "part"),
    [
        ("一二三。四五六。七八九。", 30, "一二三。四五六。"),
        ("他说：“走。”我们走。再", 33, "他说：“走。”我们走。"),
        ("他说：“走吧。”我们都走", 24, "他说：“走吧。”"),
        ("甲，他说：“走吧。”我们", 29, "甲，他说："),
        ("一二三四，五六七八九十", 24, "一二三四，"),
        ("一二三四五六七八九十", 10, "一二三"),
        ("啊……啊……啊", 14, "啊……"),
        ("短。", 100, "短。"),
        ("工", 0, ""),
        ("", 10, ""),
    ],
)
def test_where_a_text_is_cut(text: str, limit: int, part: str) -> None:
    """After a sentence with its closing marks, else after a clause, else where it must be."""
    assert render.first_part(text, limit) == part


@pytest.mark.parametrize("content", ["a]]>b", "]]>]]>", "<b>粗</b>", "&amp; & <", "]]", "]>", "🙂]]>🙂"])
def test_marks_survive_the_xml(content: str) -> None:
    """What is said is what a real parser reads, also with the mark that ends a CDATA section."""
    push = Push(WORKER, ACCOUNT, 1_700_000_000, None)
    body = render.xml(push, content, 0)
    assert ET.fromstring(body).findtext("Content") == content
    assert deserialize_reply(body.decode()).content == content
    assert ET.fromstring(body).findtext("CreateTime") == "1700000000"


def test_a_message_without_a_time_is_answered_with_ours() -> None:
    """The platform wants some time."""
    body = render.xml(Push(WORKER, ACCOUNT, 0, None), "好", 123)
    assert ET.fromstring(body).findtext("CreateTime") == "123"


def test_link_labels_and_addresses_cannot_break_out() -> None:
    """Titles come from files people edit."""
    made = render.link(SITE + "/", '/a"b<c', "《示<范>》\n第一条")
    assert made == '<a href="https://union.example/a%22b%3Cc">《示范》 第一条</a>'


@given(st.text(st.characters(codec="utf-16", exclude_categories=())), st.text(max_size=30))
@settings(max_examples=200, deadline=None)
def test_any_text_gives_whole_xml_inside_the_limit(said: str, label: str) -> None:
    """Lone surrogates, control characters and everything else that Python can hold."""
    reply = _reply(said * 50, choices=(Choice(label, "x"),), citations=(LAW,), more="x")
    content = render.passive((reply,), SITE)
    assert _size(content) <= render.LIMIT
    read = ET.fromstring(render.xml(Push(WORKER, ACCOUNT, 1, None), content, 1)).findtext("Content")
    assert read == content.replace("\r\n", "\n").replace("\r", "\n")
