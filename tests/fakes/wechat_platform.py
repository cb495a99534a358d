"""The WeChat platform as an account's server meets it: signs, pushes, gives up, tries again, reads the answer.

It shares no line with the endpoint under test: the cipher is wechatpy's, the XML is read by the standard library.
"""

import hashlib
import secrets
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from enum import StrEnum

import httpx
from wechatpy.crypto import WeChatCrypto

from bot.core.clock import Clock, SystemClock

ACCOUNT = "gh_0123456789ab"
WORKER = "oWorker_0123456789-abcdefg"
_LARGEST_TEXT = 2048


class Mode(StrEnum):
    """How the account's platform page is set."""

    PLAIN = "plain"
    COMPATIBLE = "compatible"
    SAFE = "safe"


class Outcome(StrEnum):
    """What the person with the phone sees."""

    REPLY = "reply"
    NOTHING = "nothing"
    OUTAGE = "outage"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one attempt brought; ``clear`` is the XML after decryption."""

    outcome: Outcome
    status: int = 0
    text: str = ""
    clear: bytes = b""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a push brought after all its attempts."""

    outcome: Outcome
    text: str
    attempts: int
    answers: Sequence[Answer]


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the account and the platform share."""

    token: str = "test-token"
    app_id: str = "wx0123456789abcdef"
    aes_key: str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


def text(content: str, sender: str = WORKER, msg_id: str | None = None, created: int | None = None) -> str:
    """A text message as XML."""
    rest = f"{element('Content', content)}<MsgId>{msg_id or new_id()}</MsgId>"
    return message("text", rest, sender, created)


def event(name: str, rest: str = "", sender: str = WORKER, created: int | None = None) -> str:
    """An event as XML; events carry no MsgId."""
    return message("event", element("Event", name) + rest, sender, created)


def message(kind: str, rest: str, sender: str = WORKER, created: int | None = None) -> str:
    """Any message as XML; ``rest`` is the XML of its own fields."""
    head = element("ToUserName", ACCOUNT) + element("FromUserName", sender)
    stamp = int(time.time()) if created is None else created
    return f"<xml>{head}<CreateTime>{stamp}</CreateTime>{element('MsgType', kind)}{rest}</xml>"


def element(name: str, value: str) -> str:
    """One element with its text in CDATA."""
    safe = value.replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}><![CDATA[{safe}]]></{name}>"


def new_id() -> str:
    """A message id of the platform's shape."""
    return str(10**16 + secrets.randbelow(10**16))


