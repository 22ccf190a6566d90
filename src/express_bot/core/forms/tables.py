"""Form definitions as data; a published version never changes."""

from sqlalchemy import Column, ForeignKey, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from express_bot.core.db.metadata import Moment, metadata

forms = Table(
    "forms",
    metadata,
    Column("id", Text, primary_key=True),
    Column("current_version", Integer, nullable=False),
    Column("position", Integer, nullable=False, server_default=text("0")),
)

form_versions = Table(
    "form_versions",
    metadata,
    Column("form_id", ForeignKey("forms.id", deferrable=True, initially="DEFERRED"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("definition", JSONB, nullable=False),
    Column("published_at", Moment, nullable=False, server_default=text("now()")),
)
