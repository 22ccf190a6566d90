"""Answer times, as each process of the core has counted them: a row a minute, gone within the hour."""

from sqlalchemy import Column, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from express_bot.core.db.metadata import Moment, metadata

answer_times = Table(
    "answer_times",
    metadata,
    # one process, from its start to its end
    Column("instance", Text, primary_key=True),
    Column("at", Moment, primary_key=True),
    # how many answers of this minute took at most so many seconds, by upper bound
    Column("answers", JSONB, nullable=False),
)
