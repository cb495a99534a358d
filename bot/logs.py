"""Structured logs without personal data: only allowed fields pass, wording and addresses never."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from bot.core.privacy import mask_text

_FIELDS = frozenset(
    {
        "event",
        "level",
        "logger",
        "timestamp",
        "exception",
        "exc_info",
        "channel",
        "kind",
        "work",
        "status",
        "route",
        "method",
        "count",
        "elapsed_ms",
        "chunks",
        "digest",
        "error",
        "mode",
        "reason",
    }
)
_LONGEST = 4000


def configure(level: str = "INFO", json_lines: bool = False) -> None:
    """Send logs to stderr; third-party loggers that print addresses or URLs with tokens are quietened."""
    for noisy in ("alembic", "httpx", "httpcore", "telegram", "urllib3", "wechatpy", "bm25s"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.basicConfig(level=level, handlers=[_StderrHandler()], format="%(message)s", force=True)
    renderer = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json_lines
        else structlog.dev.ConsoleRenderer()
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
            redact,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=_to_stderr,
        cache_logger_on_first_use=False,
    )


class _StderrHandler(logging.StreamHandler[Any]):
    """Writes to ``sys.stderr`` as it is when a line comes, like :func:`_to_stderr`."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        """Today's stream."""
        return sys.stderr


def _to_stderr(*_names: object) -> structlog.PrintLogger:
    """A logger on today's ``sys.stderr``: who replaces the stream after ``configure`` still gets the lines."""
    return structlog.PrintLogger(sys.stderr)


def redact(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop fields that are not on the list and mask what looks like a person's number."""
    return {
        name: mask_text(value)[:_LONGEST] if isinstance(value, str) else value
        for name, value in event.items()
        if name in _FIELDS
    }
