"""The outbox: notifications promised in the same transaction as their cause; deliveries: how each promise was kept."""

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Identity, Index, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from express_bot.core.db.metadata import Moment, metadata

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("event", Text, nullable=False),
    Column("application_id", ForeignKey("applications.id")),
    Column("user_id", UUID(as_uuid=True), nullable=False),
    Column("details", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    # when it happened, by the business clock
    Column("created_at", Moment, nullable=False),
    # one such promise, ever: the name of a reminder, an opening, a digest
    Column("once", Text),
    # when it was written down, by the real clock: what a delay is counted from, unless it was held
    Column("due_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    # the end of quiet hours, by the business clock; until then the relay leaves it alone
    Column("held_until", Moment),
    Column("relayed_at", Moment),
    # when it was shown, not wanted, or given up
    Column("settled_at", Moment),
)
Index("ix_outbox_waiting", outbox.c.id, postgresql_where=text("relayed_at is null"))
Index("ix_outbox_unsettled", outbox.c.due_at, postgresql_where=text("settled_at is null"))
Index("ix_outbox_settled", outbox.c.settled_at)
# what the house says on its own account: counted, so that it never becomes noise
Index(
    "ix_outbox_unasked",
    outbox.c.user_id,
    outbox.c.created_at,
    postgresql_where=text("event in ('period_opened', 'reminder', 'draft_left')"),
)
Index("uq_outbox_once", outbox.c.once, unique=True, postgresql_where=text("once is not null"))

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("outbox_id", ForeignKey("outbox.id", ondelete="CASCADE"), nullable=False),
    # none where there was nothing to say, or nowhere to say it
    Column("channel", Text),
    Column("chat", Text),
    # the message that carries it, and the revision of it that says so; no foreign key: cards are forgotten sooner
    Column("card_id", UUID(as_uuid=True)),
    Column("card_rev", Integer),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    # tries that failed
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("created_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    # since when this channel has been trying
    Column("waiting_since", Moment),
    Column("ended_at", Moment),
    CheckConstraint("state in ('held', 'waiting', 'shown', 'skipped', 'moved', 'dead')", name="state"),
)
Index(
    "uq_deliveries_outbox_id_channel",
    deliveries.c.outbox_id,
    deliveries.c.channel,
    unique=True,
    postgresql_nulls_not_distinct=True,
)
Index("ix_deliveries_card", deliveries.c.card_id, postgresql_where=text("card_id is not null"))
Index("ix_deliveries_waiting", deliveries.c.waiting_since, postgresql_where=text("state = 'waiting'"))
Index("ix_deliveries_dead", deliveries.c.id, postgresql_where=text("state = 'dead'"))

channel_paces = Table(
    "channel_paces",
    metadata,
    Column("channel", Text, primary_key=True),
    # the messenger asked everybody to wait
    Column("paused_until", Moment),
    # when the latest messages of it were handed out, as many as may go out in one second
    Column("claimed", ARRAY(Moment), nullable=False, server_default=text("'{}'::timestamptz[]")),
)

chat_paces = Table(
    "chat_paces",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("chat", Text, primary_key=True),
    # when the latest new message of this chat was handed out
    Column("claimed_at", Moment, nullable=False),
)
