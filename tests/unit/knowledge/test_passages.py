"""Paragraphs and items inside an article."""

import pytest

from bot.core.errors import UnknownArticleError
from knowledge.passages import Passage, locate

ARTICLE = Passage(
    "39",
    "第三十九条",
    "",
    "第三十九条 有下列情形之一的，可以解除：\n（一）其一；\n1. 细目；\n2. 细目；\n（十二）其二。\n前款第一项不包括临时情形。\n特殊情形：\n（一）特殊其一。",
)
SHORT = Passage("2之一", "第二条之一", "", "第二条之一 只有一款。")


def test_paragraphs_and_items_have_addresses() -> None:
    """款 and 项 are named as citations name them, with exactly their words."""
    table = {
        (1, 0): ("第三十九条第一款", ARTICLE.text.split("\n前款")[0]),
        (2, 0): ("第三十九条第二款", "前款第一项不包括临时情形。"),
        (1, 1): ("第三十九条第一款第一项", "（一）其一；\n1. 细目；\n2. 细目；"),
        (1, 12): ("第三十九条第一款第十二项", "（十二）其二。"),
        (0, 12): ("第三十九条第一款第十二项", "（十二）其二。"),
        (3, 1): ("第三十九条第三款第一项", "（一）特殊其一。"),
    }
    for (paragraph, item), expected in table.items():
        found = locate(ARTICLE, paragraph, item)
        assert (found.address, found.text) == expected
    assert locate(SHORT).address == "第二条之一"
    assert locate(SHORT, 1).text == SHORT.text


@pytest.mark.parametrize(
    ("passage", "paragraph", "item", "sentence"),
    [
        (ARTICLE, 4, 0, "第三十九条只有3款"),
        (ARTICLE, 1, 3, "第三十九条第一款只有2项"),
        (ARTICLE, 2, 1, "第二款没有分项"),
        (SHORT, 0, 2, "第二条之一没有分项"),
    ],
)
def test_a_place_that_is_not_there_is_explained(
    passage: Passage, paragraph: int, item: int, sentence: str
) -> None:
    """The sentence says what there is."""
    with pytest.raises(UnknownArticleError, match=sentence):
        locate(passage, paragraph, item)
