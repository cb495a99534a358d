"""Sums of money as handbooks and statutes write them: 五万元, 5万元, 2,000元, 34.48元."""

import re
from decimal import Decimal

from bot.core.numerals import to_int

_AMOUNT = re.compile(r"(\d[\d,，]*(?:\.\d+)?|[零〇一二两三四五六七八九十百千]+)(万|亿)?元")
_TIMES = {"": 1, "万": 10_000, "亿": 100_000_000}


def found(text: str) -> list[Decimal]:
    """Every sum in ``text`` in 元, in order."""
    sums = [_value(match[1], match[2] or "") for match in _AMOUNT.finditer(text)]
    return [value for value in sums if value is not None]


def _value(numeral: str, unit: str) -> Decimal | None:
    if numeral[0].isascii():
        return Decimal(re.sub("[,，]", "", numeral)) * _TIMES[unit]
    whole = to_int(numeral)
    return None if whole is None else Decimal(whole) * _TIMES[unit]
