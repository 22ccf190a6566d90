"""What happens to files by itself: checks that were left open are ended, and what nobody wants goes away."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from express_bot.contracts import errors
from express_bot.core.db.session import Connection
from express_bot.core.files import parts, repository
from express_bot.core.files.house import Files

#: A file that no application and no draft names is kept for a day.
LOOSE_LIFE = timedelta(days=1)
#: A store's object without a row is nobody's after this time: until then somebody may be about to write it down.
ORPHAN_LIFE = timedelta(hours=1)
_BATCH = 500


def check_waiting(db: Connection, files: Files, *, idle: timedelta = timedelta(seconds=45), limit: int = 50) -> int:
    """Asks again for those whose check has not ended: the scanner was away, or a process died. Returns how many."""
    waiting = repository.lock_checking(db, idle=idle, limit=limit)
    for file_id in waiting:
        try:
            parts.finish(lambda: db, files, file_id, let_go=lambda: None)
        except errors.UnknownFile:
            continue  # its owner has just deleted it
    return len(waiting)


def prune(db: Connection, *, life: timedelta = LOOSE_LIFE) -> int:
    """Forgets uploads that nobody needs; the row goes first, so no row ever points to a missing object."""
    return repository.prune(db, life=life)


def sweep(db: Connection, files: Files, *, life: timedelta = ORPHAN_LIFE) -> int:
    """Removes objects that no row names; returns how many."""
    files.store.sweep_work(life)
    old, swept = _now(db) - life, 0
    batch: list[str] = []
    for found in files.store.all():
        if found.changed_at < old:
            batch.append(found.name)
        if len(batch) >= _BATCH:
            swept += _sweep(db, files, batch)
            batch = []
    return swept + _sweep(db, files, batch)


def _sweep(db: Connection, files: Files, names: list[str]) -> int:
    orphans = set(names) - repository.known_objects(db, names)
    files.store.delete(*orphans)
    return len(orphans)


def _now(db: Connection) -> Any:
    row = db.execute("select clock_timestamp() as now").fetchone()
    assert row is not None, "time never ends"
    return row["now"]
