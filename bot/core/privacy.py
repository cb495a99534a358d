"""Masking of id, phone, bank and e-mail data before text is shown to staff or written to a log."""

import re

_ID_CARD = re.compile(r"(?<!\d)(\d{4})\d{10}(\d{3}[\dXx])(?!\d)|(?<!\d)(\d{4})\d{7}(\d{4})(?!\d)")
_PHONE = re.compile(r"(?<!\d)(1[3-9]\d)[ -]?\d{4}[ -]?(\d{4})(?!\d)")
_BANK = re.compile(r"(?<!\d)(\d{4})(?:[ -]?\d){8,11}[ -]?(\d{4})(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)(0\d{2,3})[ -]?\d{7,8}(?!\d)")
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+(@[A-Za-z0-9.-]+\.[A-Za-z]{2,})")


def mask_text(text: str) -> str:
    """``text`` with every id card, phone, bank card number and e-mail masked, the rest untouched."""
    text = _EMAIL.sub(r"***\1", text)
    text = _ID_CARD.sub(_mask_id, text)
    text = _PHONE.sub(r"\1****\2", text)
    text = _BANK.sub(r"\1****\2", text)
    return _LANDLINE.sub(r"\1-****", text)


def _mask_id(found: re.Match[str]) -> str:
    head, tail = (found[1], found[2]) if found[1] else (found[3], found[4])
    return f"{head}**********{tail}"
