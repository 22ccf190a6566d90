"""Drafts: one unfinished application per person and form, shared by all doors.

Two doors may write; a door that wrote upon an older version wins only for the fields it changed, and in a list only for
the items it put in or took out (ux B1, ``merging``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from express_bot.contracts.applications import Draft, SaveDraft
from express_bot.core.applications import merging
from express_bot.core.db.session import Connection, Row
from express_bot.domain.compiled import CompiledForm


def find(db: Connection, user_id: UUID, form_id: str, *, lock: bool = False) -> Row | None:
    return db.execute(
        "select * from drafts where user_id = %s and form_id = %s" + (" for update" if lock else ""), (user_id, form_id)
    ).fetchone()


def save(
    db: Connection, user_id: UUID, draft: SaveDraft, form: CompiledForm, *, channel: str, now: datetime
) -> tuple[Row, bool]:
    """Keeps the draft; returns it as it now stands, and whether another door's edits were merged in.

    Raises ``InvalidAnswers`` when the doors together have attached more files than a question takes.
    """
    where = {"user_id": user_id, "form_id": draft.form, "channel": channel, "now": now}
    while True:
        # inserting first: of two doors that both know of no draft, the second one waits here and is merged
        if (created := _insert(db, where, draft)) is not None:
            merging.ensure_room(form, {}, draft.answers)
            return created, False
        if (stored := find(db, user_id, draft.form, lock=True)) is not None:
            merged = _is_stale(draft, stored)
            told = _overlaid(stored, draft) if merged else draft
            merging.ensure_room(form, stored["answers"], told.answers)
            return _update(db, where, told), merged


def _is_stale(draft: SaveDraft, stored: Row) -> bool:
    """Another version, or the same number of another draft: one was sent and the next one begun elsewhere."""
    return (draft.base_version, draft.client_key) != (stored["version"], stored["client_key"])


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
    """Merged answers, under the stored key; a door that knows this very version may give it a new one."""
    knows = draft.base_version == stored["version"]
    key = draft.client_key if knows else stored["client_key"]
    return draft.model_copy(update={"answers": merging.overlaid(stored["answers"], draft), "client_key": key})


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
