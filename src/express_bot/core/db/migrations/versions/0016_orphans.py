"""Orphans: calls for a message whose end nobody knows, and what leads to a message that stands twice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOMENTS = ("begun_at", "named_at", "doubt_from")


def upgrade() -> None:
    for name in MOMENTS:
        op.add_column("cards", sa.Column(name, sa.TIMESTAMP(timezone=True)))
    op.add_column("cards", sa.Column("doubts", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.create_index(
        "ix_cards_named_at", "cards", ["channel", "named_at"], postgresql_where=sa.text("named_at is not null")
    )
    op.create_index(
        "ix_inbox_messages", "inbox", ["channel", "received_at"], postgresql_where=sa.text("kind = 'message'")
    )


def downgrade() -> None:
    op.drop_index("ix_inbox_messages", table_name="inbox")
    op.drop_index("ix_cards_named_at", table_name="cards")
    for name in ("doubts", *MOMENTS):
        op.drop_column("cards", name)
