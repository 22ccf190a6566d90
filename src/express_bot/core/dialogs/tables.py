"""Conversations with the bot, and its messages in them.

A card is sent by state: while ``shown_rev`` is behind ``wanted_rev`` it is due, and sending it again is an edit.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from express_bot.core.db.metadata import Moment, metadata
from express_bot.core.dialogs.waiting import WAITING

dialogs = Table(
    "dialogs",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("chat", Text, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("state", JSONB, nullable=False),
    Column("version", Integer, nullable=False),
    # the last step as the messenger told it; how long a dialog rests is counted by our own clock
    Column("at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False, index=True),
)

cards = Table(
    "cards",
    metadata,
    # made by the one who first wants the card, so that a repeated wish is the same card
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("channel", Text, nullable=False),
    Column("chat", Text, nullable=False),
    Column("wanted", JSONB, nullable=False),
    Column("wanted_rev", Integer, nullable=False, server_default=text("1")),
    # its place in the chat's line; kept while it waits, however often the wish changes
    Column("wanted_at", Moment, nullable=False),
    # somebody talks to the bot in this chat: its messages go before those that nobody waits for
    Column("awaited", Boolean, nullable=False, server_default=text("false")),
    Column("shown_rev", Integer, nullable=False, server_default=text("0")),
    Column("external_id", Text),
    # the messenger took a message under this id and then said that nobody got it
    Column("lost_external_id", Text),
    # when it was last handed out as a new message, and when the id of its message came to be known
    Column("begun_at", Moment),
    Column("named_at", Moment),
    # calls for a new message whose end nobody knows, and when the first of them began
    Column("doubts", Integer, nullable=False, server_default=text("0")),
    Column("doubt_from", Moment),
    # tries to send that failed, and messages that were taken and lost, since the card was last in order
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("losses", Integer, nullable=False, server_default=text("0")),
    Column("due_at", Moment, nullable=False),
    Column("lease_until", Moment),
    Column("shown_at", Moment),
    Column("delivered_at", Moment),
    Column("failed_at", Moment),
    Column("reason", Text),
    Column("created_at", Moment, nullable=False),
)
Index("ix_cards_waiting", cards.c.channel, cards.c.chat, cards.c.wanted_at, cards.c.id, postgresql_where=text(WAITING))
Index(
    "ix_cards_line",
    cards.c.channel,
    cards.c.awaited.desc(),
    cards.c.wanted_at,
    cards.c.id,
    postgresql_where=text(WAITING),
)
Index("ix_cards_of_chat", cards.c.channel, cards.c.chat, cards.c.created_at.desc())
Index(
    "ix_cards_external_id",
    cards.c.channel,
    cards.c.external_id,
    postgresql_where=text("external_id is not null"),
)
Index(
    "ix_cards_lost_external_id",
    cards.c.channel,
    cards.c.lost_external_id,
    postgresql_where=text("lost_external_id is not null"),
)
Index("ix_cards_named_at", cards.c.channel, cards.c.named_at, postgresql_where=text("named_at is not null"))
Index("ix_cards_wanted_at", cards.c.wanted_at)
