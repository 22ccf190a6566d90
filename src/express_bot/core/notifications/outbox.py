"""Promises of notifications, written in the same transaction as their cause."""

from __future__ import annotations

from datetime import datetime

from express_bot.core.db.session import Connection, Row


def promise(db: Connection, event: str, application: Row, *, at: datetime) -> None:
    """The owner of the application will be told of this event."""
    db.execute(
        "insert into outbox (event, application_id, user_id, created_at) values (%s, %s, %s, %s)",
        (event, application["id"], application["applicant_id"], at),
    )
