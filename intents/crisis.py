"""The crisis gate: whether a message is about a life, a body or a crowd in danger; rules are data, nothing is learned."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.core.errors import ContentError

_FILE = "crisis.yml"
_WORD = re.compile(r"[^\W_]+")
_MACRO = re.compile(r"\{([a-z_]+)\}")
_BLANK = "○"
_TAIL = 10
"""Characters before a find in which a denial can stand."""
_LONGEST = 4000
_KEYS = frozenset({"kind", "any", "unless", "never", "urgent"})


@dataclass(frozen=True, slots=True)
class Rule:
    """Patterns that mean one kind of danger, and the contexts that make them harmless."""

    kind: str
    pattern: re.Pattern[str]
    unless: tuple[str, ...] = ()
    """Contexts that switch the rule off while nothing says that it happens now."""
    never: tuple[str, ...] = ()
    """Contexts that switch the rule off in any case."""
    urgent: bool = False
    """Whether the rule holds only where something says that it happens now."""


@dataclass(frozen=True, slots=True)
class Signal:
    """What was found."""

    kind: str
    words: str = field(repr=False)
    """The words of the folded message that say so; as private as the message."""


@dataclass(frozen=True, slots=True)
class Folded:
    """A message without blanks, marks, variants of characters and harmless words."""

    text: str
    clauses: tuple[int, ...]
    """Where clauses begin."""

    def before(self, place: int) -> str:
        """The words of the same clause just before ``place``."""
        begins = self.clauses[bisect_right(self.clauses, place) - 1]
        return self.text[max(begins, place - _TAIL) : place]


@dataclass(frozen=True, slots=True)
class Gate:
    """All rules of one content folder."""

    characters: Mapping[int, str]
    variants: tuple[tuple[re.Pattern[str], str], ...]
    harmless: re.Pattern[str]
    denied: re.Pattern[str]
    now: re.Pattern[str]
    contexts: Mapping[str, re.Pattern[str]]
    rules: tuple[Rule, ...]

    def check(self, message: str) -> Signal | None:
        """The first danger that ``message`` speaks of, in the order of the file; None for an ordinary message."""
        folded = self._fold(message)
        for rule in self.rules:
            found = self._found(rule, folded)
            if found is not None:
                return Signal(rule.kind, found)
        return None

    def _fold(self, message: str) -> Folded:
        plain = unicodedata.normalize("NFKC", message[:_LONGEST]).lower().translate(self.characters)
        text, clauses, last = "", [0], 0
        for piece in _WORD.findall(plain):
            if min(last, len(piece)) > 1:
                clauses.append(len(text))
            text, last = text + piece, len(piece)
        for pattern, meant in self.variants:
            if pattern.search(text):
                text, clauses = _replaced(text, clauses, pattern, meant)
        text = self.harmless.sub(lambda found: _BLANK * len(found[0]), text)
        return Folded(text, tuple(clauses))

    def _found(self, rule: Rule, folded: Folded) -> str | None:
        for found in rule.pattern.finditer(folded.text):
            if self.denied.search(folded.before(found.start())):
                continue
            if self._is_switched_off(rule, folded.text):
                return None
            return found[0]
        return None

    def _is_switched_off(self, rule: Rule, text: str) -> bool:
        if any(self.contexts[name].search(text) for name in rule.never):
            return True
        if rule.urgent:
            return not self.now.search(text)
        return any(self.contexts[name].search(text) for name in rule.unless) and not self.now.search(text)


def _replaced(text: str, clauses: list[int], pattern: re.Pattern[str], meant: str) -> tuple[str, list[int]]:
    """``text`` with what ``pattern`` finds spelled ``meant``; clause beginnings move along."""
    out, shifted, taken = "", list(clauses), 0
    for found in pattern.finditer(text):
        out += text[taken : found.start()] + meant
        taken, move = found.end(), len(meant) - len(found[0])
        shifted = [new + move if old >= taken else new for old, new in zip(clauses, shifted, strict=True)]
    return out + text[taken:], shifted


def read(folder: Path) -> dict[str, Any]:
    """The crisis file of a content folder; a file that is no table is refused."""
    try:
        stored = yaml.load((folder / _FILE).read_text(encoding="utf-8"), yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as wrong:
        raise ContentError(f"{_FILE} 读不懂：{wrong}") from wrong
    if not isinstance(stored, dict):
        raise ContentError(f"{_FILE} 读不懂：最外层要是“名称: 内容”。")
    return stored


def build(stored: Mapping[str, Any]) -> Gate:
    """The gate of a crisis file; a broken one is refused with the place in it."""
    words = _words(stored)
    contexts = {
        name: _any(patterns, words, f"contexts.{name}")
        for name, patterns in _table(stored, "contexts").items()
    }
    return Gate(
        characters=_characters(stored),
        variants=tuple(_variants(stored, words)),
        harmless=_any(stored.get("harmless"), words, "harmless"),
        denied=_any(stored.get("denied"), words, "denied"),
        now=_any(stored.get("now"), words, "now"),
        contexts=contexts,
        rules=tuple(_rules(stored, words, contexts)),
    )


def _rules(
    stored: Mapping[str, Any], words: Mapping[str, str], contexts: Mapping[str, Any]
) -> Iterable[Rule]:
    kinds = _table(stored, "kinds")
    rules = stored.get("rules")
    if not isinstance(rules, list) or not rules:
        raise _broken("rules", "要是一串规则")
    for number, rule in enumerate(rules, 1):
        place = f"rules 第 {number} 条"
        if not isinstance(rule, dict) or not set(rule) <= _KEYS:
            raise _broken(place, f"只能有 {'、'.join(sorted(_KEYS))}")
        if rule.get("kind") not in kinds:
            raise _broken(place, f"kinds 里没有 {rule.get('kind')}")
        unless, never = _names(rule, "unless", contexts, place), _names(rule, "never", contexts, place)
        pattern = _any(rule.get("any"), words, place)
        yield Rule(rule["kind"], pattern, unless, never, rule.get("urgent") is True)


def _names(rule: Mapping[str, Any], name: str, contexts: Mapping[str, Any], place: str) -> tuple[str, ...]:
    given = rule.get(name, [])
    if not isinstance(given, list):
        raise _broken(place, f"{name} 要是一串 contexts 里的名称")
    for one in given:
        if one not in contexts:
            raise _broken(place, f"contexts 里没有 {one}")
    return tuple(given)


def _words(stored: Mapping[str, Any]) -> dict[str, str]:
    """Word lists that patterns name in braces; each may name the ones above it."""
    words: dict[str, str] = {}
    for name, patterns in _table(stored, "words").items():
        words[name] = f"(?:{_any(patterns, words, f'words.{name}').pattern})"
    return words


def _characters(stored: Mapping[str, Any]) -> dict[int, str]:
    pairs = stored.get("characters")
    if not isinstance(pairs, str) or len("".join(pairs.split())) % 2:
        raise _broken("characters", "要是成对的字：繁体在前，简体在后")
    plain = "".join(pairs.split())
    return {ord(plain[n]): plain[n + 1] for n in range(0, len(plain), 2)}


def _variants(stored: Mapping[str, Any], words: Mapping[str, str]) -> Iterable[tuple[re.Pattern[str], str]]:
    for meant, patterns in _table(stored, "variants").items():
        yield _any(patterns, words, f"variants.{meant}"), str(meant)


def _table(stored: Mapping[str, Any], name: str) -> dict[str, Any]:
    table = stored.get(name)
    if not isinstance(table, dict):
        raise _broken(name, "要是“名称: 内容”")
    return table


def _any(patterns: Any, words: Mapping[str, str], place: str) -> re.Pattern[str]:
    """One pattern that finds any of ``patterns``."""
    if not isinstance(patterns, list) or not patterns or not all(isinstance(one, str) for one in patterns):
        raise _broken(place, "要是一串写法")
    spelled = [_spelled(one, words, place) for one in patterns]
    try:
        joined = re.compile("|".join(spelled))
    except re.error:
        joined = None
    if joined is None or joined.match(""):
        raise _broken(place, _fault(patterns, spelled))
    return joined


def _fault(patterns: Iterable[str], spelled: Iterable[str]) -> str:
    """Which of ``patterns`` is wrong, and why; only looked for when one is."""
    for written, one in zip(patterns, spelled, strict=True):
        try:
            if re.compile(one).match(""):
                return f"写法 {written} 什么都能对上"
        except re.error as wrong:
            return f"写法 {written} 不对：{wrong}"
    return "几个写法合在一起不对"


def _spelled(pattern: str, words: Mapping[str, str], place: str) -> str:
    def word(found: re.Match[str]) -> str:
        if found[1] not in words:
            raise _broken(place, f"words 里没有 {found[1]}")
        return words[found[1]]

    return _MACRO.sub(word, pattern)


def _broken(place: str, why: str) -> ContentError:
    return ContentError(f"{_FILE} 的 {place}：{why}。")
