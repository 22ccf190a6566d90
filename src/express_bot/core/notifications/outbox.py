"""Promises of notifications, written in the same transaction as their cause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from express_bot.core.db.session import Connection


def promise(
    db: Connection,
    event: str,
    *,
    user_id: UUID,
    at: datetime,
    application_id: int | None = None,
    details: Mapping[str, Any] | None = None,
    once: str | None = None,
) -> bool:
    """This person will be told of this event; ``False`` when the promise named ``once`` was made before."""
    row = {"user_id": user_id, "application_id": application_id, "details": details, "once": once}
    return promise_many(db, event, [row], at) == 1


def promise_many(db: Connection, event: str, rows: Iterable[Mapping[str, Any]], at: datetime) -> int:
    """Promises one event to many people in one statement; returns how many promises are new.

    A row has ``user_id`` and, if wanted, ``application_id``, ``details`` and ``once``, as in ``promise``.
    """
    return db.execute(
        """
        insert into outbox (event, application_id, user_id, details, created_at, once)
        select %(event)s, application_id, user_id, coalesce(details, '{}'), %(at)s, once
        from jsonb_to_recordset(%(rows)s) as row(user_id uuid, application_id bigint, details jsonb, once text)
        on conflict do nothing
        """,
        {"event": event, "at": at, "rows": Jsonb([dict(row) for row in rows])},
    ).rowcount
