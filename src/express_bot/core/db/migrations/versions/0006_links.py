"""Links: one-time codes that join a messenger to a person, and the tries to enter one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "link_codes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("client_key", sa.Text(), nullable=False),
        sa.Column("salt", sa.SmallInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("used_key", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_link_codes_user_id_users"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_codes")),
    )
    unused = sa.text("used_at is null")
    op.create_index(
        "uq_link_codes_client_key", "link_codes", ["user_id", "client_key"], unique=True, postgresql_where=unused
    )
    op.create_index("ix_link_codes_user_id", "link_codes", ["user_id"], unique=False)
    op.create_index("ix_link_codes_code_hash", "link_codes", ["code_hash"], unique=False)
    op.create_index("ix_link_codes_created_at", "link_codes", ["created_at"], unique=False)
    op.create_table(
        "link_tries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.UUID(), nullable=False),
        sa.Column("by_guest", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_tries")),
    )
    op.create_index("ix_link_tries_of_user", "link_tries", ["user_id", "at"], unique=False)
    op.create_index("ix_link_tries_at", "link_tries", ["at"], unique=False)


def downgrade() -> None:
    op.drop_table("link_tries")
    op.drop_table("link_codes")
