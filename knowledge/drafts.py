"""Somebody else's draft of a stored answer → the answer: supported sentences of the draft, stored ones for the rest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge import support
from knowledge.support import Sentence

_LEAST_KEPT = 0.5
"""Share of a draft's sentences that must be supported; a draft that lies more often is not used at all."""
_MOST_REPEATED = 0.5
"""Share of the stored sentences that may have to be put back; a draft that forgets more is not used either."""
_MOST_SENTENCES = 24


@dataclass(frozen=True, slots=True)
class Prose:
    """The part of an answer that may be said in other words."""

    conclusion: str
    details: tuple[str, ...] = ()
    """Conditions and exceptions."""

    @property
    def text(self) -> str:
        """All of it, as it is sent to be said in other words."""
        return "\n".join((self.conclusion, *self.details))


Reword = Callable[[str, Prose], Prose]
"""Says prose in words that fit a question; gives it back as it is where it cannot."""


def as_stored(_question: str, prose: Prose) -> Prose:
    """The prose as it is: what a deployment without a model does."""
    return prose


def accepted(draft: str, prose: Prose) -> Prose | None:
    """``prose`` in the words of ``draft`` as far as they are supported; None when the stored words are to stand.

    The conclusion has to survive. A detail the draft left out, or said wrongly, is put back as it is stored.
    """
    conclusion = support.sentences(prose.conclusion)
    details = [piece for detail in prose.details for piece in support.sentences(detail)]
    stored = [support.read(text) for text in (*conclusion, *details)]
    drafted = support.sentences(draft)
    if not drafted or not conclusion or len(drafted) > _MOST_SENTENCES:
        return None
    kept = [(text, places) for text in drafted if (places := support.support(text, stored))]
    if len(kept) < _LEAST_KEPT * len(drafted):
        return None
    said = [_Said(support.read(_ended(text)), places) for text, places in _without_repeats(kept)]
    return _put_together(said, stored, len(conclusion))


@dataclass(frozen=True, slots=True)
class _Said:
    sentence: Sentence
    places: frozenset[int]
    """Stored sentences it rests on."""


def _put_together(said: Sequence[_Said], stored: Sequence[Sentence], leading: int) -> Prose | None:
    """Conclusion first, then the details; None when the conclusion is lost or too much would have to be put back."""
    first = [one for one in said if min(one.places) < leading]
    rest = [one for one in said if min(one.places) >= leading]
    if not first or not all(_is_said(place, stored, first) for place in range(leading)):
        return None
    missing = [place for place in range(leading, len(stored)) if not _is_said(place, stored, said)]
    if len(missing) > _MOST_REPEATED * len(stored):
        return None
    # A draft sentence whose stored sentence comes back whole would only say part of it twice.
    shown = [(min(one.places), one.sentence.text) for one in rest if not one.places <= set(missing)]
    shown += [(place, _ended(stored[place].text)) for place in missing]
    return Prose("".join(one.sentence.text for one in first), tuple(text for _, text in sorted(shown)))


def _is_said(place: int, stored: Sequence[Sentence], said: Sequence[_Said]) -> bool:
    return support.is_covered(stored[place], [one.sentence for one in said if place in one.places])


def _without_repeats(kept: Sequence[tuple[str, frozenset[int]]]) -> list[tuple[str, frozenset[int]]]:
    """Each sentence once: a model that goes in circles says the same again."""
    return list({text: (text, places) for text, places in kept}.values())


def _ended(text: str) -> str:
    """``text`` closed like a sentence of its own."""
    bare = text.rstrip("；;")
    return bare if bare.endswith(("。", "！", "!", "”")) else f"{bare}。"