def sign(*parts: str) -> str:
    """The platform's signature of ``parts``."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


@dataclass(slots=True)
class WeChatPlatform:
    """Pushes to the server at ``base_url``, as the platform does."""

    base_url: str
    credentials: Credentials = field(default_factory=Credentials)
    mode: Mode = Mode.PLAIN
    clock: Clock = field(default_factory=SystemClock)
    patience: float = 5.0
    """Seconds until an attempt is given up."""
    attempts: int = 3
    before_attempt: Callable[[int], None] = lambda _number: None
    """Called with 1, 2, 3 before each attempt; a test moves its server's work on from here."""

    def check(self, echo: str, **changed: str) -> httpx.Response:
        """The address check an administrator starts."""
        with self._client() as client:
            return client.get("/wechat", params=self._query() | {"echostr": echo} | changed)

    def post(self, xml: str, **changed: str) -> httpx.Response:
        """One attempt, whatever comes of it; ``changed`` replaces parameters of the query."""
        query, body = self.request(xml)
        with self._client() as client:
            return client.post("/wechat", params=query | changed, content=body)

    def push(self, xml: str, overlapping: bool = False) -> Seen:
        """Push until something is answered or the attempts are used up; attempts may overlap."""
        step = self.patience * (0.5 if overlapping else 1.0)
        running: set[Future[Answer | None]] = set()
        answers: list[Answer] = []
        with ThreadPoolExecutor(self.attempts) as pool:
            for number in range(1, self.attempts + 1):
                self.before_attempt(number)
                running.add(pool.submit(self._attempt, xml))
                timeout = step if overlapping and number < self.attempts else None
                done, running = wait(running, timeout, FIRST_COMPLETED)
                answers += [answer for future in done if (answer := future.result())]
                if answers:
                    break
            answers += [answer for future in running if (answer := future.result())]
        best = min(
            answers, key=lambda answer: list(Outcome).index(answer.outcome), default=Answer(Outcome.OUTAGE)
        )
        return Seen(best.outcome, best.text, number, answers)

    def request(self, xml: str) -> tuple[dict[str, str], bytes]:
        """Query and body of one attempt."""
        query = self._query() | {"openid": WORKER}
        if self.mode is Mode.PLAIN:
            return query, xml.encode()
        crypto = self._crypto()
        sealed = ET.fromstring(crypto.encrypt_message(xml, query["nonce"], query["timestamp"]))
        encrypted = sealed.findtext("Encrypt", "")
        outer = element("ToUserName", ACCOUNT) if self.mode is Mode.SAFE else xml[5:-6]
        query |= {
            "encrypt_type": "aes",
            "msg_signature": sign(self.credentials.token, query["timestamp"], query["nonce"], encrypted),
        }
        return query, f"<xml>{outer}{element('Encrypt', encrypted)}</xml>".encode()

    def read(self, response: httpx.Response, sender: str = WORKER) -> Answer:
        """What the platform makes of an answer."""
        if response.status_code != 200:
            return Answer(Outcome.OUTAGE, response.status_code, fault="status")
        if response.content in (b"", b"success"):
            return Answer(Outcome.NOTHING, 200)
        try:
            clear = self._opened(response.content)
            return Answer(Outcome.REPLY, 200, self._validated(clear, sender), clear)
        except Exception as broken:  # noqa: BLE001 - whatever is wrong, the person sees the same notice
            return Answer(Outcome.OUTAGE, 200, fault=f"{type(broken).__name__}: {broken}")

    def _attempt(self, xml: str) -> Answer | None:
        """None when the attempt was given up."""
        try:
            return self.read(self.post(xml), self._sender(xml))
        except httpx.TimeoutException:
            return None

    def _sender(self, xml: str) -> str:
        return xml.partition("<FromUserName><![CDATA[")[2].partition("]")[0]

    def _opened(self, content: bytes) -> bytes:
        if self.mode is Mode.PLAIN:
            return content
        envelope = ET.fromstring(content)
        stamp, nonce = envelope.findtext("TimeStamp", ""), envelope.findtext("Nonce", "")
        assert abs(int(stamp) - self.clock.now().timestamp()) < 600
        opened: str = self._crypto().decrypt_message(content, envelope.findtext("MsgSignature"), stamp, nonce)
        return opened.encode()

    def _validated(self, clear: bytes, sender: str) -> str:
        reply = ET.fromstring(clear)
        assert reply.tag == "xml"
        assert {child.tag for child in reply} == {
            "ToUserName",
            "FromUserName",
            "CreateTime",
            "MsgType",
            "Content",
        }
        assert reply.findtext("ToUserName") == sender
        assert reply.findtext("FromUserName") == ACCOUNT
        assert reply.findtext("CreateTime", "").isdigit()
        assert reply.findtext("MsgType") == "text"
        content = reply.findtext("Content", "")
        assert 0 < len(content.encode()) <= _LARGEST_TEXT
        return content

    def _query(self) -> dict[str, str]:
        stamp, nonce = str(int(self.clock.now().timestamp())), str(secrets.randbelow(10**10))
        return {
            "signature": sign(self.credentials.token, stamp, nonce),
            "timestamp": stamp,
            "nonce": nonce,
        }

    def _crypto(self) -> WeChatCrypto:
        shared = self.credentials
        return WeChatCrypto(shared.token, shared.aes_key, shared.app_id)

    def _client(self) -> httpx.Client:
        return httpx.Client(base_url=self.base_url, timeout=self.patience, trust_env=False)
