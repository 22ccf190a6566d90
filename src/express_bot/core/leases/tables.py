"""Who of several instances does what only one may do; a lease that nobody renews is free again."""

from sqlalchemy import Column, Table, Text

from express_bot.core.db.metadata import Moment, metadata

leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", Moment, nullable=False),
)
