"""One change of an application: its new values, and what is written of it in the same transaction.

Whoever changes it, owner, desk or the house, the history, the audit and the idempotency key are written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from psycopg.errors import UniqueViolation

from express_bot.contracts import errors
from express_bot.contracts.notifications import Event
from express_bot.core.applications import repository
from express_bot.core.audit import repository as audit
from express_bot.core.db.session import Connection, Row
from express_bot.core.notifications import outbox
from express_bot.core.periods.repository import StoredPeriod
from express_bot.domain import texts, workflow
from express_bot.domain.workflow import Status

if TYPE_CHECKING:
    from uuid import UUID

    from express_bot.core.applications.service import Call

#: One for each thing that may change meanwhile: rights, profile, and places that others of the person's calls take.
TRIES = 32
#: How the message of a question or an offer ends; by whatever else happens it is just over.
ENDS = {
    "question_answered": "answered",
    "offer_taken": "taken",
    "offer_declined": "declined",
    "offer_expired": "expired",
}


@dataclass(frozen=True)
class Step:
    """What changes, and what history says of it."""

    kind: str
    values: dict[str, Any]
    details: dict[str, Any] = field(default_factory=dict)
    digest: bytes | None = None
    role: str = "employee"
    """In whose name: its owner's, unless the desk or the house does it."""
    answer: str = ""
    """The owner's answer to a question, in words."""


def ensure_version(row: Row, *seen: int | None) -> None:
    """Raises ``VersionConflict`` when somebody has seen another version than the present one."""
    if any(version not in (None, row["version"]) for version in seen):
        raise errors.VersionConflict(version=row["version"])


def repeated(db: Connection, call: Call, row: Row, digest: bytes) -> bool:
    """Whether this very change was made already; raises ``IdempotencyKeyReused`` for another one."""
    event = repository.find_event(db, row["id"], call.key)
    if event is None and row["client_key"] != call.key:
        return False
    if event is None or event["client_digest"] != digest:
        raise errors.IdempotencyKeyReused(number=row["number"])
    return True


def write(db: Connection, call: Call, row: Row, step: Step) -> tuple[Row, int]:
    """Makes the change; returns the new row and the id of its event.

    Raises ``LimitReached``. A change of status ends an offer; the messages of what has ended are told so.
    """
    values, status = {"updated_at": call.now} | step.values, step.values.get("status", row["status"])
    if row["offer_until"] is not None and status != row["status"]:
        values["offer_until"] = None
    changed = change(db, call, row, values)
    event_id = repository.insert_event(
        db,
        changed,
        kind=step.kind,
        at=call.now,
        actor_id=_actor(call),
        actor_role=step.role,
        channel=call.caller.channel,
        details=step.details,
        client_key=call.key or None,
        client_digest=step.digest,
    )
    audit.record(db, call.caller, f"application.{step.kind}", "application", row["number"], {"fields": sorted(values)})
    _tell_ends(db, call, row, changed, step)
    return changed, event_id


def _actor(call: Call) -> UUID | None:
    """Who does it; nobody where the house does it by itself."""
    return call.caller.user_id if call.caller.user_id.int else None


def _tell_ends(db: Connection, call: Call, before: Row, after: Row, step: Step) -> None:
    """The message of a question or an offer that is over says how it ended."""
    how = {"how": ENDS.get(step.kind, "closed")}
    if before["status"] == Status.NEEDS_INFO != after["status"]:
        asked = repository.last_event(db, before["id"], ("question_asked",))
        if asked is not None:
            tell_end(db, call, before, Event.QUESTION_CLOSED, question_ended(asked) | how | {"answer": step.answer})
    if before["offer_until"] is not None and after["offer_until"] is None:
        offered = repository.last_event(db, before["id"], ("place_offered",))
        if offered is not None:
            tell_end(db, call, before, Event.OFFER_CLOSED, {"offer_id": offered["id"]} | how)


def question_ended(asked: Row) -> dict[str, Any]:
    """What the end of a question says of it."""
    return {"question_id": asked["id"], "question": asked["details"]["note"]}


def tell_end(db: Connection, call: Call, row: Row, event: Event, details: Mapping[str, Any]) -> None:
    """Promises that the message of a question or an offer is rewritten."""
    outbox.promise(db, event, user_id=row["applicant_id"], at=call.now, application_id=row["id"], details=dict(details))


def change(db: Connection, call: Call, row: Row, values: dict[str, Any]) -> Row:
    """Writes the new values; what becomes active again, or moves to another month, takes a free place there.

    Raises ``LimitReached``.
    """
    after, period = row | values, call.reference.periods.get(row["period_id"])
    if period is None or not takes_place(row, after):
        return repository.change(db, row["id"], values)
    for _ in range(TRIES):
        place = repository.free_place(db, after, period.application_limit)
        if place is None:
            break
        with suppress(UniqueViolation), db.transaction():  # another call took the place first: look for the next one
            return repository.change(db, row["id"], values | {"limit_slot": place})
    ensure_place(db, call, row["applicant_id"], period, after["target_month"])
    raise errors.DatabaseUnavailable


def takes_place(before: Row, after: Row) -> bool:
    """Whether it becomes active again, or moves to another month."""
    was_active, is_active = (Status(state["status"]) in workflow.ACTIVE for state in (before, after))
    return is_active and not (was_active and after["target_month"] == before["target_month"])


def ensure_place(db: Connection, call: Call, applicant: UUID, period: StoredPeriod | None, month: date | None) -> None:
    """Raises ``LimitReached`` when the person has no place left in the target month."""
    if period is None or month is None:
        return
    active = repository.find_active(db, applicant, period.form_id, month)
    if len(active) >= period.application_limit:
        words = texts.month(month, call.locale)
        raise errors.LimitReached(number=active[0]["number"], limit=period.application_limit, month=words)
