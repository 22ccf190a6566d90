"""What commands need of the database: reach it, bring it up to date, and keep demo and production apart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from express_bot.cli.console import Problem
from express_bot.core.clock import Clock
from express_bot.core.db import overview
from express_bot.core.db.embedded import EmbeddedPostgres
from express_bot.core.db.session import Connection, connect
from express_bot.core.demo.desk import seed_desk
from express_bot.core.demo.seed import seed_demo
from express_bot.core.setup import install_defaults
from express_bot.settings import Settings


@contextmanager
def reachable(settings: Settings) -> Iterator[str]:
    """The DSN; our own server is started for the length of the command when the product is down."""
    if not settings.embedded_database:
        yield settings.dsn()
        return
    postgres = EmbeddedPostgres(settings.var_dir)
    if not postgres.is_initialised:
        raise Problem("never_started")
    with postgres.running() as dsn:
        yield dsn


@contextmanager
def connection(settings: Settings) -> Iterator[Connection]:
    """A connection for one command."""
    with reachable(settings) as dsn, connect(dsn) as opened:
        yield opened


def business_time(settings: Settings) -> datetime:
    """Now, as periods and applications see it."""
    return Clock(settings.demo_clock_file if settings.is_demo else None).now()


def migrate_and_seed(settings: Settings) -> str:
    """Bring schema and shipped data up to date; the demo also gets its people. Returns the schema's revision."""
    wanted = overview.newest_revision()
    with connect(settings.dsn()) as db:
        current = overview.revision(db)
    if current != wanted:
        from express_bot.core.db import migrate  # alembic is heavy, and most starts have nothing to migrate

        migrate.upgrade(settings.dsn())
    seed(settings)
    return wanted


def seed(settings: Settings) -> None:
    """Shipped data for everybody; people and their history for the demo. The database is marked by the mode first."""
    now = business_time(settings)
    with connect(settings.dsn()) as db:
        overview.stamp(db, "learning" if settings.is_demo else "real")
        install_defaults(db, now)
        if settings.is_demo:
            seed_demo(db, now)
            seed_desk(db, now)


def ensure_same_mode(settings: Settings) -> None:
    """Learning data and real data never share a database (trust §5): neither mode opens the other's."""
    with connect(settings.dsn()) as db:
        kept_for = overview.kept_for(db)
    if kept_for == "learning" and not settings.is_demo:
        raise Problem("demo_data_in_production")
    if kept_for == "real" and settings.is_demo:
        raise Problem("production_data_in_demo")


def facts_of(settings: Settings) -> dict[str, Any]:
    """The numbers that tell people the data is there."""
    with connect(settings.dsn()) as db:
        return overview.counts(db)
