"""Schema, keys and audit on both databases."""

import threading
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from bot import app
from bot.core.clock import FixedClock
from bot.core.errors import ConflictError, SettingsError
from bot.core.messages import InboundMessage
from bot.storage import audit, conversations, schema
from bot.storage.database import open_database
from bot.storage.models import Base, ConversationRow
from bot.storage.vault import Vault


def test_migrations_give_the_tables_of_the_models(deployment: app.Parts) -> None:
    """What Alembic builds is what the models say, and a second upgrade changes nothing."""
    deployment.database.upgrade()
    found, newest = deployment.database.schema_versions()
    assert found == newest == ScriptDirectory.from_config(schema.alembic_config()).get_current_head()
    seen = inspect(deployment.database.engine)
    for table in Base.metadata.sorted_tables:
        columns = {column["name"]: column["nullable"] for column in seen.get_columns(table.name)}
        assert columns == {column.name: column.nullable for column in table.columns}, table.name
        indexes = {index["name"] for index in seen.get_indexes(table.name) if not index.get("unique")}
        assert indexes == {index.name for index in table.indexes}, table.name


def test_addresses_and_wording_are_sealed_at_rest(tmp_path: Path, clock: FixedClock) -> None:
    """A byte search of the database files finds neither the sender nor what was said."""
    from bot.settings import load_settings

    parts = app.assemble(load_settings(data_dir=tmp_path / "var"), clock)
    parts.assistant.receive(
        InboundMessage("web", "fake-sender-4711", "m1", "老板王某某欠我工资，电话13800000000")
    )
    with parts.database.reading() as session:
        lines = conversations.transcript(session, parts.database.vault, "web", "fake-sender-4711")
        assert lines[0].text == "老板王某某欠我工资，电话13800000000"
    parts.close()
    stored = b"".join(path.read_bytes() for path in (tmp_path / "var").glob("niangjia.sqlite3*"))
    assert b"fake-sender-4711" not in stored
    assert "王某某".encode() not in stored
    assert b"13800000000" not in stored


def test_a_lost_race_is_a_conflict(deployment: app.Parts) -> None:
    """Two writers of one conversation: the second is told, nothing is overwritten silently."""
    now, vault = deployment.clock.now(), deployment.database.vault
    with deployment.database.session() as session:
        conversations.open_conversation(session, vault, "web", "a", now)
    with deployment.database.reading() as session:
        stale = session.query(ConversationRow).one()
    with deployment.database.session() as session:
        session.query(ConversationRow).one().following = False
    with pytest.raises(ConflictError), deployment.database.session() as session:
        session.merge(stale, load=False).state = '{"misses": 1}'


def test_the_audit_chain_shows_a_changed_row(deployment: app.Parts) -> None:
    """Appending from several threads keeps one chain; a changed byte is found."""

    def append(name: str) -> None:
        for _ in range(5):
            with deployment.database.session() as session:
                audit.record(session, name, "tried", "subject", deployment.clock.now(), count=1)

    threads = [threading.Thread(target=append, args=(f"t{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with deployment.database.reading() as session:
        assert audit.verify(session) is None
    with deployment.database.session() as session:
        session.execute(text("UPDATE audit_events SET actor = 'x' WHERE id = 7"))
    with deployment.database.reading() as session:
        assert audit.verify(session) == 7


@pytest.mark.parametrize("url", ["not a url", "unknown+driver://x"])
def test_a_wrong_address_is_one_sentence(url: str, tmp_path: Path) -> None:
    """An administrator reads which setting is wrong."""
    with pytest.raises(SettingsError, match="NIANGJIA_DATABASE_URL"):
        open_database(url, Vault.open(tmp_path / "keys.json"))
