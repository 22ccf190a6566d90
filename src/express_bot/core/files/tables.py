"""Files and the parts of those that are still on their way.

A row says ``ready`` only after the last byte of its file is stored: an application can never point to a missing file,
and whatever the store holds without a row is nobody's (``tidying.sweep``).
"""

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, ForeignKey, Index, LargeBinary, Table, Text, text
from sqlalchemy.dialects.postgresql import UUID

from express_bot.core.db.metadata import Moment, metadata

files = Table(
    "files",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("owner_id", ForeignKey("users.id"), nullable=False),
    Column("application_id", ForeignKey("applications.id")),
    Column("name", Text, nullable=False),
    Column("type", Text, nullable=False),
    # as announced; of the bytes kept, once they are
    Column("size", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False, server_default=text("0")),
    Column("announced_sha256", LargeBinary),
    # of the bytes that were sent, and of those that are kept: a picture is kept without its place
    Column("sha256", LargeBinary),
    Column("kept_sha256", LargeBinary),
    # the name of the object in the store: random, and another one for each try
    Column("object", Text),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("in_parts", Boolean, nullable=False),
    Column("channel", Text, nullable=False),
    Column("client_key", Text, nullable=False),
    Column("client_digest", LargeBinary),
    Column("created_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    # the last time it moved: from here its days without an application are counted
    Column("touched_at", Moment, nullable=False, server_default=text("clock_timestamp()")),
    CheckConstraint("state in ('uploading', 'checking', 'ready', 'refused')", name="state"),
    CheckConstraint("state <> 'ready' or object is not null", name="ready_is_kept"),
    CheckConstraint("application_id is null or state = 'ready'", name="attached_is_ready"),
)
Index("uq_files_client_key", files.c.owner_id, files.c.client_key, unique=True)
Index("ix_files_application", files.c.application_id, postgresql_where=text("application_id is not null"))
Index("ix_files_loose", files.c.touched_at, postgresql_where=text("application_id is null"))
Index("ix_files_object", files.c.object, postgresql_where=text("object is not null"))

file_parts = Table(
    "file_parts",
    metadata,
    Column("file_id", ForeignKey("files.id", ondelete="CASCADE"), primary_key=True),
    Column("start", BigInteger, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("object", Text, nullable=False, unique=True),
)
