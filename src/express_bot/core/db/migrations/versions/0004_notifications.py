"""Notifications: how promises are kept, addresses that take nothing any more, the pace of each messenger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
NOW = sa.text("clock_timestamp()")


def upgrade() -> None:
    _outbox()
    _deliveries()
    _paces()
    for name, kind in (("last_seen_at", MOMENT), ("stopped_at", MOMENT), ("stop_reason", sa.Text())):
        op.add_column("identities", sa.Column(name, kind, nullable=True))
    known = sa.text("chat is not null")
    op.create_index("ix_identities_chat", "identities", ["provider", "chat"], unique=False, postgresql_where=known)
    waiting = sa.text("shown_rev < wanted_rev and failed_at is null")
    op.create_index("ix_cards_line", "cards", ["channel", "wanted_at", "id"], unique=False, postgresql_where=waiting)
    # the queue asks for earlier jobs of the same lock at each fetch, and has no index for that
    queued = sa.text("status in ('todo', 'doing')")
    op.create_index("ix_procrastinate_jobs_line", "procrastinate_jobs", ["lock", "id"], postgresql_where=queued)


def _outbox() -> None:
    op.add_column("outbox", sa.Column("once", sa.Text(), nullable=True))
    op.add_column("outbox", sa.Column("due_at", MOMENT, server_default=NOW, nullable=False))
    op.add_column("outbox", sa.Column("held_until", MOMENT, nullable=True))
    op.add_column("outbox", sa.Column("settled_at", MOMENT, nullable=True))
    # what was promised before anybody could keep it is history: nobody wants to be told of it now
    op.execute("update outbox set relayed_at = clock_timestamp(), settled_at = clock_timestamp()")
    unsettled, named = sa.text("settled_at is null"), sa.text("once is not null")
    op.create_index("ix_outbox_unsettled", "outbox", ["due_at"], unique=False, postgresql_where=unsettled)
    op.create_index("ix_outbox_settled", "outbox", ["settled_at"], unique=False)
    op.create_index("uq_outbox_once", "outbox", ["once"], unique=True, postgresql_where=named)


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("outbox_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("chat", sa.Text(), nullable=True),
        sa.Column("card_id", sa.UUID(), nullable=True),
        sa.Column("card_rev", sa.Integer(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("waiting_since", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state in ('held', 'waiting', 'shown', 'skipped', 'moved', 'dead')", name=op.f("ck_deliveries_state")
        ),
        sa.ForeignKeyConstraint(
            ["outbox_id"], ["outbox.id"], name=op.f("fk_deliveries_outbox_id_outbox"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
    )
    op.create_index(
        "uq_deliveries_outbox_id_channel",
        "deliveries",
        ["outbox_id", "channel"],
        unique=True,
        postgresql_nulls_not_distinct=True,
    )
    for name, column, where in (
        ("card", "card_id", "card_id is not null"),
        ("waiting", "waiting_since", "state = 'waiting'"),
        ("dead", "id", "state = 'dead'"),
    ):
        op.create_index(f"ix_deliveries_{name}", "deliveries", [column], unique=False, postgresql_where=sa.text(where))


def _paces() -> None:
    op.create_table(
        "channel_paces",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("paused_until", MOMENT, nullable=True),
        sa.Column("claimed", postgresql.ARRAY(MOMENT), server_default=sa.text("'{}'::timestamptz[]"), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_channel_paces")),
    )
    op.create_table(
        "chat_paces",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("claimed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("channel", "chat", name=op.f("pk_chat_paces")),
    )


def downgrade() -> None:
    op.drop_index("ix_procrastinate_jobs_line", "procrastinate_jobs")
    op.drop_index("ix_cards_line", "cards")
    op.drop_index("ix_identities_chat", "identities")
    for name in ("stop_reason", "stopped_at", "last_seen_at"):
        op.drop_column("identities", name)
    op.drop_table("chat_paces")
    op.drop_table("channel_paces")
    op.drop_table("deliveries")
    for name in ("uq_outbox_once", "ix_outbox_settled", "ix_outbox_unsettled"):
        op.drop_index(name, "outbox")
    for name in ("settled_at", "held_until", "due_at", "once"):
        op.drop_column("outbox", name)
