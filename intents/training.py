"""Training of the built-in engine, and what its scores are worth, measured on examples it had not seen."""

import hashlib
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.core.errors import ContentError, SettingsError
from intents.catalogue import Intent
from intents.corpus import Corpus
from intents.features import Floats, Grams, Vectors
from intents.model import FORMAT, Model, Worth, probabilities
from intents.nlu import Thresholds

_FOLDS = 5
_FREEDOM = 1.0
_DENSE_SHARE = 0.5
"""Length of the sentence vector beside the runs, whose length is 1."""
_WANTED = 0.92
"""Share of acted-on messages that must be right."""
_HOPELESS = 0.5
"""Where fewer of the best three lists than this hold the right intent, nothing is offered."""


@dataclass(frozen=True, slots=True)
class Teacher:
    """The encoder to learn with: its name and its function; none is allowed."""

    name: str = ""
    vectors: Vectors | None = None


@dataclass(frozen=True, slots=True)
class Crossed:
    """What models said of examples they had not seen."""

    intents: tuple[Intent, ...]
    scores: Floats
    """Examples × intents."""
    right: NDArray[np.int64]
    """Place of each example's own intent."""

    @property
    def accuracy(self) -> float:
        """Share of examples whose best candidate is right."""
        return float((self.scores.argmax(axis=1) == self.right).mean())

    @property
    def top3(self) -> float:
        """Share of examples whose intent is among the best three."""
        best = np.argsort(-self.scores, axis=1)[:, :3]
        return float((best == self.right[:, None]).any(axis=1).mean())

    @property
    def f1(self) -> dict[Intent, float]:
        """F1 of each intent."""
        said = self.scores.argmax(axis=1)
        found = {}
        for place, intent in enumerate(self.intents):
            hits = int(((said == place) & (self.right == place)).sum())
            counted = int((said == place).sum() + (self.right == place).sum())
            found[intent] = 2 * hits / counted if counted else 0.0
        return found

    @property
    def macro_f1(self) -> float:
        """Mean F1, every intent counting the same."""
        return sum(self.f1.values()) / len(self.intents)


def is_possible() -> bool:
    """Whether the library that trains is installed; it is large, and a shipped model needs none of it."""
    return find_spec("sklearn") is not None


def digest(examples: str, teacher: Teacher) -> str:
    """Fingerprint of everything a training depends on; ``examples`` is that of the corpus."""
    return hashlib.sha256(f"{FORMAT} {examples} {teacher.name}".encode()).hexdigest()


def fit(corpus: Corpus, teacher: Teacher, worth: Worth | None = None) -> Model:
    """Train on every example; ``worth`` is what was measured, here or when the corpus was shipped."""
    texts = [example.text for example in corpus.examples]
    intents, targets = _targets(corpus)
    if len(intents) < 2:
        raise ContentError("至少要有两个意图的例句才能训练。")
    model = _fit(texts, _vectors(texts, teacher), targets, intents)
    dense = model.dense * _DENSE_SHARE  # so that whoever uses the model hands in plain unit vectors
    return replace(model, dense=dense, worth=worth or Worth(), digest=digest(corpus.digest, teacher))


def cross(corpus: Corpus, teacher: Teacher, folds: int = _FOLDS) -> Crossed:
    """Score every example with a model trained on the other folds."""
    texts = [example.text for example in corpus.examples]
    intents, targets = _targets(corpus)
    dense = _vectors(texts, teacher)
    scores = np.zeros((len(texts), len(intents)), dtype=np.float32)
    fold_of = _folds(targets, folds)
    for fold in range(folds):
        seen, unseen = np.flatnonzero(fold_of != fold), np.flatnonzero(fold_of == fold)
        if not len(unseen):
            continue  # fewer examples than folds
        model = _fit([texts[place] for place in seen], dense[seen], targets[seen], intents)
        rows = model.grams.matrix([texts[place] for place in unseen])
        scores[unseen] = rows @ model.weights + dense[unseen] @ model.dense + model.bias
    return Crossed(intents, scores, targets)


