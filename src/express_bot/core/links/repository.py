"""SQL of links and their codes: one function per statement. Its clock is the database's real time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from express_bot.core.db.session import Connection, Row


def take_turn(db: Connection) -> None:
    """Links change one call after another: no try slips by uncounted, and no two of them wait for each other."""
    db.execute("select pg_advisory_xact_lock(hashtextextended('link codes', 0))")


# ── codes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def find_made(db: Connection, user_id: UUID, client_key: str) -> Row | None:
    """The code that this call has made before."""
    return db.execute(
        "select * from link_codes where user_id = %s and client_key = %s order by id desc limit 1",
        (user_id, client_key),
    ).fetchone()


def count_made(db: Connection, user_id: UUID, *, within: timedelta) -> Row:
    """How many codes this person asked for lately, and in how many seconds the oldest of them counts no more."""
    row = db.execute(
        "select count(*) as count, ceil(extract(epoch from min(created_at) + %(within)s - clock_timestamp()))::int as"
        " left from link_codes where user_id = %(user_id)s and created_at > clock_timestamp() - %(within)s",
        {"user_id": user_id, "within": within},
    ).fetchone()
    assert row is not None, "an aggregate has a row"
    return row


def is_known(db: Connection, code_hash: bytes) -> bool:
    """Whether a code like this was made so lately that it means something to somebody."""
    return bool(db.execute("select from link_codes where code_hash = %s", (code_hash,)).rowcount)


def end_codes(db: Connection, user_id: UUID) -> None:
    """What was shown to this person before counts no more."""
    db.execute(
        "update link_codes set expires_at = clock_timestamp()"
        " where user_id = %s and used_at is null and expires_at > clock_timestamp()",
        (user_id,),
    )


def insert(
    db: Connection, *, user_id: UUID, code_hash: bytes, client_key: str, salt: int, channel: str, life: timedelta
) -> Row:
    row = db.execute(
        "insert into link_codes (user_id, code_hash, client_key, salt, channel, created_at, expires_at)"
        " values (%s, %s, %s, %s, %s, clock_timestamp(), clock_timestamp() + %s) returning *",
        (user_id, code_hash, client_key, salt, channel, life),
    ).fetchone()
    assert row is not None, "an insert returns its row"
    return row


def lock_code(db: Connection, code_hash: bytes) -> Row | None:
    """The code that nobody has entered, and whether it still lives; nobody else enters it meanwhile."""
    return db.execute(
        "select *, expires_at > clock_timestamp() as lives from link_codes where code_hash = %s and used_at is null"
        " order by expires_at desc limit 1 for update",
        (code_hash,),
    ).fetchone()


def find_used(db: Connection, user_id: UUID, used_key: str) -> Row | None:
    """The code that this very call has entered before."""
    return db.execute("select * from link_codes where user_id = %s and used_key = %s", (user_id, used_key)).fetchone()


def use(db: Connection, code_id: int, *, user_id: UUID, key: str) -> None:
    """The code has done its work: it led to this person."""
    db.execute(
        "update link_codes set used_at = clock_timestamp(), used_key = %s, user_id = %s where id = %s",
        (key, user_id, code_id),
    )


def prune_codes(db: Connection, *, before: datetime) -> int:
    """Forgets codes made before a moment; returns how many."""
    return db.execute("delete from link_codes where created_at < %s", (before,)).rowcount


# ── tries ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def count_tries(db: Connection, *, within: timedelta, user_id: UUID | None = None) -> Row:
    """Wrong tries lately, of one person or of all guests together, and in how many seconds the oldest of them ends."""
    whose = "by_guest" if user_id is None else "user_id = %(user_id)s"
    row = db.execute(
        "select count(*) as count, ceil(extract(epoch from min(at) + %(within)s - clock_timestamp()))::int as left"
        f" from link_tries where {whose} and at > clock_timestamp() - %(within)s",
        {"user_id": user_id, "within": within},
    ).fetchone()
    assert row is not None, "an aggregate has a row"
    return row


def insert_try(db: Connection, user_id: UUID, *, by_guest: bool) -> int:
    row = db.execute(
        "insert into link_tries (user_id, by_guest, at) values (%s, %s, clock_timestamp()) returning id",
        (user_id, by_guest),
    ).fetchone()
    assert row is not None, "an insert returns its row"
    return int(row["id"])


def forget_try(db: Connection, try_id: int) -> None:
    db.execute("delete from link_tries where id = %s", (try_id,))


def prune_tries(db: Connection, *, before: datetime) -> int:
    """Forgets tries made before a moment; returns how many."""
    return db.execute("delete from link_tries where at < %s", (before,)).rowcount


# ── people and their ids ─────────────────────────────────────────────────────────────────────────────────────────────


def lock_people(db: Connection, ids: Collection[UUID]) -> dict[UUID, Row]:
    """Those of these people who are with us, locked in one order, with roles, ids, and whether they have data here."""
    db.execute("select from users where id = any(%s) order by id for update", (list(ids),))
    rows = db.execute(
        """
        select u.id, array(select role from roles r where r.user_id = u.id) as roles,
            array(select provider from identities i where i.user_id = u.id order by provider) as providers,
            u.profile <> '{}' or exists (select from applications a where a.applicant_id = u.id)
                or exists (select from drafts d where d.user_id = u.id and d.answers <> '{}') as has_data
        from users u where u.id = any(%s) and u.active
        """,
        (list(ids),),
    ).fetchall()
    return {row["id"]: row for row in rows}


def links_of(db: Connection, user_id: UUID) -> list[Row]:
    """The person's proven ids, oldest first."""
    return db.execute(
        "select provider, chat, created_at as linked_at, stopped_at is null as reachable from identities"
        " where user_id = %s order by created_at, provider",
        (user_id,),
    ).fetchall()


