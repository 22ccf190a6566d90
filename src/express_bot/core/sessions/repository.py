"""SQL of sessions: one function per statement."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from express_bot.core.db.session import Connection, Row

_PERSON = """
    u.id as user_id, u.full_name, u.locale, u.profile, u.host_profile, u.version,
    array(select role from roles r where r.user_id = u.id) as roles
"""
#: A part of a statement that proves the caller once more: a living session of a person whose rights and profile have
#: not changed since they were read.
UNCHANGED = """
    select u.id from sessions s join users u on u.id = s.user_id
    where s.token_hash = %(token_hash)s and s.revoked_at is null and s.expires_at > clock_timestamp()
      and u.active and u.version = %(user_version)s
"""


def find(db: Connection, token_hash: bytes) -> Row | None:
    """The session of this token with its person, dead or alive; ``None`` for a token never issued."""
    return db.execute(
        f"""
        select {_PERSON}, s.provider, s.expires_at, s.ends_at, s.revoked_at,
               s.revoked_at is null and s.expires_at > clock_timestamp() and u.active as alive
        from sessions s join users u on u.id = s.user_id where s.token_hash = %s
        """,
        (token_hash,),
    ).fetchone()


def find_person(db: Connection, user_id: UUID) -> Row | None:
    """An active person, for a service that acts for one."""
    return db.execute(f"select {_PERSON} from users u where u.id = %s and u.active", (user_id,)).fetchone()


def insert(
    db: Connection, *, token_hash: bytes, user_id: UUID, provider: str, expires_at: datetime, ends_at: datetime
) -> None:
    db.execute(
        "insert into sessions (token_hash, user_id, provider, expires_at, ends_at) values (%s, %s, %s, %s, %s)",
        (token_hash, user_id, provider, expires_at, ends_at),
    )


def slide(db: Connection, token_hash: bytes, expires_at: datetime) -> None:
    """Moves the end of a living session; never beyond its absolute end, never back."""
    db.execute(
        "update sessions set expires_at = least(greatest(expires_at, %s), ends_at)"
        " where token_hash = %s and revoked_at is null",
        (expires_at, token_hash),
    )


def revoke(db: Connection, token_hash: bytes) -> None:
    db.execute(
        "update sessions set revoked_at = clock_timestamp() where token_hash = %s and revoked_at is null", (token_hash,)
    )


def revoke_all(db: Connection, user_id: UUID) -> int:
    """Ends every session of a person; returns how many were alive."""
    return db.execute(
        "update sessions set revoked_at = clock_timestamp() where user_id = %s and revoked_at is null", (user_id,)
    ).rowcount


def prune(db: Connection, *, before: datetime) -> int:
    """Forgets sessions that ended before a moment; returns how many."""
    return db.execute("delete from sessions where expires_at < %s", (before,)).rowcount


def spend(db: Connection, digest: bytes, *, expires_at: datetime) -> bool:
    """Marks a proof as used; ``False`` when it was used before, or is being used by another call."""
    return bool(
        db.execute(
            "insert into spent_proofs (digest, expires_at) values (%s, %s) on conflict do nothing", (digest, expires_at)
        ).rowcount
    )


def prune_spent(db: Connection, *, before: datetime) -> int:
    """Forgets marks of proofs that are refused for their age by now; returns how many."""
    return db.execute("delete from spent_proofs where expires_at < %s", (before,)).rowcount
