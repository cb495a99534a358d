"""Chinese and Arabic numerals as they stand in articles, amounts and choices."""

import re

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "○": 0}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
NUMERAL = r"[0-9０-９零〇○一二两三四五六七八九十百千]+"
"""A pattern that matches one numeral in any width or script."""


def to_int(numeral: str) -> int | None:
    """The value of ``四十七``, ``47``, ``４７``, ``一百零二`` or ``一〇二``; None for anything else, up to 9999."""
    plain = numeral.translate(_WIDE)
    if re.fullmatch(r"[0-9]+", plain):
        return int(plain)
    if not plain or any(char not in _DIGITS and char not in _UNITS for char in plain):
        return None
    if not any(char in _UNITS for char in plain):
        return int("".join(str(_DIGITS[char]) for char in plain))
    return _with_units(plain)


def _with_units(plain: str) -> int | None:
    total, digit, last = 0, None, 10_000
    for char in plain:
        if char in _UNITS:
            unit = _UNITS[char]
            if unit >= last:
                return None
            total += (1 if digit is None else digit) * unit
            digit, last = None, unit
        else:
            digit = _DIGITS[char]
    return total + (digit or 0)


def to_chinese(number: int) -> str:
    """``number`` from 0 to 9999 as statutes write it: 102 is 一百零二, 15 is 十五."""
    digits, units = "零一二三四五六七八九", ("千", "百", "十", "")
    written = ""
    for unit, value in zip(units, f"{number:04d}", strict=True):
        if value != "0":
            written += digits[int(value)] + unit
        elif written and not written.endswith("零"):
            written += "零"
    written = written.rstrip("零") or "零"
    return written.removeprefix("一") if written.startswith("一十") else written
