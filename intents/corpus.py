"""The example sentences in ``nlu/*.yml``: read with their places, refused when broken, fingerprinted."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.core.errors import ContentError
from intents import sources
from intents.catalogue import Intent, known
from intents.sources import Fault, Part

_KINDS = ("intent", "synonym", "regex", "lookup")
_TOP = {"version", "nlu"}
_MARKED = re.compile(r"\[([^\]]+)\](?:\{[^}]*\}|\([^)]*\))")


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence and what it is for."""

    text: str
    intent: Intent
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Corpus:
    """Everything the built-in engine learns from."""

    examples: tuple[Example, ...]
    synonyms: Mapping[str, str] = field(default_factory=dict)
    """Spelling → the word meant."""
    labels: Mapping[str, Part] = field(default_factory=dict)
    """Entity names that lookups, regexes and marked examples use, with one place each."""
    digest: str = ""
    """Fingerprint of the examples; blank lines and comments do not change it."""

    def by_intent(self) -> dict[Intent, list[Example]]:
        """The examples of each intent that has any."""
        found: dict[Intent, list[Example]] = {}
        for example in self.examples:
            found.setdefault(example.intent, []).append(example)
        return found


def folder() -> Path:
    """The shipped folder."""
    return Path(__file__).resolve().parent


def read(at: Path) -> Corpus:
    """The corpus in folder ``at``; the first thing that cannot be used is refused with file and line."""
    found = gather(at)
    for fault in doubles(found.examples):
        raise ContentError(str(fault))
    return found


def gather(at: Path) -> Corpus:
    """The same, sentences that stand under two intents included."""
    examples: list[Example] = []
    synonyms: dict[str, str] = {}
    labels: dict[str, Part] = {}
    for path in sorted((at / "nlu").glob("*.yml")):
        for item in _items(sources.read(path, f"nlu/{path.name}")):
            kind, name = _kind(item)
            if kind == "intent":
                examples += _examples(item, name, labels)
            elif kind == "synonym":
                synonyms |= {said: name.text for _, said in item.fields()["examples"].bullets()}
            else:
                labels.setdefault(name.text, name)
    if not examples:
        raise ContentError(f"{at.name}/nlu 里没有例句。")
    return Corpus(tuple(examples), synonyms, labels, examples_fingerprint(at))


def doubles(examples: Iterable[Example]) -> Iterator[Fault]:
    """Sentences that stand under two intents."""
    seen: dict[str, Example] = {}
    for example in examples:
        first = seen.setdefault(plain(example.text), example)
        if first.intent is not example.intent:
            where = f"{first.file} 第{first.line}行（{first.intent.label}）"
            text = f"“{example.text}”在{where}已经有了，一句话只能有一个意图。"
            yield Fault(example.file, example.line, text)


def plain(text: str) -> str:
    """``text`` without case, width, blanks and punctuation; what two equal examples share."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(char for char in folded if unicodedata.category(char)[0] not in "PZC") or folded


def fingerprint(at: Path) -> str:
    """SHA-256 of everything the YAML below ``at`` says: what a Rasa model depends on."""
    return _fingerprint(at, [*at.glob("*.yml"), *(at / "nlu").glob("*.yml")])


def examples_fingerprint(at: Path) -> str:
    """SHA-256 of the examples alone: what the built-in engine depends on."""
    return _fingerprint(at, (at / "nlu").glob("*.yml"))


def _fingerprint(at: Path, paths: Iterable[Path]) -> str:
    sha = hashlib.sha256()
    for path in sorted(paths):
        shown = path.relative_to(at).as_posix()
        content = json.dumps(sources.values(path, shown), ensure_ascii=False, sort_keys=True, default=str)
        sha.update(f"{shown}\n{content}\n".encode())
    return sha.hexdigest()


def _items(content: Part) -> Iterator[Part]:
    for key in content.keyed():
        if key.text not in _TOP:
            raise key.wrong(f"不认识 {key.text}，这里只能写 version 和 nlu。")
    listed = content.fields().get("nlu")
    if listed is None:
        raise content.wrong("缺少 nlu（例句列表）。")
    yield from listed.items()


def _kind(item: Part) -> tuple[str, Part]:
    fields = item.fields()
    kinds = [kind for kind in _KINDS if kind in fields]
    if len(kinds) != 1:
        raise item.wrong("每一项要有 intent、synonym、regex、lookup 之一。")
    for key in item.keyed():
        if key.text not in (kinds[0], "examples", "metadata"):
            raise key.wrong(f"不认识 {key.text}，这里只能写 {kinds[0]}、examples 和 metadata。")
    if "examples" not in fields:
        raise item.wrong(f"{kinds[0]} 缺少 examples。")
    return kinds[0], fields[kinds[0]]


def _examples(item: Part, name: Part, labels: dict[str, Part]) -> Iterator[Example]:
    intent = known(name.text)
    if intent is None:
        raise name.wrong(f"没有意图 {name.text}，请核对 intents/catalogue.py。")
    block = item.fields()["examples"]
    for line, written in block.bullets():
        for label in re.findall(r'\]\{"entity":\s*"(\w+)"|\]\((\w+)\)', written):
            labels.setdefault(label[0] or label[1], block)
        yield Example(_MARKED.sub(r"\1", written), intent, item.file, line)
