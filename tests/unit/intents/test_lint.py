"""What the examination of the folder finds."""

import shutil
from pathlib import Path

import pytest

from intents import corpus, lint
from tests.unit.intents import intents_folder as small


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped folder to plant faults in."""
    copy = tmp_path / "intents"
    copy.mkdir()
    for path in corpus.folder().glob("*.yml"):
        shutil.copyfile(path, copy / path.name)
    shutil.copytree(corpus.folder() / "nlu", copy / "nlu")
    return copy


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _found(folder: Path) -> str:
    return "\n".join(map(str, lint.examine(folder)))


def test_the_shipped_folder_is_clean() -> None:
    """Nothing to mend in what we ship."""
    assert _found(corpus.folder()) == ""


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("domain.yml", "  - affirm\n", "", "intents 里缺少 affirm"),
        ("domain.yml", "  - affirm\n", "  - affirm\n  - yes_please\n", "没有意图 yes_please"),
        ("domain.yml", "intents:", "intentions: []\nintents:", "不认识 intentions"),
        ("domain.yml", "    required_slots:", "    asks: []\n    required_slots:", "不认识 asks"),
        ("domain.yml", "      - school\n", "      - collage\n", "collage 没有在 slots 里声明"),
        ("domain.yml", "  utter_ask_student_aid_form_school:", "  utter_asks_school:", "school 没有问句"),
        ("domain.yml", "ignored_intents: [cancel,", "ignored_intents: [cancle,", "没有意图 cancle"),
        ("domain.yml", "  - amount\n", "", "实体 amount 没有在 domain.yml"),
        ("rules.yml", "intent: my_cases", "intent: my_case", "规则里的意图 my_case 不存在"),
        ("rules.yml", "action: utter_my_cases", "action: utter_my_case", "规则里的动作 utter_my_case 没有"),
        (
            "rules.yml",
            "      - active_loop: student_aid_form",
            "      - active_loop: student_form",
            "student_form 不存在",
        ),
        ("rules.yml", "rules:", "stories: []\nrules:", "不认识 stories"),
    ],
)
def test_each_fault_is_found(folder: Path, file: str, old: str, new: str, said: str) -> None:
    """Faults that Rasa's own validation lets pass are named with file and line."""
    _edit(folder / file, old, new)
    assert said in _found(folder)


def test_too_few_examples_and_missing_files(tmp_path: Path, folder: Path) -> None:
    """An intent without enough examples is named; a missing or broken file is the only finding."""
    for path in (folder / "nlu").glob("*.yml"):
        path.unlink()
    small.write(folder)
    assert "deny 只有 0 个例句，至少要 60 个" in _found(folder)
    small.write(folder, small.nlu(affirm=("好", "行")), "more.yml")
    small.write(folder, small.nlu(deny=("好", "行")), "most.yml")
    assert _found(folder).count("已经有了") == 2
    assert f"apply_student_aid 只有 {len(small.APPLY)} 个例句" in _found(folder)
    (folder / "rules.yml").unlink()
    assert _found(folder) == "rules.yml 第1行：缺少这个文件。"
    (folder / "domain.yml").write_text("forms:\n  ]", encoding="utf-8")
    assert "domain.yml 第2行：不是有效的 YAML" in _found(folder)
    assert "没有例句" in _found(tmp_path)
