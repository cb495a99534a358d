"""Articles asked for by number."""

import pytest

from bot.core.errors import UnknownArticleError
from knowledge.articles import ArticleBook
from knowledge.catalogue import Catalogue, Law
from knowledge.chunks import Chunk

LAWS = Catalogue(
    [
        Law("中华人民共和国示范劳动法", "示范劳动法", "法律", aliases=("示范法",)),
        Law("中华人民共和国示范劳动法实施条例", "示范劳动法实施条例", "行政法规"),
        Law("最高法关于示范案件的解释（一）", "示范解释（一）", "司法解释", aliases=("示范解释一",)),
    ]
)


def _article(short: str, number: str, address: str) -> Chunk:
    law = LAWS.laws[short]
    return Chunk(f"{short}#{number}", "statute", short, law.title, number, address, "", f"{address} 内容")


BOOK = ArticleBook(
    [
        _article("示范劳动法", "1", "第一条"),
        _article("示范劳动法", "47", "第四十七条"),
        _article("示范劳动法", "47之一", "第四十七条之一"),
        _article("示范劳动法", "48", "第四十八条"),
        _article("示范劳动法实施条例", "47", "第四十七条"),
        _article("示范解释（一）", "1", "第一条"),
    ],
    LAWS,
)


@pytest.mark.parametrize(
    "text",
    [
        "示范劳动法第四十七条",
        "《示范劳动法》47条",
        "示范劳动法 四十七",
        "中华人民共和国示范劳动法第47条",
        "《中华人民共和国示范劳动法》（2020修正）第４７条",
        "示范法第四十七条是什么",
        "请问示范劳动法的第四十七条怎么规定的？",
        "帮我查一下示范劳动法47条原文",
    ],
)
def test_any_spelling_finds_the_article(text: str) -> None:
    """Titles full, short or nicknamed; numbers in every script."""
    assert [chunk.key for chunk in BOOK.find(text)] == ["示范劳动法#47"]
    reference = BOOK.reference(text)
    assert reference is not None
    assert reference.bare


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("示范劳动法第四十七条、第四十八条", ["示范劳动法#47", "示范劳动法#48"]),
        ("示范劳动法47、48条", ["示范劳动法#47", "示范劳动法#48"]),
        ("示范劳动法47到48条", ["示范劳动法#47", "示范劳动法#48"]),
        ("示范劳动法第四十七条之一", ["示范劳动法#47之一"]),
        ("示范劳动法实施条例47条", ["示范劳动法实施条例#47"]),
        ("示范解释(一)第一条", ["示范解释（一）#1"]),
        ("示范解释一第1条", ["示范解释（一）#1"]),
    ],
)
def test_lists_ranges_and_longer_names(text: str, keys: list[str]) -> None:
    """Several articles come together; the longest law name wins."""
    assert [chunk.key for chunk in BOOK.find(text)] == keys


def test_a_number_alone_means_the_law_under_discussion() -> None:
    """After talk about a law, 47条 is its article; without, it is nothing."""
    assert [chunk.key for chunk in BOOK.find("47条", topic="示范劳动法")] == ["示范劳动法#47"]
    with pytest.raises(UnknownArticleError):
        BOOK.find("47条")


def test_a_question_about_an_article_is_not_bare() -> None:
    """A question that names an article is answered, not replaced by the article."""
    reference = BOOK.reference("示范劳动法第47条里的月工资包括奖金吗")
    assert reference is not None
    assert not reference.bare
    assert (
        BOOK.reference("示范劳动法规定加班30元") is None or not BOOK.reference("示范劳动法规定加班30元").bare
    )  # type: ignore[union-attr]


def test_an_unknown_article_names_the_range_and_like_laws() -> None:
    """The sentence helps: the valid range, or laws of a similar name."""
    with pytest.raises(UnknownArticleError, match="现有第一条至第四十八条") as beyond:
        BOOK.find("示范劳动法第300条")
    assert beyond.value.valid_range == "第一条至第四十八条"
    with pytest.raises(UnknownArticleError, match="示范劳动法") as similar:
        BOOK.find("示范劳动和法47条")
    assert "示范劳动法" in similar.value.suggestions
    with pytest.raises(UnknownArticleError, match="请带上条号"):
        BOOK.find("示范劳动法")


def test_an_empty_book_knows_nothing() -> None:
    """Before any import a question for an article is refused, not an error."""
    with pytest.raises(UnknownArticleError):
        ArticleBook([], LAWS).find("示范劳动法第一条")


def test_a_law_mentioned_is_named() -> None:
    """The law a text talks about can be asked for."""
    assert BOOK.mentioned("《示范法》里怎么说") == "示范劳动法"
    assert BOOK.mentioned("工资") == ""
    assert BOOK.laws() == ["示范劳动法", "示范劳动法实施条例", "示范解释（一）"]
