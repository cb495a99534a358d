"""A real training on small data: sentence-transformers and our own reader give the same vectors."""

import json
from pathlib import Path

import numpy as np
import pytest

from bot.core.errors import SettingsError
from knowledge import encoder, training
from knowledge.catalogue import Catalogue
from knowledge.chunks import Chunk
from knowledge.equipment import Equipment
from knowledge.library import Library

TOPICS = {"工资": "拖欠的钱要补发", "产假": "生育可以休假", "工伤": "受伤可以认定"}
CHUNKS = [
    Chunk(
        f"H{place}",
        "entry",
        "组",
        title,
        "",
        title,
        "",
        text,
        questions=tuple(
            f"{title}{tail}" for tail in ("怎么办", "找谁", "几天", "多少", "合法吗", "要什么材料")
        ),
    )
    for place, (title, text) in enumerate(TOPICS.items())
] + [
    Chunk(
        "法#1",
        "statute",
        "法",
        "法",
        "1",
        "第一条",
        "",
        "第一条 单位应当按时发钱，不得拖欠。单位应当保障休假。",
    )
]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encoder trained for a few steps."""
    pytest.importorskip("torch", reason="training needs torch")
    folder = tmp_path_factory.mktemp("encoder") / "small"
    steps: list[int] = []
    plan = training.Plan(dimension=16, words=400, steps=30)
    training.train(training.material(CHUNKS), folder, plan, lambda done, _: steps.append(done))
    training.finish(folder, "small", 0.5, {"questions": 18})
    assert steps[-1] == 30
    return folder


def test_both_loaders_give_equal_vectors(trained: Path) -> None:
    """The folder is an ordinary sentence-transformers model; without torch the vectors are the same."""
    from sentence_transformers import SentenceTransformer

    texts = ["拖欠工资怎么办", "产假几天", "GONGSHANG 认定 2026", "受伤"]
    ours = encoder.StaticEncoder.load(trained).encode(texts)
    theirs = SentenceTransformer(str(trained), device="cpu").float().encode(texts, normalize_embeddings=True)
    np.testing.assert_allclose(ours, theirs, atol=2e-4)
    other = encoder.open_encoder(str(trained), trained, trained)
    assert other is not None
    assert other.name.startswith("small-")
    assert np.allclose(np.linalg.norm(ours, axis=1), 1.0, atol=1e-3)
    assert encoder.StaticEncoder.load(trained).encode(["？？"]).tolist() == [[0.0] * 16]


def test_a_library_with_an_encoder_survives_the_disk(trained: Path, tmp_path: Path) -> None:
    """Likeness is saved, loaded and used; another encoder is another fingerprint."""
    equipped = Equipment(Catalogue([]), encoder=encoder.StaticEncoder.load(trained))
    built = Library.build(CHUNKS, equipped)
    folder = tmp_path / "library"
    folder.mkdir()
    built.save(folder)
    loaded = Library.load(folder, equipped)
    found = loaded.find("工资谁管")
    assert found.hits[0].chunk.key == "H0"
    assert found.signals.question > 0
    assert found == built.find("工资谁管")
    assert equipped.digest != Equipment(Catalogue([])).digest


def test_a_damaged_or_unknown_encoder_is_refused(trained: Path, tmp_path: Path) -> None:
    """No silent fallback: a changed file, a missing manifest or an unknown name stops with one sentence."""
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(trained, copy)
    manifest = json.loads((copy / encoder.MANIFEST).read_text(encoding="utf-8"))
    manifest["digest"] = "0" * 64
    (copy / encoder.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(SettingsError, match="对不上"):
        encoder.StaticEncoder.load(copy)
    (copy / encoder.MANIFEST).write_text("{", encoding="utf-8")
    with pytest.raises(SettingsError, match="读不出来"):
        encoder.StaticEncoder.load(copy)
    with pytest.raises(SettingsError, match="载入不了"):
        encoder.open_encoder(str(tmp_path / "missing"), copy, copy)
    assert encoder.open_encoder("none", copy, copy) is None
    assert encoder.open_encoder("shipped", tmp_path / "no", tmp_path / "no") is None


def test_any_other_model_can_be_named(trained: Path, tmp_path: Path) -> None:
    """A sentence-transformers folder without our manifest is loaded by the library itself."""
    import shutil

    plain = tmp_path / "plain"
    shutil.copytree(trained, plain)
    (plain / encoder.MANIFEST).unlink()
    named = encoder.open_encoder(str(plain), plain, plain)
    assert named is not None
    assert named.name == "sentence-transformers:plain"
    ours = encoder.StaticEncoder.load(trained).encode(["产假几天"])
    np.testing.assert_allclose(named.encode(["产假几天"]), ours, atol=1e-3)


def test_training_needs_the_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without torch the sentence says what to install."""
    import sys

    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(SettingsError, match="models"):
        training.train(training.material(CHUNKS), tmp_path, training.Plan(steps=1))
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(SettingsError, match="models"):
        encoder.TransformerEncoder("x")
