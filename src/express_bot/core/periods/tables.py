"""When a form is accepted and for which dates. Dates are stored, never derived at read time."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Identity,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from express_bot.core.db.metadata import Moment, metadata

period_rules = Table(
    "period_rules",
    metadata,
    Column("code", Text, primary_key=True),
    Column("rule", JSONB, nullable=False),
)

periods = Table(
    "periods",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("form_id", ForeignKey("forms.id"), nullable=False),
    Column("opens_at", Moment, nullable=False),
    Column("closes_at", Moment, nullable=False),
    Column("target_from", Date, nullable=False),
    Column("target_to", Date, nullable=False),
    Column("timezone", Text, nullable=False),
    # how many active applications one person may have for one target month
    Column("application_limit", SmallInteger, nullable=False, server_default=text("1")),
    # list of {from, to, reason, text: {ru, en}}
    Column("excluded", JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    Column("decision_due_at", Moment),
    Column("made_by", Text, nullable=False, server_default="rule"),
    CheckConstraint("opens_at < closes_at", name="opens_before_closing"),
    CheckConstraint("target_from <= target_to", name="target_in_order"),
    CheckConstraint("application_limit between 1 and 100", name="limit_sane"),
    UniqueConstraint("form_id", "opens_at"),
)
