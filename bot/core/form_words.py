"""Words with a meaning of their own while a form is filled in; they are never stored as an answer."""

import re
import unicodedata
from enum import StrEnum

from bot.core.numerals import to_int


class Word(StrEnum):
    """What such a word asks for."""

    CANCEL = "cancel"
    BACK = "back"
    SKIP = "skip"
    RESUME = "resume"
    AWAY = "away"


_MEANS = {
    Word.CANCEL: ("取消", "不办了", "不填了", "不算了", "算了", "退出", "停止"),
    Word.BACK: ("返回", "上一步", "后退", "回退", "上一题", "上一项"),
    Word.SKIP: (
        "跳过", "下一步", "下一个", "下一项", "不填", "先不填", "不知道", "不清楚", "不晓得", "不确定", "记不清",
        "记不清了", "忘了", "没有", "没", "无", "不变", "不改", "pass",
    ),
    Word.RESUME: ("继续", "继续填", "接着填", "继续填写", "继续办", "继续算"),
    Word.AWAY: ("人工", "转人工", "客服", "菜单", "帮助", "更多", "目录", "退订", "订阅", "首页", "help", "menu"),
}  # fmt: skip
_BY_WORD = {word: meaning for meaning, words in _MEANS.items() for word in words}
_YES = (
    "是", "是的", "是啊", "对", "对的", "对啊", "嗯", "嗯嗯", "有", "有的", "要", "要的", "好", "好的", "行", "可以", "同意", "我同意",
    "确认", "确定", "没错", "正确", "提交", "确认提交", "y", "yes", "ok", "在", "含", "参加了", "签了", "休了", "好了", "交了",
)  # fmt: skip
_NO = (
    "否", "不", "不是", "不是的", "没", "没有", "没有的", "无", "不要", "不用", "不对", "不同意", "不行", "错了", "有错", "要改",
    "修改", "不含", "n", "no", "没参加", "没交", "没签", "没休", "没了", "不在",
)  # fmt: skip
_YES_BEGINS = re.compile(r"(是的|对的|对，|嗯|有的)[一-鿿，,]{1,8}$")
_NO_BEGINS = re.compile(r"(不是|没有|没|不)[一-鿿，,]{1,8}$")
_OPEN_QUESTION = re.compile(r"[?？]|怎么|什么|为什么|多少|哪|吗$|呢$|能不能|可不可以|是不是|要不要")


def plain(text: str) -> str:
    """``text`` in half width and lower case, without blanks and marks."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"[\s。.!！?？~～,，、;；:：\"“”'‘’「」()（）\[\]【】]+", "", folded)


def meaning(text: str) -> Word | None:
    """What ``text`` asks for, if it is such a word and nothing else."""
    return _BY_WORD.get(plain(text))


def yes_no(text: str) -> bool | None:
    """Whether ``text`` is a yes or a no; None for anything else."""
    said = plain(text)
    if said in _YES or said in _NO:
        return said in _YES
    if is_question(text):
        return None
    if _NO_BEGINS.match(said):
        return False
    return True if _YES_BEGINS.match(said) else None


def number(text: str) -> int | None:
    """The number picked by ``2``, ``２``, ``②``, ``二``, ``第二个``, ``选2``."""
    found = re.fullmatch(
        r"(?:回复|选择?|改?第|改)?([0-9]{1,2}|[一二三四五六七八九十两]{1,3})(?:号|个|项|条|种)?", plain(text)
    )
    return to_int(found[1]) if found else None


def is_question(text: str) -> bool:
    """Whether ``text`` asks something rather than answering."""
    return bool(_OPEN_QUESTION.search(text))
