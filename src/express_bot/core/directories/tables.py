"""Coded items with names and parents. Items retire, they are never deleted."""

from sqlalchemy import Column, ForeignKey, Integer, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from express_bot.core.db.metadata import Moment, metadata

directories = Table(
    "directories",
    metadata,
    Column("code", Text, primary_key=True),
    Column("title", JSONB, nullable=False),
    Column("item_order", Text, nullable=False, server_default="name"),
    Column("parent", Text),
)

directory_items = Table(
    "directory_items",
    metadata,
    Column("directory", ForeignKey("directories.code"), primary_key=True),
    Column("code", Text, primary_key=True),
    Column("names", JSONB, nullable=False),
    Column("hint", JSONB),
    Column("parents", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("synonyms", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("position", Integer, nullable=False, server_default=text("0")),
    Column("retired_at", Moment),
    # of a place: the zone its people live by, until they choose another
    Column("timezone", Text),
)

#: One row whose number grows with every change of forms, directories or periods: the key of the in-process cache.
reference_version = Table(
    "reference_version",
    metadata,
    Column("only", Integer, primary_key=True, server_default=text("1")),
    Column("version", Integer, nullable=False, server_default=text("1")),
)
