"""Messengers: the inbox of their events, dialogs, cards, and a person's chat."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

WAITING = sa.text("shown_rev < wanted_rev and failed_at is null")


def upgrade() -> None:
    op.add_column("identities", sa.Column("chat", sa.Text(), nullable=True))
    op.create_table(
        "inbox",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=True),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "received_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("due_at", sa.TIMESTAMP(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("lease_until", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("finished_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("state in ('waiting', 'done', 'dead')", name=op.f("ck_inbox_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("channel", "event_id", name=op.f("uq_inbox_channel_event_id")),
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index("ix_inbox_waiting", "inbox", ["channel", "id"], unique=False, postgresql_where=waiting)
    op.create_index("ix_inbox_waiting_chat", "inbox", ["channel", "chat", "id"], unique=False, postgresql_where=waiting)
    op.create_index("ix_inbox_finished", "inbox", ["finished_at"], unique=False)
    op.create_table(
        "dialogs",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("state", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("updated_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_dialogs_user_id_users"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("channel", "chat", name=op.f("pk_dialogs")),
    )
    op.create_index(op.f("ix_dialogs_user_id"), "dialogs", ["user_id"], unique=False)
    op.create_index(op.f("ix_dialogs_updated_at"), "dialogs", ["updated_at"], unique=False)
    op.create_table(
        "cards",
        sa.Column("id", sa.UUID(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("wanted", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("wanted_rev", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("wanted_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("shown_rev", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("lost_external_id", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("losses", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("due_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.Column("lease_until", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("shown_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("failed_at", sa.TIMESTAMP(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.TIMESTAMP(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cards")),
    )
    _index_cards()


def _index_cards() -> None:
    line = ["channel", "chat", "wanted_at", "id"]
    op.create_index("ix_cards_waiting", "cards", line, unique=False, postgresql_where=WAITING)
    op.create_index(
        "ix_cards_of_chat", "cards", ["channel", "chat", sa.literal_column("created_at DESC")], unique=False
    )
    op.create_index("ix_cards_wanted_at", "cards", ["wanted_at"], unique=False)
    for name in ("external_id", "lost_external_id"):
        known = sa.text(f"{name} is not null")
        op.create_index(f"ix_cards_{name}", "cards", ["channel", name], unique=False, postgresql_where=known)


def downgrade() -> None:
    op.drop_table("cards")
    op.drop_table("dialogs")
    op.drop_table("inbox")
    op.drop_column("identities", "chat")
