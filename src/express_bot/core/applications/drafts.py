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
    where = {"user_id": user_id, "form_id": draft.form, "channel": channel, "now": now}
    while True:
        # inserting first: of two doors that both know of no draft, the second one waits here and is merged
        if (created := _insert(db, where, draft)) is not None:
            return created, False
        if (stored := find(db, user_id, draft.form, lock=True)) is not None:
            merged = draft.base_version != stored["version"]
            return _update(db, where, _overlaid(stored, draft) if merged else draft), merged


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


def _overlaid(stored: Row, draft: SaveDraft) -> SaveDraft:
    """The stored answers with the caller's changed fields on top; a changed field without a value is cleared."""
    kept = {name: value for name, value in stored["answers"].items() if name not in draft.changed}
    latest = {name: draft.answers[name] for name in draft.changed if name in draft.answers}
    return draft.model_copy(update={"answers": kept | latest, "client_key": stored["client_key"]})


def _insert(db: Connection, where: dict[str, Any], draft: SaveDraft) -> Row | None:
    """The new draft, or ``None`` when there is one."""
    return db.execute(
        """
        insert into drafts (user_id, form_id, answers, client_key, version, channel, updated_at)
        values (%(user_id)s, %(form_id)s, %(answers)s, %(client_key)s, 1, %(channel)s, %(now)s)
        on conflict do nothing returning *
        """,
        where | {"answers": Jsonb(draft.answers), "client_key": draft.client_key},
    ).fetchone()


def _update(db: Connection, where: dict[str, Any], draft: SaveDraft) -> Row:
    row = db.execute(
        """
        update drafts set answers = %(answers)s, client_key = %(client_key)s, version = version + 1,
            channel = %(channel)s, updated_at = %(now)s
        where user_id = %(user_id)s and form_id = %(form_id)s returning *
        """,
        where | {"answers": Jsonb(draft.answers), "client_key": draft.client_key},
    ).fetchone()
    assert row is not None, "the row was locked by this transaction"
    return row
