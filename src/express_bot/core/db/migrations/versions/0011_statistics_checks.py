"""What the last recount of the statistics has found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("statistics_state", sa.Column("checked_at", sa.TIMESTAMP(timezone=True), nullable=True))
    op.add_column("statistics_state", sa.Column("different", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("statistics_state", "different")
    op.drop_column("statistics_state", "checked_at")
