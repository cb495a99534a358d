"""A running Rasa server asked over HTTP; whenever it fails or drifts, the built-in engine answers instead."""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

import httpx

from intents import entities
from intents.catalogue import known
from intents.nlu import NLUEngine, NLUResult, Ranked, Thresholds

ENGINE = "rasa"
_LONGEST = 500
_CONNECT_SECONDS = 0.3
_READ_SECONDS = 0.8
_AT_ONCE = 8
_NO_INTENT = "nlu_fallback"
_PARTIAL_DIGEST = 12
"""Signs of the fingerprint that the name of a model file carries."""


class RasaError(Exception):
    """Rasa did not give an answer that can be used; the text says why, without any message of a worker."""


class State(StrEnum):
    """What the breaker lets through."""

    CLOSED = "closed"
    OPEN = "open"
    PROBING = "probing"


class Breaker:
    """Opens after some failures in a row; after a pause lets one call through to see."""

    def __init__(self, monotonic: Callable[[], float], failures: int = 3, pause: float = 30.0) -> None:
        self._monotonic = monotonic
        self._allowed = failures
        self._pause = pause
        self._failures = 0
        self._opened = 0.0
        self._state = State.CLOSED
        self._lock = threading.Lock()

    @property
    def state(self) -> State:
        """What it does now."""
        return self._state

    def admits(self) -> bool:
        """Whether a call may be made; the one that is let through after the pause decides for all."""
        with self._lock:
            if self._state is State.CLOSED:
                return True
            if self._state is State.OPEN and self._monotonic() - self._opened >= self._pause:
                self._state = State.PROBING
                return True
            return False

    def succeeded(self) -> None:
        """The call was answered."""
        with self._lock:
            self._failures, self._state = 0, State.CLOSED

    def failed(self) -> None:
        """The call was not answered."""
        with self._lock:
            self._failures += 1
            if self._state is State.PROBING or self._failures >= self._allowed:
                self._state, self._opened = State.OPEN, self._monotonic()


@dataclass(frozen=True, slots=True)
class RasaServer:
    """One Rasa 3.6 server with its token."""

    client: httpx.Client
    url: str
    token: str = field(default="", repr=False)

    def parse(self, text: str) -> tuple[Ranked, ...]:
        """Candidates for ``text``; none when Rasa falls back. Raises ``RasaError`` for everything else."""
        answer = self._ask("POST", "/model/parse", {"text": text[:_LONGEST]})
        ranking = answer.get("intent_ranking")
        first = answer.get("intent")
        if not isinstance(first, dict) or not isinstance(ranking, list):
            raise RasaError("答复里没有意图")
        if first.get("name") == _NO_INTENT or first.get("name") is None:
            return ()
        found = tuple(_ranked(row) for row in ranking if not _is_fallback(row))
        if not found:
            raise RasaError("答复里没有候选")
        return found

    def model(self) -> str:
        """Name of the model it serves; raises ``RasaError`` when it serves none."""
        name = self._ask("GET", "/status", None).get("model_file")
        if not isinstance(name, str) or not name:
            raise RasaError("没有载入模型")
        return name.replace("\\", "/").rsplit("/", 1)[-1]

    def _ask(self, method: str, path: str, body: Mapping[str, str] | None) -> dict[str, Any]:
        parameters = {"token": self.token} if self.token else {}
        try:
            response = self.client.request(method, self.url.rstrip("/") + path, params=parameters, json=body)
        except httpx.TimeoutException as slow:
            raise RasaError("超时") from slow
        except (httpx.HTTPError, httpx.InvalidURL) as broken:
            raise RasaError("连不上") from broken
        if response.status_code != httpx.codes.OK:
            raise RasaError(_REASONS.get(response.status_code, f"状态码 {response.status_code}"))
        try:
            answer = response.json()
        except ValueError as broken:
            raise RasaError("答复不是 JSON") from broken
        if not isinstance(answer, dict):
            raise RasaError("答复不是 JSON 对象")
        return answer


