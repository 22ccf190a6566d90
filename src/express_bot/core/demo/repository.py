"""SQL of the demo: one function per statement. Only the demo and tests ask."""

from __future__ import annotations

from uuid import UUID

from express_bot.core.db.session import Connection, Row


def is_touched(db: Connection, keys: str) -> bool:
    """Whether anything was filed or changed with such keys."""
    found = db.execute(
        "select from applications where client_key like %(keys)s"
        " union all select from application_events where client_key like %(keys)s limit 1",
        {"keys": keys},
    )
    return found.fetchone() is not None


def conversations(db: Connection, user_id: UUID) -> list[Row]:
    """A person's conversations, the latest first."""
    return db.execute(
        "select channel, version, state, updated_at from dialogs where user_id = %s order by updated_at desc limit 5",
        (user_id,),
    ).fetchall()


def promises(db: Connection, user_id: UUID, *, limit: int) -> list[Row]:
    """What was promised to a person, newest first, each with the latest word of its delivery."""
    return db.execute(
        """
        select o.id, o.event, a.number, o.due_at, o.settled_at, d.channel, d.state, d.reason,
            coalesce(d.attempts, 0) as attempts
        from outbox o left join applications a on a.id = o.application_id
        left join lateral (select * from deliveries where outbox_id = o.id order by id desc limit 1) d on true
        where o.user_id = %s order by o.id desc limit %s
        """,
        (user_id, limit),
    ).fetchall()


def deliveries(db: Connection, *, limit: int) -> list[Row]:
    """The latest deliveries of anybody, oldest first, as lines: how each stands, and how long after its promise."""
    return db.execute(
        """
        select 'q' || d.id || d.state || d.attempts as id, 'queue' as kind, d.state as name,
            coalesce(d.ended_at, d.created_at) as at,
            round(extract(epoch from coalesce(d.ended_at, d.created_at) - o.due_at) * 1000)::float as ms,
            o.event, a.number, d.channel, d.reason
        from deliveries d join outbox o on o.id = d.outbox_id left join applications a on a.id = o.application_id
        where d.id in (select id from deliveries order by id desc limit %s) order by d.id
        """,
        (limit,),
    ).fetchall()
