"""Migrations form one numbered line, run both ways, and make exactly the schema that the tables describe."""

from __future__ import annotations

import re
from collections.abc import Iterator

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from express_bot.core.db import migrate
from express_bot.core.db.embedded import EmbeddedPostgres
from express_bot.core.db.tables import metadata


@pytest.fixture
def empty(server: EmbeddedPostgres) -> Iterator[str]:
    """A database without any table."""
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as admin:
        admin.execute("create database empty_house")
        yield server.dsn("empty_house")
        admin.execute("drop database empty_house with (force)")


def test_the_migrations_form_one_numbered_line() -> None:
    line = [step.revision for step in ScriptDirectory(str(migrate.MIGRATIONS)).walk_revisions()][::-1]
    assert line == [f"{number:04}" for number in range(1, len(line) + 1)]


def test_up_down_and_up_again_ends_where_it_began(empty: str) -> None:
    migrate.upgrade(empty)
    migrate.downgrade(empty, "base")
    with psycopg.connect(empty) as db:
        left = db.execute("select relname from pg_class where relnamespace = 'public'::regnamespace").fetchall()
    assert [name for (name,) in left if not name.startswith("alembic")] == []
    migrate.upgrade(empty)
    assert migrate.current(empty) == migrate.head()


def test_the_migrated_schema_is_the_one_the_tables_describe(empty: str) -> None:
    migrate.upgrade(empty)
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(empty), poolclass=NullPool)
    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), metadata)
    # the queue brings tables of its own, which no room of ours describes
    assert [difference for difference in found if not re.search("procrastinate", str(difference))] == []


#: What alembic does not compare: conditions of indexes, checks, defaults, identities.
CATALOG = """
    select 'index' as kind, indexname::text as name, indexdef as definition from pg_indexes
    where schemaname = 'public' and tablename !~ '^(procrastinate|alembic)'
    union all
    select 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) from pg_constraint
    where connamespace = 'public'::regnamespace and conrelid <> 0
      and conrelid::regclass::text !~ '^(procrastinate|alembic)'
    union all
    select 'column', table_name || '.' || column_name,
           concat_ws(' ', udt_name, is_nullable, column_default, identity_generation)
    from information_schema.columns where table_schema = 'public' and table_name !~ '^(procrastinate|alembic)'
    union all
    select 'sequence', sequencename::text, concat_ws(' ', data_type, start_value, increment_by) from pg_sequences
    where schemaname = 'public' and sequencename !~ '^procrastinate'
"""


def test_conditions_checks_and_defaults_are_the_ones_the_tables_describe(server: EmbeddedPostgres, empty: str) -> None:
    migrate.upgrade(empty)
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as admin:
        admin.execute("drop database if exists described_house with (force)")
        admin.execute("create database described_house")
    described = server.dsn("described_house")
    metadata.create_all(create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(described)))
    assert _catalog(empty) == _catalog(described)


def _catalog(dsn: str) -> set[tuple[str, str, str]]:
    with psycopg.connect(dsn) as db:
        return set(db.execute(CATALOG).fetchall())
