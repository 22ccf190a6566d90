"""SQL of a few facts about the whole database, for the one who runs it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from psycopg.sql import SQL

from express_bot.core.db.session import Connection

MIGRATIONS = Path(__file__).with_name("migrations") / "versions"


def newest_revision() -> str:
    """The schema this version wants, told by the numbered files: asking alembic costs a start most of a second."""
    return max(path.name for path in MIGRATIONS.glob("[0-9]*.py")).partition("_")[0]


def revision(db: Connection) -> str | None:
    """Where the schema stands; ``None`` before the first migration."""
    if not is_ours(db):
        return None
    row = db.execute("select version_num from alembic_version").fetchone()
    return row["version_num"] if row else None


def is_ours(db: Connection) -> bool:
    """Whether the first migration has been here."""
    row = db.execute(
        "select to_regclass('identities') is not null and to_regclass('alembic_version') is not null as there"
    ).fetchone()
    return bool(row and row["there"])


def kept_for(db: Connection) -> str | None:
    """Whose data this is, ``learning`` or ``real``, as stamped at the first start; ``None`` before it."""
    if not is_ours(db):
        return None
    row = db.execute("select obj_description('users'::regclass, 'pg_class') as stamp").fetchone()
    return row["stamp"] if row else None


def stamp(db: Connection, kind: Literal["learning", "real"]) -> None:
    """Mark the database for good; a comment goes along with every dump and copy of it."""
    db.execute(SQL("comment on table users is {}").format(kind))


def counts(db: Connection) -> dict[str, Any]:
    """The numbers that tell people their data is there."""
    row = db.execute(
        """
        select (select count(*) from directory_items where directory = 'location' and retired_at is null) as locations,
               (select count(*) from directory_items where directory = 'direction' and retired_at is null)
                   as directions,
               (select count(*) from applications a join users u on u.id = a.applicant_id where not u.probe)
                   as applications
        """
    ).fetchone()
    return dict(row or {})


def server(db: Connection) -> dict[str, Any]:
    """What the server says about itself: version, connections, durability, its clock."""
    row = db.execute(
        """
        select current_setting('server_version') as version,
               (select count(*) from pg_stat_activity where backend_type = 'client backend') as connections,
               current_setting('max_connections')::int as max_connections,
               current_setting('fsync') = 'on' and current_setting('synchronous_commit') <> 'off' as durable,
               (select rolsuper from pg_roles where rolname = current_user) as superuser,
               clock_timestamp() as now
        """
    ).fetchone()
    return dict(row or {})
