"""People, the proven ids that lead to them, their rights, and the imported staff list."""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB, UUID

from express_bot.core.db.metadata import Moment, metadata

users = Table(
    "users",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("full_name", Text, nullable=False),
    Column("locale", Text, nullable=False, server_default="ru"),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    # the system's own account of the self-check: never counted, never shown
    Column("probe", Boolean, nullable=False, server_default=text("false")),
    # answers of fields marked `profile: true`, under the field's name
    Column("profile", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("personnel_number", Text, unique=True),
    # what the messenger told about the person; proposed, never believed
    Column("host_profile", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    # what the person has chosen about notifications; what is missing is as the house has it
    Column("preferences", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    # grows with every change of rights or profile; a cached principal of an older version is void
    Column("version", Integer, nullable=False, server_default=text("1")),
    Column("created_at", Moment, nullable=False, server_default=text("now()")),
)

identities = Table(
    "identities",
    metadata,
    Column("provider", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("secret_hash", Text),
    # the person's own chat with the bot, where the provider is a messenger
    Column("chat", Text),
    Column("created_at", Moment, nullable=False, server_default=text("now()")),
    # the last time this chat said anything, by the real clock
    Column("last_seen_at", Moment),
    # the messenger takes nothing for this chat any more, and why; cleared by whatever the chat says next
    Column("stopped_at", Moment),
    Column("stop_reason", Text),
)
Index(
    "ix_identities_chat",
    identities.c.provider,
    identities.c.chat,
    postgresql_where=text("chat is not null"),
)

roles = Table(
    "roles",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("role", Text, primary_key=True),
    Column("granted_at", Moment, nullable=False, server_default=text("now()")),
)

staff = Table(
    "staff",
    metadata,
    Column("personnel_number", Text, primary_key=True),
    Column("full_name", Text, nullable=False),
    Column("profile", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    # the identity that the importing organisation vouches for, if it knows one
    Column("provider", Text),
    Column("subject", Text),
    UniqueConstraint("provider", "subject"),
)