def measure(crossed: Crossed) -> Worth:
    """The sharpness that makes confidence honest, then the borders of acting and of offering."""
    at = np.arange(len(crossed.right))
    losses = {}
    for sharpness in np.geomspace(1, 30, 60):
        shares = probabilities(crossed.scores, float(sharpness))
        losses[float(sharpness)] = float(-np.log(np.maximum(shares[at, crossed.right], 1e-9)).mean())
    sharpness = min(losses, key=lambda one: losses[one])
    shares = probabilities(crossed.scores, sharpness)
    order = np.argsort(-shares, axis=1)[:, :3]
    return Worth(round(sharpness, 3), _borders(shares.max(axis=1), order, crossed.right))


def _borders(sure: Floats, order: NDArray[np.int64], right: NDArray[np.int64]) -> Thresholds:
    down = np.argsort(-sure)
    hits = (order[down, 0] == right[down]).cumsum() / np.arange(1, len(down) + 1)
    good = np.flatnonzero(hits >= _WANTED)
    answer = float(sure[down][good[-1]]) if len(good) else 0.9
    up = down[::-1]
    among = (order[up] == right[up, None]).any(axis=1).cumsum() / np.arange(1, len(up) + 1)
    bad = np.flatnonzero(among < _HOPELESS)
    offer = float(sure[up][bad[-1]]) if len(bad) else 0.0
    answer = min(max(answer, 0.3), 0.9)
    return Thresholds(round(answer, 3), round(min(max(offer, 0.05), answer / 2), 3))


def _fit(
    texts: Sequence[str], dense: Floats, targets: NDArray[np.int64], intents: tuple[Intent, ...]
) -> Model:
    if not is_possible():
        raise SettingsError("要训练意图模型，先安装：pip install 'niangjia[models]'。")
    from scipy.sparse import csr_matrix, hstack
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.svm import LinearSVC

    grams = Grams.learn(texts)
    rows: Any = grams.matrix(texts)
    if dense.shape[1]:
        rows = hstack([rows, csr_matrix(dense)]).tocsr()
    machine = LinearSVC(C=_FREEDOM, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # close enough is enough: it is measured
        machine.fit(rows, targets)
    weights, bias = _spread(machine, len(intents))
    cut = len(grams.places)
    return Model(intents, grams, weights[:cut], weights[cut:], bias, Worth(), "")


def _spread(machine: Any, width: int) -> tuple[Floats, Floats]:
    """Weights and bias of every intent, also of those a fold has not seen, and of two, which share one row."""
    rows, bias = machine.coef_, machine.intercept_
    if len(rows) == 1:
        rows, bias = np.vstack([-rows[0], rows[0]]), np.array([-bias[0], bias[0]])
    weights = np.zeros((rows.shape[1], width), dtype=np.float32)
    biases = np.full(width, -2.0, dtype=np.float32)
    weights[:, machine.classes_] = rows.T
    biases[machine.classes_] = bias
    return weights, biases


def _vectors(texts: Sequence[str], teacher: Teacher) -> Floats:
    if teacher.vectors is None:
        return np.zeros((len(texts), 0), dtype=np.float32)
    return np.asarray(teacher.vectors(texts) * _DENSE_SHARE, dtype=np.float32)


def _targets(corpus: Corpus) -> tuple[tuple[Intent, ...], NDArray[np.int64]]:
    there = {example.intent for example in corpus.examples}
    intents = tuple(intent for intent in Intent if intent in there)
    places = {intent: place for place, intent in enumerate(intents)}
    return intents, np.array([places[example.intent] for example in corpus.examples], dtype=np.int64)


def _folds(targets: NDArray[np.int64], folds: int) -> NDArray[np.int64]:
    """A fold for each example, the examples of every intent spread evenly."""
    draw = np.random.default_rng(0)
    fold_of = np.zeros(len(targets), dtype=np.int64)
    for target in np.unique(targets):
        own = draw.permutation(np.flatnonzero(targets == target))
        fold_of[own] = np.arange(len(own)) % folds
    return fold_of
