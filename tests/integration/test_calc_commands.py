"""``niangjia calc`` as people and programs run it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot import cli

Run = Callable[..., Result]
JOB = ("severance", "start=2019-03-15", "end=2025-06-30", "avg12=8,000元", "local_min=2200", "local_avg=7500")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs a command with a data directory of its own."""
    monkeypatch.setenv("NIANGJIA_DATA_DIR", str(tmp_path / "var"))
    return lambda *arguments: CliRunner().invoke(cli.cli, ["calc", *map(str, arguments)])


def _batch(run: Run, folder: Path, *lines: Any) -> list[dict[str, Any]]:
    source, target = folder / "in.jsonl", folder / "out.jsonl"
    text = "\n".join(
        line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines
    )
    source.write_text(text + "\n\n", encoding="utf-8")
    result = run("--batch", source, "--out", target)
    assert result.exit_code == 0, result.exception
    return [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]


def test_one_calculation_in_words_and_as_json(run: Run) -> None:
    """The result first, then how, by which article, what to do next, and that it is an estimate; no database is made."""
    shown = run(*JOB).stdout
    assert shown.startswith("月工资基数：8000元\n是否封顶：否\n补偿月数：6.5个月\n合计：52000元\n")
    assert "〔劳动合同法第四十七条〕" in shown
    assert "下一步：" in shown
    assert shown.endswith("估算仅供参考，以仲裁、法院、经办机构认定为准。\n")
    row = json.loads(run(*JOB, "scheme=2N", "--json").stdout)
    assert row["result"] == {"base": 8000.0, "capped": False, "months": 6.5, "amount": 104000.0}
    assert "劳动合同法#87" in row["citations"]
    assert row["disclaimer"]
    assert row["next_steps"]
    assert not Path("var").exists()


def test_dates_nothing_and_pairs_read_well(run: Run) -> None:
    """A date, a period, no limit at all, pairs of contributions."""
    assert run("arbitration_deadline", "known=2025年3月10日").stdout.startswith("最晚申请仲裁：2026-03-10\n")
    assert (
        "计算期间：2025-02-06、2025-05-05\n"
        in run("double_wage", "start=2025-01-06", "end=2025-05-05", "monthly=5000").stdout
    )
    assert "最晚申请仲裁：没有\n" in run("arbitration_deadline", "arrears=是").stdout
    paid = run("social_insurance", "wage=10000", "lo=7546", "hi=37731", 'rates={"pension": [8, 16]}').stdout
    assert "养老保险（个人、单位）：800元/月、1600元/月\n" in paid
    dead = run("工亡待遇", "wage=6000", "local_avg=7000", "on=2025-08-01", "kin=配偶、子女").stdout
    assert "一次性工亡补助金：1083760元\n" in dead


def test_the_list_and_what_a_calculator_asks(run: Run) -> None:
    """Every name in full; inputs with question, unit, choices and condition; the same as JSON for a form."""
    listed = run("list").stdout
    assert "unemployment_months_gd" in listed
    assert "arbitration_acceptance_deadline" in listed
    asked = run("severance").stdout
    assert "start  哪一天开始上班的？（必填）" in asked
    assert "last_month  解除前上一个月的工资是多少？（scheme 是 N+1 时必填，元）" in asked
    assert "    2N  违法解除的赔偿金" in asked
    assert (
        "known  哪一天知道自己的权利被侵害的？（arrears 是 否 时必填）" in run("arbitration_deadline").stdout
    )
    form = json.loads(run("overtime", "--json").stdout)
    assert form["inputs"][0]["name"] == "monthly_base"
    assert {choice["value"] for choice in form["inputs"][5]["choices"]} == {
        "standard",
        "comprehensive",
        "irregular",
        "piece",
    }
    assert len(json.loads(run("list", "--json").stdout)) >= 24


def test_wrong_use_and_refusals(run: Run) -> None:
    """Wrong use is status 2; an input that cannot be is one sentence, status 1 through the main entry."""
    for arguments in ((), ("--batch", __file__), ("severance", "start"), ("severance", "start=1", "start=2")):
        assert run(*arguments).exit_code != 0
    assert "（avg12）不能是负数" in str(run(*JOB[:3], "avg12=-5", *JOB[4:]).exception)
    assert "需要当地标准" in str(run("sick_pay_floor", "region=河北").exception)


def test_a_union_adds_its_own_standard(run: Run, tmp_path: Path) -> None:
    """A table in the data directory counts at once."""
    own = tmp_path / "var" / "parameters"
    own.mkdir(parents=True)
    (own / "minimum_wage.toml").write_text(
        '[[row]]\nregion = "河北省"\nvalue = 2000\nunit = "元/月"\neffective_from = 2020-01-01\nsource = "冀某号"\n'
        "verified_on = 2020-01-01\n",
        encoding="utf-8",
    )
    row = json.loads(run("sick_pay_floor", "region=河北", "--json").stdout)
    assert row["result"] == {"floor": 1600.0}
    assert "local_standard_unverified" in row["flags"]


def test_a_batch(run: Run, tmp_path: Path) -> None:
    """A result or an error for every line, in order, with the identity given; blank lines are none."""
    rows = _batch(
        run,
        tmp_path,
        {"id": 1, "calculator": "probation", "input": {"months": 2, "kind": "fixed"}},
        {
            "id": "b",
            "calculator": "maternity",
            "input": {"start": "2025-03-01", "babies": "2", "difficult": True, "ext_days": 60},
        },
        {"id": "c", "calculator": "severance", "input": {"start": "2025-03-01"}},
        {"id": "d", "calculator": "nothing", "input": {}},
        {"id": "e", "calculator": "overtime"},
        {
            "id": "f",
            "calculator": "arbitration_deadline",
            "input": {"known": "2024-02-29", "interrupted": None},
        },
    )
    assert [row["id"] for row in rows] == [1, "b", "c", "d", "e", "f"]
    assert rows[0]["result"] == 0
    assert set(rows[0]) == {"id", "result", "steps", "citations", "assumptions", "flags", "notes"}
    assert rows[1]["result"] == {"national_days": 128, "total_days": 188, "end": "2025-09-04"}
    assert [set(row) for row in rows[2:5]] == [{"id", "error"}] * 3
    assert "（end）" in rows[2]["error"]
    assert rows[5]["result"] == "2025-02-28"


@pytest.mark.parametrize("line", ["{", "[]", "7", '{"calculator": "overtime", "input": {}}'])
def test_a_batch_that_cannot_be_read(run: Run, tmp_path: Path, line: str) -> None:
    """A line without identity stops with file and line."""
    source = tmp_path / "in.jsonl"
    source.write_text(line, encoding="utf-8")
    assert "in.jsonl 第1行要像" in str(run("--batch", source, "--out", tmp_path / "out.jsonl").exception)


def test_files_that_cannot_be_read_or_written(run: Run, tmp_path: Path) -> None:
    """One sentence each."""
    source = tmp_path / "in.jsonl"
    source.write_bytes("养老".encode("gbk"))
    assert "UTF-8" in str(run("--batch", source, "--out", tmp_path / "out.jsonl").exception)
    assert "写不进去" in str(run("--batch", source, "--out", tmp_path / "none" / "out.jsonl").exception)
