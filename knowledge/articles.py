"""Articles asked for by number, in any ordinary spelling."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from bot.core.errors import UnknownArticleError
from bot.core.numerals import NUMERAL, to_chinese, to_int
from knowledge.catalogue import Catalogue, derive, names, normalise
from knowledge.chunks import Chunk

_NUMBERS = re.compile(
    rf"(?:的|之)?第?({NUMERAL})(?:条|條|款?(?=[、,，和及与到至~-]|$|\W))(?:之([一二三四五六七八九十]+|\d+))?"
)
_BARE = re.compile(rf"(?:的|之)?第?({NUMERAL})(?![{'年月日元块%％点个人天号级岁倍小时周期分'}])")
_ANOTHER = re.compile(rf"^(?:、|,|，|和|及|与|以及)?第?({NUMERAL})条?(?:之([一二三四五六七八九十]+|\d+))?")
_RANGE = re.compile(rf"^(?:到|至|~|-|—)+第?({NUMERAL})条?")
_FILLER = re.compile(
    r"(请问|请|帮我|给我|我想|想|查一下|查查|查|看一下|看看|看|找一下|找|的|是|什么|啥|内容|原文|全文|条文|规定|怎么说|怎么写|咋说"
    r"|讲|了|呢|吗|一下|说|写|具体|里|中|我|要|条|款|吧|呀|啊|法条|解释)"
)
_MOST_IN_A_RANGE = 10
_LONGEST_REST = 3


@dataclass(frozen=True, slots=True)
class Reference:
    """Articles that a text names: one law, its numbers in order."""

    short: str
    numbers: tuple[str, ...]
    bare: bool
    """Whether the text asks for nothing but these articles."""


class ArticleBook:
    """Every current article by law and number."""

    def __init__(self, chunks: Iterable[Chunk], catalogue: Catalogue) -> None:
        self._articles: dict[str, dict[str, Chunk]] = defaultdict(dict)
        for chunk in chunks:
            if chunk.kind in ("statute", "notice") and chunk.number:
                self._articles[chunk.short][chunk.number] = chunk
        self._names: dict[str, str] = {}
        for short, articles in self._articles.items():
            law = catalogue.laws.get(short) or derive(next(iter(articles.values())).title)
            for name in {short, *names(law)}:
                self._names.setdefault(normalise(name), short)
        longest_first = sorted(self._names, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def laws(self) -> list[str]:
        """Short names of the laws at hand."""
        return sorted(self._articles)

    def get(self, key: str) -> Chunk | None:
        """The article of a key such as 劳动合同法#47."""
        short, _, number = key.partition("#")
        return self._articles.get(short, {}).get(number)

    def mentioned(self, text: str) -> str:
        """Short name of the law that ``text`` names first, or nothing."""
        found = self._pattern.search(normalise(text)) if self._pattern else None
        return self._names[found[0]] if found else ""

    def reference(self, text: str, topic: str = "") -> Reference | None:
        """The articles that ``text`` names; ``topic`` is the law meant by a number alone (47条)."""
        plain = normalise(text)
        law = self._pattern.search(plain) if self._pattern else None
        if law:
            short, rest, before = self._names[law[0]], plain[law.end() :], plain[: law.start()]
            rest = re.sub(r"^（[^）]*）", "", rest)
            found = _NUMBERS.search(rest) or _BARE.match(rest)
        else:
            short, rest, before = topic, plain, ""
            found = re.search(rf"第?({NUMERAL})条(?:之([一二三四五六七八九十]+|\d+))?", rest)
        if not short or not found:
            return None
        numbers, end = _list(rest, found)
        around = before + rest[: found.start()] + rest[end:]
        left_over = re.sub(r"\W", "", _FILLER.sub("", around))
        return Reference(short, numbers, len(left_over) <= _LONGEST_REST) if numbers else None

    def find(self, text: str, topic: str = "") -> tuple[Chunk, ...]:
        """The articles ``text`` asks for; raises ``UnknownArticleError`` with the valid range or like names."""
        reference = self.reference(text, topic)
        if reference is None:
            raise self._unknown(text)
        articles = self._articles[reference.short]
        found = tuple(articles[number] for number in reference.numbers if number in articles)
        if not found:
            raise self._out_of_range(reference)
        return found

    def _unknown(self, text: str) -> UnknownArticleError:
        plain = normalise(text)
        if self._pattern and (law := self._pattern.search(plain)):
            short = self._names[law[0]]
            return UnknownArticleError(
                f"要看《{short}》的哪一条？请带上条号，例如“{short}第一条”。",
                valid_range=self.valid_range(short),
            )
        name = re.split(rf"第?{NUMERAL}条?", plain)[0]
        close = get_close_matches(name, list(self._names), n=5, cutoff=0.5)
        similar = tuple(dict.fromkeys(self._names[match] for match in close))[:3]
        hint = (
            f"是不是想查{'、'.join(f'《{short}》' for short in similar)}？"
            if similar
            else "请写上法规名称和条号。"
        )
        return UnknownArticleError(f"没有找到这部法规。{hint}", suggestions=similar)

    def _out_of_range(self, reference: Reference) -> UnknownArticleError:
        valid = self.valid_range(reference.short)
        asked = "、".join(f"第{number}条" for number in reference.numbers[:3])
        return UnknownArticleError(f"《{reference.short}》里没有{asked}，现有{valid}。", valid_range=valid)

    def valid_range(self, short: str) -> str:
        """First and last article of a law: 第一条至第九十八条."""
        numbers = list(self._articles[short].values())
        return numbers[0].address if len(numbers) == 1 else f"{numbers[0].address}至{numbers[-1].address}"


def _list(rest: str, found: re.Match[str]) -> tuple[tuple[str, ...], int]:
    """All numbers from ``found`` on: 第四十六条、四十七条; 46到48条."""
    numbers, end = [_number(found[1], found[2] if found.re.groups > 1 else None)], found.end()
    while True:
        if span := _RANGE.match(rest[end:]):
            first, last = to_int(found[1]) or 0, to_int(span[1]) or 0
            numbers += [str(n) for n in range(first + 1, min(last, first + _MOST_IN_A_RANGE) + 1)]
        elif span := _ANOTHER.match(rest[end:]):
            numbers.append(_number(span[1], span[2]))
        else:
            return tuple(number for number in numbers if number), end
        end += span.end()


def _number(numeral: str, after: str | None) -> str:
    value = to_int(numeral)
    if value is None:
        return ""
    tail = to_chinese(to_int(after) or 0) if after else ""
    return f"{value}之{tail}" if tail else str(value)
