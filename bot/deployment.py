"""What every command of the command line begins and ends with."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from bot import app as assembly
from bot import logs
from bot.settings import load_settings


@contextmanager
def opened() -> Iterator[assembly.Parts]:
    """The deployment of this machine's settings."""
    logs.configure("WARNING")
    parts = assembly.assemble(load_settings())
    try:
        yield parts
    finally:
        parts.close()


def plain(value: Any) -> dict[str, Any]:
    """A value as JSON types."""
    return asdict(value)


def print_json(value: Any) -> None:
    """Print for other programs."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))
