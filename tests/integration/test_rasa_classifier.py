"""The Rasa client against a server on loopback that behaves as Rasa 3.6 was seen to, well and badly."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from intents import classifier, corpus
from intents.catalogue import Intent
from intents.nlu import NLUEngine
from intents.rasa_classifier import Breaker, RasaEngine, RasaServer, State, model_name, open_client

TODAY = date(2026, 11, 20)
TOKEN = "t0ken"
GOOD = {
    "text": "…",
    "intent": {"name": "report_unpaid_wages", "confidence": 0.8},
    "intent_ranking": [
        {"name": "report_unpaid_wages", "confidence": 0.8},
        {"name": "calc_wages", "confidence": 0.1},
    ],
    "entities": [],
}


@dataclass
class FakeRasa:
    """What the server answers next, and what it was asked."""

    url: str = ""
    status: int = 200
    body: bytes = field(default_factory=lambda: json.dumps(GOOD).encode())
    delay: float = 0.0
    model: str = "models/niangjia-abc.tar.gz"
    asked: list[dict[str, Any]] = field(default_factory=list)

    def answers(self, **changes: Any) -> None:
        """Answer with the good body changed like this."""
        self.body = json.dumps({**GOOD, **changes}).encode()


@pytest.fixture
def rasa() -> Iterator[FakeRasa]:
    """A fake Rasa on a free port of loopback."""
    fake = FakeRasa()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            given = json.loads(self.rfile.read(int(self.headers["content-length"])))
            fake.asked.append(given)
            time.sleep(fake.delay)
            if f"token={TOKEN}" not in self.path:
                return self._send(401, b'{"reason": "NotAuthenticated"}')
            return self._send(fake.status, fake.body)

        def do_GET(self) -> None:
            self._send(fake.status, json.dumps({"model_file": fake.model, "model_id": "x"}).encode())

        def _send(self, status: int, body: bytes) -> None:
            try:
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                return  # the client has given up waiting

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    fake.url = f"http://127.0.0.1:{server.server_port}/"
    yield fake
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    """The client as it is used, with a shorter patience for the tests."""
    with open_client() as opened:
        opened.timeout = httpx.Timeout(0.3)
        yield opened


@pytest.fixture(scope="module")
def builtin(tmp_path_factory: pytest.TempPathFactory) -> NLUEngine:
    """The engine behind."""
    folder = tmp_path_factory.mktemp("intents")
    (folder / "nlu").mkdir()
    examples = "- intent: chitchat\n  examples: |\n    - 你好\n- intent: my_cases\n  examples: |\n    - 我的事办到哪了\n"
    (folder / "nlu" / "all.yml").write_text(f"nlu:\n{examples}", encoding="utf-8")
    return classifier.train_once(corpus.read(folder))


class Hands:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        """The present."""
        return self.seconds


@pytest.fixture
def hands() -> Hands:
    """Time for the breaker."""
    return Hands()


@pytest.fixture
def engine(rasa: FakeRasa, client: httpx.Client, builtin: NLUEngine, hands: Hands) -> RasaEngine:
    """Rasa first, the built-in engine behind it."""
    return RasaEngine(
        RasaServer(client, rasa.url, TOKEN), builtin, Breaker(hands), "abc" * 20, {"杭州": "浙江"}
    )


def test_a_good_answer_is_taken(rasa: FakeRasa, engine: RasaEngine) -> None:
    """Intent and ranking are Rasa's, entities are our own."""
    result = engine.parse("  杭州老板欠我三千五 ", TODAY)
    assert (result.intent, result.confidence, result.engine) == (Intent.REPORT_UNPAID_WAGES, 0.8, "rasa")
    assert [one.intent for one in result.ranking] == [Intent.REPORT_UNPAID_WAGES, Intent.CALC_WAGES]
    assert [str(entity.value) for entity in result.entities] == ["浙江", "3500"]
    assert rasa.asked == [{"text": "杭州老板欠我三千五"}]


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (401, b"{}", "令牌不对"),
        (409, b"{}", "没有载入模型"),
        (500, b"{}", "服务出错"),
        (302, b"{}", "状态码 302"),
        (200, b"<html>", "答复不是 JSON"),
        (200, b"[]", "答复不是 JSON 对象"),
        (200, b"{}", "答复里没有意图"),
        (200, b'{"intent": {"name": "my_cases"}, "intent_ranking": []}', "答复里没有候选"),
        (200, b'{"intent": {"name": "my_cases"}, "intent_ranking": [{"name": "my_cases"}]}', "读不懂"),
        (
            200,
            b'{"intent": {"name": "x"}, "intent_ranking": [{"name": "x", "confidence": 1}]}',
            "不认识的意图",
        ),
    ],
)
def test_a_bad_answer_goes_to_the_builtin_engine(
    rasa: FakeRasa, engine: RasaEngine, status: int, body: bytes, reason: str
) -> None:
    """The worker gets an answer, the health page the reason."""
    rasa.status, rasa.body = status, body
    result = engine.parse("我的事办到哪了", TODAY)
    assert (result.intent, result.engine) == (Intent.MY_CASES, "builtin")
    assert reason in engine.health.last_error
    assert (engine.health.asked, engine.health.fell_back) == (1, 1)


