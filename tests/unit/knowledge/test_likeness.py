"""Texts that are alike, and sums of money in them."""

from decimal import Decimal
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from knowledge import amounts, likeness
from knowledge.likeness import Claim


def _slow(texts: list[str], least: float) -> set[tuple[int, int]]:
    """Every pair compared with every other."""
    found = set()
    for one, other in combinations(range(len(texts)), 2):
        sets = [
            {framed[place : place + 2] for place in range(len(framed) - 1)}
            for framed in (f"^{likeness.plain(texts[place])}$" for place in (one, other))
        ]
        if len(sets[0] & sets[1]) / len(sets[0] | sets[1]) >= least:
            found.add((one, other))
    return found


@given(
    st.lists(st.text(alphabet="工资加班费，", min_size=1, max_size=8), max_size=12),
    st.sampled_from((0.5, 0.65, 0.8, 1.0)),
)
def test_the_quick_way_finds_what_the_slow_one_finds(texts: list[str], least: float) -> None:
    """No pair is lost by looking only at the rarest characters."""
    claims = [Claim(str(place), text) for place, text in enumerate(texts)]
    quick = {
        tuple(sorted((int(pair.first.owner), int(pair.second.owner))))
        for pair in likeness.pairs(claims, least)
    }
    assert quick == _slow(texts, least)


def test_claims_of_one_owner_may_be_alike() -> None:
    """An entry's own questions are not held against it; the most alike pair comes first."""
    claims = [Claim("a", "加班费怎么算"), Claim("a", "加班费怎么算？"), Claim("b", "加班费怎么算呀")]
    found = likeness.pairs([*claims, Claim("c", "加班费怎么算")], 0.5)
    assert {(pair.first.owner, pair.second.owner) for pair in found} == {("a", "b"), ("a", "c"), ("b", "c")}
    assert found[0].likeness == 1.0


def test_sums_are_read_in_either_script() -> None:
    """Ten thousands, commas, decimals; words that only look like a numeral are passed over."""
    said = "五万元、5万元、2,000元、34.48元、两万元、二十元、１００元、3亿元，十百元，一元"
    assert amounts.found(said) == [
        Decimal(value)
        for value in ("50000", "50000", "2000", "34.48", "20000", "20", "100", "300000000", "1")
    ]
