"""Applications, their history, and drafts.

``applications`` carries its own idempotency key (``client_key`` and the digest of the body it came with), so the key
lives and dies with the row it protects. The limit of active applications per person and target month is the partial
unique index over ``limit_slot``: a constraint, not a check (design §3).
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Sequence,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

from express_bot.core.applications.active import ACTIVE
from express_bot.core.db.metadata import Moment, metadata

application_number = Sequence("application_number", metadata=metadata)

applications = Table(
    "applications",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("number", Text, nullable=False, unique=True),
    Column("form_id", Text, nullable=False),
    Column("form_version", Integer, nullable=False),
    Column("period_id", ForeignKey("periods.id")),
    Column("applicant_id", ForeignKey("users.id"), nullable=False),
    Column("answers", JSONB, nullable=False),
    # promoted answers: filters and statistics read these
    Column("location", Text),
    Column("unit", Text),
    Column("position", Text),
    Column("direction", Text),
    Column("target_date", Date),
    Column("target_month", Date),
    Column("limit_slot", SmallInteger),
    Column("status", Text, nullable=False),
    Column("decision", JSONB),
    Column("channel", Text, nullable=False),
    Column("client_key", Text, nullable=False),
    Column("client_digest", LargeBinary, nullable=False),
    Column("filed_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Column("withdrawal_requested_at", Moment),
    # a place is on offer to its owner until then; whatever else happens to it ends the offer
    Column("offer_until", Moment),
    # when the owner saw the latest decision
    Column("seen_at", Moment),
    # a replayed submit writes too, so that it waits for the replica like the first one did
    Column("replayed_at", Moment),
    Column("version", Integer, nullable=False, server_default=text("1")),
    ForeignKeyConstraint(["form_id", "form_version"], ["form_versions.form_id", "form_versions.version"]),
)
Index("uq_applications_client_key", applications.c.applicant_id, applications.c.client_key, unique=True)
Index(
    "uq_applications_limit_slot",
    applications.c.applicant_id,
    applications.c.form_id,
    applications.c.target_month,
    applications.c.limit_slot,
    unique=True,
    postgresql_where=text(ACTIVE),
)
Index("ix_applications_of_applicant", applications.c.applicant_id, applications.c.id.desc())
# rows of a bar of the statistics, and the recount of a day
Index("ix_applications_target", applications.c.form_id, applications.c.target_date, applications.c.id)
Index("ix_applications_filed", applications.c.form_id, applications.c.filed_at, applications.c.id)
Index("ix_applications_offered", applications.c.offer_until, postgresql_where=text("offer_until is not null"))
Index("ix_applications_period_status", applications.c.period_id, applications.c.status)

application_events = Table(
    "application_events",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("application_id", ForeignKey("applications.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Moment, nullable=False),
    # no foreign key: history is only ever added to, by a caller who has just been proven
    Column("actor_id", UUID(as_uuid=True)),
    Column("actor_role", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("details", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("client_key", Text),
    Column("client_digest", LargeBinary),
)
Index("ix_application_events_application", application_events.c.application_id, application_events.c.id)
Index(
    "uq_application_events_client_key",
    application_events.c.application_id,
    application_events.c.client_key,
    unique=True,
    postgresql_where=text("client_key is not null"),
)

# what owners have said to the desk, for its digest
Index(
    "ix_application_events_said",
    application_events.c.at,
    postgresql_where=text("kind in ('question_answered', 'message_sent')"),
)

drafts = Table(
    "drafts",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("form_id", ForeignKey("forms.id"), primary_key=True),
    Column("answers", JSONB, nullable=False),
    Column("client_key", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("channel", Text, nullable=False),
    Column("updated_at", Moment, nullable=False),
)
