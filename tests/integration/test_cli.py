"""The command line as other programs use it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import cli

STATUTE = (
    "# 示范劳动法\n\n2020年1月2日 通过\n\n<!-- INFO END -->\n\n第一条 单位应当发工作服。\n\n第二条 施行。\n"
)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, _first_start: Path) -> "Runner":
    """Runs a command in a deployment of its own with one statute imported."""
    shutil.copytree(_first_start, tmp_path / "var")
    monkeypatch.setenv("NIANGJIA_DATA_DIR", str(tmp_path / "var"))
    (tmp_path / "示范.md").write_text(STATUTE, encoding="utf-8")
    runner = Runner()
    assert runner("import", str(tmp_path / "示范.md")).exit_code == 0
    return runner


class Runner:
    """Calls the command line in this process."""

    def __call__(self, *arguments: str, given: str = "") -> Result:
        """The result of one command."""
        return CliRunner().invoke(cli.cli, list(arguments), input=given)

    def json(self, *arguments: str, given: str = "") -> object:
        """What a command prints with ``--json``."""
        return json.loads(self(*arguments, "--json", given=given).stdout)


def test_import_reports_each_file_and_fails_for_a_broken_one(run: Runner, tmp_path: Path) -> None:
    """Exit status 1 when a file failed; the sentence says why."""
    (tmp_path / "坏.md").write_bytes(b"")
    result = run("import", str(tmp_path / "坏.md"), str(tmp_path / "示范.md"))
    assert result.exit_code == 1
    assert "空文件" in result.stderr
    assert "无变化 1" in result.stdout
    rows = run.json("import", str(tmp_path / "示范.md"))
    assert rows[0]["status"] == "unchanged"  # type: ignore[index]


def test_an_article_is_printed_or_its_absence_explained(run: Runner) -> None:
    """Text on stdout, the reason on stderr with exit status 1."""
    assert "第一条 单位应当发工作服。" in run("article", "示范劳动法1").stdout
    missing = run("article", "示范劳动法第九条")
    assert (missing.exit_code, missing.stdout) == (1, "")
    assert "现有第一条至第二条" in missing.stderr
    both = run.json("article", "示范劳动法第一条、第二条")
    assert both["keys"] == ["示范劳动法#1", "示范劳动法#2"]  # type: ignore[index, call-overload]
    unknown = run.json("article", "没有这部法")
    assert set(unknown) == {"error", "valid_range", "suggestions"}  # type: ignore[call-overload]


def test_ask_and_search_print_their_shape(run: Runner) -> None:
    """The JSON keys other programs rely on."""
    answer = run.json("ask", "老板拖欠工资怎么办")
    assert set(answer) >= {"kind", "text", "citations", "confidence", "choices", "elapsed_ms"}  # type: ignore[call-overload]
    assert answer["kind"] == "answer"  # type: ignore[index, call-overload]
    assert set(answer["citations"][0]) >= {"title", "article", "quote", "in_force", "url"}  # type: ignore[index, call-overload]
    hits = run.json("search", "工作服", "-k", "3")
    assert set(hits[0]) >= {"rank", "score", "title", "article", "text", "source"}  # type: ignore[index]
    assert "示范劳动法" in run("search", "工作服").stdout
    assert run("search", "zzz").exit_code == 1
    assert "依据" in run("ask", "老板拖欠工资怎么办").stdout
    assert run("ask", "zzz qqq").exit_code == 1


def test_confidence_tells_ours_from_others(run: Runner, tmp_path: Path) -> None:
    """Whatever the kind of reply: a question of ours stands above one the handbook cannot answer."""
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    asked = ("老板拖欠工资怎么办", "产假多少天", "红烧肉怎么做才好吃", "今天股票涨了没有")
    source.write_text("\n".join(json.dumps({"qid": text, "question": text}) for text in asked), "utf-8")
    for command in ("ask", "search"):
        assert run(command, "--batch", str(source), "--out", str(target)).exit_code == 0
        told = [json.loads(line)["confidence"] for line in target.read_text("utf-8").splitlines()]
        assert min(told[:2]) > 0.5 > max(told[2:])


def test_batches_load_the_program_once(run: Runner, tmp_path: Path) -> None:
    """JSON lines in, JSON lines out, one for one."""
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(
        '{"qid": "a", "question": "示范劳动法第一条"}\n\n{"qid": "b", "question": "工作服"}\n',
        encoding="utf-8",
    )
    for command, key in (("ask", "kind"), ("search", "hits"), ("article", "qid")):
        assert run(command, "--batch", str(source), "--out", str(target)).exit_code == 0
        rows = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
        assert [row["qid"] for row in rows] == ["a", "b"]
        assert key in rows[0]
    assert rows[0]["keys"] == ["示范劳动法#1"]
    assert "error" in rows[1]
    source.write_text("{}\n", encoding="utf-8")
    broken = run("ask", "--batch", str(source), "--out", str(target))
    assert "第1行" in str(broken.exception)


def test_chat_reads_and_writes_json_lines(run: Runner) -> None:
    """A conversation driven from outside keeps its state between lines."""
    lines = '{"user": "a", "text": "菜单"}\n{"user": "a", "text": "1"}\nbroken\n'
    written = [json.loads(line) for line in run("chat", "--json", given=lines).stdout.splitlines()]
    assert written[0]["replies"][0]["kind"] == "menu"
    assert written[1]["replies"][0]["kind"] == "answer"
    assert "JSON" in written[2]["error"]


def test_chat_in_a_terminal(run: Runner) -> None:
    """Without any account: menu, question, end."""
    shown = run("chat", given="示范劳动法第一条\n\n退出\n").stdout
    assert "娘家人助手" in shown
    assert "第一条 单位应当发工作服。" in shown
    assert "娘家人助手" in run("chat", given="").stdout


def test_eval_prints_the_figures(run: Runner, tmp_path: Path) -> None:
    """Recall, MRR and refusals of a question file."""
    file = tmp_path / "q.jsonl"
    file.write_text(
        '{"qid": "a", "question": "工作服发不发", "gold": [{"law": "示范劳动法", "article": "1"}]}\n',
        encoding="utf-8",
    )
    scores = run.json("eval", str(file))
    assert scores["recall"]["recall@10"] == 1.0  # type: ignore[index, call-overload]
    assert "MRR" in run("eval", str(file)).stdout


def test_doctor_says_what_to_mend(run: Runner, tmp_path: Path) -> None:
    """Findings in words, and exit status 1 when something must be mended."""
    good = run("doctor")
    assert good.exit_code == 0
    assert "NIANGJIA_WECHAT_TOKEN" in good.stdout
    assert "拒答和把握" in good.stdout
    (tmp_path / "var" / "keys.json").chmod(0o644)
    bad = run("doctor")
    assert bad.exit_code == 1
    assert "chmod 600" in bad.stdout
    assert {finding["state"] for finding in run.json("doctor")} == {"good", "hint", "bad"}  # type: ignore[attr-defined, index, call-overload]


def test_small_commands(run: Runner) -> None:
    """Index, database, staff and audit."""
    assert "索引已就绪" in run("index", "build").stdout
    assert "结构版本" in run("db", "upgrade").stdout
    assert "一次性密码" in run("staff", "add", "tester", "--role", "curator").stdout
    assert "一次性密码" in run("staff", "passwd", "tester").stdout
    assert run("audit", "verify").stdout == "审计记录完整。\n"


def _whole(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NIANGJIA_DATA_DIR": str(folder / "var")}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        capture_output=True,
        text=True,
        env=environment,
        cwd=Path(cli.__file__).parent.parent,
        timeout=120,
        check=False,
    )


def test_errors_are_one_sentence_with_the_right_status(tmp_path: Path) -> None:
    """0 for done, 1 for a failure, 2 for wrong use; never a traceback."""
    table = [
        (("article", "没有这部法第一条"), 1, "没有找到"),
        (("import", str(tmp_path / "missing")), 1, "没有找到"),
        (("ask",), 2, "用法不对"),
        (("ask", "x", "--batch", __file__), 2, "一起用"),
        (("unknown",), 2, "用法不对"),
        (("search", "x", "-k", "0"), 2, "用法不对"),
        (("staff", "passwd", "nobody"), 1, "没有账号"),
    ]
    for arguments, status, sentence in table:
        result = _whole(*arguments, folder=tmp_path)
        assert (result.returncode, result.stdout) == (status, ""), arguments
        assert sentence in result.stderr
        assert len(result.stderr.strip().splitlines()) == 1, result.stderr
    bare = _whole(folder=tmp_path)
    assert bare.returncode == 0
    assert "娘家人" in bare.stdout
