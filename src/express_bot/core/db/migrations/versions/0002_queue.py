"""The message queue: procrastinate's own schema (design §5)."""

from __future__ import annotations

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

#: Drops what the library's schema made, whatever its version calls the parts.
REMOVE = """
do $$
declare part record;
begin
    for part in select p.oid::regprocedure as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname = current_schema() and p.proname like 'procrastinate%'
    loop execute 'drop function ' || part.name || ' cascade'; end loop;
    for part in select c.oid::regclass as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = current_schema() and c.relkind = 'r' and c.relname like 'procrastinate%'
    loop execute 'drop table ' || part.name || ' cascade'; end loop;
    for part in select t.oid::regtype as name from pg_type t join pg_namespace n on n.oid = t.typnamespace
        where n.nspname = current_schema() and t.typtype in ('e', 'c') and t.typname like 'procrastinate%'
    loop execute 'drop type ' || part.name || ' cascade'; end loop;
end $$
"""


def run(statements: str) -> None:
    """Executes plain SQL on the driver itself: the library's text is full of per cent signs that are no placeholders."""
    driver = op.get_bind().connection.driver_connection
    assert driver is not None, "a migration runs on a living connection"
    driver.execute(statements)


def upgrade() -> None:
    run(SchemaManager.get_schema())


def downgrade() -> None:
    run(REMOVE)
