"""YAML of the intents folder with the line each part stands on."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.core.errors import ContentError


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that has to be mended."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file} 第{self.line}行：{self.text}"


@dataclass(frozen=True, slots=True)
class Part:
    """One node of a YAML file; asks for a shape and says where it is missing."""

    file: str
    node: yaml.Node

    @property
    def line(self) -> int:
        """The line it begins on, counted from 1."""
        return int(self.node.start_mark.line) + 1

    @property
    def text(self) -> str:
        """The words of a scalar."""
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.wrong("这里要是一段文字。")
        return str(self.node.value)

    def wrong(self, text: str) -> ContentError:
        """The error to raise about this place."""
        return ContentError(str(Fault(self.file, self.line, text)))

    def items(self) -> Iterator["Part"]:
        """The members of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.wrong("这里要是一列，每项以“- ”开头。")
        for node in self.node.value:
            yield Part(self.file, node)

    def fields(self) -> dict[str, "Part"]:
        """The values of a mapping by key."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.wrong("这里要是“键: 值”的形式。")
        return {str(key.value): Part(self.file, value) for key, value in self.node.value}

    def keyed(self) -> list["Part"]:
        """The keys of a mapping as places of their own."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.wrong("这里要是“键: 值”的形式。")
        return [Part(self.file, key) for key, _ in self.node.value]

    def bullets(self) -> Iterator[tuple[int, str]]:
        """Line and text of each ``- …`` in a block of examples."""
        begin = self.line + 1
        for offset, line in enumerate(self.text.splitlines()):
            if not line.strip():
                continue
            if not line.startswith("- ") or not line[2:].strip():
                raise ContentError(
                    str(Fault(self.file, begin + offset, "每个例句要以“- ”开头，后面有文字。"))
                )
            yield begin + offset, line[2:].strip()


def read(path: Path, shown: str = "") -> Part:
    """The content of a YAML file with its places; ``shown`` names it in messages."""
    shown = shown or path.name
    with _refusing(shown):
        node = yaml.compose(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    if node is None:
        raise ContentError(f"{shown} 是空的。")
    return Part(shown, node)


def values(path: Path, shown: str) -> Any:
    """The content of a YAML file as plain values."""
    with _refusing(shown):
        return yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)


@contextmanager
def _refusing(shown: str) -> Iterator[None]:
    try:
        yield
    except yaml.MarkedYAMLError as wrong:
        line = wrong.problem_mark.line + 1 if wrong.problem_mark else 1
        raise ContentError(str(Fault(shown, line, f"不是有效的 YAML（{wrong.problem}）。"))) from wrong
    except (yaml.YAMLError, UnicodeDecodeError) as wrong:
        raise ContentError(str(Fault(shown, 1, "不是有效的 UTF-8 编码 YAML。"))) from wrong
