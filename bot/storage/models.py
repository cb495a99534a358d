"""SQLAlchemy tables: conversations, knowledge and staff."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from bot.storage.vault import Encrypted

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """An instant, always with zone UTC, also on SQLite, which stores none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse an instant without a zone; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        stored: datetime = value
        return stored.replace(tzinfo=UTC) if stored.tzinfo is None else stored.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables; constraint names are fixed so that migrations can address them."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {  # noqa: RUF012 - read by SQLAlchemy, not shared state
        datetime: UTCDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


class ConversationRow(Base):
    """One person's talk on one channel; the address itself is sealed, its fingerprint finds the row."""

    __tablename__ = "conversations"
    __table_args__ = (UniqueConstraint("channel", "sender_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    sender_key: Mapped[str] = mapped_column(String(64))
    sender: Mapped[str] = mapped_column(Encrypted("conversations.sender"))
    state: Mapped[str] = mapped_column(Encrypted("conversations.state"))
    following: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy


class InboundRow(Base):
    """A message that was received, claimed by one worker, and the replies every repeat of it gets."""

    __tablename__ = "inbound_messages"
    __table_args__ = (UniqueConstraint("channel", "message_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    message_key: Mapped[str] = mapped_column(String(64))
    claimed_until: Mapped[datetime | None]
    claim: Mapped[str | None] = mapped_column(String(32))
    replies: Mapped[str | None] = mapped_column(Encrypted("inbound_messages.replies"))
    received_at: Mapped[datetime] = mapped_column(index=True)


class TranscriptRow(Base):
    """A line of a conversation, sealed, kept for the days the settings say."""

    __tablename__ = "transcript"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    by_worker: Mapped[bool]
    text: Mapped[str] = mapped_column(Encrypted("transcript.text"))
    created_at: Mapped[datetime] = mapped_column(index=True)


class UnansweredRow(Base):
    """A question the knowledge base had no answer for, masked and sealed, counted once per wording."""

    __tablename__ = "unanswered"

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    question: Mapped[str] = mapped_column(Encrypted("unanswered.question"))
    times: Mapped[int] = mapped_column(default=1)
    nearest: Mapped[str] = mapped_column(String(120), default="")
    status: Mapped[str] = mapped_column(String(16), default="open")
    first_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)


class AlertRow(Base):
    """A danger somebody wrote of: one row per person and incident, its words sealed."""

    __tablename__ = "alerts"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    channel: Mapped[str] = mapped_column(String(16))
    sender_key: Mapped[str] = mapped_column(String(64), index=True)
    words: Mapped[str] = mapped_column(Encrypted("alerts.words"))
    created_at: Mapped[datetime] = mapped_column(index=True)
    updated_at: Mapped[datetime]
    seen_at: Mapped[datetime | None] = mapped_column(index=True)
    seen_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))


class DocumentRow(Base):
    """A statute, notice or handbook, whatever its versions."""

    __tablename__ = "documents"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200), unique=True)
    short: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    level: Mapped[str] = mapped_column(String(40), default="")
    region: Mapped[str] = mapped_column(String(40), default="全国")
    created_at: Mapped[datetime]
    versions: Mapped[list["DocumentVersionRow"]] = relationship(
        back_populates="document", cascade="all, delete-orphan", order_by="DocumentVersionRow.id"
    )


class DocumentVersionRow(Base):
    """One text of a document; exactly one version of a document is current."""

    __tablename__ = "document_versions"
    __table_args__ = (UniqueConstraint("document_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    status: Mapped[str] = mapped_column(String(16))
    version_date: Mapped[date | None]
    history: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    source_name: Mapped[str] = mapped_column(String(200))
    articles: Mapped[int] = mapped_column(default=0)
    imported_at: Mapped[datetime]
    document: Mapped[DocumentRow] = relationship(back_populates="versions")
    passages: Mapped[list["PassageRow"]] = relationship(
        back_populates="version", cascade="all, delete-orphan", order_by="PassageRow.ordinal"
    )


class PassageRow(Base):
    """An article of a statute, or a section of a handbook, exactly as written."""

    __tablename__ = "passages"
    __table_args__ = (Index("ix_passages_version_number", "version_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(
        ForeignKey("document_versions.id", ondelete="CASCADE"), index=True
    )
    ordinal: Mapped[int]
    number: Mapped[str] = mapped_column(String(16), default="")
    address: Mapped[str] = mapped_column(String(200))
    heading: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text)
    in_force: Mapped[bool] = mapped_column(default=True)
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[DocumentVersionRow] = relationship(back_populates="passages")


class EntryRow(Base):
    """A published FAQ entry of the rights handbook; ``body`` holds its text, questions and citations."""

    __tablename__ = "entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(32), unique=True)
    topic: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(120))
    region: Mapped[str] = mapped_column(String(40), default="全国")
    shipped: Mapped[bool]
    revision: Mapped[int] = mapped_column(default=1)
    digest: Mapped[str] = mapped_column(String(64))
    body: Mapped[dict[str, Any]]
    sources: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What the cited articles said when the entry was checked, as fingerprints."""
    updated_at: Mapped[datetime]


class KnownQuestionRow(Base):
    """A question that is known to be answered by a chunk: shipped, or attached by staff."""

    __tablename__ = "known_questions"
    __table_args__ = (UniqueConstraint("key", "question"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), index=True)
    question: Mapped[str] = mapped_column(String(500))
    shipped: Mapped[bool]
    created_at: Mapped[datetime]


class FactRow(Base):
    """A small fact of this deployment: which shipped content it has, for example."""

    __tablename__ = "facts"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class PublicationRow(Base):
    """One published state of the index; the newest is the one to serve, its digest says which content it has."""

    __tablename__ = "publications"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    chunks: Mapped[int]
    calibration: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]


class StaffRow(Base):
    """Someone who signs in to the console."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(64))
    password_hash: Mapped[str] = mapped_column(String(200))
    roles: Mapped[list[Any]]
    active: Mapped[bool] = mapped_column(default=True)
    must_change: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class StaffSessionRow(Base):
    """A signed-in browser; only a fingerprint of its cookie is stored."""

    __tablename__ = "staff_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_key: Mapped[str] = mapped_column(String(64), unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    staff: Mapped[StaffRow] = relationship()


class SignInAttemptRow(Base):
    """Failed sign-ins of one login name, to slow guessing down."""

    __tablename__ = "sign_in_attempts"

    login_key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    locked_until: Mapped[datetime | None]
    updated_at: Mapped[datetime]


class AuditRow(Base):
    """What staff did and when: an append-only chain, each row sealed by the hash of the one before."""

    __tablename__ = "audit_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str] = mapped_column(String(200), default="")
    detail: Mapped[dict[str, Any]]
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
