"""A draft becomes an answer: supported sentences stay, the rest is told as stored."""

from knowledge import answers
from knowledge.chunks import Chunk
from knowledge.drafts import Prose, accepted, as_stored

STORED = Prose(
    "可以要求补发。",
    ("满一年的，单位应当付两倍工资；没满一年的，不付。", "单位能证明不可抗力的除外。"),
)


def test_prose_is_given_back_without_a_model() -> None:
    """Nothing changes."""
    assert as_stored("问题", STORED) is STORED


def test_a_faithful_draft_is_taken_over() -> None:
    """In its own words, sentence by sentence."""
    draft = "可以要求补发的。如果满1年，公司应当付双倍工资。没满一年的，不付。公司能证明不可抗力的除外。"
    assert accepted(draft, STORED) == Prose(
        "可以要求补发的。",
        ("如果满1年，公司应当付双倍工资。", "没满一年的，不付。", "公司能证明不可抗力的除外。"),
    )


def test_what_a_draft_forgets_is_put_back() -> None:
    """In the stored words, at its place."""
    assert accepted("可以要求补发的。公司能证明不可抗力的除外。没满一年的，不付。", STORED) == Prose(
        "可以要求补发的。",
        ("满一年的，单位应当付两倍工资。", "没满一年的，不付。", "公司能证明不可抗力的除外。"),
    )


def test_a_sentence_said_in_part_is_told_whole() -> None:
    """Half of a rule is not shown beside the whole of it."""
    stored = Prose("可以。", ("满一年的，单位应当付两倍工资，最多十一个月。", "没满一年的，不付。"))
    assert accepted("可以。满一年的，单位应当付双倍工资。没满一年的，不付。", stored) == Prose(
        "可以。", ("满一年的，单位应当付两倍工资，最多十一个月。", "没满一年的，不付。")
    )


def test_a_conclusion_in_several_sentences_has_to_survive_whole() -> None:
    """One of two is not the conclusion."""
    stored = Prose("可以要求补发。没有时间限制。", ("满一年的，另算。",))
    assert accepted("可以要求补发的。满一年的，另算。", stored) is None
    said = accepted("可以要求补发的。没有时间限制。满一年的，另算。", stored)
    assert said == Prose("可以要求补发的。没有时间限制。", ("满一年的，另算。",))


def test_drafts_that_are_no_use() -> None:
    """Empty, mostly wrong, without conclusion, forgetting most, going on for ever."""
    faithful = "可以要求补发。满一年的，单位应当付两倍工资。没满一年的，不付。单位能证明不可抗力的除外。"
    for draft in (
        "",
        "不可以。",
        "可以要求补发。去找我朋友。他很厉害。",
        faithful.removeprefix("可以要求补发。"),
        "可以要求补发。",
        "可以要求补发。" + "今天天气很好。" * 30,
    ):
        assert accepted(draft, STORED) is None, draft
    assert accepted(faithful * 2, STORED) == accepted(faithful, STORED)
    assert accepted("好。", Prose("", ("好。",))) is None


def _chunk(kind: str, text: str) -> Chunk:
    return Chunk("手册#1", kind, "手册", "手册", "1", "第一节", "", text)


def test_only_a_handbooks_prose_is_told_anew() -> None:
    """Statutes, and rules quoted in a handbook, stay word for word; other prose is given out line by line."""

    def told(prose: Prose) -> Prose:
        asked.append(prose)
        return Prose("改过了。", prose.details)

    asked: list[Prose] = []
    for kind, text in (("statute", "第一条 可以。"), ("handbook", "第三条 可以。"), ("notice", "可以。")):
        assert text in answers.from_passage(_chunk(kind, text), told).text
    assert asked == []
    reply = answers.from_passage(_chunk("handbook", "可以。\n不收钱。"), told)
    assert reply.text == "《手册》第一节：\n改过了。\n不收钱。"
    assert reply.citations[0].quote == "可以。\n不收钱。"
    assert asked == [Prose("可以。", ("不收钱。",))]
