"""Figures as they stand in rules: a value, its unit and what bounds it, the same however they are written."""

import re
from decimal import Decimal, InvalidOperation

from bot.core.numerals import to_int

_CHINESE = "[一二两三四五六七八九十双半][零〇一二两三四五六七八九十百千]*"
_NUMBER = rf"(?:[0-9][0-9,]*(?:\.[0-9]+)?|{_CHINESE}(?:点[零一二三四五六七八九]+)?)"
_UNITS = (
    "个工作日|工作日|个月|个小时|小时|个钟头|钟头|分钟|个星期|星期|个礼拜|礼拜|周岁|岁|周|年|月|日|天|号|倍|万元|万块|亿元|元|块|"
    "次|人|份|级|条|款|项|项|章|成|%|名|家|批|期|档|折|度|分贝|公里|米|吨|个(?!月)"
)
_BEFORE = (
    "最多不超过|最长不超过|最高不超过|不得超过|不超过|不高于|不多于|最多|至多|顶多|最高|最长|"
    "不得少于|不得低于|不少于|不低于|至少|最少|最低|最短|"
    "超过|多于|大于|高于|不满|不到|未满|不足|少于|低于|小于|满|约|大约|近|第|前|头"
)
_AFTER = "以内|之内|内|以上|以下|以前|之前|前|以后|之后|后|起|左右|上下"
_OF = rf"(?:百分之|千分之|万分之|(?:{_CHINESE}|[0-9]+)分之){_NUMBER}"
_BARE = (
    r"[0-9][0-9,]*(?:\.[0-9]+)?(?:万|亿)?|[一二两三四五六七八九十][零〇一二两三四五六七八九十百千]+(?:万|亿)?"
)
FIGURE = rf"(?:{_BEFORE})?(?:{_OF}|{_NUMBER}(?:万|亿)?(?:多|几)?(?:{_UNITS})|[几数](?:{_UNITS})|{_BARE})(?:{_AFTER})?"
"""A pattern that matches one figure with its unit and bounds."""
_PARTS = re.compile(
    rf"(?P<before>{_BEFORE})?(?P<number>{_OF}|{_NUMBER}(?:万|亿)?(?:多|几)?|[几数])(?P<unit>{_UNITS})?(?P<after>{_AFTER})?"
)
_BOUNDS = {
    "max": "最多不超过|最长不超过|最高不超过|不得超过|不超过|不高于|不多于|最多|至多|顶多|最高|最长|以下",
    "min": "不得少于|不得低于|不少于|不低于|至少|最少|最低|最短|以上",
    "over": "超过|多于|大于|高于",
    "under": "不满|不到|未满|不足|少于|低于|小于",
    "within": "以内|之内|内",
    "about": "约|大约|近|左右|上下",
    "before": "以前|之前",
    "after": "以后|之后|后",
}
_BOUND = {word: bound for bound, words in _BOUNDS.items() for word in words.split("|")}
_SAME_UNIT = {
    "个工作日": "工作日", "个月": "月", "个小时": "小时", "个钟头": "小时", "钟头": "小时", "个星期": "周", "星期": "周",
    "个礼拜": "周", "礼拜": "周", "日": "天", "号": "天", "块": "元", "万块": "万元", "周岁": "岁", "名": "人",
}  # fmt: skip
_PARTS_OF = {"百": "100", "千": "1000", "万": "10000"}


def figure(text: str) -> str:
    """One spelling for every way to write the figure ``text``: 不超过百分之五十, 最多50%."""
    found = _PARTS.fullmatch(text)
    if found is None:
        return text
    unit = found["unit"] or ""
    number = _value(found["number"])
    if unit == "%":
        number, unit = f"{number}/100", ""
    bounds = [_BOUND.get(word, word) for word in (found["before"], found["after"]) if word]
    return " ".join(part for part in (number, _SAME_UNIT.get(unit, unit), *bounds) if part)


def _value(written: str) -> str:
    whole, divided, share = written.partition("分之")
    if divided:
        return f"{_value(share)}/{_PARTS_OF.get(whole) or _value(whole)}"
    more = written[-1] if written[-1] in "多几" and len(written) > 1 else ""
    plain = written.removesuffix(more) if more else written
    scale = {"万": 10_000, "亿": 100_000_000}.get(plain[-1], 1) if len(plain) > 1 else 1
    plain = plain[:-1] if scale > 1 else plain
    value = _decimal(plain)
    return (
        (f"{value * scale:f}".rstrip("0").rstrip(".") if value % 1 else f"{int(value * scale)}") + more
        if value is not None
        else written
    )


def _decimal(plain: str) -> Decimal | None:
    if plain in ("双", "半"):
        return Decimal(2) if plain == "双" else Decimal("0.5")
    try:
        return Decimal(plain.replace(",", ""))
    except InvalidOperation:
        pass
    whole, point, rest = plain.partition("点")
    value = to_int(whole)
    if value is None:
        return None
    digits = "".join(str(to_int(char)) for char in rest) if point else ""
    return Decimal(f"{value}.{digits}" if digits else value)
