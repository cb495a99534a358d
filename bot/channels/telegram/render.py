"""A reply → messages inside the platform's limits: plain text, the law's own words set apart, buttons below."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from bot.channels.telegram import buttons
from bot.channels.telegram.buttons import Button
from bot.core.messages import Reply, ReplyKind

LIMIT = 4096
"""UTF-16 units of one message: what the platform calls characters, counted the strict way."""
_UNSENDABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_ATOM = re.compile(
    '[a-z]{4,8}://[^\\s<>"，。；！？、（）]+|[\U0001f1e6-\U0001f1ff]{2}'
    "|.(?:[\u0300-\u036f\u20d0-\u20ff\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]|\u200d.)*",
    re.DOTALL,
)
"""What is never cut in two: an address, a flag, a character with all that clings to it."""
_BORDERS = ("\n", "。！？；…!?;", "，、：, ")
"""Where a long text is cut, the best place first."""
_CLOSERS = "”’）」』】》\"')"
_CHOOSE = "请选择："
_IN_GROUPS = frozenset(
    {
        ReplyKind.ANSWER,
        ReplyKind.ARTICLE,
        ReplyKind.CLARIFY,
        ReplyKind.REFUSAL,
        ReplyKind.CRISIS,
        ReplyKind.DUTY,
        ReplyKind.HANDOVER,
        ReplyKind.SMALLTALK,
    }
)
"""What may be read by everybody: nothing of a case, a form or one person's sums."""
_POINTER = "在群里可以 @我 问一般的劳动权益问题。个人的情况和要办的事，请到私聊里说，这样只有你看得到。"
_TO_PRIVATE = "到私聊里说"
_REST = "（余下内容：回复这条消息“更多”）"


@dataclass(frozen=True, slots=True)
class Part:
    """One message; ``html`` is the same words with the law's set apart, empty where there are none."""

    text: str
    html: str = ""
    buttons: tuple[Button, ...] = ()


def private(replies: tuple[Reply, ...]) -> tuple[Part, ...]:
    """The messages of ``replies`` to one person."""
    return tuple(part for reply in replies for part in _parts(reply.text, reply, buttons.under(reply)))


def in_group(replies: tuple[Reply, ...], username: str) -> tuple[Part, ...]:
    """What everybody in a group may read of ``replies``; the rest is pointed to the private chat."""
    shown: list[Part] = []
    for reply in replies:
        if reply.kind not in _IN_GROUPS:
            return (pointer(username),)
        shown += _parts("\n".join((reply.text, *_lines(reply))), reply, ())
    return tuple(shown)


def pointer(username: str) -> Part:
    """The way from a group to the private chat."""
    return Part(_POINTER, buttons=(Button(_TO_PRIVATE, url=f"https://t.me/{username}"),))


def split(text: str) -> list[str]:
    """``text`` in pieces of at most ``LIMIT``, cut where it reads best; nothing when it is blank."""
    pieces: list[str] = []
    rest = _UNSENDABLE.sub("", text).strip()
    while rest:
        end = _end(rest)
        pieces.append(rest[:end].rstrip())
        rest = rest[end:].lstrip()
    return pieces


def size(text: str) -> int:
    """The length of ``text`` as the platform counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _parts(text: str, reply: Reply, below: tuple[Button, ...]) -> list[Part]:
    pieces = split(text) or ([_CHOOSE] if below else [])
    last = len(pieces) - 1
    return [
        Part(piece, _marked(piece, reply), below if number == last else ())
        for number, piece in enumerate(pieces)
    ]


def _marked(text: str, reply: Reply) -> str:
    """``text`` as HTML with the clauses it quotes set apart; empty when it quotes none."""
    shown, rest = [], 0
    for start, end in sorted(_quoted(text, reply)):
        if start >= rest:
            shown += [escape(text[rest:start]), "<blockquote>", escape(text[start:end]), "</blockquote>"]
            rest = end + (text[end : end + 1] == "\n")
    return "".join((*shown, escape(text[rest:]))) if shown else ""


def _quoted(text: str, reply: Reply) -> Iterator[tuple[int, int]]:
    """Where whole lines of ``text`` are a law's own words."""
    for citation in reply.citations:
        quote = citation.quote.strip() if "#" in citation.key else ""
        start = text.find(quote) if quote else -1
        end = start + len(quote)
        if start >= 0 and text[:start][-1:] in ("", "\n") and text[end:][:1] in ("", "\n"):
            yield start, end


def _lines(reply: Reply) -> Iterator[str]:
    """Near misses by number, where no buttons are shown; a group is spared every other choice."""
    if reply.kind is ReplyKind.CLARIFY:
        yield from (f"{number}. {choice.label}" for number, choice in enumerate(reply.choices, start=1))
    if reply.more:
        yield _REST


def _end(text: str) -> int:
    """Where the first piece of ``text`` ends."""
    places: list[int] = []
    length = 0
    for atom in _ATOM.finditer(text):
        length += size(atom[0])
        if length > LIMIT:
            return _best(text, places) if places else LIMIT // 2
        places.append(atom.end())
    return len(text)


def _best(text: str, places: list[int]) -> int:
    late = [place for place in reversed(places) if place > places[-1] // 2]
    for ends in _BORDERS:
        for place in late:
            if text[place] not in ends + _CLOSERS and text[:place].rstrip(_CLOSERS)[-1:] in tuple(ends):
                return place
    return places[-1]
