"""Sums of money: exact inside, rounded half up to the cent where they are shown."""

from decimal import ROUND_HALF_UP, Decimal

PAID_DAYS = Decimal("21.75")
"""Paid days of a month (企业职工带薪年休假实施办法第十一条)."""
HOURS = Decimal(8)
"""Hours of a working day (国务院关于职工工作时间的规定第三条)."""
_CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """``amount`` to the cent, half up."""
    return amount.quantize(_CENT, ROUND_HALF_UP)


def shown(number: Decimal) -> str:
    """At most two decimals and no idle zeros: 8000, 6.5, 34.48."""
    text = format(cents(number), "f").rstrip("0").rstrip(".")
    return text if text != "-0" else "0"


def equals(number: Decimal) -> str:
    """``= 52000``, or ``≈ 34.48`` where digits were cut."""
    return f"{'=' if cents(number) == number else '≈'} {shown(number)}"
