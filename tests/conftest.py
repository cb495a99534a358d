"""Shared fixtures: real parts in a temporary directory."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import app
from bot.core.clock import FixedClock
from bot.settings import load_settings
from tests import requirements

CORPUS = Path(__file__).resolve().parent.parent.parent / "shared" / "corpus"


@pytest.fixture
def clock() -> FixedClock:
    """Noon of a working day in China, standing still."""
    return FixedClock(datetime(2026, 11, 20, 4, 0, tzinfo=UTC))


@pytest.fixture
def parts(tmp_path: Path, clock: FixedClock) -> Iterator[app.Parts]:
    """A whole deployment on a SQLite file, with the shipped handbook."""
    assembled = app.assemble(load_settings(data_dir=tmp_path / "var"), clock)
    yield assembled
    assembled.close()


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The statute corpus beside the checkout."""
    requirements.need(
        (CORPUS / "laws" / "manifest.csv").exists(), "the statute corpus is not beside this checkout"
    )
    return CORPUS


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Tests see neither the developer's environment nor a niangjia.toml."""
    for name in [
        name for name in os.environ if name.startswith("NIANGJIA_") and name != "NIANGJIA_REQUIRE_ALL"
    ]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
