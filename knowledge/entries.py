"""FAQ entries of the rights handbook: read, checked field by field, rendered as the text a worker gets."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.core.errors import ContentError

_REQUIRED = {"id", "title", "conclusion", "steps", "questions"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One topic: the answer in parts, the articles behind it, and the questions it answers."""

    id: str
    topic: str
    """The group it belongs to (劳动合同)."""
    title: str
    conclusion: str
    conditions: tuple[str, ...]
    steps: tuple[str, ...]
    cites: tuple[str, ...]
    """Law short name#article, most important first."""
    questions: tuple[str, ...]
    """How workers ask for it; the index learns from them."""
    region: str = "全国"
    local: bool = False
    """Whether the outcome depends on local rules."""
    valid_from: date | None = None
    valid_to: date | None = None
    checked: date | None = None
    calculators: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    line: str = ""
    """One of the union's lines of service, where it belongs to one."""

    @property
    def text(self) -> str:
        """The answer as it is searched and shown: conclusion, conditions, next steps."""
        parts = [self.conclusion]
        if self.conditions:
            parts.append("具体情况：" + "".join(self.conditions))
        parts.append("下一步：" + "".join(self.steps))
        return "\n".join(parts)

    def current(self, today: date) -> bool:
        """Whether it holds on ``today``."""
        started = self.valid_from is None or self.valid_from <= today
        return started and (self.valid_to is None or today <= self.valid_to)

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types; dates in ISO format."""
        return {
            name: value.isoformat()
            if isinstance(value, date)
            else list(value)
            if isinstance(value, tuple)
            else value
            for name, value in asdict(self).items()
        }

    @property
    def digest(self) -> str:
        """Fingerprint of everything it says."""
        content = json.dumps(self.to_dict(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> "Entry":
        """The inverse of :meth:`to_dict`."""
        fields = dict(stored)
        for name in ("conditions", "steps", "cites", "questions", "calculators", "forms"):
            fields[name] = tuple(fields.get(name) or ())
        for name in ("valid_from", "valid_to", "checked"):
            fields[name] = _date(fields.get(name))
        return cls(**fields)


def load(folder: Path) -> Iterator[Entry]:
    """Every entry of the YAML files in ``folder``; the first broken one is refused with file and place."""
    for path in sorted(folder.glob("*.yml")):
        yield from parse(_read(path), path.name)


def load_questions(folder: Path) -> dict[str, list[str]]:
    """More known questions by chunk key, from the YAML files in ``folder``: ``key: [question, …]``."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.yml")):
        content = _read(path)
        if not isinstance(content, dict):
            raise ContentError(f"{path.name} 每行要像“H019: [问法一, 问法二]”。")
        for key, listed in content.items():
            if not isinstance(listed, list) or not all(isinstance(question, str) for question in listed):
                raise ContentError(f"{path.name} 的 {key} 要是一列文字问法。")
            found.setdefault(str(key), []).extend(listed)
    return found


def _read(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    except yaml.YAMLError as wrong:
        raise ContentError(f"{path.name} 不是有效的 YAML：{wrong}") from wrong


def parse(content: Any, source: str) -> Iterable[Entry]:
    """The entries of one file's content; ``source`` names the file in error messages."""
    if not isinstance(content, dict) or not isinstance(content.get("entries"), list):
        raise ContentError(f"{source} 要有 group（分组名）和 entries（条目列表）。")
    for place, row in enumerate(content["entries"], start=1):
        where = f"{source} 第{place}个条目（{row.get('id', '没有编号') if isinstance(row, dict) else '格式不对'}）"
        if not isinstance(row, dict) or (missing := _REQUIRED - row.keys()):
            raise ContentError(
                f"{where}缺少字段：{'、'.join(sorted(missing)) if isinstance(row, dict) else 'id'}。"
            )
        try:
            yield Entry.from_dict({"conditions": (), "cites": (), **row, "topic": content["group"]})
        except (TypeError, ValueError, KeyError) as wrong:
            raise ContentError(f"{where}写法不对：{wrong}。") from wrong


def _date(value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(value)
