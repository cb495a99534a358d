"""What a calculator says when it cannot compute.

NiangjiaError
└── CalculationError
    └── LocalStandardError
"""

from bot.core.errors import NiangjiaError


class CalculationError(NiangjiaError):
    """填的内容算不了，请核对后再试。"""

    def __init__(self, message: str | None = None, *, field: str = "") -> None:
        """``field`` is the input to ask for again."""
        super().__init__(message)
        self.field = field


class LocalStandardError(CalculationError):
    """需要当地标准，请问当地工会（12351）或人社部门（12333）。"""
