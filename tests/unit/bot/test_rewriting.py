"""The model's way in: its limits, its pauses, its address."""

import threading

import pytest

from bot.completions import Connections
from bot.core.errors import SettingsError
from bot.rewriting import Model, ModelError, Rewriter
from bot.settings import load_settings
from knowledge.drafts import Prose

PROSE = Prose("可以要求补发。", ("单位不付的，去投诉。",))


class _Line:
    """A way to a model that is told what to answer; None fails."""

    def __init__(self, *answers: str | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[list[dict[str, str]]] = []

    def ask(self, messages: list[dict[str, str]], most_tokens: int) -> str:
        self.asked.append(messages)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None:
        """Nothing is open."""


class _Watch:
    """Seconds that pass when they are told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_pause_after_three_failures_and_one_try_after_it() -> None:
    """In the pause nobody is asked; after it one failure begins the next pause, one success ends it."""
    fault = ModelError("超时")
    line, watch = (
        _Line(fault, fault, fault, fault, "可以要求补发的。单位不付的，去投诉。", fault, ""),
        _Watch(),
    )
    rewriter = Rewriter(Model("http://127.0.0.1/v1", "m"), line, watch)
    for _ in range(6):
        assert rewriter("问", PROSE) is PROSE
    assert len(line.asked) == 3
    watch.now += 61
    for _ in range(2):
        assert rewriter("问", PROSE) is PROSE
    assert len(line.asked) == 4
    watch.now += 61
    assert rewriter("问", PROSE).conclusion == "可以要求补发的。"
    assert rewriter("问", PROSE) is PROSE
    assert rewriter("问", PROSE) is PROSE
    assert len(line.asked) == 7


def test_a_fault_of_ours_leaves_the_stored_words() -> None:
    """Whatever happens around one rewriting, the worker gets an answer."""
    rewriter = Rewriter(Model("http://127.0.0.1/v1", "m"), _Line(ZeroDivisionError()))
    assert rewriter("问", PROSE) is PROSE


def test_what_is_too_long_is_not_sent() -> None:
    """The question is cut, long prose stays as it is."""
    line = _Line("")
    rewriter = Rewriter(Model("http://127.0.0.1/v1", "m"), line)
    long = Prose("可以。" * 1000)
    assert rewriter("问", long) is long
    rewriter("问" * 1000 + "尾", PROSE)
    assert len(line.asked) == 1
    assert "尾" not in line.asked[0][-1]["content"]


@pytest.mark.parametrize(
    ("address", "endpoint", "host", "open_to_listeners"),
    [
        ("http://127.0.0.1:11434/v1/", "http://127.0.0.1:11434/v1/chat/completions", "127.0.0.1:11434", False),
        ("https://u:secret@api.example.com/v1", "https://u:secret@api.example.com/v1/chat/completions", "api.example.com", False),
        ("http://192.168.1.5/v1", "http://192.168.1.5/v1/chat/completions", "192.168.1.5", False),
        ("http://model.lan/v1/chat/completions", "http://model.lan/v1/chat/completions", "model.lan", True),
    ],
)  # fmt: skip
def test_addresses(address: str, endpoint: str, host: str, open_to_listeners: bool) -> None:
    """With or without a slash or the whole path; nothing secret is shown of them."""
    model = Model(address, "m", "sk-secret")
    assert (model.endpoint, model.host, model.is_open_to_listeners) == (endpoint, host, open_to_listeners)
    assert "sk-secret" not in repr(model)


@pytest.mark.parametrize(
    "address", ["api.example.com/v1", "ftp://x/v1", "http://", "http://[::1/v1", "http://x:99999/"]
)
def test_a_wrong_address_is_refused_at_start(address: str) -> None:
    """With the setting's name."""
    with pytest.raises(SettingsError, match="NIANGJIA_LLM_BASE_URL"):
        load_settings(llm_base_url=address)


def test_closing_what_was_never_opened() -> None:
    """A deployment that asked nobody has no thread to end, before and after."""
    connections = Connections(Model("http://127.0.0.1/v1", "m"))
    connections.close()
    connections.close()
    assert "rewriting" not in {thread.name for thread in threading.enumerate()}
