"""The inbox: what messengers told us, durable before they hear that we took it, and handled once."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from express_bot.core.db.metadata import Moment, metadata

inbox = Table(
    "inbox",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("channel", Text, nullable=False),
    # the messenger's own id of the event: a repeated event is the same row
    Column("event_id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    # events of one chat are handled in order; without a chat there is no order
    Column("chat", Text),
    Column("payload", JSONB, nullable=False),
    Column("state", Text, nullable=False, server_default="waiting"),
    # failures that were reported; a lease that merely ran out is nobody's failure
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("received_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    Column("due_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    Column("lease_until", Moment),
    Column("finished_at", Moment),
    Column("reason", Text),
    UniqueConstraint("channel", "event_id"),
    CheckConstraint("state in ('waiting', 'done', 'dead')", name="state"),
)
Index("ix_inbox_waiting", inbox.c.channel, inbox.c.id, postgresql_where=text("state = 'waiting'"))
Index("ix_inbox_waiting_chat", inbox.c.channel, inbox.c.chat, inbox.c.id, postgresql_where=text("state = 'waiting'"))
Index("ix_inbox_finished", inbox.c.finished_at)
Index("ix_inbox_messages", inbox.c.channel, inbox.c.received_at, postgresql_where=text("kind = 'message'"))
