"""The built-in engine on a handful of examples."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from bot.core.errors import ContentError, SettingsError
from intents import corpus, features, training
from intents.catalogue import Intent
from intents.classifier import MODEL_FILE, BuiltinEngine, Workshop, train_once
from intents.model import Model
from intents.nlu import Decision, NLUResult, Ranked, Thresholds, decide
from intents.training import Crossed, Teacher
from tests.unit.intents import intents_folder as small

TODAY = date(2026, 11, 20)


def _vectors(texts: Sequence[str]) -> features.Floats:
    """A stand-in encoder: whether money, school or neither is spoken of."""
    rows = [[float("工资" in text or "工钱" in text), float("学" in text), 0.1] for text in texts]
    return np.array(rows, dtype=np.float32)


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """A workshop over the small folder."""
    return Workshop(
        small.write(tmp_path / "intents"), tmp_path / "kept", Teacher("three", _vectors), {"杭州": "浙江"}
    )


def test_a_message_gets_intent_ranking_and_entities(workshop: Workshop) -> None:
    """What is said, how sure, what else it might be, and what it names."""
    engine = workshop.open()
    result = engine.parse("杭州的老板欠了我三千五的工资", TODAY)
    assert result.intent is Intent.REPORT_UNPAID_WAGES
    assert result.ranking[0].confidence == result.confidence
    assert sum(one.confidence for one in result.ranking) == pytest.approx(1, abs=1e-4)
    assert [str(entity.value) for entity in result.entities] == ["浙江", "3500"]
    row = result.to_dict()
    assert (row["intent"], row["engine"], row["model_id"]) == (
        "report_unpaid_wages",
        "builtin",
        engine.model.digest,
    )
    assert [one["intent"] for one in row["ranking"]] == [one.intent.value for one in result.ranking]


def test_nothing_known_is_no_intent(workshop: Workshop) -> None:
    """Marks and foreign letters give no candidate, and no error."""
    engine = workshop.open()
    for text in ("", "   ", "ъжщ", "👍"):
        result = engine.parse(text, TODAY)
        assert decide(result, engine.thresholds).intent is None
    assert engine.parse("好" * 100_000, TODAY).engine == "builtin"


def test_the_model_is_kept_until_the_examples_change(workshop: Workshop) -> None:
    """A second start reads the model; an edit, another encoder or a damaged file trains anew."""
    first = workshop.open()
    kept = workshop.kept / MODEL_FILE
    stamp = kept.stat().st_mtime_ns
    assert workshop.open().model.digest == first.model.digest
    assert kept.stat().st_mtime_ns == stamp
    other = Workshop(workshop.folder, workshop.kept).open()
    assert other.model.digest != first.model.digest
    assert other.parse("老板欠我工资", TODAY).intent is Intent.REPORT_UNPAID_WAGES
    small.write(workshop.folder, small.nlu(cancel=("算了不办了", "别弄了")), "more.yml")
    assert workshop.open().parse("算了不办了", TODAY).intent is Intent.CANCEL
    kept.write_bytes(b"PK broken")
    assert workshop.open().model.digest == training.digest(
        corpus.fingerprint(workshop.folder), workshop.teacher
    )


def test_where_nothing_can_be_trained_the_model_at_hand_serves_on(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the large library edited examples wait; without any model the sentence says what to install."""
    first = workshop.open()
    small.write(workshop.folder, small.nlu(cancel=("算了不办了", "别弄了")), "more.yml")
    monkeypatch.setattr(training, "find_spec", lambda _: None)
    assert workshop.open().model.digest == first.model.digest
    assert Workshop(workshop.folder, workshop.kept).open().vectors is None
    (workshop.kept / MODEL_FILE).unlink()
    with pytest.raises(SettingsError, match="models"):
        workshop.open()


def test_a_kept_model_says_the_same(workshop: Workshop) -> None:
    """Saving and loading changes no ranking and hardly a confidence."""
    fresh = train_once(corpus.read(workshop.folder), workshop.teacher)
    workshop.open()
    model = Model.load(workshop.kept / MODEL_FILE)
    assert model is not None
    again = BuiltinEngine(model, _vectors)
    for text in (*small.APPLY, *small.WAGES, *small.THANKS):
        was, now = fresh.parse(text, TODAY), again.parse(text, TODAY)
        assert [one.intent for one in was.ranking] == [one.intent for one in now.ranking]
        assert was.confidence == pytest.approx(now.confidence, abs=0.01)


