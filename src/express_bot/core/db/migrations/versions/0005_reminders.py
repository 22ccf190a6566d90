"""Notifications by wish: what people have chosen, zones of bases, and which marks of a period were told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
#: The shipped bases; whoever has made others says their zones in the directory.
ZONES = {"msk": "Europe/Moscow", "spb": "Europe/Moscow", "kja": "Asia/Krasnoyarsk", "aer": "Europe/Moscow"}
UNASKED = sa.text("event in ('period_opened', 'reminder', 'draft_left')")


def upgrade() -> None:
    nothing = sa.text("'{}'::jsonb")
    op.add_column("users", sa.Column("preferences", postgresql.JSONB(), server_default=nothing, nullable=False))
    op.add_column("directory_items", sa.Column("timezone", sa.Text(), nullable=True))
    for code, zone in ZONES.items():
        base = sa.text("update directory_items set timezone = :zone where directory = 'location' and code = :code")
        op.execute(base.bindparams(zone=zone, code=code))
    _choices()
    _marks()
    op.create_index("ix_outbox_unasked", "outbox", ["user_id", "created_at"], postgresql_where=UNASKED)


def _choices() -> None:
    op.create_table(
        "reminder_choices",
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("period_id", sa.BigInteger(), nullable=False),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("chosen_at", MOMENT, nullable=False),
        sa.CheckConstraint("choice in ('declined', 'wanted')", name=op.f("ck_reminder_choices_choice")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_reminder_choices_user_id_users"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["period_id"], ["periods.id"], name=op.f("fk_reminder_choices_period_id_periods"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "period_id", name=op.f("pk_reminder_choices")),
    )
    op.create_index(op.f("ix_reminder_choices_period_id"), "reminder_choices", ["period_id"])


def _marks() -> None:
    op.create_table(
        "schedule_marks",
        sa.Column("period_id", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("people", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["period_id"], ["periods.id"], name=op.f("fk_schedule_marks_period_id_periods"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("period_id", "mark", name=op.f("pk_schedule_marks")),
    )
    # what opened before anybody could be told of it is no news
    op.execute(
        "insert into schedule_marks (period_id, mark, at)"
        " select id, 'opened', opens_at from periods where opens_at <= clock_timestamp()"
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_unasked", "outbox")
    op.drop_table("schedule_marks")
    op.drop_table("reminder_choices")
    op.drop_column("directory_items", "timezone")
    op.drop_column("users", "preferences")
