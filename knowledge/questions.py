"""The shape of a message: several questions in one, or one that leans on what was said before."""

import re

_BREAK = re.compile(
    r"[?？]+|[;；\n]+|(?:另外|还有就是|还想问(?:一下|下)?|再问(?:一下|下)?|顺便问(?:一下|下)?|第[二三]个问题)[,，:：]?"
)
_OPENINGS = ("那", "要是", "如果", "假如", "万一", "换成", "改成", "这种情况", "这样", "还有")
_SHORT = 12
_LEAST = 5
_MOST = 3


def parts(text: str) -> list[str]:
    """The questions in one message, two or three; one alone, or a story with a single question, is left whole."""
    found = [piece.strip(" ，,。") for piece in _BREAK.split(text)]
    asked = [piece for piece in found if len(piece) >= _LEAST]
    return (
        asked
        if 2 <= len(asked) <= _MOST and len(asked) == len([piece for piece in found if piece])
        else [text]
    )


def leans(text: str) -> bool:
    """Whether a message is a follow-up that needs the topic before it: 那试用期呢, 换成八千呢, 要是没签合同."""
    plain = text.strip()
    if len(plain) > _SHORT + 8:
        return False
    return plain.startswith(_OPENINGS) or (len(plain) <= _SHORT and plain.rstrip("？?。").endswith("呢"))
