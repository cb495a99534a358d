"""Named queries on conversations, received messages, transcript and unanswered questions."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.core.conversation import Conversation
from bot.core.messages import InboundMessage, Reply
from bot.core.privacy import mask_text
from bot.storage.models import ConversationRow, InboundRow, TranscriptRow, UnansweredRow
from bot.storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Claim:
    """What became of an attempt to take a message: ours to process, done before, or in another's hands."""

    token: str = ""
    """Not empty when the message is ours."""
    replies: tuple[Reply, ...] | None = None
    """The replies given before."""


def claim(session: Session, vault: Vault, message: InboundMessage, now: datetime, lease: timedelta) -> Claim:
    """Take ``message`` for processing unless it was answered, or another worker holds it within its lease."""
    key, token = vault.blind(message.message_id, f"message:{message.channel}"), secrets.token_hex(16)
    row = InboundRow(
        channel=message.channel, message_key=key, claim=token, claimed_until=now + lease, received_at=now
    )
    try:
        with session.begin_nested():
            session.add(row)
        return Claim(token)
    except IntegrityError:
        pass
    here = (InboundRow.channel == message.channel) & (InboundRow.message_key == key)
    replies = session.scalar(select(InboundRow.replies).where(here))
    if replies is not None:
        return Claim(replies=tuple(Reply.from_dict(stored) for stored in json.loads(replies)))
    taken = session.execute(
        update(InboundRow)
        .where(here, InboundRow.replies.is_(None))
        .where(or_(InboundRow.claimed_until.is_(None), InboundRow.claimed_until < now))
        .values(claim=token, claimed_until=now + lease)
    )
    return Claim(token if _rows(taken) else "")


def finish(session: Session, token: str, replies: tuple[Reply, ...]) -> bool:
    """Record the replies of a claimed message; false when the claim was lost to another worker meanwhile."""
    stored = json.dumps([reply.to_dict() for reply in replies], ensure_ascii=False)
    done = session.execute(
        update(InboundRow)
        .where(InboundRow.claim == token, InboundRow.replies.is_(None))
        .values(replies=stored, claimed_until=None)
    )
    return _rows(done) == 1


def release(session: Session, token: str) -> None:
    """Give a claimed message back after a failure, so that the platform's retry may try again at once."""
    session.execute(update(InboundRow).where(InboundRow.claim == token).values(claimed_until=None))


def open_conversation(
    session: Session, vault: Vault, channel: str, sender: str, now: datetime
) -> ConversationRow:
    """The conversation with ``sender``, created on first contact, locked until the transaction ends."""
    key = vault.blind(sender, f"sender:{channel}")
    query = (
        select(ConversationRow)
        .where(ConversationRow.channel == channel, ConversationRow.sender_key == key)
        .with_for_update()
    )
    row = session.scalar(query)
    if row is not None:
        return row
    fresh = ConversationRow(
        channel=channel,
        sender_key=key,
        sender=sender,
        state="{}",
        following=True,
        created_at=now,
        updated_at=now,
    )
    try:
        with session.begin_nested():
            session.add(fresh)
        return fresh
    except IntegrityError:
        return session.scalars(query).one()


def state_of(row: ConversationRow) -> Conversation:
    """The conversation state stored in ``row``."""
    return Conversation.from_dict(json.loads(row.state))


def save_state(row: ConversationRow, state: Conversation, now: datetime) -> None:
    """Store ``state`` in ``row``."""
    row.state, row.updated_at = json.dumps(state.to_dict(), ensure_ascii=False), now


def write_transcript(
    session: Session, row: ConversationRow, text: str, replies: tuple[Reply, ...], now: datetime
) -> None:
    """Keep what was said on both sides, sealed."""
    lines = [(True, text), *((False, reply.text) for reply in replies)]
    session.add_all(
        TranscriptRow(conversation_id=row.id, by_worker=by_worker, text=said, created_at=now)
        for by_worker, said in lines
        if said
    )


def transcript(
    session: Session, vault: Vault, channel: str, sender: str, limit: int = 50
) -> list[TranscriptRow]:
    """The last ``limit`` lines of a conversation, oldest first."""
    key = vault.blind(sender, f"sender:{channel}")
    rows = session.scalars(
        select(TranscriptRow)
        .join(ConversationRow, ConversationRow.id == TranscriptRow.conversation_id)
        .where(ConversationRow.channel == channel, ConversationRow.sender_key == key)
        .order_by(TranscriptRow.id.desc())
        .limit(limit)
    )
    return list(rows)[::-1]


def note_unanswered(session: Session, vault: Vault, question: str, nearest: str, now: datetime) -> None:
    """Count ``question``, masked, in the list curators work through."""
    masked = mask_text(question.strip())[:300]
    fingerprint = vault.blind("".join(char for char in masked.lower() if char.isalnum()), "unanswered")
    row = session.scalar(
        select(UnansweredRow).where(UnansweredRow.fingerprint == fingerprint).with_for_update()
    )
    if row is None:
        fresh = UnansweredRow(
            fingerprint=fingerprint,
            question=masked,
            times=1,
            nearest=nearest,
            status="open",
            first_at=now,
            last_at=now,
        )
        try:
            with session.begin_nested():
                session.add(fresh)
            return
        except IntegrityError:
            row = session.scalars(select(UnansweredRow).where(UnansweredRow.fingerprint == fingerprint)).one()
    row.times, row.last_at, row.nearest = row.times + 1, now, nearest
    row.status = "open"


def unanswered(session: Session, status: str = "open", limit: int = 200) -> list[UnansweredRow]:
    """Unanswered questions, the most frequent and most recent first."""
    query = select(UnansweredRow).where(UnansweredRow.status == status)
    return list(
        session.scalars(query.order_by(UnansweredRow.times.desc(), UnansweredRow.last_at.desc()).limit(limit))
    )


def count_unanswered(session: Session) -> dict[str, int]:
    """How many unanswered questions there are of each status."""
    query = select(UnansweredRow.status, func.count()).group_by(UnansweredRow.status)
    return {row[0]: row[1] for row in session.execute(query)}


def close_unanswered(session: Session, row_id: int, status: str) -> bool:
    """Set an unanswered question to done or open again; false when it is gone."""
    changed = session.execute(update(UnansweredRow).where(UnansweredRow.id == row_id).values(status=status))
    return _rows(changed) == 1


def purge(session: Session, transcript_before: datetime, messages_before: datetime) -> int:
    """Delete transcript lines and remembered messages older than their retention; returns how many rows went."""
    old_lines = delete(TranscriptRow).where(TranscriptRow.created_at < transcript_before)
    old_messages = delete(InboundRow).where(InboundRow.received_at < messages_before)
    return _rows(session.execute(old_lines)) + _rows(session.execute(old_messages))


def _rows(result: Any) -> int:
    return int(result.rowcount)
