"""``niangjia faq`` as a curator types it."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import cli

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, _first_start: Path) -> Run:
    """Runs a command in a deployment of its own."""
    shutil.copytree(_first_start, tmp_path / "var")
    monkeypatch.setenv("NIANGJIA_DATA_DIR", str(tmp_path / "var"))
    return lambda *arguments: CliRunner().invoke(cli.cli, ["faq", *map(str, arguments)])


def test_lint_ends_well_for_what_is_shipped_and_badly_for_a_fault(run: Run, tmp_path: Path) -> None:
    """Status 0 and a summary; then an entry that promises and cites nothing: findings, status 1, JSON for programs."""
    good = run("lint")
    assert good.exit_code == 0, good.stdout
    assert "0 处要改" in good.stdout
    file = tmp_path / "own.yml"
    file.write_text(
        "group: 本会\nentries:\n  - {title: 打官司, conclusion: 保证能赢。, steps: [问工会], questions: [打官司一定能赢吗]}\n",
        encoding="utf-8",
    )
    taken = run("import", file)
    assert taken.exit_code == 0
    assert "新增  本会第1条  U001 打官司" in taken.stdout
    assert "新增 1。" in taken.stdout
    assert "[要改] U001：" in taken.stdout
    bad = run("lint")
    assert bad.exit_code == 1
    assert "[要改] U001：没有依据" in bad.stdout
    found = json.loads(run("lint", "--json").stdout)
    assert {"promise", "cites"} <= {one["rule"] for one in found if one["place"] == "U001"}
    assert set(found[0]) == {"level", "place", "rule", "text"}


def test_out_and_back(run: Run, tmp_path: Path) -> None:
    """Export says how many, import that nothing changed; a bad row ends with status 1 and the rest is live."""
    file = tmp_path / "问答.csv"
    assert "已导出" in run("export", file).stdout
    assert run("import", file).stdout.startswith("无变化 ")
    with file.open("a", encoding="utf-8") as table:
        table.write('"","本会","食堂几点开","十一点半。","","问工会。","","zeta"\n"","本会","缺东西"\n')
    tried = run("import", file, "--dry-run")
    assert "试运行：新增 1，无变化" in tried.stdout
    result = run("import", file, "--json")
    assert result.exit_code == 1
    rows = {row["status"]: row for row in json.loads(result.stdout)["rows"]}
    assert rows["added"]["code"] == "U001"
    assert "缺" in rows["failed"]["detail"]
    asked = CliRunner().invoke(cli.cli, ["search", "zeta", "--json"])
    assert json.loads(asked.stdout)[0]["title"] == "食堂几点开"


def test_cards_and_booklet(run: Run, tmp_path: Path) -> None:
    """A card in the terminal and as JSON, one sentence for an unknown id, and the booklet as a file."""
    shown = run("card", "H041").stdout
    assert shown.startswith("【明白卡】")
    assert json.loads(run("card", "H041", "--json").stdout)["text"] == shown.rstrip("\n")
    assert "H999999" in str(run("card", "H999999").exception)
    assert "写不进去" in str(run("booklet", tmp_path / "none" / "book.html").exception)
    printed = run("booklet", tmp_path / "book.html", "--region", "浙江")
    assert "口袋书里有" in printed.stdout
    assert "适用全国和浙江" in (tmp_path / "book.html").read_text(encoding="utf-8")
