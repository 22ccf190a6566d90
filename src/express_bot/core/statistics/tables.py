"""What figures are made of: deltas (−old and +new of every change) and the rollups they are folded into.

A trigger of ``applications`` writes the deltas in the transaction of the change, so nothing bypasses them: a submit, a
decision, a seed, a statement typed by hand. The worker folds them; a reader adds those that are not folded yet.
"""

from sqlalchemy import BigInteger, Column, Date, Identity, Integer, SmallInteger, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from express_bot.core.db.metadata import Moment, metadata
from express_bot.domain.workflow import Status

statistics_deltas = Table(
    "statistics_deltas",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    # 1: an application is so from now on; -1: it was so until now
    Column("sign", SmallInteger, nullable=False),
    Column("form_id", Text, nullable=False),
    Column("period_id", BigInteger),
    Column("applicant_id", UUID(as_uuid=True), nullable=False),
    Column("filed_at", Moment, nullable=False),
    Column("target_date", Date),
    Column("status", Text, nullable=False),
    Column("channel", Text, nullable=False),
    # when the decision that stands was made
    Column("decided_at", Moment),
    # whole, because which of them are dimensions is known to the one who counts; gone with the fold
    Column("answers", JSONB, nullable=False),
)

statistics_state = Table(
    "statistics_state",
    metadata,
    # one row
    Column("id", SmallInteger, primary_key=True, server_default=text("1")),
    # grows with every fold that changed something
    Column("version", BigInteger, nullable=False, server_default=text("0")),
    # what the rollups are counted by, by form
    Column("layouts", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("folded_at", Moment),
    Column("rebuilt_at", Moment),
    # the last recount of a sample, and how many figures of it were not what the rows say
    Column("checked_at", Moment),
    Column("different", Integer, nullable=False, server_default=text("0")),
)

#: Counts of one day or month: a column for each status, so that a group is one row however its applications fared.
statistics_daily = Table(
    "statistics_daily",
    metadata,
    Column("form_id", Text, primary_key=True),
    # filed, target, decided: which day of the application
    Column("basis", Text, primary_key=True),
    # day or month: long ranges read months
    Column("grain", Text, primary_key=True),
    # what is told apart: nothing, one dimension, or two with a comma between
    Column("dims", Text, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("a", Text, primary_key=True),
    Column("b", Text, primary_key=True),
    *(Column(status.value, Integer, nullable=False, server_default=text("0")) for status in Status),
)

#: Decisions of a week by how many full hours they took.
statistics_durations = Table(
    "statistics_durations",
    metadata,
    Column("form_id", Text, primary_key=True),
    Column("week", Date, primary_key=True),
    Column("hours", Integer, primary_key=True),
    Column("count", Integer, nullable=False),
)

#: How many applications of a kind a person has in a month: what the spread below is kept from.
statistics_people = Table(
    "statistics_people",
    metadata,
    Column("form_id", Text, primary_key=True),
    # approved (by direction, or whatever the form's main dimension is) and active (by period)
    Column("kind", Text, primary_key=True),
    Column("applicant_id", UUID(as_uuid=True), primary_key=True),
    Column("code", Text, primary_key=True),
    Column("month", Date, primary_key=True),
    Column("count", Integer, nullable=False),
)

#: How many people have so many of them within the months that end with ``until``.
statistics_spread = Table(
    "statistics_spread",
    metadata,
    Column("form_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("until", Date, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("count", Integer, primary_key=True),
    Column("people", Integer, nullable=False),
)
