"""How workers say it → what statutes and handbook call it; found words are added to a question before searching."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from bot.core.errors import ContentError
from knowledge.keywords import normalise


@dataclass(frozen=True, slots=True)
class Rule:
    """Forms workers use and the terms they stand for."""

    said: tuple[str, ...]
    means: tuple[str, ...]
    unless: tuple[str, ...] = ()
    """Words whose presence switches the rule off."""


class Lexicon:
    """All rules, looked up in one pass."""

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self.rules = tuple(rules)
        self._by_form = {normalise(form): rule for rule in self.rules for form in rule.said}
        forms = sorted(self._by_form, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(_whole, forms))) if forms else None

    def terms(self, question: str) -> list[str]:
        """The terms that ``question`` means without saying them, each once, in the order they came up."""
        if self._pattern is None:
            return []
        text = normalise(question)
        rules = (self._by_form[found] for found in self._pattern.findall(text))
        terms = (
            term
            for rule in rules
            if not any(word in text for word in map(normalise, rule.unless))
            for term in rule.means
        )
        return [term for term in dict.fromkeys(terms) if term not in text]


def load(path: Path) -> Lexicon:
    """The lexicon of a YAML file; a broken rule is refused with its place. No file is an empty lexicon."""
    if not path.exists():
        return Lexicon()
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        return Lexicon(_rule(row, place, path.name) for place, row in enumerate(content["rules"], start=1))
    except (yaml.YAMLError, KeyError, TypeError) as wrong:
        raise ContentError(f"{path.name} 读不懂：{wrong}") from wrong


def _rule(row: object, place: int, source: str) -> Rule:
    if not isinstance(row, dict) or not row.get("said") or not row.get("means"):
        raise ContentError(f"{source} 第{place}条要有 said（怎么说）和 means（指什么）。")
    parts = {name: tuple(map(str, row.get(name) or ())) for name in ("said", "means", "unless")}
    return Rule(**parts)


def _whole(form: str) -> str:
    """Latin forms must not be part of a longer word."""
    return rf"(?<![a-z0-9]){re.escape(form)}(?![a-z0-9])" if form.isascii() else re.escape(form)
