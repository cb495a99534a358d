"""``niangjia intents`` as people and programs use it, and the bar the shipped examples have to clear."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import cli
from bot.settings import load_settings
from bot.understanding import open_workshop
from intents import corpus, training
from intents.catalogue import Intent
from intents.classifier import MODEL_FILE
from intents.model import Model

DEV = Path(__file__).resolve().parents[1] / "nlu" / "dev.jsonl"
LEAST_ACCURACY = 0.90
LEAST_TOP3 = 0.97
LEAST_CROSSED = 0.85
Run = Callable[..., Result]


@pytest.fixture(scope="session")
def var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data directory all tests here share, so that the model is trained once."""
    return tmp_path_factory.mktemp("intents") / "var"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, var: Path) -> Run:
    """Runs a command of the group."""
    monkeypatch.setenv("NIANGJIA_DATA_DIR", str(var))
    return lambda *arguments: CliRunner().invoke(cli.cli, ["intents", *map(str, arguments)])


def test_the_shipped_model_is_of_the_shipped_examples() -> None:
    """A first start must not have to train; after editing examples run ``niangjia intents train --ship``."""
    workshop = open_workshop(load_settings())
    model = Model.load(workshop.folder / MODEL_FILE)
    assert model is not None
    assert model.digest == training.digest(corpus.examples_fingerprint(workshop.folder), workshop.teacher)


def test_the_development_set_is_understood(run: Run) -> None:
    """Messages written apart from the examples clear the bar, and what is acted on is right."""
    result = run("eval", DEV, "--json")
    assert result.exit_code == 0, result.output
    scores = json.loads(result.stdout)
    assert scores["messages"] >= 300
    assert set(scores["f1"]) == {intent.value for intent in Intent}
    assert scores["accuracy"] >= LEAST_ACCURACY
    assert scores["top3"] >= LEAST_TOP3
    assert scores["acted_rightly"] >= 0.97
    shown = run("eval", DEV).stdout
    assert "准确率" in shown
    assert "当成" in shown


def test_one_sentence_is_parsed(run: Run) -> None:
    """For people with labels, for programs as JSON."""
    shown = run("parse", "老板拖欠我三个月工资一共一万二不给，我要投诉").stdout
    assert shown.startswith("反映欠薪（report_unpaid_wages）")
    assert "把握够" in shown
    assert "amount  12000" in shown
    row = json.loads(run("parse", "我想给孩子申请金秋助学", "--json").stdout)
    assert row["intent"] == row["ranking"][0]["intent"] == "apply_student_aid"
    assert set(row) == {"intent", "confidence", "ranking", "entities", "engine", "model_id"}


def test_what_nobody_understands_ends_with_status_1(run: Run) -> None:
    """No intent is made up."""
    result = run("parse", "ъжщ")
    assert result.exit_code == 1
    assert "没有听懂" in result.stdout


def test_many_sentences_at_once(run: Run, tmp_path: Path) -> None:
    """The shape other programs rely on, one line each, in their order."""
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(
        '{"id": "a", "text": "欠薪三千五"}\n\n{"qid": "b", "question": "谢谢"}\n', encoding="utf-8"
    )
    assert run("parse", "--batch", source, "--out", target).exit_code == 0
    rows = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [row["id"] for row in rows] == ["a", "b"]
    assert rows[0]["entities"][0]["value"] == "3500"
    assert {"id", "intent", "confidence", "ranking", "entities"} <= set(rows[0])
    source.write_text('{"id": "a"}\n', encoding="utf-8")
    assert "第1行要像" in str(run("parse", "--batch", source, "--out", target).exception)


def test_wrong_use_is_said(run: Run, tmp_path: Path) -> None:
    """No sentence, or half of a pair of options."""
    assert run("parse").exit_code == 2
    assert run("parse", "--out", tmp_path / "x").exit_code == 2


def test_training_reports_what_it_measured(run: Run, var: Path) -> None:
    """Cross-validation over the shipped examples, in words and as figures."""
    figures = json.loads(run("train", "--json").stdout)
    assert (var / "intents" / MODEL_FILE).exists()
    assert figures["intents"] == len(Intent)
    assert figures["macro_f1"] >= LEAST_CROSSED
    assert figures["top3"] >= 0.94
    assert 0 < figures["offer"] < figures["answer"] < 1


def test_lint_and_export(run: Run, tmp_path: Path) -> None:
    """The shipped folder is clean, a broken one ends with status 1; the export holds all Rasa reads."""
    assert "0 处要改" in run("lint").stdout
    assert json.loads(run("lint", "--json").stdout) == []
    target = tmp_path / "rasa"
    assert "rasa train" in run("export-rasa", target).stdout
    names = {path.relative_to(target).as_posix() for path in target.rglob("*.yml")}
    assert {"domain.yml", "rules.yml", "config.yml", "config.diet.yml", "nlu/aid.yml"} <= names
    assert corpus.fingerprint(target) == corpus.fingerprint(corpus.folder())
    (target / "rules.yml").unlink()
    broken = run("lint", "--folder", target)
    assert broken.exit_code == 1
    assert "rules.yml 第1行：缺少这个文件" in broken.stdout
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    assert "写不进去" in str(run("export-rasa", blocked / "rasa").exception)
