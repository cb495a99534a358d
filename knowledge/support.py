"""Whether a sentence that somebody else wrote says nothing but what a passage says.

The measure is strict on purpose, since nobody reads along: figures, law titles, guards and roles must stand as they do in
one passage sentence or it and its neighbour, every content word must be found there, and no condition before a used
clause may be left out. What is true but said too freely is dropped as well; the stored sentence then stands in its place.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.marks import Clause, Role, take_apart

_ENDS = re.compile(r"(?<=[。！？!?；;])[”’」』）)]*|\n+")
_CLAUSE_ENDS = re.compile("[，,：:—…()（）]+")
_LIST_MARK = re.compile(
    r"^\s*(?:[-*•·●#>]+\s*|[0-9]{1,2}[.、)）]\s*|[（(][一二三四五六七八九十0-9]{1,2}[)）]\s*|[①-⑳]\s*)+"
)
_SUSPICIOUS = re.compile(
    r"https?:|www\.|[a-z0-9-]+\.(?:com|cn|net|org|top|xyz|cc|io)\b|[\w.]+@\w|扫码|二维码|点击|加微信|验证码|转账|"
    "忽略(?:以上|上面|之前|前面)|提示词|系统指令|语言模型|人工智能|作为(?:一个)?ai|[?？]|包赢|稳赢|打包票|我(?:们)?(?:一定|保证|承诺|会帮|帮)",
    re.IGNORECASE,
)
"""Addresses, instructions, promises and questions: nothing like that is taken on trust."""
_SHARE = 0.6
"""Content bigrams of a clause that must stand in the passage."""
_WIDEST = 3
"""Passage clauses that one clause may sum up."""
_KEPT = 0.65
"""Content bigrams of a used passage clause that must come back."""
_SHORT = 3
"""Content letters below which a clause proves little: its passage clause has to be as short."""
_LIKE = 0.5
_LENT = 0.3
"""Content bigrams of each summed-up clause that must come back in the sum."""
_COVERED = 0.55
"""Content bigrams of a stored sentence that must come back for it to count as said."""


Owned = list[tuple[int, Clause]]
"""Clauses of a window, each with the place of its sentence."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and its clauses."""

    text: str
    clauses: tuple[Clause, ...]

    @property
    def figures(self) -> tuple[str, ...]:
        """Figures of all clauses in their order."""
        return tuple(figure for clause in self.clauses for figure in clause.figures)

    @property
    def roles(self) -> frozenset[Role]:
        """Everybody it speaks of."""
        return frozenset(role for clause in self.clauses for role in clause.roles)


def sentences(text: str) -> list[str]:
    """``text`` sentence by sentence, without list marks; a semicolon ends one too."""
    bare = re.sub(r"\*\*|__|`+", "", text)
    found = (_LIST_MARK.sub("", piece).strip() for line in bare.splitlines() for piece in _pieces(line))
    return [sentence for sentence in found if sentence]


def is_supported(sentence: str, passages: Sequence[str]) -> bool:
    """Whether one sentence of ``passages``, or one and its neighbour, says what ``sentence`` says."""
    return bool(support(sentence, [read(piece) for passage in passages for piece in sentences(passage)]))


def support(sentence: str, stored: Sequence[Sentence]) -> frozenset[int]:
    """The places in ``stored`` of the one or two sentences that ``sentence`` rests on; empty when there are none."""
    told = "".join(one.text for one in stored).lower()
    if any(found[0].lower() not in told for found in _SUSPICIOUS.finditer(sentence)):
        return frozenset()
    said = read(sentence)
    if not said.clauses:
        return frozenset()
    for width in (1, 2):
        for start in range(len(stored) - width + 1):
            used = _used(said, list(stored[start : start + width]))
            if used:
                return frozenset(start + place for place in used)
    return frozenset()


def is_covered(kept: Sentence, new: Sequence[Sentence]) -> bool:
    """Whether ``new`` leaves nothing of the stored sentence ``kept`` out: no figure, no guard, and most of its words."""
    figures = [figure for sentence in new for figure in sentence.figures]
    guards = [guard for sentence in new for clause in sentence.clauses for guard in clause.guards]
    if set(kept.figures) - set(figures):
        return False
    if {guard for clause in kept.clauses for guard in clause.guards} - set(guards):
        return False
    content = " ".join(clause.content for sentence in new for clause in sentence.clauses)
    return all(_share(clause.content, content) >= _COVERED for clause in kept.clauses)


def read(text: str) -> Sentence:
    """``text`` taken apart clause by clause."""
    clauses = (take_apart(piece) for piece in _CLAUSE_ENDS.split(text))
    return Sentence(text, tuple(clause for clause in clauses if not clause.is_empty))


def _pieces(line: str) -> Iterator[str]:
    start = 0
    for found in _ENDS.finditer(line):
        yield line[start : found.end()]
        start = found.end()
    yield line[start:]


def _used(said: Sentence, window: list[Sentence]) -> frozenset[int]:
    """Which sentences of ``window`` are needed for ``said``; empty when even all of them do not support it."""
    figures = tuple(figure for sentence in window for figure in sentence.figures)
    if not _is_run(said.figures, figures):
        return frozenset()
    clauses = [(place, clause) for place, sentence in enumerate(window) for clause in sentence.clauses]
    touched = _matched(said.clauses, clauses, window, frozenset())
    used = {clauses[place][0] for place in touched}
    if len(used) < len(window) or _leaves_out(touched, clauses, said):
        return frozenset()
    return frozenset(used)


