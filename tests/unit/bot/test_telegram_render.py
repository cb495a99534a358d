"""Replies become messages inside Telegram's limits."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram import buttons, render
from bot.core.messages import Choice, Citation, Reply, ReplyKind

_WORDS = st.text(st.sampled_from("字a 。，\n😀\U0001f1e8\U0001f1f3\u200d\ufe0f\x00\ud800<&"), max_size=9000)


@given(_WORDS)
@settings(deadline=None, max_examples=60)
def test_split_keeps_every_character_and_the_limit(text: str) -> None:
    """Whatever is typed: pieces fit, none is blank, and joined they are the text without blanks."""
    pieces = render.split(text)
    assert all(piece.strip() and render.size(piece) <= render.LIMIT for piece in pieces)
    shown = re.sub("[\x00\ud800]", "", text)
    assert re.sub(r"\s", "", "".join(pieces)) == re.sub(r"\s", "", shown)


@pytest.mark.parametrize(
    ("unit", "ending"),
    [("一句话说完。", "。"), ("没有句号，", "，"), ("一行\n", "行"), ("“引号里的话。”", "”"), ("字", "字")],
)
def test_a_long_text_is_cut_where_it_reads_best(unit: str, ending: str) -> None:
    """After a line, a sentence with its closing mark, a clause, or else anywhere."""
    pieces = render.split(unit * (9000 // len(unit)))
    assert len(pieces) == 3
    assert all(piece.endswith(ending) for piece in pieces[:-1])


@pytest.mark.parametrize("whole", ["👨‍👩‍👧", "🇨🇳", "👍🏽", "é", "❤️", "https://example.org/clause/a?b=c"])
def test_what_belongs_together_is_never_cut(whole: str) -> None:
    """An emoji with all its parts, a flag, an accent, an address, at whatever place the limit falls."""
    for lead in range(len(whole) + 1):
        pieces = render.split("字" * (render.LIMIT - lead) + whole + "尾")
        assert sum(piece.count(whole) for piece in pieces) == 1


def test_an_address_longer_than_a_message_is_cut_after_all() -> None:
    """Nothing can be sent otherwise."""
    assert "".join(render.split("https://" + "a" * 9000)) == "https://" + "a" * 9000


def test_every_quoted_clause_is_set_apart_and_entries_are_not() -> None:
    """Only whole lines that are a law's own words; the plain text stays as it is."""
    laws = tuple(
        Citation(f"法#{number}", "法", f"第{number}条", f"第{number}条 a<b。") for number in (2, 1, 1)
    )
    text = "《法》\n第1条 a<b。\n\n《法》\n第2条 a<b。\n注：旧"
    [part] = render.private((Reply(ReplyKind.ARTICLE, text, laws),))
    assert part.text == text
    assert part.html == (
        "《法》\n<blockquote>第1条 a&lt;b。</blockquote>\n《法》\n<blockquote>第2条 a&lt;b。</blockquote>注：旧"
    )
    within = Reply(ReplyKind.ANSWER, "见第1条 a<b。", laws)
    entry = Reply(ReplyKind.ANSWER, "答", (Citation("H001", "题", "", "答"),))
    assert [part.html for part in render.private((within, entry))] == ["", ""]


def test_buttons_say_their_words_or_name_their_reply_within_64_bytes() -> None:
    """Steps of a form and what is too long go by number and mark; the rest of an answer has its own button."""
    long = "很长的一个标题" * 4
    choices = (Choice("转人工", "人工"), Choice("长\n标题" * 30, long))
    answer = Reply(ReplyKind.ANSWER, "答", choices=choices, more="余下")
    first, second, more = buttons.under(answer)
    assert (first.label, first.data) == ("1. 转人工", "t:人工")
    assert second.data == f"n:2:{answer.mark}"
    assert len(second.label) == 60
    assert (more.label, buttons.said(more.data).text) == ("更多", "更多")
    assert buttons.said(first.data) == buttons.Said("人工")
    assert buttons.said(second.data) == buttons.Said("2", answer.mark)
    form = Reply(ReplyKind.FORM, "步", choices=choices)
    assert [button.data for button in buttons.under(form)] == [f"n:1:{form.mark}", f"n:2:{form.mark}"]
    assert form.mark != answer.mark
    many = Reply(ReplyKind.MENU, "多", choices=tuple(Choice(str(n), str(n)) for n in range(300)), more="余")
    assert len(buttons.under(many)) == 100


@given(st.text(max_size=80))
def test_foreign_button_data_is_a_choice_that_is_past(data: str) -> None:
    """What we never sent says nothing of its own."""
    said = buttons.said(data)
    assert said == buttons.Said("", "-") or data.startswith(("t:", "n:"))


def test_a_group_reads_the_rest_and_near_misses_in_words() -> None:
    """No buttons there; choices of an answer are left out, near misses are numbered."""
    choice = (Choice("转人工", "人工"),)
    answer, near = (
        Reply(kind, "文", choices=choice, more="余") for kind in (ReplyKind.ANSWER, ReplyKind.CLARIFY)
    )
    [first], [second] = render.in_group((answer,), "bot"), render.in_group((near,), "bot")
    assert first.text == "文\n（余下内容：回复这条消息“更多”）"
    assert second.text == "文\n1. 转人工\n（余下内容：回复这条消息“更多”）"
    assert render.in_group((near, Reply(ReplyKind.FORM, "您的申请")), "bot") == (render.pointer("bot"),)
