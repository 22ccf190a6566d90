"""The outbox: notifications promised in the same transaction as their cause."""

from sqlalchemy import BigInteger, Column, ForeignKey, Identity, Index, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from express_bot.core.db.metadata import Moment, metadata

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("event", Text, nullable=False),
    Column("application_id", ForeignKey("applications.id")),
    Column("user_id", UUID(as_uuid=True), nullable=False),
    Column("details", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("created_at", Moment, nullable=False),
    Column("relayed_at", Moment),
)
Index("ix_outbox_waiting", outbox.c.id, postgresql_where=text("relayed_at is null"))