def _matched(
    rest: Sequence[Clause], clauses: Owned, window: list[Sentence], touched: frozenset[int]
) -> frozenset[int]:
    """The places of all passage clauses that say what the clauses in ``rest`` say; empty when one is not said.

    Several clauses may split up one of the passage, so each is tried alone first, then together with those after it.
    """
    if not rest:
        return touched
    together = None
    for taken in range(1, min(len(rest), _WIDEST) + 1):
        together = together.followed_by(rest[taken - 1]) if together else rest[0]
        span = _span(together, clauses, window, touched)
        if span is not None and (found := _matched(rest[taken:], clauses, window, touched | frozenset(span))):
            return found
    return frozenset()


def _leaves_out(touched: frozenset[int], clauses: Owned, said: Sentence) -> bool:
    """Whether a clause up to the last used one of a sentence is missing or cut short: it may be the condition."""
    for owner in {clauses[place][0] for place in touched}:
        own = [place for place, (sentence, _) in enumerate(clauses) if sentence == owner]
        last = max(place for place in own if place in touched)
        if any(place <= last and not _is_kept(clauses[place][1], said, place in touched) for place in own):
            return True
    return False


def _is_kept(clause: Clause, said: Sentence, touched: bool) -> bool:
    """Whether ``said`` tells this clause, with its figures, its doers and the words on each side of its guards."""
    content = " ".join(one.content for one in said.clauses)
    doers = set(clause.roles) - {Role.WORKER}
    return (
        touched
        and set(clause.figures) <= set(said.figures)
        and doers <= said.roles
        and clause.sealed <= set(content)
        and _share(clause.content, content) >= _KEPT
        and all(_share(segment, content) >= _LENT for segment in clause.segments)
    )


def _span(clause: Clause, clauses: Owned, window: list[Sentence], touched: frozenset[int]) -> range | None:
    """The clauses of one passage sentence, none of them ``touched`` before, that say what ``clause`` says."""
    for width in range(1, _WIDEST + 1):
        for start in range(len(clauses) - width + 1):
            places = range(start, start + width)
            owners = {clauses[place][0] for place in places}
            if len(owners) > 1 or touched.intersection(places):
                continue
            if _agrees(clause, [clauses[place][1] for place in places], window[owners.pop()]):
                return places
    return None


def _agrees(clause: Clause, span: list[Clause], sentence: Sentence) -> bool:
    guards = tuple(guard for found in span for guard in found.guards)
    figures = tuple(figure for found in span for figure in found.figures)
    if clause.guards != guards or not _is_run(clause.figures, figures):
        return False
    content = " ".join(found.content for found in span)
    if not _is_found(clause.content, content) or not _needs_all(clause, span):
        return False
    if len(clause.content.replace(" ", "")) < _SHORT and _share(content, clause.content) < _LIKE:
        return False
    return _same_roles(clause, span, sentence) and _same_segments(clause, span)


def _needs_all(clause: Clause, span: list[Clause]) -> bool:
    """Whether no clause of ``span`` is there only to lend its guards."""
    return len(span) == 1 or all(
        not found.content.strip() or _share(found.content, clause.content) >= _LENT for found in span
    )


def _same_roles(clause: Clause, span: list[Clause], sentence: Sentence) -> bool:
    """Whether nobody is put in another's place."""
    here = tuple(role for found in span for role in found.roles)
    if not clause.roles:
        return True
    if here:
        return clause.roles == here if len(span) > 1 else _is_run(clause.roles, here)
    # The passage leaves the person unsaid: only one can be meant, and a worker is always addressed.
    return set(clause.roles) == {Role.WORKER} and sentence.roles <= {Role.WORKER}


def _same_segments(clause: Clause, span: list[Clause]) -> bool:
    """Whether each guard still stands before the same words."""
    kept = [""]
    for found in span:
        kept[-1] += " " + found.segments[0]
        kept += found.segments[1:]
    pairs = zip(clause.segments[1:], kept[1:], strict=True)
    return all(_share(said, stored) > 0 if said.strip() else not stored.strip() for said, stored in pairs)


def _is_found(said: str, stored: str) -> bool:
    """Whether every content word of ``said`` is in ``stored`` and most of its bigrams are."""
    pairs, letters = _bigrams(stored), set(stored)
    for run in said.split():
        known = [False, *(run[place : place + 2] in pairs for place in range(len(run) - 1)), False]
        foreign = [not (known[place] or known[place + 1]) for place in range(len(run))]
        # One letter may stand alone between other words; two strange ones in a row are a new word.
        if set(run) - letters or any(map(all, pairwise(foreign))):
            return False
    return _share(said, stored) >= _SHARE


def _share(said: str, stored: str) -> float:
    """Share of the bigrams of ``said`` in ``stored``; single letters count as themselves."""
    wanted = _bigrams(said)
    known = _bigrams(stored)
    return (
        len([pair for pair in wanted if pair in known or (len(pair) == 1 and pair in stored)]) / len(wanted)
        if wanted
        else 1.0
    )


def _bigrams(text: str) -> set[str]:
    return {run[place : place + 2] for run in text.split() for place in range(max(len(run) - 1, 1))}


def _is_run(part: tuple[str, ...], whole: tuple[str, ...]) -> bool:
    """Whether ``part`` stands in ``whole`` without a gap."""
    return any(whole[start : start + len(part)] == part for start in range(len(whole) - len(part) + 1))
