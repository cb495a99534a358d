"""Composed answers."""

from bot.core.messages import ReplyKind
from knowledge import answers
from knowledge.catalogue import Catalogue, Law
from knowledge.chunks import Chunk, Finding, Hit, Signals
from knowledge.entries import Entry
from knowledge.equipment import Equipment
from knowledge.library import Library

LAW = Chunk(
    "示范法#2", "statute", "示范法", "中华人民共和国示范法", "2", "第二条", "", "第二条 原文。", note="节录"
)
ENTRY = Entry(
    "H900",
    "示例",
    "示例条目",
    "可以。",
    ("条件一。",),
    ("先问。",),
    ("示范法#2", "没有法#3"),
    ("怎么示例",),
    local=True,
)
TOPIC = Chunk(
    "H900",
    "entry",
    "示例",
    "示例条目",
    "",
    "示例条目",
    "示例",
    ENTRY.text,
    body=ENTRY.to_dict(),
    cites=ENTRY.cites,
)
LIBRARY = Library.build([LAW, TOPIC], Equipment(Catalogue([Law("中华人民共和国示范法", "示范法", "法律")])))


def _found(chunk: Chunk, coverage: float) -> Finding:
    return Finding((Hit(1, 1.0, coverage, chunk),), Signals(coverage, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0))


def test_an_entry_is_answered_with_its_sources() -> None:
    """Conclusion first, then conditions, next step, local remark and source; quotes equal the store."""
    reply = answers.from_finding(_found(TOPIC, 0.9), LIBRARY, "近似")
    assert reply is not None
    assert reply.kind is ReplyKind.ANSWER
    assert reply.text.splitlines() == [
        "可以。",
        "具体情况：条件一。",
        "下一步：先问。",
        "各地规定不同，以当地为准。",
        "依据：《示范法》第二条、《没有法》第3条",
    ]
    assert [citation.quote for citation in reply.citations] == [LAW.text, TOPIC.text]
    assert reply.citations[0].note == "节录"


def test_a_statute_alone_is_quoted_as_it_stands() -> None:
    """Without an entry the best article is shown and said to be the nearest."""
    reply = answers.from_finding(_found(LAW, 0.9), LIBRARY, "近似")
    assert reply is not None
    assert reply.text.endswith("第二条 原文。")
    assert reply.citations[0].article == "第二条"


def test_near_misses_are_offered_and_far_ones_withheld() -> None:
    """Between sure and near people choose; below it nothing is claimed."""
    offered = answers.from_finding(_found(TOPIC, 0.3), LIBRARY, "近似")
    assert offered is not None
    assert (offered.kind, offered.choices[0].send) == (ReplyKind.CLARIFY, "示例条目")
    assert answers.from_finding(_found(TOPIC, 0.1), LIBRARY, "近似") is None
    assert answers.from_finding(Finding((), Signals.none(0.0)), LIBRARY, "近似") is None


def test_superseded_articles_are_marked_when_asked_for() -> None:
    """An article asked for by number is shown even when repealed, and says so."""
    gone = Chunk(
        "旧法#1", "statute", "旧法", "旧法", "1", "第一条", "", "第一条 旧文。", in_force=False, note="已废止"
    )
    reply = answers.from_articles((gone, LAW))
    assert "不再作为现行依据" in reply.text
    assert "注：已废止" in reply.text
    assert reply.citations[0].in_force is False
    assert answers.from_finding(_found(gone, 0.9), LIBRARY, "") is None


def test_a_long_answer_is_cut_on_a_sentence_and_the_rest_kept() -> None:
    """Nothing is lost between the shown part and 更多."""
    text = "一句话。" * 200
    shown, more = answers.cut(text)
    assert len(shown) <= answers.LONGEST
    assert shown.endswith("。")
    assert shown + more == text
    assert answers.cut("短") == ("短", "")
    assert "".join(answers.cut("字" * 1000)) == "字" * 1000
