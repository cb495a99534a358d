"""Calculators with the shipped parameters on a fixed day."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from knowledge.calculators import registry
from knowledge.calculators.results import Context

SHIPPED = Path(__file__).resolve().parents[4] / "data" / "parameters"


@pytest.fixture(scope="session")
def context() -> Context:
    """What the shipped product knows on 2026-11-20."""
    return Context.read(SHIPPED, today=date(2026, 11, 20))


@pytest.fixture(scope="session")
def compute(context: Context) -> Callable[..., dict[str, Any]]:
    """Runs a calculator by name and gives its row of JSON types."""
    return lambda name, **given: registry.calculate(name, given, context).row()
