"""The built-in engine: ready in a moment from a kept or shipped model, trained on the spot when examples changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import structlog

from intents import corpus as corpora
from intents import entities, training
from intents.corpus import Corpus
from intents.features import Vectors
from intents.model import Model, Worth
from intents.nlu import NLUResult, Thresholds
from intents.training import Teacher

_log = structlog.get_logger(__name__)
ENGINE = "builtin"
MODEL_FILE = "model.npz"
MEASURED = Worth(sharpness=4.74, thresholds=Thresholds(answer=0.64, offer=0.19))
"""What was measured on the shipped corpus; ``niangjia intents train`` measures again."""


@dataclass(frozen=True, slots=True)
class BuiltinEngine:
    """Answers from a trained model; holds no state."""

    model: Model
    vectors: Vectors | None = None
    places: Mapping[str, str] = field(default_factory=dict)

    @property
    def thresholds(self) -> Thresholds:
        """What its confidence is worth."""
        return self.model.worth.thresholds

    def parse(self, text: str, today: date) -> NLUResult:
        """``text`` understood; relative dates count from ``today``."""
        found = entities.extract(text, today, self.places)
        scores = self.model.scores(text, self.vectors)
        if scores is None:
            return NLUResult(None, 0.0, (), found, ENGINE, self.model.digest)
        ranking = self.model.rank(scores)
        return NLUResult(ranking[0].intent, ranking[0].confidence, ranking, found, ENGINE, self.model.digest)


@dataclass(frozen=True, slots=True)
class Workshop:
    """Where the examples are, where the model is kept, and what to learn with."""

    folder: Path
    kept: Path
    teacher: Teacher = field(default_factory=Teacher)
    places: Mapping[str, str] = field(default_factory=dict)

    def open(self) -> BuiltinEngine:
        """The engine for the folder as it is; trains when the kept model was made of something else.

        A core installation cannot train: there the model at hand serves on, without the encoder if that is another one.
        """
        fingerprint = training.digest(corpora.examples_fingerprint(self.folder), self.teacher)
        found = [Model.load(path) for path in (self.kept / MODEL_FILE, self.folder / MODEL_FILE)]
        models = [model for model in found if model is not None]
        for model in models:
            if model.digest == fingerprint:
                return BuiltinEngine(model, self.teacher.vectors, self.places)
        if models and not training.is_possible():
            _log.warning("intents changed since the model was trained", mode="stale")
            return BuiltinEngine(models[0], self._fitting(models[0]), self.places)
        model = training.fit(corpora.read(self.folder), self.teacher, MEASURED)
        model.save(self.kept / MODEL_FILE)
        return BuiltinEngine(model, self.teacher.vectors, self.places)

    def _fitting(self, model: Model) -> Vectors | None:
        """The encoder, where ``model`` was trained with one that is as wide."""
        vectors = self.teacher.vectors
        return vectors if vectors and vectors(["工会"]).shape[1] == len(model.dense) else None

    def train(self, ship: bool = False) -> tuple[BuiltinEngine, training.Crossed]:
        """Measure on examples unseen, train on all of them, keep the model; ``ship`` puts it beside the examples."""
        found = corpora.read(self.folder)
        crossed = training.cross(found, self.teacher)
        model = training.fit(found, self.teacher, training.measure(crossed))
        model.save((self.folder if ship else self.kept) / MODEL_FILE)
        return BuiltinEngine(model, self.teacher.vectors, self.places), crossed


def train_once(
    corpus: Corpus, teacher: Teacher | None = None, places: Mapping[str, str] | None = None
) -> BuiltinEngine:
    """An engine trained on ``corpus`` that keeps nothing."""
    teacher = teacher or Teacher()
    return BuiltinEngine(training.fit(corpus, teacher, MEASURED), teacher.vectors, places or {})
