"""Shared fixtures: real parts in a temporary directory."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from bot import app, logs
from bot.core.clock import FixedClock
from bot.settings import load_settings
from tests import requirements

CORPUS = Path(__file__).resolve().parent.parent.parent / "shared" / "corpus"
_PATIENCE = 30.0
"""Seconds a test client waits; only a machine under load needs more than one."""
_NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="session", autouse=True)
def _as_in_service() -> None:
    """Logs as the product writes them, not with every local variable; clients that are not soon out of patience."""
    logs.configure("INFO")
    waits = httpx._config.DEFAULT_TIMEOUT_CONFIG
    waits.connect = waits.read = waits.write = waits.pool = _PATIENCE


@pytest.fixture
def clock() -> FixedClock:
    """Noon of a working day in China, standing still."""
    return FixedClock(_NOON)


@pytest.fixture(scope="session")
def _first_start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory as a first start leaves it: migrated, handbook in, index built."""
    folder = tmp_path_factory.mktemp("first") / "var"
    with pytest.MonkeyPatch.context() as patch:
        _forget_settings(patch)
        app.assemble(load_settings(data_dir=folder), FixedClock(_NOON)).close()
    return folder


@pytest.fixture
def parts(_first_start: Path, tmp_path: Path, clock: FixedClock) -> Iterator[app.Parts]:
    """A whole deployment on a SQLite file, with the shipped handbook."""
    shutil.copytree(_first_start, tmp_path / "var")
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
    _forget_settings(monkeypatch)
    monkeypatch.chdir(tmp_path)


def _forget_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [
        name for name in os.environ if name.startswith("NIANGJIA_") and name != "NIANGJIA_REQUIRE_ALL"
    ]:
        monkeypatch.delenv(name)