def move(db: Connection, *, source: UUID, target: UUID) -> None:
    """All ids and conversations of one person belong to another one from now on."""
    db.execute(
        "update identities set user_id = %s, created_at = clock_timestamp() where user_id = %s", (target, source)
    )
    db.execute("update dialogs set user_id = %s where user_id = %s", (target, source))


def delete_person(db: Connection, user_id: UUID) -> None:
    """With everything that hangs on them: roles, sessions, codes, empty drafts."""
    db.execute("delete from users where id = %s", (user_id,))


def bump(db: Connection, user_id: UUID) -> None:
    """What is remembered of this person anywhere is void."""
    db.execute("update users set version = version + 1 where id = %s", (user_id,))


def unlink(db: Connection, user_id: UUID, provider: str) -> None:
    db.execute("delete from identities where user_id = %s and provider = %s", (user_id, provider))


def end_sessions(db: Connection, user_id: UUID, provider: str) -> None:
    """Ends the sessions that were opened through this provider."""
    db.execute(
        "update sessions set revoked_at = clock_timestamp()"
        " where user_id = %s and provider = %s and revoked_at is null",
        (user_id, provider),
    )


def chats_of(db: Connection, user_id: UUID, channel: str) -> list[str]:
    """Where this person is told things in this messenger."""
    rows = db.execute(
        "select chat from identities where user_id = %s and provider = %s and chat is not null", (user_id, channel)
    ).fetchall()
    return [row["chat"] for row in rows]


def leave_chats(db: Connection, user_id: UUID, channel: str) -> None:
    """Conversations of this person in this messenger end, and nothing that waits there for them is sent any more."""
    db.execute(
        """
        with left_chats as (
            delete from dialogs where user_id = %(user_id)s and channel = %(channel)s returning chat
        ), theirs as (
            select chat from left_chats union
            select chat from identities where user_id = %(user_id)s and provider = %(channel)s and chat is not null
        )
        update cards set failed_at = clock_timestamp(), reason = 'unlinked', lease_until = null
        where channel = %(channel)s and chat in (select chat from theirs) and shown_rev < wanted_rev
          and failed_at is null
        """,
        {"user_id": user_id, "channel": channel},
    )
