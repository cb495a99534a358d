"""Logs carry no personal data."""

from collections.abc import Iterator

import pytest
import structlog

from bot import logs


def test_only_allowed_fields_pass_and_numbers_are_masked() -> None:
    """Wording, addresses and tokens are dropped; what remains is masked."""
    event = {
        "event": "turn failed 13800000000",
        "channel": "web",
        "text": "secret",
        "sender": "secret",
        "openid": "x",
    }
    assert logs.redact(None, "", event) == {"event": "turn failed 138****0000", "channel": "web"}


@pytest.fixture
def _configured_again() -> Iterator[None]:
    """Other tests must not write to this test's captured stream."""
    yield
    structlog.reset_defaults()


@pytest.mark.usefixtures("_configured_again")
def test_a_configured_log_writes_one_json_line(capsys: pytest.CaptureFixture[str]) -> None:
    """The server's log can be read by machines."""
    logs.configure("INFO", json_lines=True)
    structlog.get_logger("t").info("hello", channel="web", text="secret")
    written = capsys.readouterr().err
    assert '"event": "hello"' in written
    assert "secret" not in written
