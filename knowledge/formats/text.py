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
_ALIASES = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "cp950"}
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
    if text is None:
        text = _utf8(content, name)
    if text is None:
        text = _wide(content)
    if text is None:
        text = _chinese(content)
    if text is None:
        text = _last_resort(content)
    if text is None:
        raise _unknown(name)
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


def _utf8(content: bytes, name: str) -> str | None:
    """UTF-8; a file that is plainly UTF-8 but for a damaged place is refused rather than read as something else."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as wrong:
        repaired = content.decode("utf-8", errors="replace")
        spoiled = repaired.count("\ufffd")
        several_bytes = sum(1 for char in repaired[:_SAMPLE] if "\u4e00" <= char <= "\u9fff")
        if several_bytes > 10 and spoiled * 50 < len(repaired):
            raise DocumentError(
                f"{name} 有一处文字损坏（像是没有传完整），请重新保存或重新下载后再导入。"
            ) from wrong
        return None


def _wide(content: bytes) -> str | None:
    """UTF-16 without a mark: ASCII characters and line ends leave zero bytes on one side only."""
    sample = content[: 2 * _SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if len(content) % 2 or not even + odd or min(even, odd) * 10 > max(even, odd):
        return None
    try:
        text = content.decode("utf-16-le" if odd > even else "utf-16-be")
    except UnicodeDecodeError:
        return None
    readable = sum(1 for char in text[:_SAMPLE] if char.isprintable() or char.isspace())
    return text if readable >= _PLAUSIBLE * len(text[:_SAMPLE]) and "\x00" not in text else None


def _chinese(content: bytes) -> str | None:
    """GB18030 or Big5, whichever gives more of the characters that people use."""
    guesses = []
    for encoding, core, common in (("gb18030", "gb2312", (0xA1, 0xD7)), ("cp950", "big5", (0xA1, 0xC6))):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        guesses.append((_commonness(text, core, common), text))
    share, text = max(guesses, key=lambda guess: guess[0], default=(0.0, ""))
    return text if share >= _PLAUSIBLE else None


def _commonness(text: str, core: str, common: tuple[int, int]) -> float:
    """Share of the wide characters that the core of an encoding holds among its frequent ones."""
    wide = [char for char in text[:_SAMPLE] if ord(char) > 0x7F]
    first_bytes = (char.encode(core, errors="ignore")[:1] for char in wide)
    usual = sum(1 for byte in first_bytes if byte and common[0] <= byte[0] <= common[1])
    return usual / len(wide) if wide else 1.0


def _last_resort(content: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(content[:_SAMPLE], threshold=0.1).best()
    if best is None:
        return None
    try:
        text = content.decode(best.encoding)
    except (UnicodeDecodeError, LookupError):
        return None
    sample = text[:_SAMPLE]
    sound = sum(1 for char in sample if char.isalnum() or char.isspace() or char in ".,;:!?()-'\"/")
    return text if sound >= _PLAUSIBLE * len(sample) else None
