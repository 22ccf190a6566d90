"""What people said about one period, and which of its marks people were told."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, Table, Text, text

from express_bot.core.db.metadata import Moment, metadata

reminder_choices = Table(
    "reminder_choices",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("period_id", ForeignKey("periods.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("choice", Text, nullable=False),
    Column("chosen_at", Moment, nullable=False),
    CheckConstraint("choice in ('declined', 'wanted')", name="choice"),
)

schedule_marks = Table(
    "schedule_marks",
    metadata,
    Column("period_id", ForeignKey("periods.id", ondelete="CASCADE"), primary_key=True),
    Column("mark", Text, primary_key=True),
    # by the business clock
    Column("at", Moment, nullable=False),
    # how many people were promised to be told
    Column("people", Integer, nullable=False, server_default=text("0")),
)
