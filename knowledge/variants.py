"""The same content under another setting, to see side by side what the setting does."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.core.errors import SettingsError
from knowledge.chunks import Chunk
from knowledge.encoder import Encoder
from knowledge.equipment import Equipment
from knowledge.lexicon import Lexicon
from knowledge.library import Library
from knowledge.tuning import weighted

_OFF = "off"


@dataclass(frozen=True, slots=True)
class Variant:
    """What a library is built from, once changed."""

    chunks: Sequence[Chunk]
    equipment: Equipment


def vary(
    library: Library, equipment: Equipment, spec: str, open_encoder: Callable[[str], Encoder | None]
) -> Library:
    """The library with one setting changed: ``weight=0.3``, ``encoder=none``, ``lexicon=off``, ``entries=off``…"""
    name, _, value = spec.partition("=")
    if name not in CHANGES or not value:
        raise SettingsError(f"不认识“{spec}”，可以比较的有：{'、'.join(HELP.values())}。")
    base = Variant(library.chunks, replace(equipment, calibration=library.calibration))
    changed = CHANGES[name](base, value, open_encoder)
    other = Library.build(changed.chunks, changed.equipment)
    other.calibration = library.calibration
    return other


def _encoder(base: Variant, value: str, open_encoder: Callable[[str], Encoder | None]) -> Variant:
    return replace(base, equipment=replace(base.equipment, encoder=open_encoder(value)))


def _weight(base: Variant, value: str, _open: Callable[[str], Encoder | None]) -> Variant:
    encoder = base.equipment.encoder
    try:
        weight = float(value)
    except ValueError:
        weight = -1.0
    if encoder is None or not 0 <= weight <= 1:
        raise SettingsError("weight 要写 0 到 1 之间的数，并且要有编码器。")
    return replace(base, equipment=replace(base.equipment, encoder=weighted(encoder, weight)))


def _lexicon(base: Variant, value: str, _open: Callable[[str], Encoder | None]) -> Variant:
    _only_off("lexicon", value)
    return replace(base, equipment=replace(base.equipment, lexicon=Lexicon()))


def _entries(base: Variant, value: str, _open: Callable[[str], Encoder | None]) -> Variant:
    """Statutes and handbooks alone, without any question that leads to them."""
    _only_off("entries", value)
    return replace(base, chunks=[replace(c, questions=()) for c in base.chunks if c.kind != "entry"])


def _questions(base: Variant, value: str, _open: Callable[[str], Encoder | None]) -> Variant:
    _only_off("questions", value)
    return replace(base, chunks=[replace(chunk, questions=()) for chunk in base.chunks])


def _only_off(name: str, value: str) -> None:
    if value != _OFF:
        raise SettingsError(f"{name} 只能写 {name}=off。")


CHANGES: Mapping[str, Callable[[Variant, str, Callable[[str], Encoder | None]], Variant]] = {
    "encoder": _encoder,
    "weight": _weight,
    "lexicon": _lexicon,
    "entries": _entries,
    "questions": _questions,
}
"""Setting → what it changes."""
HELP = {
    "encoder": "encoder=none（或一个编码器）",
    "weight": "weight=0.3",
    "lexicon": "lexicon=off",
    "entries": "entries=off（只有法条和手册原文）",
    "questions": "questions=off（不用已知问法）",
}
