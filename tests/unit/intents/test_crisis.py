"""The crisis gate: own variants all found, ordinary messages left alone, broken files refused with their place."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.core.errors import ContentError
from bot.core.messages import ReplyKind
from bot.settings import content_dir
from handlers.comfort import comfort
from intents import crisis
from intents.crisis import Gate

ROOT = Path(__file__).resolve().parents[3]
OWN = [json.loads(line) for line in (ROOT / "tests/nlu/crisis_variants.jsonl").read_text().splitlines()]
WRITTEN_APART = ROOT / "tests/nlu/crisis.jsonl"
MOST_FALSE = 0.02
_ANNOTATION = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})")
HOTLINES = dict.fromkeys(("110", "119", "120", "12110", "12333", "12351", "12356"), "热线")


@pytest.fixture(scope="module")
def gate() -> Gate:
    """The shipped rules."""
    return crisis.build(crisis.read(content_dir()))


@pytest.fixture
def stored() -> dict[str, Any]:
    """The shipped file, to be broken."""
    return crisis.read(content_dir())


@pytest.mark.parametrize("case", OWN, ids=[case["id"] for case in OWN])
def test_every_own_variant(gate: Gate, case: dict[str, str]) -> None:
    """Found with its kind, or left alone."""
    found = gate.check(case["text"])
    assert (found.kind if found else "none") == case["kind"], case["text"]


def test_there_are_enough_variants() -> None:
    """At least 120 dangers of all seven kinds."""
    kinds = [case["kind"] for case in OWN if case["kind"] != "none"]
    assert len(kinds) >= 120
    assert len(set(kinds)) == 7


def test_the_set_written_apart_half_that_was_tuned_on(gate: Gate) -> None:
    """Of the lines with odd numbers none is missed; docs/crisis.md tells how the other half fares."""
    lines = [json.loads(line) for line in WRITTEN_APART.read_text(encoding="utf-8").splitlines()][::2]
    assert [line["text"] for line in lines if line["crisis"] and not gate.check(line["text"])] == []


def test_false_alarms_over_all_examples(gate: Gate) -> None:
    """At most two in a hundred of everything else people are known to say, the truly urgent counted in."""
    texts = [
        _ANNOTATION.sub(r"\1", line.strip()[2:])
        for path in (ROOT / "intents/nlu").glob("*.yml")
        for topic in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu", [])
        if "intent" in topic
        for line in topic["examples"].splitlines()
    ]
    assert len(texts) > 5000
    alarms = [text for text in texts if gate.check(text)]
    assert len(alarms) / len(texts) <= MOST_FALSE


@pytest.mark.parametrize(
    "text",
    [
        "我，不，想，活，了",
        "我.想.自.杀",
        "𝗶 想 自 殺",
        "想自杀\u200b",
        "ｚｉｓｈａ",
        "我 真 的 不 想 活 了 ！！",
        "跳\n楼",
    ],
)
def test_spelled_apart(gate: Gate, text: str) -> None:
    """Blanks, marks, widths and traditional characters change nothing."""
    found = gate.check(text)
    assert found is not None
    assert found.kind == "self_harm"


@pytest.mark.parametrize("text", ["", " ", "。。。", "？", "👍", "a" * 5000, "工" * 5000])
def test_nothing_is_nothing(gate: Gate, text: str) -> None:
    """Empty, wordless and endless messages are ordinary."""
    assert gate.check(text) is None


def test_a_denial_covers_its_own_clause_only(gate: Gate) -> None:
    """What comes after the comma counts."""
    assert gate.check("我没有想不开") is None
    assert gate.check("我没有朋友，想不开了") is not None


def _rules(stored: dict[str, Any], **rule: object) -> None:
    stored["rules"] = [rule]


BREAKS: dict[str, Callable[[dict[str, Any]], object]] = {
    "kinds：": lambda stored: stored.pop("kinds"),
    "rules：": lambda stored: stored.update(rules=[]),
    "rules 第 1 条：kinds 里没有 fire": lambda stored: _rules(stored, kind="fire", any=["火"]),
    "rules 第 1 条：只能有": lambda stored: _rules(stored, kind="accident", all=["火"]),
    "rules 第 1 条：contexts 里没有 joke": lambda stored: _rules(
        stored, kind="accident", any=["火"], unless=["joke"]
    ),
    "rules 第 1 条：unless 要是一串": lambda stored: _rules(
        stored, kind="accident", any=["火"], unless="past"
    ),
    "rules 第 1 条：写法 (火 不对": lambda stored: _rules(stored, kind="accident", any=["(火"]),
    "rules 第 1 条：写法 火* 什么都能对上": lambda stored: _rules(stored, kind="accident", any=["火*"]),
    "rules 第 1 条：words 里没有 fire": lambda stored: _rules(stored, kind="accident", any=["{fire}"]),
    "rules 第 1 条：要是一串写法": lambda stored: _rules(stored, kind="accident"),
    "characters：": lambda stored: stored.update(characters="殺杀樓"),
    "harmless：": lambda stored: stored.pop("harmless"),
    "variants：": lambda stored: stored.update(variants=[]),
}


@pytest.mark.parametrize("place", BREAKS)
def test_a_broken_file_is_refused_with_its_place(stored: dict[str, Any], place: str) -> None:
    """Whoever edits the file reads where it is wrong."""
    BREAKS[place](stored)
    with pytest.raises(ContentError, match=re.escape(f"crisis.yml 的 {place}")):
        crisis.build(stored)


@pytest.mark.parametrize("content", [b"rules: [", b"- a", b"\xff"])
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    """Broken YAML, a list, another encoding."""
    (tmp_path / "crisis.yml").write_bytes(content)
    with pytest.raises(ContentError, match=r"crisis\.yml 读不懂"):
        crisis.read(tmp_path)
    with pytest.raises(ContentError, match=r"crisis\.yml 读不懂"):
        crisis.read(tmp_path / "nowhere")


WORDS: dict[str, Callable[[dict[str, Any]], object]] = {
    "duty：": lambda stored: stored.pop("duty"),
    "care：": lambda stored: stored.update(care=""),
    "kinds.accident：": lambda stored: stored["kinds"]["accident"].update(reply="menu"),
    "kinds.accident.text：要写": lambda stored: stored["kinds"]["accident"].pop("text"),
    "kinds.accident.text：hotlines.yml 里没有 999": lambda stored: stored["kinds"]["accident"].update(
        text="{999}"
    ),
}


@pytest.mark.parametrize("place", WORDS)
def test_broken_words_are_refused_with_their_place(
    tmp_path: Path, stored: dict[str, Any], place: str
) -> None:
    """A missing sentence or an unknown hotline never reaches a person."""
    WORDS[place](stored)
    (tmp_path / "crisis.yml").write_text(yaml.safe_dump(stored, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ContentError, match=re.escape(f"crisis.yml 的 {place}")):
        comfort(tmp_path, HOTLINES, "示例工会")


def test_what_is_said() -> None:
    """Every kind names a number to call, promises a colleague only while one is there, and fits one bubble."""
    said = comfort(content_dir(), HOTLINES, "示例工会")
    for kind, danger in said.dangers.items():
        there, nobody = said.say(danger.text, on_duty=True), said.say(danger.text, on_duty=False)
        assert "110（热线）" in there, kind
        assert "已经提醒示例工会" in there
        assert "已经提醒" not in nobody
        assert "{" not in there + nobody
        assert len(there) <= 460
        assert danger.reply is (ReplyKind.DUTY if kind == "disturbance" else ReplyKind.CRISIS)
