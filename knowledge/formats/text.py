"""Bytes → text, whatever the encoding; plain text → blocks."""

import re

from bot.core.errors import DocumentError
from knowledge.formats.blocks import Block, paragraphs

_MARKED = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
)
_SAMPLE = 20_000
_PLAUSIBLE = 0.75
"""Share of common characters below which a guess is no guess."""
_SURE = 0.9
"""Share of common characters in a text that is what it seems to be."""
_GUESSES = ("gb18030", "cp950")
_FREQUENT = (("gb2312", 0xA1, 0xD7), ("big5", 0xA1, 0xC6))
"""Character sets and the first bytes of the characters that people use, simplified and traditional."""
_FOREIGN = frozenset({"big5", "big5hkscs", "cp932", "shift_jis", "euc_jp", "cp949", "euc_kr", "cp1252"})
"""What a file of a union may be when it is neither Unicode nor ordinary Chinese."""
_ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "cp950"}
_ORDINARY = re.compile(r"[\t\n\r\x20-\x7e\u2010-\u2040\u3000-\u303f\u3400-\u9fff\uff00-\uff5e]")
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def read(text: str) -> list[Block]:
    """Plain text, one block a line."""
    return paragraphs([text])


def decode(content: bytes, name: str, declared: str = "") -> str:
    """The text of ``content``; ``declared`` is the encoding the file itself names, tried first."""
    if not content.strip():
        raise _empty(name)
    text = _by_mark(content, name)
    if text is None:
        text = _declared(content, declared)
    if text is None and b"\x00" in content:
        text = _wide(content)
    if text is None:
        text = _utf8(content)
    if text is None:
        text = _guessed(content, name)
    if not text.strip("\ufeff \t\r\n"):
        raise _empty(name)
    if "\x00" in text or len(_BINARY.findall(text[:_SAMPLE])) > len(text[:_SAMPLE]) // 50 + 2:
        raise DocumentError(
            f"{name} 不是文本文件，请换成 Word、PDF、网页、表格、Markdown 或纯文本文件再导入。"
        )
    return text


def _empty(name: str) -> DocumentError:
    return DocumentError(f"{name} 是空文件，请换一个有内容的文件。")


def _unknown(name: str) -> DocumentError:
    return DocumentError(f"{name} 的文字编码认不出来，请用记事本或 WPS 另存为 UTF-8 编码再导入。")


def _guessed(content: bytes, name: str) -> str:
    _refuse_damaged(content, name)
    for guess in (_chinese, _wide, _last_resort):
        text = guess(content)
        if text is not None:
            return text
    raise _unknown(name)


def _by_mark(content: bytes, name: str) -> str | None:
    for mark, encoding in _MARKED:
        if content.startswith(mark):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError as wrong:
                raise _unknown(name) from wrong
    return None


def _declared(content: bytes, declared: str) -> str | None:
    encoding = _ALIASES.get(declared.lower(), declared.lower())
    try:
        return content.decode(encoding) if encoding else None
    except (UnicodeDecodeError, LookupError):
        return None


def _utf8(content: bytes) -> str | None:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _wide(content: bytes) -> str | None:
    """UTF-16 without a mark, in the order of bytes that gives Chinese and ordinary letters."""
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        sample = text[:_SAMPLE]
        if len(_ORDINARY.findall(sample)) >= _SURE * len(sample) and "\x00" not in text:
            return text
    return None


def _refuse_damaged(content: bytes, name: str) -> None:
    """Refuse a Chinese text that breaks off or has a spoiled place, rather than read it as something else."""
    for encoding in ("utf-8", *_GUESSES):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            repaired = content.decode(encoding, errors="replace")
            chinese = sum(1 for char in repaired[:_SAMPLE] if "\u4e00" <= char <= "\u9fff")
            spoiled = repaired.count("\ufffd")
            if chinese > 10 and spoiled * 50 < len(repaired) and _commonness(repaired) >= _SURE:
                raise DocumentError(
                    f"{name} 有一处文字损坏（像是没有传完整），请重新保存或重新下载后再导入。"
                ) from None


def _chinese(content: bytes) -> str | None:
    """GB18030 or Big5, whichever gives more of the characters that people use."""
    guesses = []
    for encoding in _GUESSES:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        guesses.append((_commonness(text), text))
    share, text = max(guesses, key=lambda guess: guess[0], default=(0.0, ""))
    return text if share >= _PLAUSIBLE else None


def _commonness(text: str) -> float:
    """Share of the wide characters that people use."""
    wide = [char for char in text[:_SAMPLE] if ord(char) > 0x7F]
    usual = sum(1 for char in wide if _is_usual(char))
    return usual / len(wide) if wide else 1.0


def _is_usual(char: str) -> bool:
    for encoding, lowest, highest in _FREQUENT:
        first = char.encode(encoding, errors="ignore")[:1]
        if first and lowest <= first[0] <= highest:
            return True
    return False


def _last_resort(content: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(content[:_SAMPLE], cp_isolation=sorted(_FOREIGN), threshold=0.1).best()
    if best is None or best.encoding not in _FOREIGN:
        return None
    try:
        text = content.decode(best.encoding)
    except (UnicodeDecodeError, LookupError):
        return None
    sample = text[:_SAMPLE]
    sound = sum(1 for char in sample if char.isalnum() or char.isspace() or char in ".,;:!?()-'\"/")
    return text if sound >= _PLAUSIBLE * len(sample) else None
