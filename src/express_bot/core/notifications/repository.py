"""SQL of promises and their deliveries: one function per statement. Leases and delays go by the database's clock."""

from __future__ import annotations

from uuid import UUID

from express_bot.core.db.session import Connection, Row


def find(db: Connection, outbox_id: int, *, lock: bool = False) -> Row | None:
    """A promise; with ``lock`` nobody else keeps it before the transaction ends."""
    return db.execute("select * from outbox where id = %s" + (" for update" if lock else ""), (outbox_id,)).fetchone()


def applications(db: Connection, ids: list[int]) -> list[Row]:
    """These applications, oldest first."""
    return db.execute("select * from applications where id = any(%s) order by id", (ids,)).fetchall()


def latest_applications(db: Connection, user_id: UUID, form_id: str, count: int) -> list[Row]:
    """The person's latest applications with this form, oldest first."""
    rows = db.execute(
        "select * from applications where applicant_id = %s and form_id = %s order by id desc limit %s",
        (user_id, form_id, count),
    ).fetchall()
    return rows[::-1]
