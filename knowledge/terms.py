"""What entries may name besides articles: lines of service, calculators, forms."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.core.errors import ContentError

_LINES_FILE = "service_lines.yml"
_TERMS_FILE = "faq_terms.yml"


@dataclass(frozen=True, slots=True)
class Line:
    """One of the union's lines of service."""

    name: str
    about: str
    """What belongs to it, in one phrase."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Known names, each with what people call it."""

    lines: tuple[Line, ...]
    calculators: Mapping[str, str]
    forms: Mapping[str, str]
    """Forms that ask for no papers; those that do are the checklists."""


def load(content: Path) -> Terms:
    """The terms of a content folder; a broken file is refused with its name."""
    listed = read(content / _LINES_FILE, "lines")
    named = read(content / _TERMS_FILE, "calculators", "forms")
    try:
        return Terms(
            lines=tuple(Line(str(row["name"]), str(row["about"])) for row in listed["lines"]),
            calculators={str(name): str(label) for name, label in named["calculators"].items()},
            forms={str(name): str(label) for name, label in named["forms"].items()},
        )
    except (AttributeError, TypeError, KeyError) as wrong:
        raise ContentError(f"{_LINES_FILE} 或 {_TERMS_FILE} 读不懂：{wrong}") from wrong


def read(path: Path, *wanted: str) -> dict[str, Any]:
    """The content of a YAML file that has at least the keys ``wanted``; no file is refused like a broken one."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    except (OSError, yaml.YAMLError) as wrong:
        raise ContentError(f"{path.name} 读不懂：{wrong}") from wrong
    missing = [key for key in wanted if not isinstance(content, dict) or key not in content]
    if missing:
        raise ContentError(f"{path.name} 里缺少{'、'.join(missing)}。")
    return dict(content)
