"""What a person keeps, counted when nobody else can write down a file of theirs: lock and sums in one question.

A function sees what was committed while it waited for the lock; a statement that took the lock itself would not.
"""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        create function files_kept_by(whose uuid, out kept_bytes bigint, out loose bigint, out tried bigint)
        language plpgsql volatile as $$
        begin
            perform pg_advisory_xact_lock(hashtextextended('files ' || whose, 0));
            select coalesce(sum(size) filter (where state <> 'refused'), 0),
                count(*) filter (where application_id is null and state <> 'refused'),
                count(*) filter (where application_id is null)
            into kept_bytes, loose, tried from files where owner_id = whose;
        end
        $$
        """
    )


def downgrade() -> None:
    op.execute("drop function files_kept_by")
