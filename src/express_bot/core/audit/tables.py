"""Who did what: one row per change, written in the same transaction as the change."""

from sqlalchemy import BigInteger, Column, Identity, Index, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from express_bot.core.db.metadata import Moment, metadata

audit_log = Table(
    "audit_log",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    Column("actor_id", UUID(as_uuid=True)),
    Column("actor_role", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("object_kind", Text, nullable=False),
    Column("object_id", Text, nullable=False),
    # names of the changed fields and codes, never the personal values themselves
    Column("details", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("request_id", Text),
)
Index("ix_audit_log_object", audit_log.c.object_kind, audit_log.c.object_id, audit_log.c.id)
