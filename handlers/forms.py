"""Form definitions from ``data/forms/*.yml``; a broken one is refused with file, line and reason."""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

import yaml

from bot.core.errors import ContentError
from bot.core.fields import Field, Kind, OneOf, Option, Sensitivity
from bot.core.form import Form

CHECKLISTS = "documents.yml"
"""Papers to hand in by form; no form itself."""
_LINE = "__line__"
_FORM_KEYS = {"code", "version", "title", "fields", "consent", "purpose", "submitted", "confirms"}
_FIELD_KEYS = {
    "name", "label", "prompt", "kind", "required", "when", "choices", "unit", "help", "sensitivity", "fields", "least", "most",
    "longest", "cues",
}  # fmt: skip
_UNSAFE = {"/", "+", ":"}
_Chosen = TypeVar("_Chosen", Kind, Sensitivity)


class _BrokenError(Exception):
    """Why a definition is refused, and in which line."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(reason)
        self.line = line


def load(folder: Path) -> dict[str, Form]:
    """Every form of the folder by its code."""
    found: dict[str, Form] = {}
    for path in sorted(folder.glob("*.yml")):
        if path.name == CHECKLISTS:
            continue
        form = read(path)
        if form.code in found:
            raise ContentError(f"{path.name} 的 code {form.code} 和别的表单重复了，请换一个。")
        found[form.code] = form
    return found


def read(path: Path) -> Form:
    """The form of one file."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a safe loader that keeps lines
    except yaml.MarkedYAMLError as wrong:
        line = wrong.problem_mark.line + 1 if wrong.problem_mark else 1
        raise ContentError(
            f"{path.name} 第{line}行写法不对：{wrong.problem}。请检查缩进、冒号和引号。"
        ) from wrong
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as wrong:
        raise ContentError(f"{path.name} 读不出来，请用 UTF-8 编码保存。") from wrong
    try:
        return _form(content)
    except _BrokenError as wrong:
        raise ContentError(f"{path.name} 第{wrong.line}行：{wrong}") from wrong


