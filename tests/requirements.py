"""What a fresh machine cannot provide is skipped with its reason, or fails where everything must run."""

import os

import pytest


def need(there: bool, reason: str) -> None:
    """Skip with ``reason`` unless ``there``; fail instead when NIANGJIA_REQUIRE_ALL is set."""
    if there:
        return
    if os.environ.get("NIANGJIA_REQUIRE_ALL"):
        pytest.fail(reason)
    pytest.skip(reason)
