"""An encoder of the deployment's own: trained on what is stored, weighed on held-out questions, put in place whole."""

import json
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from bot.storage.database import Database
from handlers.publishing import collect
from knowledge import training, tuning
from knowledge.calibration import calibrate, hold_out
from knowledge.encoder import StaticEncoder
from knowledge.equipment import Equipment
from knowledge.training import Plan

__all__ = ["Plan", "Trained", "train"]


@dataclass(frozen=True, slots=True)
class Trained:
    """What a training came to."""

    name: str
    weight: float
    """0 when the encoder did not help: keywords alone are used then."""
    figures: dict[str, float]


def train(
    database: Database, equipment: Equipment, folder: Path, plan: Plan, progress: Callable[[int, int], None]
) -> Trained:
    """Train twice: without some questions to find the weight, then with all of them; the old encoder serves till then."""
    with database.reading() as session:
        chunks = collect(session, equipment.catalogue)
    reduced, held = hold_out(chunks, Random(plan.seed))  # noqa: S311 - shuffling, not secrets
    draft = folder.with_name(f".{folder.name}.{uuid.uuid4().hex}")
    steps = plan.steps * 2
    try:
        training.train(training.material(reduced), draft, plan, lambda done, _: progress(done, steps))
        training.finish(draft, "trial", 1.0, {})
        trial = StaticEncoder.load(draft)
        weight, figures = tuning.choose_weight(reduced, held, equipment, trial)
        # Measured with an encoder that never saw the held-out questions; the final one did, and would flatter itself.
        training.finish(draft, "trial", weight, {})
        measured = calibrate(chunks, replace(equipment, encoder=StaticEncoder.load(draft)), plan.seed)
        shutil.rmtree(draft)
        training.train(
            training.material(chunks), draft, plan, lambda done, _: progress(plan.steps + done, steps)
        )
        figures["questions"] = float(len(held))
        training.finish(draft, "niangjia", weight, figures)
        (draft / "calibration.json").write_text(
            json.dumps(measured.to_dict(), indent=1) + "\n", encoding="utf-8"
        )
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Trained(StaticEncoder.load(folder).name, weight, figures)
