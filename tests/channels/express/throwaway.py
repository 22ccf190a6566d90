"""A database for runs outside pytest: migrated, seeded, gone afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from express_bot.core.db import migrate
from express_bot.core.db.embedded import EmbeddedPostgres
from express_bot.core.db.session import connect
from express_bot.core.demo.seed import seed_demo
from express_bot.core.setup import install_defaults
from tests.conftest import NOW


@contextmanager
def throwaway_database(folder: Path) -> Iterator[str]:
    """Its DSN."""
    postgres = EmbeddedPostgres(folder / "database", durable=False)
    postgres.start()
    try:
        with psycopg.connect(postgres.dsn("postgres"), autocommit=True) as admin:
            admin.execute("create database storm")
        migrate.upgrade(postgres.dsn("storm"))
        with connect(postgres.dsn("storm")) as db:
            install_defaults(db, NOW)
            seed_demo(db, NOW)
        yield postgres.dsn("storm")
    finally:
        postgres.stop()
