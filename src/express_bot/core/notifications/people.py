"""SQL of what people have chosen about notifications, and of where they can be reached."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from express_bot.core.db.session import Connection, Row

#: The base is the profile's location; its directory says the zone (``base_zone``).
BASE_ZONE = """
    (select d.timezone from directory_items d where d.directory = 'location' and d.code = u.profile ->> 'location')
"""
#: Messengers this person can be reached in, the one last heard of first.
CHANNELS = """
    array(select i.provider from identities i where i.user_id = u.id and i.provider in ('express', 'telegram')
        and i.chat is not null and i.stopped_at is null order by i.last_seen_at desc nulls last, i.created_at)
"""
_PERSON = f"select u.preferences, {BASE_ZONE} as base_zone, {CHANNELS} as channels from users u where u.id = %s"


def find(db: Connection, user_id: UUID, *, lock: bool = False) -> Row | None:
    """A person's ``preferences``, ``base_zone`` and ``channels``."""
    return db.execute(_PERSON + (" for update of u" if lock else ""), (user_id,)).fetchone()


def locale(db: Connection, user_id: UUID) -> str:
    """The language a person reads."""
    row = db.execute("select locale from users where id = %s", (user_id,)).fetchone()
    assert row is not None, "people are never deleted"
    return str(row["locale"])


def save(db: Connection, user_id: UUID, preferences: dict[str, Any]) -> None:
    db.execute("update users set preferences = %s where id = %s", (Jsonb(preferences), user_id))


def told_since(db: Connection, user_id: UUID, *, since: datetime, but: int) -> list[Row]:
    """``event`` and ``created_at`` of what the house told a person on its own account, without the promise ``but``."""
    return db.execute(
        """
        select o.event, o.created_at from outbox o
        where o.user_id = %s and o.event in ('period_opened', 'reminder', 'draft_left') and o.created_at >= %s
          and o.id <> %s and not coalesce((o.details ->> 'wanted')::boolean, false)
          and exists (select from deliveries d where d.outbox_id = o.id and d.state in ('waiting', 'shown', 'moved'))
        """,
        (user_id, since, but),
    ).fetchall()


def target_dates(db: Connection, application_ids: list[int]) -> list[Any]:
    """The days that applications are about."""
    rows = db.execute(
        "select target_date from applications where id = any(%s) and target_date is not null", (application_ids,)
    )
    return [row["target_date"] for row in rows]


def closing(db: Connection, period_id: int) -> datetime | None:
    row = db.execute("select closes_at from periods where id = %s", (period_id,)).fetchone()
    return row["closes_at"] if row else None
