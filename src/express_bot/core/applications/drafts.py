"""Drafts: one unfinished application per person and form, shared by all doors.

Two doors may write; a door that wrote upon an older version wins only for the fields it changed (ux B1).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from express_bot.contracts.applications import Draft, SaveDraft
from express_bot.core.db.session import Connection, Row


def find(db: Connection, user_id: UUID, form_id: str, *, lock: bool = False) -> Row | None:
    return db.execute(
        "select * from drafts where user_id = %s and form_id = %s" + (" for update" if lock else ""), (user_id, form_id)
    ).fetchone()


def save(db: Connection, user_id: UUID, draft: SaveDraft, *, channel: str, now: datetime) -> tuple[Row, bool]:
    """Keeps the draft; returns it as it now stands, and whether another door's edits were merged in."""
    stored = find(db, user_id, draft.form, lock=True)
    merged = stored is not None and draft.base_version != stored["version"]
    answers, client_key = draft.answers, draft.client_key
    if stored is not None and merged:
        answers = _overlay(stored["answers"], draft)
        client_key = stored["client_key"]
    return _upsert(db, user_id, draft.form, answers, client_key, channel, now), merged


def delete(db: Connection, user_id: UUID, form_id: str) -> None:
    db.execute("delete from drafts where user_id = %s and form_id = %s", (user_id, form_id))


def prune(db: Connection, *, before: datetime) -> int:
    """Forgets drafts untouched since a moment; returns how many."""
    return db.execute("delete from drafts where updated_at < %s", (before,)).rowcount


def view(row: Row | None) -> Draft | None:
    return (
        Draft(**{name: value for name, value in row.items() if name in Draft.model_fields}, form=row["form_id"])
        if row
        else None
    )


def _overlay(stored: dict[str, Any], draft: SaveDraft) -> dict[str, Any]:
    """The stored answers with the caller's changed fields on top; a changed field without a value is cleared."""
    answers = {name: value for name, value in stored.items() if name not in draft.changed}
    return answers | {name: draft.answers[name] for name in draft.changed if name in draft.answers}


def _upsert(
    db: Connection, user_id: UUID, form_id: str, answers: dict[str, Any], client_key: str, channel: str, now: datetime
) -> Row:
    row = db.execute(
        """
        insert into drafts (user_id, form_id, answers, client_key, version, channel, updated_at)
        values (%s, %s, %s, %s, 1, %s, %s)
        on conflict (user_id, form_id) do update set answers = excluded.answers, client_key = excluded.client_key,
            version = drafts.version + 1, channel = excluded.channel, updated_at = excluded.updated_at
        returning *
        """,
        (user_id, form_id, Jsonb(answers), client_key, channel, now),
    ).fetchone()
    assert row is not None
    return row
