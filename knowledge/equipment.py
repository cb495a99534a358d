"""What a library is built and searched with, besides its chunks."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from bot.core.errors import ContentError
from knowledge import catalogue as catalogues
from knowledge import checklists, confidence
from knowledge import lexicon as lexicons
from knowledge.catalogue import Catalogue
from knowledge.checklists import Checklists
from knowledge.confidence import DEFAULT, Calibration
from knowledge.encoder import Encoder
from knowledge.lexicon import Lexicon

_FORMAT = "2"
"""How an index is written down; a release that writes it otherwise counts on."""


@dataclass(frozen=True, slots=True)
class Equipment:
    """Names of laws, colloquial words, the encoder, and what lies outside."""

    catalogue: Catalogue
    lexicon: Lexicon = field(default_factory=Lexicon)
    encoder: Encoder | None = None
    places: Mapping[str, str] = field(default_factory=dict)
    """Name of a city or province → the region whose rules hold there."""
    calibration: Calibration = DEFAULT
    """What was measured when the content was shipped; used until the deployment measures its own."""
    negatives: tuple[str, ...] = ()
    """Messages the handbook does not answer; the border of refusal is learned from them."""
    checklists: Checklists = field(default_factory=dict)
    """Papers that applications ask for, shown in answers."""

    @property
    def digest(self) -> str:
        """Fingerprint of everything that changes what an index built with it looks like."""
        rules = [[rule.said, rule.means, rule.unless] for rule in self.lexicon.rules]
        name = self.encoder.name if self.encoder else ""
        parts = [_FORMAT, name, json.dumps([rules, self.negatives], ensure_ascii=False)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def load(content: Path, encoder: Encoder | None, trained: Path | None = None) -> Equipment:
    """The equipment of a content folder; what a deployment measured when it trained goes before what was shipped."""
    own = trained / "calibration.json" if trained else None
    measured = own if own and own.exists() else content / "calibration.json"
    return Equipment(
        catalogue=catalogues.load(content / "laws.yml"),
        lexicon=lexicons.load(content / "lexicon.yml"),
        encoder=encoder,
        places=_places(content / "regions.yml"),
        calibration=confidence.load(measured),
        negatives=_negatives(content / "negatives.yml"),
        checklists=checklists.load(content / "forms" / "documents.yml"),
    )


def _places(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        listed = content["regions"].items()
        return {name: region for region, names in listed for name in (region, *names)}
    except (yaml.YAMLError, AttributeError, TypeError, KeyError) as wrong:
        raise ContentError(f"{path.name} 读不懂：{wrong}") from wrong


def _negatives(path: Path) -> tuple[str, ...]:
    if not path.exists():
        return ()
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        return tuple(str(message) for listed in content.values() for message in listed)
    except (yaml.YAMLError, AttributeError, TypeError) as wrong:
        raise ContentError(f"{path.name} 读不懂：{wrong}") from wrong
