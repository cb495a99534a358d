"""Names of statutes: full titles, ordinary short names, levels, regions and what is no longer in force."""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path
from typing import Any

import yaml

from bot.core.errors import ContentError

_YEAR_NOTE = re.compile(r"（(?:\d{4}|节录|试行|修订|修正)[^）]*）")
_REGION = re.compile(r"^(北京|天津|上海|重庆|[一-鿿]{2,3}(?:省|自治区))")
_QUOTES = str.maketrans(
    {"(": "（", ")": "）", "<": "", ">": ""} | dict.fromkeys("《》〈〉“”\"'· \u3000\t", "")
)
_LEVELS = (
    (re.compile("^最高人民法院"), "司法解释"),
    (re.compile("通知$"), "规范性文件"),
    (re.compile("条例$|^国务院"), "行政法规"),
    (re.compile("(?<!办)法$|^民法典"), "法律"),
    (re.compile(""), "部门规章"),
)


@dataclass(frozen=True, slots=True)
class Law:
    """What is known of a statute besides its text."""

    title: str
    short: str
    level: str
    region: str = "全国"
    aliases: tuple[str, ...] = ()
    general: bool = False
    """A law of another branch, imported as background and ranked last."""
    superseded: str = ""
    """Why the whole text is no longer current."""
    note: str = ""
    superseded_articles: Mapping[str, str] = field(default_factory=dict)
    """Article number to the reason it must not be cited as current."""
    article_notes: Mapping[str, str] = field(default_factory=dict)

    def standing(self, number: str) -> tuple[bool, str]:
        """Whether article ``number`` may be cited as current, and what is to be said of it."""
        gone = self.superseded_articles.get(number) or self.superseded
        return not gone, gone or self.article_notes.get(number) or self.note


class Catalogue:
    """Finds a :class:`Law` by any of its names; unknown titles get a law derived from the title."""

    def __init__(self, laws: Iterable[Law]) -> None:
        self.laws = {law.short: law for law in laws}
        self._by_name = {normalise(name): law for law in self.laws.values() for name in names(law)}

    def find(self, name: str) -> Law | None:
        """The law called ``name``, in any ordinary spelling."""
        return self._by_name.get(normalise(name))

    def describe(self, title: str) -> Law:
        """The known law of this title, or one derived from the title alone."""
        return self.find(title) or derive(title)


def load(path: Path) -> Catalogue:
    """The catalogue of a YAML file; a broken one is refused with file and entry."""
    try:
        rows = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)["laws"]
        return Catalogue(_law(row) for row in rows)
    except (yaml.YAMLError, KeyError, TypeError) as wrong:
        raise ContentError(f"{path.name} 读不懂：{wrong}。请检查缩进和字段名。") from wrong


def _law(row: dict[str, Any]) -> Law:
    return Law(
        **{
            **row,
            "aliases": tuple(row.get("aliases", ())),
            "superseded_articles": {str(k): v for k, v in row.get("superseded_articles", {}).items()},
            "article_notes": {str(k): v for k, v in row.get("article_notes", {}).items()},
        }
    )


def derive(title: str) -> Law:
    """A law known by its title only: short name, level and region follow from the words of the title."""
    plain = normalise(title)
    short = re.sub(r"^最高人民法院(?=关于)", "", plain)
    local = _REGION.match(short)
    level = next(level for pattern, level in _LEVELS if pattern.search(plain))
    if local:
        level = "地方性法规" if short.endswith("条例") else "地方政府规章"
    region = re.sub(r"(省|自治区)$", "", local[1]) if local else "全国"
    return Law(title=title.strip(), short=short or title.strip(), level=level, region=region)


def with_manifest(catalogue: Catalogue, manifest: Mapping[str, str], title: str) -> Law:
    """The law of ``title`` with what a ``manifest.csv`` row beside the file adds to it."""
    law = catalogue.find(manifest.get("title") or title) or catalogue.find(manifest.get("short", ""))
    if law:
        return law
    level, _, region = manifest.get("level", "").rstrip("）").partition("（")
    law = derive(manifest.get("title") or title)
    return replace(
        law,
        short=manifest.get("short") or law.short,
        level=level or law.level,
        region=region or law.region,
        note=manifest.get("note", ""),
    )


def read_manifest(text: str) -> dict[str, dict[str, str]]:
    """Rows of a ``manifest.csv`` by file name; empty when the text is another kind of table."""
    rows = list(csv.DictReader(StringIO(text)))
    if not rows or not {"file", "title"} <= set(rows[0]):
        return {}
    return {row["file"]: row for row in rows}


def normalise(name: str) -> str:
    """``name`` without quotes, blanks, 中华人民共和国 and version notes, in full-width brackets."""
    plain = name.translate(_QUOTES).replace("中华人民共和国", "")
    return _YEAR_NOTE.sub("", plain)


def names(law: Law) -> set[str]:
    """Every name ``law`` goes by, the derived ones included."""
    found = {law.title, law.short, derive(law.title).short, *law.aliases}
    found |= {re.sub(r"^(?:国务院)?关于", "", normalise(name)) for name in found}
    return {name for name in found if name}
