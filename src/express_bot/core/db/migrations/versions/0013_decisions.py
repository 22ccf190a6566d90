"""The desk: drafts of decisions, publications, places on offer, and what owners have said to it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
JSONB = postgresql.JSONB(astext_type=sa.Text())
SAID = "kind in ('question_answered', 'message_sent')"


def upgrade() -> None:
    _drafts()
    _publications()
    op.add_column("applications", sa.Column("offer_until", MOMENT, nullable=True))
    op.create_index(
        "ix_applications_offered", "applications", ["offer_until"], postgresql_where=sa.text("offer_until is not null")
    )
    op.create_index("ix_application_events_said", "application_events", ["at"], postgresql_where=sa.text(SAID))


def _drafts() -> None:
    op.create_table(
        "draft_decisions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("rev", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("reason_code", sa.Text(), nullable=True),
        sa.Column("reason", JSONB, nullable=True),
        sa.Column("place", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.UUID(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("client_key", sa.Text(), nullable=False),
        sa.Column("client_digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_decisions")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["applications.id"], name=op.f("fk_draft_decisions_application_id_applications")
        ),
    )
    op.create_index("uq_draft_decisions_rev", "draft_decisions", ["application_id", "rev"], unique=True)
    op.create_index("uq_draft_decisions_client_key", "draft_decisions", ["application_id", "client_key"], unique=True)
    op.create_index(
        "uq_draft_decisions_current",
        "draft_decisions",
        ["application_id"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )


def _publications() -> None:
    op.create_table(
        "publications",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("form_id", sa.Text(), nullable=False),
        sa.Column("period_id", sa.BigInteger(), nullable=True),
        sa.Column("author_id", sa.UUID(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("published", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("people", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("skipped", JSONB, server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("client_key", sa.Text(), nullable=False),
        sa.Column("client_digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
    )
    op.create_index("uq_publications_client_key", "publications", ["author_id", "client_key"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_application_events_said", table_name="application_events")
    op.drop_index("ix_applications_offered", table_name="applications")
    op.drop_column("applications", "offer_until")
    op.drop_table("publications")
    op.drop_table("draft_decisions")
