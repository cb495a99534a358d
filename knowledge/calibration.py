"""When to answer, offer or refuse: two small logistic models fitted on the base's own held-out questions."""

from collections.abc import Sequence
from dataclasses import astuple, replace
from random import Random

import numpy as np
from numpy.typing import NDArray

from knowledge.chunks import Chunk, Finding
from knowledge.confidence import DEFAULT, Border, Calibration
from knowledge.equipment import Equipment
from knowledge.library import Library

_HELD_OUT = 0.12
_FEWEST = 60
"""With fewer held-out questions nothing can be fitted; the defaults stay."""
_KEEP = 0.985
"""Share of answerable questions that must not be refused."""
_MOST_WRONG = 0.06
"""Share of held-out questions that may be answered from another entry than their own; on workers' questions, where a
neighbouring entry with the right article is right too, a little more than half of it was seen."""
_RIDGE = 1e-2
_ROUNDS = 30

Matrix = NDArray[np.float64]


def calibrate(chunks: Sequence[Chunk], equipment: Equipment, seed: int = 0) -> Calibration:
    """Hold questions and negatives out, build without them, and fit on how they fare."""
    draw = Random(seed)  # noqa: S311 - shuffling, not secrets
    reduced, held = hold_out(chunks, draw)
    negatives = list(equipment.negatives)
    draw.shuffle(negatives)
    half = len(negatives) // 2
    if len(held) < _FEWEST or half < _FEWEST:
        return DEFAULT
    library = Library.build(reduced, replace(equipment, negatives=tuple(negatives[:half])))
    asked = [library.find(question) for question, _ in held]
    strange = [library.find(message) for message in negatives[half:]]
    right = np.array(
        [_is_right(finding, key, library) for finding, (_, key) in zip(asked, held, strict=True)]
    )
    inside, outside = _rows(asked), _rows(strange)
    ours = _fit(np.vstack([inside, outside]), np.r_[np.ones(len(inside)), np.zeros(len(outside))])
    best = _fit(inside, right.astype(float))
    return _with_thresholds(ours, best, asked, strange, right)


def _with_thresholds(
    ours: Border, best: Border, asked: Sequence[Finding], strange: Sequence[Finding], right: NDArray[np.bool_]
) -> Calibration:
    inside = np.array([ours.probability(finding.signals) for finding in asked])
    outside = np.array([ours.probability(finding.signals) for finding in strange])
    near = float(np.quantile(inside, 1 - _KEEP))
    trust = np.array([best.probability(finding.signals) for finding in asked])
    order = np.argsort(-trust)
    wrong = np.cumsum(~right[order]) / len(order)
    allowed = np.flatnonzero(wrong <= _MOST_WRONG)
    sure = float(trust[order][allowed[-1]]) if len(allowed) else 1.0
    figures = {
        "questions": float(len(asked)),
        "negatives": float(len(strange)),
        "auroc": round(auroc(inside, outside), 4),
        "kept": round(float((inside >= near).mean()), 4),
        "refused": round(float((outside < near).mean()), 4),
        "answered": round(float((trust >= sure).mean()), 4),
        "answered_wrong": round(float((~right & (trust >= sure)).mean()), 4),
        "first": round(float(right.mean()), 4),
    }
    return Calibration(ours, best, near, sure, figures)


def auroc(inside: NDArray[np.float64], outside: NDArray[np.float64]) -> float:
    """Probability that a random answerable question scores above a random other one."""
    both = np.concatenate([inside, outside])
    ranks = np.empty(len(both))
    ranks[np.argsort(both, kind="stable")] = np.arange(1, len(both) + 1)
    for value in np.unique(both[np.r_[np.diff(np.sort(both)) == 0, False]]) if len(both) else ():
        ranks[both == value] = ranks[both == value].mean()
    n = len(inside)
    return float((ranks[:n].sum() - n * (n + 1) / 2) / (n * len(outside)))


def hold_out(chunks: Sequence[Chunk], draw: Random) -> tuple[list[Chunk], list[tuple[str, str]]]:
    """The chunks without some of their questions, and those questions with the key of their chunk."""
    reduced, held = [], []
    for chunk in chunks:
        kept = []
        for question in chunk.questions:
            if len(chunk.questions) > 4 and draw.random() < _HELD_OUT:
                held.append((question, chunk.key))
            else:
                kept.append(question)
        reduced.append(replace(chunk, questions=tuple(kept)))
    return reduced, held


def _is_right(finding: Finding, key: str, library: Library) -> bool:
    """The best chunk is the entry itself, or rests on the same first article, or is an article the entry cites."""
    if not finding.hits:
        return False
    best, wanted = finding.hits[0].chunk, library.get(key)
    if best.key == key or wanted is None:
        return best.key == key
    return best.key in wanted.cites or bool(best.cites[:1] and best.cites[0] in wanted.cites)


def _rows(findings: Sequence[Finding]) -> Matrix:
    return np.array([astuple(finding.signals) for finding in findings], dtype=np.float64)


def _fit(rows: Matrix, labels: NDArray[np.float64]) -> Border:
    """Logistic regression by Newton's method with a little ridge, both classes weighing the same."""
    mean, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    given = np.column_stack([(rows - mean) / scale, np.ones(len(rows))])
    share = np.clip(labels.mean(), 1e-3, 1 - 1e-3)
    weigh = np.where(labels > 0, 0.5 / share, 0.5 / (1 - share))
    ridge = np.eye(given.shape[1]) * _RIDGE * len(rows)
    ridge[-1, -1] = 0
    beta = np.zeros(given.shape[1])
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(given @ beta, -30, 30)))
        gradient = given.T @ (weigh * (labels - chance)) - ridge @ beta
        curve = (given * (weigh * chance * (1 - chance))[:, None]).T @ given + ridge
        beta = beta + np.linalg.solve(curve + 1e-9 * np.eye(len(beta)), gradient)
    return Border(tuple(beta[:-1].tolist()), float(beta[-1]), tuple(mean.tolist()), tuple(scale.tolist()))
