"""Every article a calculator names is in the corpus, under the number shown, and current."""

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.core.numerals import to_int
from knowledge import catalogue
from knowledge.calculators import registry

ROOT = Path(__file__).resolve().parents[4]
_KEY = re.compile(r"[一-鿿（）《》]+#\d+")
_PROSE = re.compile(r"([一-鿿（）]{3,30}?)第([一二三四五六七八九十百]+)条")
pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def articles(corpus: Path) -> dict[str, set[int]]:
    """Short name → numbers of the articles whose text stands in its file."""
    found: dict[str, set[int]] = {}
    with (corpus / "laws" / "manifest.csv").open(encoding="utf-8") as manifest:
        for row in csv.DictReader(manifest):
            text = (corpus / row["folder"] / row["file"]).read_text(encoding="utf-8")
            numbers = re.findall(r"^第([一二三四五六七八九十百千零]+)条[ \u3000]", text, re.M)
            found[row["short"]] = {to_int(number) or 0 for number in numbers}
    return found


def _sources() -> str:
    files = [
        *(ROOT / "knowledge" / "calculators").glob("*.py"),
        *(ROOT / "data" / "parameters").glob("*.toml"),
    ]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def test_every_key_in_the_sources_is_an_article_of_the_corpus(articles: dict[str, set[int]]) -> None:
    """Keys written out, and those put together from a law and a number."""
    keys = set(_KEY.findall(_sources()))
    keys |= {f"工伤保险条例#{number}" for number in (35, 36, 37)}
    keys |= {f"国务院关于渐进式延迟法定退休年龄的办法#{number}" for number in (1, 2, 3)}
    keys = {key for key in keys if not key.startswith(("短名", "如"))}
    assert len(keys) >= 60
    for key in keys:
        law, number = key.split("#")
        assert int(number) in articles.get(law, set()), key


def test_every_article_named_in_a_sentence_exists(articles: dict[str, set[int]]) -> None:
    """The same for docstrings, hints and sources, where a sentence ends with the name of a law."""
    named = 0
    for before, numeral in _PROSE.findall(_sources()):
        law = next(
            (short for short in sorted(articles, key=len, reverse=True) if before.endswith(short)), None
        )
        if law:
            named += 1
            assert to_int(numeral) in articles[law], f"{before}第{numeral}条"
    assert named >= 12


def test_nothing_superseded_is_cited() -> None:
    """Articles that newer law replaced stay out."""
    laws = catalogue.load(ROOT / "data" / "laws.yml")
    for key in set(_KEY.findall(_sources())):
        law, number = key.split("#")
        known = laws.find(law)
        assert known is None or known.standing(number)[0], key


def test_each_line_of_a_result_names_its_article(compute: Callable[..., dict[str, Any]]) -> None:
    """Every step of the worked examples ends with a basis, and the citations are those bases."""
    from tests.unit.knowledge.calculators.test_worked_examples import EXAMPLES

    for name, given, _ in EXAMPLES:
        row = compute(name, **given)
        for step in row["steps"]:
            assert step.endswith("〕"), f"{name}: {step}"
        assert all(_KEY.fullmatch(key) for key in row["citations"]), json.dumps(row, ensure_ascii=False)
        assert row["citations"] == list(dict.fromkeys(row["citations"]))


def test_the_names_are_those_the_handbook_uses() -> None:
    """data/faq_terms.yml and the registry call every calculator the same."""
    import yaml

    terms = yaml.safe_load((ROOT / "data" / "faq_terms.yml").read_text(encoding="utf-8"))["calculators"]
    for name, title in terms.items():
        assert registry.CALCULATORS[name].title == title