@dataclass(frozen=True, slots=True)
class Health:
    """How the optional engine is doing, for the health page."""

    state: State
    last_error: str
    asked: int
    fell_back: int
    in_step: bool | None
    """Whether it was trained on the present examples; None while unknown."""

    @property
    def said(self) -> str:
        """One sentence for the page."""
        if self.in_step is False:
            return "Rasa 的模型与语料不一致，请重新训练：niangjia rasa train。"
        if self.state is not State.CLOSED:
            return f"Rasa 暂时不可用（{self.last_error}），由内置引擎代答。"
        return "Rasa 正常。"


class RasaEngine:
    """Rasa first, the built-in engine whenever Rasa cannot; entities always come from our own extractor."""

    def __init__(
        self,
        server: RasaServer,
        builtin: NLUEngine,
        breaker: Breaker,
        digest: str = "",
        places: Mapping[str, str] | None = None,
    ) -> None:
        """``digest`` is the fingerprint of the present examples, compared with the served model's name."""
        self._server = server
        self._builtin = builtin
        self._breaker = breaker
        self._digest = digest
        self._places = places or {}
        self._slots = threading.BoundedSemaphore(_AT_ONCE)
        self._counts: Counter[str] = Counter()
        self._last_error = ""
        self._in_step: bool | None = None
        self._model = ""

    @property
    def thresholds(self) -> Thresholds:
        """Rasa's own fallback has spoken before; what is left is acted on from a lower border."""
        return Thresholds(answer=0.5, offer=0.1)

    def parse(self, text: str, today: date) -> NLUResult:
        """``text`` understood by whichever engine answers."""
        self._counts["asked"] += 1
        ranking = self._ranking(text.strip())
        if ranking is None:
            self._counts["fell_back"] += 1
            return self._builtin.parse(text, today)
        found = entities.extract(text, today, self._places)
        first = ranking[0] if ranking else None
        intent, confidence = (first.intent, first.confidence) if first else (None, 0.0)
        return NLUResult(intent, confidence, ranking, found, ENGINE, self._model)

    def check(self) -> Health:
        """Ask which model is served, compare it with the examples, and report."""
        try:
            self._model = self._server.model()
            self._in_step = not self._digest or self._digest[:_PARTIAL_DIGEST] in self._model
        except RasaError as wrong:
            self._last_error = str(wrong)
        return self.health

    @property
    def health(self) -> Health:
        """How it is doing, without asking anybody."""
        return Health(
            self._breaker.state,
            self._last_error,
            self._counts["asked"],
            self._counts["fell_back"],
            self._in_step,
        )

    def _ranking(self, text: str) -> tuple[Ranked, ...] | None:
        """None means that Rasa cannot be asked or did not answer."""
        if not text or self._in_step is False or not self._slots.acquire(blocking=False):
            return None
        try:
            if not self._breaker.admits():
                return None
            try:
                ranking = self._server.parse(text)
            except RasaError as wrong:
                self._breaker.failed()
                self._last_error = str(wrong)
                return None
            self._breaker.succeeded()
            return ranking
        finally:
            self._slots.release()


def open_client() -> httpx.Client:
    """An HTTP client with the time limits a worker's patience allows; it follows no redirect and no proxy setting."""
    limits = httpx.Timeout(_READ_SECONDS, connect=_CONNECT_SECONDS)
    return httpx.Client(timeout=limits, follow_redirects=False, trust_env=False)


def model_name(digest: str) -> str:
    """How a model trained on the examples with this fingerprint is called."""
    return f"niangjia-{digest[:_PARTIAL_DIGEST]}"


_REASONS = {401: "令牌不对", 409: "没有载入模型", 500: "服务出错"}


def _ranked(row: Any) -> Ranked:
    try:
        intent, confidence = known(row["name"]), float(row["confidence"])
    except (KeyError, TypeError, ValueError) as wrong:
        raise RasaError("答复里的候选读不懂") from wrong
    if intent is None:
        raise RasaError("答复里有不认识的意图")
    return Ranked(intent, confidence)


def _is_fallback(row: Any) -> bool:
    return isinstance(row, dict) and row.get("name") == _NO_INTENT
