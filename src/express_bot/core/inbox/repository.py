"""SQL of the inbox: one function per statement. Its clock is the database's real time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb

from express_bot.core.db.session import Connection, Row


def insert(
    db: Connection,
    channel: str,
    event_id: str,
    *,
    kind: str,
    chat: str | None,
    payload: dict[str, Any],
    after: float | None = None,
) -> bool:
    """Keeps an event, to be handled ``after`` so many seconds; ``False`` when it is here already."""
    return bool(
        db.execute(
            "insert into inbox (channel, event_id, kind, chat, payload, due_at)"
            " values (%s, %s, %s, %s, %s, clock_timestamp() + make_interval(secs => %s)) on conflict do nothing",
            (channel, event_id, kind, chat, Jsonb(payload), after or 0.0),
        ).rowcount
    )


def take_turn(db: Connection, channel: str) -> None:
    """Claims of one channel follow each other, so that each sees what the one before has taken."""
    db.execute("select pg_advisory_xact_lock(hashtextextended('inbox claims of ' || %s, 0))", (channel,))


def claim(db: Connection, channel: str, *, limit: int, lease_seconds: int) -> list[Row]:
    """Leases the oldest events whose turn it is: of each chat the first unfinished one, if nobody holds any of it."""
    return db.execute(
        """
        with turn as (
            select i.id from inbox i
            where i.channel = %(channel)s and i.state = 'waiting' and i.due_at <= clock_timestamp()
              and (i.lease_until is null or i.lease_until <= clock_timestamp())
              and (i.chat is null or not exists (
                  select from inbox other
                  where other.channel = i.channel and other.chat = i.chat and other.state = 'waiting'
                    and (other.id < i.id or other.lease_until > clock_timestamp())))
            order by i.id limit %(limit)s for update skip locked
        ), leased as (
            update inbox set lease_until = clock_timestamp() + make_interval(secs => %(lease)s)
            from turn where inbox.id = turn.id returning inbox.*
        )
        select channel, event_id, kind, chat, payload, received_at, attempts, lease_until from leased order by id
        """,
        {"channel": channel, "limit": limit, "lease": lease_seconds},
    ).fetchall()


def extend(db: Connection, channel: str, event_id: str, *, lease_until: datetime, seconds: int) -> bool:
    """Moves the end of the lease that ends then, or has been moved so already; ``False`` when there is none such."""
    return bool(
        db.execute(
            """
            update inbox set lease_until = %(known)s + make_interval(secs => %(seconds)s)
            where channel = %(channel)s and event_id = %(id)s and state = 'waiting'
              and lease_until in (%(known)s, %(known)s + make_interval(secs => %(seconds)s))
              and lease_until > clock_timestamp()
            """,
            {"channel": channel, "id": event_id, "known": lease_until, "seconds": seconds},
        ).rowcount
    )


def finish(db: Connection, channel: str, event_id: str) -> str | None:
    """Marks an event as done; returns the state it was in before, ``None`` for an event never stored."""
    row = db.execute(
        """
        with found as (select id, state from inbox where channel = %s and event_id = %s for update),
        done as (
            update inbox set state = 'done', lease_until = null, finished_at = clock_timestamp()
            from found where inbox.id = found.id and found.state <> 'done'
        )
        select state from found
        """,
        (channel, event_id),
    ).fetchone()
    return row["state"] if row else None


def lock(db: Connection, channel: str, event_id: str) -> Row | None:
    """The event, which nobody else changes before the transaction ends."""
    return db.execute(
        "select * from inbox where channel = %s and event_id = %s for update", (channel, event_id)
    ).fetchone()


def postpone(db: Connection, row_id: int, *, attempts: int, seconds: float, reason: str) -> None:
    """Gives an event back to be offered again after a pause."""
    db.execute(
        "update inbox set attempts = %s, reason = %s, lease_until = null,"
        " due_at = clock_timestamp() + make_interval(secs => %s) where id = %s",
        (attempts, reason, seconds, row_id),
    )


def bury(db: Connection, row_id: int, *, attempts: int, reason: str) -> None:
    """Gives an event up; the events behind it go on."""
    db.execute(
        "update inbox set state = 'dead', attempts = %s, reason = %s, lease_until = null,"
        " finished_at = clock_timestamp() where id = %s",
        (attempts, reason, row_id),
    )


def backlog(db: Connection) -> Row:
    """How many events wait, and for how many seconds the oldest has."""
    row = db.execute(
        "select count(*) as waiting,"
        " coalesce(floor(extract(epoch from clock_timestamp() - min(received_at))), 0)::int as oldest_seconds"
        " from inbox where state = 'waiting'"
    ).fetchone()
    assert row is not None, "an aggregate has a row"
    return row


def prune(db: Connection, *, before: datetime) -> int:
    """Forgets events that were done or given up before a moment; returns how many."""
    return db.execute("delete from inbox where finished_at < %s", (before,)).rowcount
