"""Form definitions: what is read, and how a broken one is refused."""

from decimal import Decimal
from pathlib import Path

import pytest

from bot.core.errors import ContentError
from bot.core.fields import Kind, OneOf, Sensitivity
from bot.settings import content_dir
from handlers import forms

GOOD = """\
form:
  code: aid
  version: 2
  title: 帮扶
  fields:
    - {name: ill, label: 生病, prompt: 生病了吗？, kind: yes_no}
    - name: why
      label: 原因
      prompt: 为什么？
      kind: choice
      when: {field: ill, is: [true]}
      choices: [{value: a, label: 甲, aliases: [子]}, {value: b, label: 乙}]
    - name: family
      label: 家人
      prompt: 有家人要填吗？
      kind: group
      most: 3
      fields:
        - {name: who, label: 姓名, prompt: 叫什么？, kind: name, sensitivity: personal}
"""


def _write(folder: Path, text: str, name: str = "aid.yml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_definition_is_read(tmp_path: Path) -> None:
    """Kinds, conditions, choices and groups; the checklists beside it are no form."""
    _write(tmp_path, GOOD)
    _write(tmp_path, "forms: {}", forms.CHECKLISTS)
    found = forms.load(tmp_path)
    assert list(found) == ["aid"]
    ill, why, family = found["aid"].fields
    assert ill.kind is Kind.YES_NO
    assert why.when == OneOf("ill", (True,))
    assert why.choices[0].aliases == ("子",)
    assert family.most == Decimal(3)
    assert family.fields[0].sensitivity is Sensitivity.PERSONAL


def test_the_shipped_definitions_are_sound() -> None:
    """What is in data/forms loads."""
    assert "feedback" in forms.load(content_dir() / "forms")


@pytest.mark.parametrize(
    ("before", "after", "line", "reason"),
    [
        ("version: 2", "version: 二", 2, "version"),
        ("title: 帮扶", "title: 5", 2, "title"),
        ("code: aid", "code: a/b", 2, "code"),
        ("code: aid", "cods: aid", 2, "没有 cods"),
        ("kind: yes_no", "kind: maybe", 6, "kind 要从这些里选"),
        ("kind: choice", "kind: text", 7, "choices"),
        ("field: ill", "field: sick", 7, "sick 不是前面的项目"),
        ("is: [true]", "is: [yes_please]", 7, "不是“生病”的答案"),
        ("when: {field: ill, is: [true]}", "when: ill", 7, "when 要写成"),
        ("name: why", "name: ill", 7, "写了两次"),
        ("name: why", "name: w+y", 7, "name 里不能有"),
        ("most: 3", "most: 三", 13, "most 要写数字"),
        ("label: 原因", "lable: 原因", 7, "没有 lable"),
        ("label: 原因", "required: maybe\n      label: 原因", 7, "required"),
        ("kind: group", "kind: text", 13, "fields"),
        ("{value: b, label: 乙}", "乙", 7, "choices 每一项"),
        ("version: 2", "version: 2\n  version: 3", 2, "version 写了两次"),
        ("prompt: 为什么？", "prompt: [", 13, "写法不对"),
    ],
)  # fmt: skip
def test_a_broken_definition_is_refused_with_file_line_and_reason(
    tmp_path: Path, before: str, after: str, line: int, reason: str
) -> None:
    """The sentence says what to change and where."""
    assert before in GOOD
    _write(tmp_path, GOOD.replace(before, after, 1))
    with pytest.raises(ContentError) as wrong:
        forms.load(tmp_path)
    assert str(wrong.value).startswith("aid.yml 第")
    assert reason in str(wrong.value)
    if "写法" not in reason:
        assert f"第{line}行" in str(wrong.value), str(wrong.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "form: 5",
        "form: {code: a, version: 1, title: t}",
        "- 1",
        "form: {code: a, version: 1, title: t, fields: [5]}",
    ],
)
def test_what_is_no_form_is_refused(tmp_path: Path, text: str) -> None:
    """An empty file, a list, a form without fields."""
    with pytest.raises(ContentError, match="第1行"):
        forms.read(_write(tmp_path, text))


def test_unreadable_files_and_codes_used_twice_are_refused(tmp_path: Path) -> None:
    """Each with its name."""
    _write(tmp_path, GOOD)
    _write(tmp_path, GOOD, "again.yml")
    with pytest.raises(ContentError, match=r"aid.yml 的 code aid"):
        forms.load(tmp_path)
    (tmp_path / "again.yml").write_bytes("code: 帮".encode("gbk"))
    with pytest.raises(ContentError, match=r"again.yml 读不出来"):
        forms.load(tmp_path)