class _Loader(yaml.SafeLoader):
    """Keeps the line at which each mapping begins."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: ARG002 - the library asks for it
        """The mapping with its line."""
        found = super().construct_mapping(node, deep=True)
        names = [key.value for key, _ in node.value]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise yaml.MarkedYAMLError(problem=f"{twice} 写了两次", problem_mark=node.start_mark)
        return {**found, _LINE: node.start_mark.line + 1}


def _mapping(loader: _Loader, node: yaml.MappingNode) -> Iterator[dict[Any, Any]]:
    found: dict[Any, Any] = {}
    yield found
    found.update(loader.construct_mapping(node))


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def _form(content: Any) -> Form:
    if not isinstance(content, Mapping) or not isinstance(content.get("form"), Mapping):
        raise _BrokenError(1, "最外面要有 form:。")
    row = content["form"]
    _only(row, _FORM_KEYS, "表单")
    code, version = _text(row, "code"), row.get("version")
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise _BrokenError(row[_LINE], "version 要写从1起的整数，每次改动加一。")
    if _UNSAFE & set(code):
        raise _BrokenError(row[_LINE], "code 里不能有 / + :。")
    return Form(
        code=code,
        version=version,
        title=_text(row, "title"),
        fields=_fields(row, ()),
        consent=_text(row, "consent", ""),
        purpose=_text(row, "purpose", ""),
        submitted=_text(row, "submitted", "收到了。"),
        confirms=_flag(row, "confirms", True),
    )


def _fields(row: Mapping[str, Any], outer: tuple[Field, ...]) -> tuple[Field, ...]:
    rows = row.get("fields")
    if not isinstance(rows, list) or not rows or not all(isinstance(one, Mapping) for one in rows):
        raise _BrokenError(row[_LINE], "要有 fields，一项一项列出来。")
    found: list[Field] = []
    for one in rows:
        field = _field(one, (*outer, *found))
        if field.name in (known.name for known in (*outer, *found)):
            raise _BrokenError(one[_LINE], f"name {field.name} 写了两次。")
        found.append(field)
    return tuple(found)


def _field(row: Mapping[str, Any], before: tuple[Field, ...]) -> Field:
    _only(row, _FIELD_KEYS, "这一项")
    name = _text(row, "name")
    if _UNSAFE & set(name):
        raise _BrokenError(row[_LINE], "name 里不能有 / + :。")
    kind = _one_of(row, "kind", Kind, Kind.TEXT)
    choices = tuple(_option(one, row) for one in row.get("choices", ()))
    if (kind is Kind.CHOICE) != bool(choices):
        raise _BrokenError(row[_LINE], "kind: choice 要有 choices，别的 kind 不要写 choices。")
    if (kind is Kind.GROUP) != ("fields" in row):
        raise _BrokenError(row[_LINE], "kind: group 要有 fields，别的 kind 不要写 fields。")
    return Field(
        name=name,
        label=_text(row, "label"),
        prompt=_text(row, "prompt"),
        kind=kind,
        required=_flag(row, "required", True),
        when=_when(row, before),
        choices=choices,
        unit=_text(row, "unit", ""),
        help=_text(row, "help", ""),
        sensitivity=_one_of(row, "sensitivity", Sensitivity, Sensitivity.PLAIN),
        fields=_fields(row, before) if kind is Kind.GROUP else (),
        least=_number(row, "least"),
        most=_number(row, "most"),
        longest=int(_number(row, "longest") or 500),
        cues=tuple(str(cue) for cue in row.get("cues", ())),
    )


def _option(one: Any, row: Mapping[str, Any]) -> Option:
    if not isinstance(one, Mapping):
        raise _BrokenError(row[_LINE], "choices 每一项要写 {value: …, label: …}。")
    _only(one, {"value", "label", "aliases"}, "选项")
    return Option(
        _text(one, "value"), _text(one, "label"), tuple(str(name) for name in one.get("aliases", ()))
    )


def _when(row: Mapping[str, Any], before: tuple[Field, ...]) -> OneOf | None:
    said = row.get("when")
    if said is None:
        return None
    if not isinstance(said, Mapping) or not isinstance(said.get("is"), list):
        raise _BrokenError(row[_LINE], "when 要写成 {field: 另一项, is: [值]}。")
    other = next((one for one in before if one.name == said.get("field")), None)
    if other is None:
        raise _BrokenError(row[_LINE], f"when 里的 {said.get('field')} 不是前面的项目。")
    known = {True, False} if other.kind is Kind.YES_NO else {option.value for option in other.choices}
    unknown = [value for value in said["is"] if value not in known] if known else []
    if unknown:
        raise _BrokenError(row[_LINE], f"when 里的 {unknown[0]} 不是“{other.label}”的答案。")
    return OneOf(other.name, tuple(said["is"]))


def _only(row: Mapping[str, Any], known: set[str], what: str) -> None:
    unknown = [str(key) for key in row if key not in known and key != _LINE]
    if unknown:
        raise _BrokenError(
            row[_LINE], f"{what}里没有 {unknown[0]} 这个写法，可以写的有：{'、'.join(sorted(known))}。"
        )


def _text(row: Mapping[str, Any], key: str, default: str | None = None) -> str:
    value = row.get(key, default)
    if not isinstance(value, str) or (default is None and not value.strip()):
        raise _BrokenError(row[_LINE], f"要有 {key}，写文字；纯数字和“是、否”这类请加引号。")
    return value.strip()


def _flag(row: Mapping[str, Any], key: str, default: bool) -> bool:
    value = row.get(key, default)
    if not isinstance(value, bool):
        raise _BrokenError(row[_LINE], f"{key} 要写 true 或 false。")
    return value


def _number(row: Mapping[str, Any], key: str) -> Decimal | None:
    value = row.get(key)
    if value is None:
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation as wrong:
        raise _BrokenError(row[_LINE], f"{key} 要写数字。") from wrong


def _one_of(row: Mapping[str, Any], key: str, kinds: type[_Chosen], default: _Chosen) -> _Chosen:
    try:
        return kinds(row.get(key, default))
    except ValueError as wrong:
        offered = "、".join(kind.value for kind in kinds)
        raise _BrokenError(row[_LINE], f"{key} 要从这些里选：{offered}。") from wrong
