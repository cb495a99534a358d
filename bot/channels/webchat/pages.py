"""The pages: chat, clause, and what is said when a clause is not there."""

import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from bot.channels.webchat.questions import LONGEST_TEXT
from bot.core.messages import Reply
from knowledge.cards import Card
from knowledge.chunks import Chunk
from knowledge.library import Library

STARTERS = (
    "拖欠工资怎么办",
    "被辞退能拿多少补偿",
    "上下班路上出车祸算工伤吗",
    "加班费怎么算",
    "年假有几天",
    "怎么加入工会",
)
"""What workers ask most, offered on the empty page."""

_UNIT = "元块万人名个天年月日岁条件次%％"
PHONES = (
    rf"(^|[^0-9.-])(123[0-9]{{2}}|0[0-9]{{2,3}}-[0-9]{{7,8}})(?![0-9-]|\.[0-9]|\s*[{_UNIT}])"
    rf"|([打拨或和、])(110|119|120)(?![0-9-]|\.[0-9]|\s*[{_UNIT}])"
)
"""Numbers to call: what stands before, the number; twice. The page's script uses the very same pattern."""

LABELS = "^(具体情况|什么情况算|例外|下一步|依据|注)："
"""Words that open a part of an answer; pages set them off."""

_KINDS = {"entry": "权益手册", "handbook": "手册", "notice": "文件", "amendment": "修改决定"}


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question and what came of it, for the page that works without script."""

    text: str
    """What was typed; still in the field when it was refused."""
    replies: tuple[Reply, ...] = ()
    error: str = ""


class Pages:
    """Renders the templates for one union."""

    def __init__(self, union_name: str) -> None:
        self._union = union_name
        self._templates = Environment(
            loader=PackageLoader("bot.channels", "templates"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["lines"] = lines
        self._templates.filters["clause_path"] = clause_path

    def chat(self, exchange: Exchange | None = None) -> str:
        """The chat page, with an exchange on it or empty."""
        return self._templates.get_template("chat.html").render(
            union=self._union,
            exchange=exchange or Exchange(""),
            starters=STARTERS,
            message_id=secrets.token_hex(16),
            longest=LONGEST_TEXT,
            phones=PHONES,
            labels=LABELS,
        )

    def clause(self, chunk: Chunk, library: Library) -> str:
        """The page of one clause, with its neighbours and, for an entry, the articles it rests on."""
        before, after = neighbours(chunk, library)
        return self._templates.get_template("clause.html").render(
            union=self._union,
            chunk=chunk,
            kind=_KINDS.get(chunk.kind) or chunk.level or "法规",
            law=chunk.kind not in _KINDS,
            before=before,
            after=after,
            cites=[found for key in chunk.cites if (found := library.get(key))],
        )

    def card(self, card: Card) -> str:
        """The page of one rights card."""
        return self._templates.get_template("card.html").render(union=self._union, card=card)

    def notice(self, sentence: str) -> str:
        """A page with nothing but one sentence and the way back."""
        return self._templates.get_template("notice.html").render(union=self._union, sentence=sentence)


def clause_path(key: str) -> str:
    """Where the clause of this key is shown."""
    return f"/clause/{quote(key, safe='')}"


def neighbours(chunk: Chunk, library: Library) -> tuple[Chunk | None, Chunk | None]:
    """The articles before and after ``chunk`` in the same text."""
    family = [other for other in library.chunks if (other.kind, other.short) == (chunk.kind, chunk.short)]
    place = family.index(chunk)
    return (
        family[place - 1] if place else None,
        family[place + 1] if place + 1 < len(family) else None,
    )


def lines(text: str) -> Iterator[list[Markup]]:
    """Each line of an answer in safe pieces, its label set off and its phone numbers ready to call."""
    for line in text.split("\n"):
        label = re.match(LABELS, line)
        start = label.end() if label else 0
        opening = [Markup("<b>{}</b>").format(line[:start])] if label else []
        yield opening + list(_with_phones(line[start:]))


def _with_phones(text: str) -> Iterator[Markup]:
    end = 0
    for found in re.finditer(PHONES, text):
        number = found[2] or found[4]
        start = found.end() - len(number)
        yield Markup.escape(text[end:start])
        yield Markup('<a href="tel:{0}">{0}</a>').format(number)
        end = found.end()
    yield Markup.escape(text[end:])