def test_models_of_another_program_are_not_read(workshop: Workshop) -> None:
    """An unknown intent or another format means training anew, not an error."""
    workshop.open()
    kept = workshop.kept / MODEL_FILE
    stored = dict(np.load(kept))
    np.savez(kept, **{**stored, "format": np.array(0)})
    assert Model.load(kept) is None
    np.savez(kept, **{**stored, "intents": np.array(["fly_to_the_moon"] * 3)})
    assert Model.load(kept) is None


def test_training_measures_what_confidence_is_worth(workshop: Workshop) -> None:
    """Cross-validation scores every example unseen and the engine takes the borders found."""
    engine, crossed = workshop.train()
    assert len(crossed.right) == len(small.APPLY + small.WAGES + small.THANKS)
    assert crossed.accuracy >= 0.5
    assert crossed.top3 == 1
    assert set(crossed.f1) == set(crossed.intents)
    assert 0 <= crossed.macro_f1 <= 1
    assert engine.thresholds == training.measure(crossed).thresholds
    assert workshop.open().thresholds == engine.thresholds


def test_a_shipped_model_serves_where_none_is_kept(workshop: Workshop) -> None:
    """A model beside the examples is used as long as it is of these examples."""
    engine, _ = workshop.train(ship=True)
    assert (workshop.folder / MODEL_FILE).exists()
    assert workshop.open().model.digest == engine.model.digest
    assert not (workshop.kept / MODEL_FILE).exists()
    small.write(workshop.folder, small.nlu(cancel=("算了不办了", "别弄了")), "more.yml")
    workshop.open()
    assert (workshop.kept / MODEL_FILE).exists()


def test_borders_follow_from_what_was_right() -> None:
    """Sure and right acts early; unsure is offered; hopeless is not."""
    draw = np.random.default_rng(1)
    right = draw.integers(0, 5, 400)
    scores = draw.normal(-1, 0.3, (400, 5)).astype(np.float32)
    scores[np.arange(400), right] += draw.uniform(0, 3, 400).astype(np.float32)
    worth = training.measure(Crossed(tuple(Intent)[:5], scores, right))
    assert 0 < worth.thresholds.offer < worth.thresholds.answer < 0.95
    assert worth.sharpness > 1


def test_one_intent_alone_cannot_be_learned(tmp_path: Path) -> None:
    """The writer is told what is missing."""
    folder = small.write(tmp_path, small.nlu(affirm=("好", "行")))
    with pytest.raises(ContentError, match="至少要有两个意图"):
        train_once(corpus.read(folder))


def test_two_intents_are_enough(tmp_path: Path) -> None:
    """The machine's shape for two classes is understood."""
    folder = small.write(tmp_path, small.nlu(affirm=("好", "行", "可以"), deny=("不", "不行", "别")))
    engine = train_once(corpus.read(folder))
    assert engine.parse("行", TODAY).intent is Intent.AFFIRM
    assert engine.parse("不行", TODAY).intent is Intent.DENY


def test_decisions_never_force_an_answer() -> None:
    """Act when sure, offer three when not, nothing when hopeless."""
    ranking = tuple(
        Ranked(intent, 0.2) for intent in (Intent.AFFIRM, Intent.DENY, Intent.BACK, Intent.CANCEL)
    )
    borders = Thresholds(answer=0.6, offer=0.2)

    def decided(confidence: float) -> Decision:
        return decide(NLUResult(Intent.AFFIRM, confidence, ranking, (), "builtin", ""), borders)

    assert decided(0.6) == Decision(Intent.AFFIRM)
    assert decided(0.59) == Decision(offers=(Intent.AFFIRM, Intent.DENY, Intent.BACK))
    assert decided(0.19) == Decision()
    assert decide(NLUResult(None, 1.0, (), (), "rasa", ""), borders) == Decision()


def test_long_stories_keep_both_ends() -> None:
    """Beginning and wish of a very long message are both seen; numbers are all alike."""
    plain = features.simplify("开头" + "啊" * 2000 + "帮我算一下")
    assert plain.startswith("^开头")
    assert plain.endswith("帮我算一下$")
    assert features.simplify("干了３年，8.5千！") == features.simplify("干了12年 9千")
