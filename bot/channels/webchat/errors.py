"""What the web chat refuses, and the one sentence people read then."""

from bot.core.errors import NiangjiaError


class RefusedError(NiangjiaError):
    """这次没有发成功，请再试一次。"""

    def __init__(self, status: int, sentence: str | None = None, *, text: str = "", wait: int = 0) -> None:
        """``status`` is the HTTP status, ``text`` what was typed, ``wait`` the seconds until it may be tried again."""
        super().__init__(sentence)
        self.status = status
        self.text = text
        self.wait = wait
