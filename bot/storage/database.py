"""Engine, session scope and migrations, the same on SQLite and PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.exc import StaleDataError

from bot.core.errors import ConflictError, SettingsError
from bot.storage import schema
from bot.storage.vault import Vault

__all__ = ["Database", "Session", "open_database"]
_BUSY_MILLISECONDS = 10_000


class Database:
    """One database: hands out sessions, knows its schema version, keeps its keys."""

    def __init__(self, engine: Engine, vault: Vault) -> None:
        self.engine = engine
        self.vault = vault
        self._sessions = sessionmaker(engine, expire_on_commit=False)
        self._readers = sessionmaker(engine.execution_options(write=False), expire_on_commit=False)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session that commits at the end of the block and rolls back on any error; a lost race is ``ConflictError``."""
        try:
            with self._sessions() as session, session.begin():
                yield session
        except StaleDataError as stale:
            raise ConflictError from stale

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reading only; on SQLite it waits for nobody."""
        with self._readers() as session:
            yield session

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a SQLite file."""
        return self.engine.dialect.name == "sqlite"

    def upgrade(self) -> None:
        """Bring the schema to the newest version; does nothing when it is there already."""
        found, newest = self.schema_versions()
        if found == newest:
            return
        with self.engine.begin() as connection:
            if not self.is_sqlite:
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7150431)")
            schema.upgrade(connection)

    def schema_versions(self) -> tuple[str | None, str]:
        """The schema version found in the database and the newest one this program knows."""
        with self.engine.execution_options(write=False).connect() as connection:
            return schema.found(connection), schema.newest()

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def open_database(url: str, vault: Vault) -> Database:
    """The database at a SQLAlchemy ``url``; SQLite gets WAL, foreign keys and a busy timeout."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            if parsed.database and parsed.database != ":memory:":
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(parsed)
            event.listen(engine, "connect", _prepare_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
        else:
            engine = create_engine(parsed, pool_pre_ping=True, pool_size=10, max_overflow=10)
    except (ArgumentError, ImportError) as wrong:
        raise SettingsError("NIANGJIA_DATABASE_URL 不是可用的数据库地址，请核对格式。") from wrong
    engine.dialect.niangjia_vault = vault  # type: ignore[attr-defined]  # read back by vault.vault_of
    return Database(engine, vault)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver's own transaction handling starts writes too late; _begin_sqlite starts them instead.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "secure_delete=ON",
        f"busy_timeout={_BUSY_MILLISECONDS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    connection.exec_driver_sql(
        "BEGIN IMMEDIATE" if connection.get_execution_options().get("write", True) else "BEGIN"
    )
