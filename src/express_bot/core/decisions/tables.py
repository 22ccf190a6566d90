"""Drafts of decisions, which the desk alone sees, and the publications that made decisions of them.

What desk and owner say to each other is history (``application_events``); whether a place is on offer stands in the
application itself.
"""

from sqlalchemy import BigInteger, Column, ForeignKey, Identity, Index, Integer, LargeBinary, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from express_bot.core.db.metadata import Moment, metadata

#: Every change of a draft is a row; one without an outcome says that the draft was forgotten.
draft_decisions = Table(
    "draft_decisions",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("application_id", ForeignKey("applications.id"), nullable=False),
    # counts the drafts of one application: with its version it tells whether anything has changed
    Column("rev", Integer, nullable=False),
    Column("outcome", Text),
    Column("reason_code", Text),
    Column("reason", JSONB),
    Column("place", Integer),
    # the version of the application that it is about; the desk's own changes take it along
    Column("version", Integer, nullable=False),
    # no foreign key: history is only ever added to, by a caller who has just been proven
    Column("author_id", UUID(as_uuid=True), nullable=False),
    Column("at", Moment, nullable=False),
    # replaced, forgotten or published
    Column("ended_at", Moment),
    Column("client_key", Text, nullable=False),
    Column("client_digest", LargeBinary, nullable=False),
)
Index("uq_draft_decisions_rev", draft_decisions.c.application_id, draft_decisions.c.rev, unique=True)
Index("uq_draft_decisions_client_key", draft_decisions.c.application_id, draft_decisions.c.client_key, unique=True)
Index(
    "uq_draft_decisions_current",
    draft_decisions.c.application_id,
    unique=True,
    postgresql_where=text("ended_at is null"),
)

publications = Table(
    "publications",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("form_id", Text, nullable=False),
    Column("period_id", BigInteger),
    Column("author_id", UUID(as_uuid=True), nullable=False),
    Column("at", Moment, nullable=False),
    Column("published", Integer, nullable=False, server_default=text("0")),
    Column("people", Integer, nullable=False, server_default=text("0")),
    Column("skipped", JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    Column("client_key", Text, nullable=False),
    Column("client_digest", LargeBinary, nullable=False),
)
Index("uq_publications_client_key", publications.c.author_id, publications.c.client_key, unique=True)
