"""An OpenAI-compatible service on loopback that keeps to the API's rules, and lies or fails on demand.

It reads the stored text out of the request, as a model would, and answers with a faithful rewording of it, changed by
whatever ``lie`` is set; or it breaks in one of the ways services break.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-test-0123456789abcdef"
MODEL = "rephraser-small"
_FIELDS = {"model", "messages", "temperature", "max_tokens", "stream"}
_ROLES = {"system", "user", "assistant"}

Draft = Callable[[str, str], str]
"""Question and stored text → what the model says."""


class Failure(StrEnum):
    """How the service breaks."""

    EMPTY_BODY = "empty body"
    NO_CONTENT = "content is null"
    NO_CHOICES = "no choices"
    NOT_JSON = "not json"
    HTML = "html"
    DEEP = "deeply nested json"
    UNAUTHORIZED = "401"
    LIMITED = "429"
    BROKEN = "500"
    ELSEWHERE = "redirect"
    SLOW_HEAD = "slow head"
    SLOW_BODY = "a byte now and then"
    ENDLESS = "endless stream"
    HUGE = "huge body"
    CLOSED = "closed connection"
    CUT = "closed in the middle"
    BINARY = "random bytes"


@dataclass(slots=True)
class FakeModel:
    """What the service does, and what it was asked."""

    draft: Draft = lambda _question, stored: stored
    failure: Failure | None = None
    seconds: float = 0.0
    """How long it thinks before a good answer."""
    key: str = KEY
    base_url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """Why requests were turned away, by the API's rules."""
    connections: int = 0
    stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def heard(self) -> str:
        """Everything that ever left the asker's machine, in one text."""
        return json.dumps(self.asked, ensure_ascii=False)


@contextmanager
def serving(**given: Any) -> Iterator[FakeModel]:
    """The service on a free loopback port."""
    fake = FakeModel(**given)
    server = _Server(fake)
    fake.base_url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        fake.stopping.set()
        server.shutdown()
        server.server_close()
        thread.join(10)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_POST(self) -> None:
        """One request for a completion."""
        fake = self.server.fake
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        fault = _fault(self.path, self.headers.get("authorization", ""), body, fake.key)
        if fault:
            fake.refused.append(fault[1])
            self._send(fault[0], _error(fault[1]))
            return
        request = json.loads(body)
        fake.asked.append(request)
        if fake.failure is not None:
            self._fail(fake.failure)
        else:
            fake.stopping.wait(fake.seconds)
            self._send(200, _completion(_said(fake, request)))

    def do_GET(self) -> None:
        """Nothing is to be had this way."""
        self.server.fake.refused.append("method")
        self._send(405, _error("method"))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""

    def _send(self, status: int, body: bytes, media: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("content-type", media)
        self.send_header("content-length", str(len(body)))
        if status == 307:
            self.send_header("location", f"{self.server.fake.base_url}/chat/completions")
        self.end_headers()
        self.wfile.write(body)

    def _fail(self, failure: Failure) -> None:
        if failure in _PLAIN:
            self._send(*_PLAIN[failure])
            return
        self.close_connection = True
        if failure in _TRICKLED:
            self._trickle(_TRICKLED[failure])
        elif failure is Failure.ENDLESS:
            self.wfile.write(_OK + b"content-type: text/event-stream\r\n\r\n")
            while not self.server.fake.stopping.is_set():
                self.wfile.write(b'data: {"choices":[{"delta":{"content":"..."}}]}\n\n' * 50)
        elif failure is Failure.CUT:
            self.wfile.write(_OK + b'content-length: 3000\r\n\r\n{"choices": [{"mess')

    def _trickle(self, body: bytes) -> None:
        for byte in body:
            if self.server.fake.stopping.wait(0.05):
                return
            self.wfile.write(bytes([byte]))


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, fake: FakeModel) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.fake = fake

    def get_request(self) -> Any:
        """Count who connects, whether anything is asked or not."""
        self.fake.connections += 1
        return super().get_request()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """An asker that has gone away is no news."""


def _fault(path: str, authorization: str, body: bytes, key: str) -> tuple[int, str] | None:
    """What the API would not take: status and reason."""
    if path != "/v1/chat/completions":
        return 404, "path"
    if authorization != f"Bearer {key}":
        return 401, "key"
    try:
        request = json.loads(body)
    except ValueError:
        return 400, "json"
    messages = request.get("messages")
    if set(request) - _FIELDS or request.get("model") != MODEL:
        return 404 if request.get("model") != MODEL else 400, "fields"
    if not isinstance(messages, list) or not messages:
        return 400, "messages"
    if any(set(said) != {"role", "content"} or said["role"] not in _ROLES for said in messages):
        return 400, "messages"
    if not 0 <= request.get("temperature", 1) <= 2 or request.get("max_tokens", 1) < 1:
        return 400, "numbers"
    return None


def _said(fake: FakeModel, request: dict[str, Any]) -> str:
    question, _, stored = request["messages"][-1]["content"].partition("原文：\n")
    return fake.draft(question.removeprefix("问题：").strip(), stored) if stored else "好"


def _completion(content: str | None) -> bytes:
    answer = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": MODEL,
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": "stop"}
        ],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }
    return json.dumps(answer, ensure_ascii=False).encode()


def _error(reason: str) -> bytes:
    return json.dumps({"error": {"message": reason, "type": "invalid_request_error"}}).encode()


_OK = b"HTTP/1.1 200 OK\r\n"
_TRICKLED = {
    Failure.SLOW_HEAD: _OK + b"x-slow: " + b"a" * 3000,
    Failure.SLOW_BODY: _OK + b"content-length: 3000\r\n\r\n" + b" " * 3000,
}
_PLAIN: dict[Failure, tuple[int, bytes, str]] = {
    Failure.EMPTY_BODY: (200, b"", "application/json"),
    Failure.NO_CONTENT: (200, _completion(None), "application/json"),
    Failure.NO_CHOICES: (200, b'{"choices": []}', "application/json"),
    Failure.NOT_JSON: (200, "好的，我来改写".encode(), "application/json"),
    Failure.HTML: (200, b"<html><body>Welcome to nginx</body></html>", "text/html"),
    Failure.DEEP: (200, b"[" * 50_000, "application/json"),
    Failure.UNAUTHORIZED: (401, _error("key"), "application/json"),
    Failure.LIMITED: (429, _error("rate limit"), "application/json"),
    Failure.BROKEN: (500, b"Internal Server Error", "text/plain"),
    Failure.ELSEWHERE: (307, b"", "text/plain"),
    Failure.HUGE: (200, _completion("很长" * 200_000), "application/json"),
    Failure.BINARY: (200, bytes(range(256)) * 4, "application/octet-stream"),
}
