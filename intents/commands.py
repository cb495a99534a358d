"""Global words: what means the same at any point of any conversation, matched whole."""

import re
import unicodedata
from enum import StrEnum

from bot.core.numerals import to_int


class Command(StrEnum):
    """Words that are obeyed before anything else is tried."""

    CANCEL = "cancel"
    BACK = "back"
    PERSON = "person"
    MENU = "menu"
    DIRECTORY = "directory"
    MORE = "more"
    UNSUBSCRIBE = "unsubscribe"
    SUBSCRIBE = "subscribe"


_WORDS: dict[Command, frozenset[str]] = {
    Command.CANCEL: frozenset({"取消", "不办了", "算了", "退出", "停止"}),
    Command.BACK: frozenset({"返回", "上一步", "后退", "回退"}),
    Command.PERSON: frozenset(
        {"人工", "转人工", "人工服务", "人工客服", "找人工", "真人", "找真人", "我要人工", "客服", "联系人工"}
    ),
    Command.MENU: frozenset(
        {
            "菜单",
            "帮助",
            "功能",
            "首页",
            "主菜单",
            "0",
            "help",
            "menu",
            "/help",
            "/start",
            "start",
            "你能干什么",
            "你能做什么",
            "你会什么",
            "怎么用",
        }
    ),
    Command.DIRECTORY: frozenset(
        {"目录", "全部", "全部主题", "所有主题", "全部问题", "主题", "分类", "全部分类", "topics", "/topics"}
    ),
    Command.MORE: frozenset({"更多", "继续看", "还有呢", "全文", "展开"}),
    Command.UNSUBSCRIBE: frozenset({"退订", "td", "t", "取消订阅", "不要再发", "别再发了", "/stop"}),
    Command.SUBSCRIBE: frozenset({"订阅", "接收通知"}),
}
_BY_WORD = {word: command for command, words in _WORDS.items() for word in words}
_GREETING = re.compile(
    r"(你好|您好|哈喽|嗨|hi|hello|在吗|在不在|有人吗|早上好|上午好|中午好|下午好|晚上好|早|师傅好|同志好|老师好)+"
)
_THANKS = re.compile(
    r"(好的?|嗯+|行|知道了|明白了?|懂了|收到|ok|谢谢?你?您?|感谢|多谢|辛苦了?|再见|拜拜|没事了|不用了|了|啦|哦|噢)+"
)
_MOST_CHOICES = 20
"""Numbers up to this one are picks, whatever is offered."""


def normalise(text: str) -> str:
    """``text`` in half width and lower case, without blanks and closing marks."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"[\s。.!！?？~～,，、;；:：\"“”'‘’「」()（）\[\]【】]+", "", plain)


def command(text: str) -> Command | None:
    """The global word that ``text`` is, if it is one and nothing else."""
    return _BY_WORD.get(normalise(text))


def choice(text: str, most: int = 0) -> int | None:
    """The number picked by ``1``, ``１``, ``①``, ``一``, ``第一个``, ``选2``; None when ``text`` is no bare number.

    ``most`` is how many are offered; numbers far above that are something else.
    """
    found = re.fullmatch(
        r"(?:回复|选择?|第)?([0-9]{1,2}|[一二三四五六七八九十两]{1,3})(?:号|个|项|条)?", normalise(text)
    )
    number = to_int(found[1]) if found else None
    return number if number is not None and number <= max(most, _MOST_CHOICES) else None


def is_greeting(text: str) -> bool:
    """Whether ``text`` only says hello."""
    return bool(_GREETING.fullmatch(normalise(text)))


def is_thanks(text: str) -> bool:
    """Whether ``text`` only says thanks, fine or goodbye."""
    return bool(_THANKS.fullmatch(normalise(text)))
