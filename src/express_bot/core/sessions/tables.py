"""Server-side sessions: only the hash of a token is stored."""

from sqlalchemy import BigInteger, Column, ForeignKey, Identity, LargeBinary, Table, Text, text

from express_bot.core.db.metadata import Moment, metadata

sessions = Table(
    "sessions",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("provider", Text, nullable=False),
    Column("created_at", Moment, nullable=False, server_default=text("now()")),
    Column("expires_at", Moment, nullable=False, index=True),
    # sliding never goes beyond this moment
    Column("ends_at", Moment, nullable=False),
    Column("revoked_at", Moment),
)

# proofs of identity that count once; a mark is kept until the proof is too old anyway
spent_proofs = Table(
    "spent_proofs",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("expires_at", Moment, nullable=False, index=True),
)
