"""Numbers as people type and say them: 三千五, 1万2, 3,500.50, 两千多, 五六千."""

import re
from decimal import Decimal

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "俩": 2,
    "○": 0,
}
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬億", "一二三四五六七八九十百千万亿")
_UNITS = {"十": 10, "百": 100, "千": 1000, "k": 1000}
_GROUPS = {"亿": 10**8, "万": 10**4, "w": 10**4}
_TOKEN = re.compile(r"\d+(?:\.\d+)?|[零〇○一二三四五六七八九两俩]|[十百千万亿kw]")
NUMBER = (
    r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[零〇○一二三四五六七八九两俩壹贰叁肆伍陆柒捌玖十拾百佰千仟万萬])"
    r"(?:\d+(?:\.\d+)?|[零〇○一二三四五六七八九两俩壹贰叁肆伍陆柒捌玖十拾百佰千仟万萬亿億]|[kw](?![a-z]))*"
)
"""A pattern for one number in any script."""


def parse(written: str) -> Decimal | None:
    """The value of one number; None for what is none. ``三千五`` is 3500, ``一百零五`` 105, ``二〇二四`` 2024."""
    plain = written.translate(_FORMAL).replace(",", "").lower()
    tokens = _TOKEN.findall(plain)
    if not tokens or "".join(tokens) != plain:
        return None
    if all(token in _DIGITS for token in tokens):
        return Decimal("".join(str(_DIGITS[token]) for token in tokens))
    return _grouped(tokens, ["亿", "万", "w"])


def spread(written: str) -> tuple[Decimal, Decimal] | None:
    """Both ends of ``五六千`` or ``三四百``; None for anything else."""
    found = re.fullmatch(
        r"([一二三四五六七八九两])([二三四五六七八九])([十百千万]+)", written.translate(_FORMAL)
    )
    if not found:
        return None
    low, high = parse(found[1] + found[3]), parse(found[2] + found[3])
    return (low, high) if low is not None and high is not None and low < high else None


def _grouped(tokens: list[str], groups: list[str]) -> Decimal | None:
    for place, group in enumerate(groups):
        if group in tokens:
            cut = len(tokens) - 1 - tokens[::-1].index(group)
            left = _grouped(tokens[:cut], groups[place:]) if cut else Decimal(1)
            right = _rest(tokens[cut + 1 :], _GROUPS[group], groups[place + 1 :])
            return left * _GROUPS[group] + right if left is not None and right is not None else None
    return _section(tokens)


def _rest(tokens: list[str], unit: int, groups: list[str]) -> Decimal | None:
    """What follows 万 or 亿; a lone digit counts in the next lower unit: 1万2."""
    if not tokens:
        return Decimal(0)
    if len(tokens) == 1 and (digit := _digit(tokens[0])) is not None:
        return Decimal(digit * unit // 10)
    return _grouped(tokens, groups)


def _section(tokens: list[str]) -> Decimal | None:
    total, waiting, last, gap = Decimal(0), None, 10_000, False
    for token in tokens:
        if token in _UNITS:
            unit = _UNITS[token]
            if unit >= last:
                return None
            total += (Decimal(1) if waiting is None else waiting) * unit
            waiting, last, gap = None, unit, False
        elif token in ("零", "〇", "○"):
            gap = True
        elif waiting is not None:
            return None
        else:
            waiting = Decimal(_DIGITS[token]) if token in _DIGITS else Decimal(token)
    if waiting is None:
        return total
    lone = 100 <= last <= 1000 and not gap and waiting < 10 and waiting == int(waiting)
    return total + (waiting * last / 10 if lone else waiting)


def _digit(token: str) -> int | None:
    if token in _DIGITS:
        return _DIGITS[token] or None
    return int(token) if re.fullmatch(r"[1-9]", token) else None
