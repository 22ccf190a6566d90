"""Changes of reference data tell of themselves: whoever writes a form, a directory or a period raises the version, and
a raised version rings a bell that every instance hears."""

from __future__ import annotations

from collections.abc import Iterator

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

TABLES = ("forms", "form_versions", "directories", "directory_items", "periods")
#: A statement that has changed nothing raises nothing; what it has changed stands in its transition table.
KINDS = {"insert": "referencing new table as changed", "update": "referencing new table as changed"}
KINDS |= {"delete": "referencing old table as changed", "truncate": ""}


def upgrade() -> None:
    op.execute(
        """
        create function raise_reference_version() returns trigger language plpgsql as $$
        begin
            if TG_OP <> 'TRUNCATE' then
                if not exists (select from changed) then
                    return null;
                end if;
            end if;
            update reference_version set version = version + 1;
            return null;
        end $$
        """
    )
    op.execute(
        """
        create function tell_reference_version() returns trigger language plpgsql as $$
        begin
            perform pg_notify('express_bot_reference', '');
            return null;
        end $$
        """
    )
    for table, kind, referencing in _triggers():
        op.execute(
            f"create trigger raise_version_on_{kind} after {kind} on {table} {referencing}"
            " for each statement execute function raise_reference_version()"
        )
    op.execute(
        "create trigger tell_version after update on reference_version"
        " for each statement execute function tell_reference_version()"
    )


def downgrade() -> None:
    op.execute("drop trigger tell_version on reference_version")
    for table, kind, _ in _triggers():
        op.execute(f"drop trigger raise_version_on_{kind} on {table}")
    op.execute("drop function tell_reference_version")
    op.execute("drop function raise_reference_version")


def _triggers() -> Iterator[tuple[str, str, str]]:
    return ((table, kind, referencing) for table in TABLES for kind, referencing in KINDS.items())
