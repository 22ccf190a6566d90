"""Files: what people attach, and the parts of what is still on its way."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
NOW = sa.text("clock_timestamp()")


def upgrade() -> None:
    op.create_table(
        "files",
        sa.Column("id", postgresql.UUID(as_uuid=True), nullable=False),
        sa.Column("owner_id", postgresql.UUID(as_uuid=True), nullable=False),
        sa.Column("application_id", sa.BigInteger()),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("announced_sha256", sa.LargeBinary()),
        sa.Column("sha256", sa.LargeBinary()),
        sa.Column("kept_sha256", sa.LargeBinary()),
        sa.Column("object", sa.Text()),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("in_parts", sa.Boolean(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("client_key", sa.Text(), nullable=False),
        sa.Column("client_digest", sa.LargeBinary()),
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.Column("touched_at", MOMENT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_files")),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_files_owner_id_users")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_files_application_id_applications")
        ),
        sa.CheckConstraint("state in ('uploading', 'checking', 'ready', 'refused')", name=op.f("ck_files_state")),
        sa.CheckConstraint("state <> 'ready' or object is not null", name=op.f("ck_files_ready_is_kept")),
        sa.CheckConstraint("application_id is null or state = 'ready'", name=op.f("ck_files_attached_is_ready")),
    )
    op.create_index("uq_files_client_key", "files", ["owner_id", "client_key"], unique=True)
    op.create_index(
        "ix_files_application", "files", ["application_id"], postgresql_where=sa.text("application_id is not null")
    )
    op.create_index("ix_files_loose", "files", ["touched_at"], postgresql_where=sa.text("application_id is null"))
    op.create_index("ix_files_object", "files", ["object"], postgresql_where=sa.text("object is not null"))
    op.create_table(
        "file_parts",
        sa.Column("file_id", postgresql.UUID(as_uuid=True), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("file_id", "start", name=op.f("pk_file_parts")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["files.id"], name=op.f("fk_file_parts_file_id_files"), ondelete="CASCADE"
        ),
        sa.UniqueConstraint("object", name=op.f("uq_file_parts_object")),
    )


def downgrade() -> None:
    op.drop_table("file_parts")
    op.drop_table("files")
