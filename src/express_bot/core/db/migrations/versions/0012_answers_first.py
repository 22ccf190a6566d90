"""Answers go before mailings: whether somebody waits for a card in its chat, and the line in that order."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

WAITING = sa.text("shown_rev < wanted_rev and failed_at is null")


def upgrade() -> None:
    op.add_column("cards", sa.Column("awaited", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    _line("awaited desc", "wanted_at", "id")


def downgrade() -> None:
    _line("wanted_at", "id")
    op.drop_column("cards", "awaited")


def _line(*order: str) -> None:
    op.drop_index("ix_cards_line", table_name="cards")
    columns = [sa.text(column) if " " in column else column for column in ("channel", *order)]
    op.create_index("ix_cards_line", "cards", columns, unique=False, postgresql_where=WAITING)
