"""A reply → the text and XML of a passive answer, inside the platform's limits."""

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import quote

from bot.channels.wechat.inbound import Push, clean
from bot.core.messages import Citation, Reply

LIMIT = 2000
"""UTF-8 bytes of one text message; the platform takes 2048."""
_MOST_LINKS = 3
_WHOLE = re.compile(r"<a\s[^>]*>.*?</a>|[a-z]{4,8}://[^\s<>\"，。；！？、（）]+", re.DOTALL)
"""What is never cut in two: links and bare addresses."""
_SENTENCE_ENDS = "。！？；…!?;\n"
_CLAUSE_ENDS = "，、：, "
_CLOSERS = "”’）」』】》\"')"
_JOINER = "\u200d"
_CLINGING = re.compile(
    "[\u0300-\u036f\u200d\u20d0-\u20ff\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
)
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]+$")
_MORE = "回复“更多”看余下内容。"
_PICK = "回复数字选择："
_CUT = "（内容较长，余下部分请看{page}）"
_CUT_WITHOUT_PAGE = "（内容较长，这里只能显示前一部分。）"


def passive(replies: tuple[Reply, ...], public_url: str) -> str:
    """The text of a passive answer: all that fits of ``replies``; empty when there is nothing to say."""
    body = "\n\n".join(said for reply in replies if (said := clean(reply.text).strip()))
    tail = "".join(f"\n\n{line}" for reply in replies for line in _tail(reply))
    if _size(body) + _size(tail) > LIMIT:
        return _cut(body, tail, _page(replies, public_url))
    text = body + tail
    for link in _links(replies, public_url) if text else ():
        if _size(text) + _size(link) <= LIMIT:
            text += link
    return text.lstrip("\n")


def first_part(text: str, limit: int) -> str:
    """As much of ``text`` as fits into ``limit`` bytes, up to a sentence border where there is one."""
    end = len(text.encode()[: max(limit, 0)].decode("utf-8", "ignore"))
    if end == len(text):
        return text
    whole = [found.span() for found in _WHOLE.finditer(text)]
    places = [place for place in range(end, 0, -1) if _may_break(text, place, whole)]
    late = [place for place in places if place > end // 2]
    for ends in (_SENTENCE_ENDS, _CLAUSE_ENDS):
        for place in late:
            if _is_border(text, place, ends):
                return text[:place].rstrip()
    return text[: places[0] if places else end]


def xml(push: Push, content: str, now: int) -> bytes:
    """A passive text reply to ``push``; every attempt gets the same bytes, for the time in it is the message's."""
    safe = content.replace("]]>", "]]]]><![CDATA[>")
    return (
        f"<xml><ToUserName><![CDATA[{push.sender}]]></ToUserName>"
        f"<FromUserName><![CDATA[{push.recipient}]]></FromUserName>"
        f"<CreateTime>{push.created or now}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{safe}]]></Content></xml>"
    ).encode()


def link(public_url: str, path: str, label: str) -> str:
    """A tappable link to one of our pages."""
    target = quote(public_url.rstrip("/") + path, safe=":/?#[]@!$&()*+,;=%-._~")
    return f'<a href="{target}">{re.sub("[<>]", "", _line(label))}</a>'


def _tail(reply: Reply) -> Iterator[str]:
    """What can be done next; it stays even where the text is cut."""
    if reply.more:
        yield _MORE
    if reply.choices:
        numbered = (
            f"{number}. {_line(choice.label)}" for number, choice in enumerate(reply.choices, start=1)
        )
        yield "\n".join((_PICK, *numbered))


def _cut(body: str, tail: str, page: str) -> str:
    notice = "\n" + (_CUT.format(page=page) if page else _CUT_WITHOUT_PAGE)
    if _size(tail) > LIMIT // 2:
        tail = "\n\n" + first_part(tail.strip(), LIMIT // 2)
    return first_part(body, LIMIT - _size(notice) - _size(tail)) + notice + tail


def _links(replies: tuple[Reply, ...], public_url: str) -> Iterator[str]:
    if not public_url:
        return
    cited = {citation.url: citation for reply in replies for citation in reply.citations if citation.url}
    for number, (path, citation) in enumerate(islice(cited.items(), _MOST_LINKS)):
        lead = "\n\n" if number == 0 else "\n"
        invitation = "看原文" if "#" in citation.key else "看详情"
        yield f"{lead}{invitation}：{link(public_url, path, _label(citation))}"


def _page(replies: tuple[Reply, ...], public_url: str) -> str:
    """Where the rest of a cut answer can be read."""
    if not public_url:
        return ""
    path = next((citation.url for reply in replies for citation in reply.citations if citation.url), "/")
    return link(public_url, path, "网页")


def _label(citation: Citation) -> str:
    name = f"《{citation.title}》" if "#" in citation.key else citation.title
    return f"{name}{citation.article}" if citation.article != citation.title else name


def _may_break(text: str, place: int, whole: list[tuple[int, int]]) -> bool:
    """Whether nothing that belongs together stands on both sides of ``place``."""
    if any(start < place < end for start, end in whole):
        return False
    if _CLINGING.match(text, place) or text[place - 1] == _JOINER:
        return False
    flags = _FLAG.search(text, max(place - 40, 0), place)
    return not (flags and len(flags[0]) % 2)


def _is_border(text: str, place: int, ends: str) -> bool:
    """Whether a sentence or clause ends right before ``place``, closing marks included."""
    if text[place : place + 1] and text[place] in ends.strip() + _CLOSERS:
        return False
    before = text[:place].rstrip(_CLOSERS)[-1:]
    return bool(before) and before in ends


def _line(text: str) -> str:
    return " ".join(clean(text).split())


def _size(text: str) -> int:
    return len(text.encode())
