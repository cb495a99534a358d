"""Versions of the schema, told without Alembic; only an upgrade loads it."""

from importlib.resources import files
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

if TYPE_CHECKING:
    from alembic.config import Config

_TABLE = "alembic_version"


def newest() -> str:
    """The newest version this program knows: the number its last migration's file begins with."""
    scripts = (files("bot.storage") / "migrations" / "versions").iterdir()
    return max(script.name.partition("_")[0] for script in scripts if script.name[0].isdecimal())


def found(connection: Connection) -> str | None:
    """The version the database has; None for an empty one."""
    if not inspect(connection).has_table(_TABLE):
        return None
    version: str | None = connection.scalar(text(f"SELECT version_num FROM {_TABLE}"))  # noqa: S608 - a constant
    return version


def upgrade(connection: Connection) -> None:
    """Run every migration the database lacks."""
    from alembic import command

    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def alembic_config() -> "Config":
    """Where Alembic finds the migrations."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(files("bot.storage") / "migrations"))
    config.set_main_option("path_separator", "os")
    return config
