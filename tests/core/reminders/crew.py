"""Employees for the schedule's tests, put straight into the database."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from express_bot.core.db.session import Connection
from express_bot.core.users import repository as users


def hire(db: Connection, name: str, *roles: str, **preferences: Any) -> UUID:
    """A person with these roles (an employee unless said otherwise), who chose so."""
    person = users.insert(db, full_name=name)
    for role in roles or ("employee",):
        users.grant(db, person, role)
    db.execute("update users set preferences = %s where id = %s", (Jsonb(preferences), person))
    return person


def file(db: Connection, person: UUID, period: int, at: datetime, status: str = "submitted") -> int:
    """An application of this person in a period."""
    row = db.execute(
        """
        insert into applications (number, form_id, form_version, period_id, applicant_id, answers, limit_slot, status,
            channel, client_key, client_digest, filed_at, updated_at, target_month)
        select gen_random_uuid()::text, p.form_id, f.current_version, p.id, %(person)s, '{}', 1, %(status)s, 'browser',
            gen_random_uuid()::text, ''::bytea, %(at)s, %(at)s, p.target_from
        from periods p join forms f on f.id = p.form_id where p.id = %(period)s returning id
        """,
        {"person": person, "period": period, "at": at, "status": status},
    ).fetchone()
    assert row is not None
    return int(row["id"])


def begin(db: Connection, person: UUID, form: str, at: datetime, answers: dict[str, Any] | None = None) -> None:
    """A draft of this person."""
    db.execute(
        "insert into drafts (user_id, form_id, answers, client_key, version, channel, updated_at)"
        " values (%s, %s, %s, 'draft-key', 1, 'browser', %s) on conflict do nothing",
        (person, form, Jsonb({"direction": "khv"} if answers is None else answers), at),
    )


def choose(db: Connection, person: UUID, period: int, choice: str, at: datetime) -> None:
    """What this person said about a period."""
    db.execute(
        "insert into reminder_choices (user_id, period_id, choice, chosen_at) values (%s, %s, %s, %s)"
        " on conflict do nothing",
        (person, period, choice, at),
    )
