"""Brings a database to this version's schema. One numbered line, each step reversible (style §5)."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

MIGRATIONS = Path(__file__).with_name("migrations")


def config(dsn: str) -> Config:
    """Alembic's configuration for the database behind the libpq ``dsn``; no ini file, no logging of its own."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    settings.attributes["dsn"] = dsn
    return settings


def upgrade(dsn: str, revision: str = "head") -> None:
    """Migrates up to ``revision``; a database that is there already is left alone."""
    command.upgrade(config(dsn), revision)


def downgrade(dsn: str, revision: str) -> None:
    """Migrates back down to ``revision``."""
    command.downgrade(config(dsn), revision)


def head() -> str:
    """The newest revision that this code knows."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head() or ""


def current(dsn: str) -> str | None:
    """The revision the database stands at; ``None`` for an empty database."""
    import psycopg

    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(dsn), poolclass=NullPool)
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()
