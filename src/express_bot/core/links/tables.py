"""One-time codes that join a messenger to a person, and the tries to enter one."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import UUID

from express_bot.core.db.metadata import Moment, metadata

link_codes = Table(
    "link_codes",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    # whom it was shown to; once it was entered, whom it led to
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    # a keyed hash: who reads the table learns no code
    Column("code_hash", LargeBinary, nullable=False),
    # the code is made from the key of the call that asked for it and this number, so a repeated call shows it again
    Column("client_key", Text, nullable=False),
    Column("salt", SmallInteger, nullable=False),
    # where it was shown
    Column("channel", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("used_at", Moment),
    # the key of the call that entered it
    Column("used_key", Text),
)
Index(
    "uq_link_codes_client_key",
    link_codes.c.user_id,
    link_codes.c.client_key,
    unique=True,
    postgresql_where=text("used_at is null"),
)
Index("ix_link_codes_code_hash", link_codes.c.code_hash)
Index("ix_link_codes_created_at", link_codes.c.created_at)

link_tries = Table(
    "link_tries",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    # no foreign key: the tries of a guest who has gone still count for all guests together
    Column("user_id", UUID(as_uuid=True), nullable=False),
    Column("by_guest", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
)
Index("ix_link_tries_of_user", link_tries.c.user_id, link_tries.c.at)
Index("ix_link_tries_at", link_tries.c.at)
