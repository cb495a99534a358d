"""Finds what is wrong with handbook entries: each one by itself, and all of them side by side."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from knowledge import faq_rules, likeness
from knowledge.entries import Entry
from knowledge.findings import Base, Finding, Level
from knowledge.likeness import Claim, Pair

COMPETING = 0.8
"""Two questions so alike are one question."""
CLOSE = 0.65
"""Two questions so alike deserve a look."""


def examine(base: Base) -> list[Finding]:
    """Every finding, errors first, then by place."""
    found = [finding for entry in base.entries for finding in faq_rules.of_entry(entry, base)]
    for rule in (_same_id, _same_title, _same_question, _competing, _unknown_keys, _empty_lines):
        found += rule(base)
    return sorted(found, key=lambda finding: (finding.level.value, finding.place, finding.rule))


def _same_id(base: Base) -> Iterator[Finding]:
    for code, group in _groups(base.entries, lambda entry: entry.id).items():
        yield Finding(
            Level.ERROR, code, "id", f"编号 {code} 用了 {len(group)} 次，请给其中的新条目换一个没用过的编号。"
        )


def _same_title(base: Base) -> Iterator[Finding]:
    for group in _groups(base.entries, lambda entry: likeness.plain(entry.title)).values():
        codes = "、".join(dict.fromkeys(entry.id for entry in group))
        if "、" in codes:
            text = f"{codes} 的标题都是“{group[0].title}”，请改得能区分开，或合成一条。"
            yield Finding(Level.ERROR, codes, "title", text)


def _same_question(base: Base) -> Iterator[Finding]:
    where: dict[str, list[Claim]] = defaultdict(list)
    for claim in _claims(base):
        where[likeness.plain(claim.text)].append(claim)
    for claims in where.values():
        owners = "、".join(dict.fromkeys(claim.owner for claim in claims))
        if "、" in owners:
            text = f"“{claims[0].text}”同时写在 {owners} 里，请只留在答得最准的那一条。"
            yield Finding(Level.ERROR, owners, "question.twice", text)
        elif len(claims) > 1:
            text = f"“{claims[0].text}”写了 {len(claims)} 遍，请删到只剩一处。"
            yield Finding(Level.WARNING, owners, "question.twice", text)


def _competing(base: Base) -> Iterator[Finding]:
    regions = {entry.id: entry.region for entry in base.entries}
    titles = [Claim(entry.id, entry.title) for entry in base.entries]
    for pair in likeness.pairs([*_claims(base), *titles], CLOSE):
        first, second = pair.first.owner, pair.second.owner
        if likeness.plain(pair.first.text) == likeness.plain(pair.second.text):
            continue
        elsewhere = regions.get(first, "全国") != regions.get(second, "全国")
        surely = pair.likeness >= COMPETING and not elsewhere
        level = Level.ERROR if surely else Level.WARNING
        yield Finding(level, f"{first}、{second}", "competing", _told(pair))


def _told(pair: Pair) -> str:
    return (
        f"{pair.first.owner} 的“{pair.first.text}”和 {pair.second.owner} 的“{pair.second.text}”"
        f"太像（{pair.likeness:.0%}），请改掉或删掉其中一句，免得两条抢同一个问题。"
    )


def _unknown_keys(base: Base) -> Iterator[Finding]:
    codes = {entry.id for entry in base.entries}
    imported = set(base.library.book.laws())
    for key in base.questions:
        short, _, number = key.partition("#")
        known = key in codes or base.library.get(key) is not None
        if not known and number and short in base.catalogue.laws and short not in imported:
            continue
        if not known:
            text = f"附加问法指向 {key}，但没有这个条目或条文，请改成现有的编号，或删掉这一组。"
            yield Finding(Level.ERROR, key, "question.key", text)


def _empty_lines(base: Base) -> Iterator[Finding]:
    used = {entry.line for entry in base.entries}
    for line in base.terms.lines:
        if line.name not in used:
            text = f"服务线“{line.name}”还没有条目，请给相关条目填上 line，或写一条新的。"
            yield Finding(Level.WARNING, "service_lines.yml", "line.empty", text)


def _groups(entries: Sequence[Entry], named: Callable[[Entry], str]) -> dict[str, list[Entry]]:
    """Entries that share a name, by that name; names used once are left out."""
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[named(entry)].append(entry)
    return {name: group for name, group in groups.items() if len(group) > 1}


def _claims(base: Base) -> list[Claim]:
    own = [Claim(entry.id, question) for entry in base.entries for question in entry.questions]
    return own + [Claim(key, question) for key, listed in base.questions.items() for question in listed]
