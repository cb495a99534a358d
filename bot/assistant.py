"""One turn: claim the message once, load, dispatch, save, reply."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Protocol

import structlog

from bot.core.clock import Clock
from bot.core.conversation import Conversation
from bot.core.errors import ConflictError
from bot.core.messages import InboundMessage, MessageKind, Reply, ReplyKind
from bot.storage import alerts, staff
from bot.storage import conversations as store
from bot.storage.database import Database, Session
from bot.storage.models import ConversationRow
from handlers import registry
from handlers.accounts import Role
from handlers.skills import Skills
from handlers.turn import Outcome, Turn
from handlers.wording import Wording
from knowledge.drafts import Reword, as_stored
from knowledge.library import Library

_log = structlog.get_logger(__name__)
_LEASE = timedelta(seconds=20)
_POLL_SECONDS = 0.05
_TRIES = 5
_LONGEST_TEXT = 4000
_BREATH = timedelta(seconds=2)
"""Who writes again sooner has not read the last reply: this message was waiting behind it."""


class Shelf(Protocol):
    """Whoever serves the newest library."""

    @property
    def library(self) -> Library:
        """The library to answer from."""
        ...


@dataclass(frozen=True, slots=True)
class Practice:
    """How this union wants its conversations kept."""

    region: str = ""
    keep_transcript: bool = True


class Assistant:
    """Takes messages of every channel; the same message always gets the same replies."""

    def __init__(
        self,
        database: Database,
        shelf: Shelf,
        wording: Wording,
        clock: Clock,
        practice: Practice | None = None,
        reword: Reword = as_stored,
        skills: Skills | None = None,
    ) -> None:
        self._database = database
        self._shelf = shelf
        self._wording = wording
        self._clock = clock
        self._practice = practice or Practice()
        self._reword = reword
        self._skills = skills or Skills()
        self._running: dict[tuple[str, str], Future[tuple[Reply, ...]]] = {}
        self._running_lock = threading.Lock()
        self._queues = _Queues()

    def receive(self, message: InboundMessage) -> tuple[Reply, ...]:
        """The replies to ``message``; a repeat of it waits for, or gets, the same ones."""
        key = (message.channel, message.message_id)
        with self._running_lock:
            ahead = self._running.get(key)
            if ahead is None:
                mine = self._running[key] = Future()
        if ahead is not None:
            return ahead.result()
        try:
            with self._queues.turn((message.channel, message.sender)):
                replies = self._once(message)
        except BaseException as failure:
            mine.set_exception(failure)
            raise
        else:
            mine.set_result(replies)
            return replies
        finally:
            with self._running_lock:
                del self._running[key]

    def _once(self, message: InboundMessage) -> tuple[Reply, ...]:
        deadline = time.monotonic() + _LEASE.total_seconds() + 1
        while True:
            with self._database.session() as session:
                claim = store.claim(session, self._database.vault, message, self._clock.now(), _LEASE)
            if claim.replies is not None:
                return claim.replies
            if claim.token:
                return self._guarded(message, claim.token)
            if time.monotonic() > deadline:
                return self._apology()
            time.sleep(_POLL_SECONDS)

    def _guarded(self, message: InboundMessage, token: str) -> tuple[Reply, ...]:
        try:
            return self._process(message, token)
        except Exception:  # noqa: BLE001 - around one turn: the worker still gets a true sentence
            _log.exception("turn failed", channel=message.channel, kind=message.kind.value)
            self._keep_what_was_said(message, token)
            return self._apology()

    def _process(self, message: InboundMessage, token: str) -> tuple[Reply, ...]:
        reword = cache(self._reword)  # a turn that is tried again gets the same words, and asks nobody twice
        for attempt in range(_TRIES):
            now, vault = self._clock.now(), self._database.vault
            with self._database.session() as session:
                row = store.open_conversation(session, vault, message.channel, message.sender, now)
                state = store.state_of(row)
            outcome = self._outcome(message, state, as_stored if _is_hurried(row, now) else reword)
            replies = () if message.kind is MessageKind.UNFOLLOW else (outcome.reply,)
            try:
                with self._database.session() as session:
                    row = session.merge(row, load=False)
                    self._save(session, row, message, outcome, replies)
                    if store.finish(session, token, replies):
                        return replies
                    raise _ClaimLostError
            except _ClaimLostError:
                return self._once(message)
            except ConflictError:
                time.sleep(_POLL_SECONDS * attempt)
        raise ConflictError

    def _outcome(self, message: InboundMessage, state: Conversation, reword: Reword) -> Outcome:
        if message.kind is MessageKind.UNFOLLOW:
            return Outcome(Reply(ReplyKind.SMALLTALK, ""), state, following=False)
        turn = Turn(
            message=message,
            text=message.text[:_LONGEST_TEXT],
            conversation=state,
            library=self._shelf.library,
            wording=self._wording,
            now=self._clock.now(),
            region=self._practice.region,
            reword=reword,
            skills=self._skills,
            on_duty=self._on_duty,
        )
        return registry.dispatch(turn)

    def _on_duty(self) -> bool:
        with self._database.reading() as session:
            return any(one.active and Role.DUTY in one.roles for one in staff.everyone(session))

    def _save(
        self,
        session: Session,
        row: ConversationRow,
        message: InboundMessage,
        outcome: Outcome,
        replies: tuple[Reply, ...],
    ) -> None:
        now = self._clock.now()
        store.save_state(row, outcome.conversation, now)
        if outcome.following is not None:
            row.following = outcome.following
        if self._practice.keep_transcript:
            store.write_transcript(session, row, message.text[:_LONGEST_TEXT], replies, now)
        if outcome.alert:
            alerts.note(session, row, outcome.alert, message.text, now)
        if outcome.unanswered:
            noted = outcome.noted or message.text
            store.note_unanswered(session, self._database.vault, noted, outcome.unanswered, now)

    def _keep_what_was_said(self, message: InboundMessage, token: str) -> None:
        """After a failure the words go on the list of unanswered questions, and the message may be tried again."""
        with self._database.session() as session:
            store.release(session, token)
            if message.text.strip():
                store.note_unanswered(session, self._database.vault, message.text, "出错", self._clock.now())

    def _apology(self) -> tuple[Reply, ...]:
        return (Reply(ReplyKind.HANDOVER, self._wording["broken"], confidence=0.0),)


def _is_hurried(row: ConversationRow, now: datetime) -> bool:
    """Whether the one before was answered just now: then waiting for a model would make this message late."""
    return row.updated_at > row.created_at and now - row.updated_at < _BREATH


class _ClaimLostError(Exception):
    """Another worker took the message over because we were too slow."""


class _Queues:
    """Messages of one person are worked on one after another, in the order they came."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._tails: dict[tuple[str, str], threading.Event] = {}

    @contextmanager
    def turn(self, key: tuple[str, str]) -> Iterator[None]:
        """Wait for everybody who came before."""
        mine = threading.Event()
        with self._lock:
            ahead = self._tails.get(key)
            self._tails[key] = mine
        if ahead is not None:
            ahead.wait()
        try:
            yield
        finally:
            with self._lock:
                if self._tails.get(key) is mine:
                    del self._tails[key]
            mine.set()
