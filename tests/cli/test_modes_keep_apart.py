"""Learning data and real data never share a database: the first start marks it, the other mode refuses it."""

from __future__ import annotations

from pathlib import Path

import pytest

from express_bot.cli import database
from express_bot.cli.console import Problem
from express_bot.core.db import migrate, overview
from express_bot.core.db.embedded import EmbeddedPostgres
from express_bot.core.db.session import connect
from express_bot.settings import Settings


def house(mode: str, dsn: str, tmp_path: Path) -> Settings:
    return Settings(mode=mode, database_url=dsn, var_dir=tmp_path / "var", service_key="k" * 40)


def test_production_does_not_open_a_database_of_the_demo(dsn: str, tmp_path: Path) -> None:
    database.seed(house("demo", dsn, tmp_path))
    database.ensure_same_mode(house("test", dsn, tmp_path))
    with pytest.raises(Problem) as refused:
        database.ensure_same_mode(house("production", dsn, tmp_path))
    assert refused.value.code == "demo_data_in_production"


def test_the_demo_does_not_touch_a_database_of_production(dsn: str, tmp_path: Path) -> None:
    with connect(dsn) as db:
        overview.stamp(db, "real")
    database.ensure_same_mode(house("production", dsn, tmp_path))
    with pytest.raises(Problem) as refused:
        database.ensure_same_mode(house("demo", dsn, tmp_path))
    assert refused.value.code == "production_data_in_demo"


def test_the_newest_revision_is_told_by_the_files_as_by_alembic(dsn: str) -> None:
    with connect(dsn) as db:
        assert overview.revision(db) == overview.newest_revision() == migrate.head()


def test_a_database_before_its_first_migration_is_nobodys(server: EmbeddedPostgres) -> None:
    with connect(server.dsn("postgres")) as db:
        assert overview.kept_for(db) is None
        assert overview.revision(db) is None
