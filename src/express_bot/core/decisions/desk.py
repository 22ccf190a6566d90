"""What all acts of the desk share: the application, what its dispatcher has seen of it, and one change in its name."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from express_bot.contracts import errors
from express_bot.core.applications import changing
from express_bot.core.applications import repository as applications
from express_bot.core.applications.changing import Step
from express_bot.core.applications.service import Call
from express_bot.core.db.session import Connection, Row
from express_bot.core.decisions import repository
from express_bot.domain.roles import Role


def found(db: Connection, number: str, *, lock: bool = False) -> Row:
    """Anybody's application; raises ``NotFound``."""
    row = applications.find(db, number, lock=lock)
    if row is None:
        raise errors.NotFound
    return row


def role(call: Call) -> Role:
    """In whose name the desk acts."""
    return Role(call.caller.role)


def version(row: Row, draft: Row | None) -> int:
    """What a dispatcher has seen: grows with the application and with its drafts."""
    return int(row["version"]) + (draft["rev"] if draft else 0)


def ensure_seen(db: Connection, row: Row, *seen: int | None) -> None:
    """Raises ``VersionConflict``, which names who has changed it and when, for whoever has seen something older."""
    present = version(row, repository.draft(db, row["id"]))
    if all(each in (None, present) for each in seen):
        return
    last = repository.last_change(db, row["id"])
    known: dict[str, Any] = {"changed_at": last["at"], "change": last["change"]} if last else {}
    if last and last["name"]:
        known["changed_by"] = last["name"]
    raise errors.VersionConflict(version=present, **known)


def take_step(
    db: Connection,
    call: Call,
    row: Row,
    kind: str,
    *,
    values: dict[str, Any] | None = None,
    details: dict[str, Any] | None = None,
    digest: bytes,
) -> tuple[Row, int]:
    """One change in the desk's name, whose draft goes along; returns the new row and the id of its event."""
    step = Step(kind, values or {}, details or {}, digest, role=role(call).value)
    changed, event_id = changing.write(db, call, row, step)
    repository.carry_draft(db, row["id"], before=row["version"], after=changed["version"])
    return changed, event_id


def moment(value: datetime | None) -> str | None:
    """As history and promises keep it."""
    return value.isoformat() if value else None