def test_a_wrong_token_is_named(
    rasa: FakeRasa, client: httpx.Client, builtin: NLUEngine, hands: Hands
) -> None:
    """Without the token Rasa answers 401, and the token never shows."""
    engine = RasaEngine(RasaServer(client, rasa.url, "other"), builtin, Breaker(hands))
    assert engine.parse("你好", TODAY).engine == "builtin"
    assert engine.health.last_error == "令牌不对"
    assert "other" not in repr(RasaServer(client, rasa.url, "other"))


def test_a_slow_server_is_given_up(rasa: FakeRasa, engine: RasaEngine) -> None:
    """The worker does not wait for it."""
    rasa.delay = 0.6
    assert engine.parse("你好", TODAY).engine == "builtin"
    assert engine.health.last_error == "超时"


def test_nobody_listens(client: httpx.Client, builtin: NLUEngine, hands: Hands) -> None:
    """A refused connection is a failure like any other, and so is an address that is none."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    for url in (f"http://127.0.0.1:{port}", "http://[", "ftp://127.0.0.1"):
        engine = RasaEngine(RasaServer(client, url, TOKEN), builtin, Breaker(hands))
        assert engine.parse("你好", TODAY).intent is Intent.CHITCHAT
        assert engine.health.last_error == "连不上"
        engine.check()


def test_rasas_own_fallback_is_no_intent(rasa: FakeRasa, engine: RasaEngine) -> None:
    """Rasa answered, so nobody else is asked; nothing was understood."""
    rasa.answers(intent={"name": "nlu_fallback", "confidence": 0.3})
    result = engine.parse("阿巴阿巴", TODAY)
    assert (result.intent, result.ranking, result.engine) == (None, (), "rasa")
    rasa.answers(intent_ranking=[{"name": "nlu_fallback", "confidence": 0.3}, *GOOD["intent_ranking"]])  # type: ignore[misc]
    assert engine.parse("欠薪", TODAY).ranking[0].intent is Intent.REPORT_UNPAID_WAGES


def test_empty_and_endless_messages(rasa: FakeRasa, engine: RasaEngine) -> None:
    """An empty text, on which Rasa fails, is not sent; a long one is cut."""
    assert engine.parse("  ", TODAY).engine == "builtin"
    assert rasa.asked == []
    engine.parse("好" * 20_000, TODAY)
    assert len(rasa.asked[0]["text"]) == 500


def test_the_breaker_opens_and_one_probe_closes_it(rasa: FakeRasa, engine: RasaEngine, hands: Hands) -> None:
    """Three failures in a row stop the asking; after the pause one call decides."""
    rasa.status = 500
    for _ in range(5):
        assert engine.parse("你好", TODAY).engine == "builtin"
    assert len(rasa.asked) == 3
    assert engine.health.state is State.OPEN
    assert "由内置引擎代答" in engine.health.said
    hands.seconds = 31
    engine.parse("你好", TODAY)
    assert len(rasa.asked) == 4
    assert engine.health.state is State.OPEN
    rasa.status = 200
    hands.seconds = 62
    assert engine.parse("你好", TODAY).engine == "rasa"
    assert engine.health.state is State.CLOSED
    assert engine.health.said == "Rasa 正常。"


def test_only_one_probe_at_a_time(hands: Hands) -> None:
    """While the probe is under way everybody else is answered by the built-in engine."""
    breaker = Breaker(hands, failures=1)
    breaker.failed()
    hands.seconds = 31
    assert [breaker.admits(), breaker.admits()] == [True, False]
    assert breaker.state is State.PROBING


def test_a_model_of_other_examples_is_not_used(rasa: FakeRasa, engine: RasaEngine) -> None:
    """Drift is reported and the built-in engine answers until Rasa is trained again."""
    assert engine.check().in_step is False
    assert "模型与语料不一致" in engine.health.said
    assert engine.parse("你好", TODAY).engine == "builtin"
    rasa.model = f"models/{model_name('abc' * 20)}.tar.gz"
    assert engine.check().in_step is True
    assert engine.parse("欠薪", TODAY).engine == "rasa"
    rasa.model = ""
    engine.check()
    assert engine.health.last_error == "没有载入模型"


def test_many_at_once_do_not_queue_up(rasa: FakeRasa, engine: RasaEngine) -> None:
    """More than eight at a time: the rest is answered by the built-in engine at once."""
    rasa.delay = 0.2
    answers: list[str] = []
    threads = [
        threading.Thread(target=lambda: answers.append(engine.parse("你好", TODAY).engine)) for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 16
    assert answers.count("builtin") >= 8


def test_thresholds_are_rasas_own(engine: RasaEngine) -> None:
    """Confidence of two engines is not compared."""
    assert 0 < engine.thresholds.offer < engine.thresholds.answer < 1
