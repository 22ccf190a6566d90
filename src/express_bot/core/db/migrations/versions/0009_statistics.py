"""Statistics: deltas written by a trigger of applications, and the rollups they are folded into."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.TIMESTAMP(timezone=True)
STATUSES = (
    "submitted", "in_review", "needs_info", "approved", "waitlisted", "rejected", "withdrawn", "revoked", "completed",
)  # fmt: skip
ZERO = sa.text("0")

#: The columns that figures depend on; a change of others (seen, replayed) writes no delta.
COUNTED = "form_id, period_id, applicant_id, filed_at, target_date, status, channel, answers, decision"
NOTED = "form_id, period_id, applicant_id, filed_at, target_date, status, channel, decided_at, answers"


def _facts(row: str, sign: str) -> str:
    return f"""
        insert into statistics_deltas (sign, {NOTED})
        select {sign}, {row}.form_id, {row}.period_id, {row}.applicant_id, {row}.filed_at, {row}.target_date,
            {row}.status, {row}.channel, ({row}.decision->>'decided_at')::timestamptz, {row}.answers
        from users u where u.id = {row}.applicant_id and not u.probe;
    """  # noqa: S608 - names of ours


TRIGGERS = f"""
    create function statistics_filed() returns trigger language plpgsql as $$
    begin {_facts("new", "1")} return null; end $$;

    create function statistics_changed() returns trigger language plpgsql as $$
    begin {_facts("old", "-1")} {_facts("new", "1")} return null; end $$;

    create function statistics_removed() returns trigger language plpgsql as $$
    begin {_facts("old", "-1")} return null; end $$;

    create trigger statistics_filed after insert on applications
        for each row execute function statistics_filed();
    create trigger statistics_changed after update on applications
        for each row when (({", ".join(f"old.{name}" for name in COUNTED.split(", "))})
            is distinct from ({", ".join(f"new.{name}" for name in COUNTED.split(", "))}))
        execute function statistics_changed();
    create trigger statistics_removed after delete on applications
        for each row execute function statistics_removed();
"""
#: What was filed before is told like everything after it; the worker folds it.
BACKLOG = f"""
    insert into statistics_deltas (sign, {NOTED})
    select 1, a.form_id, a.period_id, a.applicant_id, a.filed_at, a.target_date, a.status, a.channel,
        (a.decision->>'decided_at')::timestamptz, a.answers
    from applications a join users u on u.id = a.applicant_id and not u.probe
"""  # noqa: S608 - names of ours
#: Deltas live for two seconds and counters are written again and again: room in the pages, and no waiting for vacuum.
STORAGE = """
    alter table statistics_deltas set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
    alter table statistics_daily set (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
    alter table statistics_people set (fillfactor = 80);
    alter table statistics_spread set (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05);
    alter table statistics_durations set (fillfactor = 80);
"""


def upgrade() -> None:
    _deltas()
    _daily()
    _narrow()
    op.create_index("ix_applications_target", "applications", ["form_id", "target_date", "id"])
    op.create_index("ix_applications_filed", "applications", ["form_id", "filed_at", "id"])
    op.execute(STORAGE)
    op.execute(TRIGGERS)
    op.execute(BACKLOG)


def _deltas() -> None:
    op.create_table(
        "statistics_deltas",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("sign", sa.SmallInteger(), nullable=False),
        sa.Column("form_id", sa.Text(), nullable=False),
        sa.Column("period_id", sa.BigInteger(), nullable=True),
        sa.Column("applicant_id", sa.UUID(), nullable=False),
        sa.Column("filed_at", MOMENT, nullable=False),
        sa.Column("target_date", sa.Date(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statistics_deltas")),
    )
    op.create_table(
        "statistics_state",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, server_default=sa.text("1"), nullable=False),
        sa.Column("version", sa.BigInteger(), server_default=ZERO, nullable=False),
        sa.Column(
            "layouts",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("folded_at", MOMENT, nullable=True),
        sa.Column("rebuilt_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statistics_state")),
    )
    op.execute("insert into statistics_state default values")


def _daily() -> None:
    key = [sa.Column(name, sa.Text(), nullable=False) for name in ("form_id", "basis", "grain", "dims")]
    op.create_table(
        "statistics_daily",
        *key,
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("a", sa.Text(), nullable=False),
        sa.Column("b", sa.Text(), nullable=False),
        *(sa.Column(status, sa.Integer(), server_default=ZERO, nullable=False) for status in STATUSES),
        sa.PrimaryKeyConstraint("form_id", "basis", "grain", "dims", "day", "a", "b", name=op.f("pk_statistics_daily")),
    )


def _narrow() -> None:
    op.create_table(
        "statistics_durations",
        sa.Column("form_id", sa.Text(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("form_id", "week", "hours", name=op.f("pk_statistics_durations")),
    )
    op.create_table(
        "statistics_people",
        sa.Column("form_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("applicant_id", sa.UUID(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("form_id", "kind", "applicant_id", "code", "month", name=op.f("pk_statistics_people")),
    )
    op.create_table(
        "statistics_spread",
        sa.Column("form_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("form_id", "kind", "until", "code", "count", name=op.f("pk_statistics_spread")),
    )


def downgrade() -> None:
    op.execute(
        "drop trigger statistics_filed on applications; drop trigger statistics_changed on applications;"
        " drop trigger statistics_removed on applications; drop function statistics_filed();"
        " drop function statistics_changed(); drop function statistics_removed()"
    )
    op.drop_index("ix_applications_filed", table_name="applications")
    op.drop_index("ix_applications_target", table_name="applications")
    for table in ("spread", "people", "durations", "daily", "state", "deltas"):
        op.drop_table(f"statistics_{table}")
