"""Drafts of decisions: what the desk means to decide, seen by nobody else."""

from __future__ import annotations

from typing import Any

from express_bot.contracts import errors
from express_bot.contracts.decisions import PutDecision
from express_bot.core.applications.service import Call, digest_of
from express_bot.core.audit import repository as audit
from express_bot.core.db.session import Connection, Row
from express_bot.core.decisions import desk, repository
from express_bot.domain import decisions
from express_bot.domain.workflow import Status


def keep(db: Connection, call: Call, number: str, body: PutDecision) -> Row:
    """Keeps a draft instead of whatever draft there was.

    Raises ``NotFound``, ``IdempotencyKeyReused``, ``VersionConflict``, ``StepNotPossible``, ``ReasonRequired``.
    """
    row, digest = desk.found(db, number, lock=True), digest_of(["draft", body.model_dump()])
    if _repeated(db, call, row, digest):
        return row
    desk.ensure_seen(db, row, body.version, call.expected)
    outcome = Status(body.outcome)
    decisions.ensure_step(Status(row["status"]), outcome, desk.role(call))
    reason = decisions.reason_of(outcome, body.reason_code, body.reason, corrects=row["decision"] is not None)
    repository.end_draft(db, row["id"], call.now)
    drafted = {"outcome": outcome.value, "reason_code": reason.code, "reason": reason.sentence, "place": body.place}
    _insert(db, call, row, digest, drafted)
    details = {"outcome": outcome.value, "reason_code": reason.code}
    audit.record(db, call.caller, "decision.draft", "application", number, details)
    return row


def forget(db: Connection, call: Call, number: str) -> None:
    """There is no draft any more; nothing happens if there was none.

    Raises ``NotFound``, ``IdempotencyKeyReused``, ``VersionConflict``.
    """
    row, digest = desk.found(db, number, lock=True), digest_of(["forget"])
    known = repository.draft(db, row["id"])
    if _repeated(db, call, row, digest) or known is None or known["ended_at"] is not None:
        return
    desk.ensure_seen(db, row, call.expected)
    repository.end_draft(db, row["id"], call.now)
    nothing = dict.fromkeys(("outcome", "reason_code", "reason", "place"))
    _insert(db, call, row, digest, nothing | {"ended_at": call.now})
    audit.record(db, call.caller, "decision.forget", "application", number)


def _insert(db: Connection, call: Call, row: Row, digest: bytes, values: dict[str, Any]) -> None:
    written = {
        "application_id": row["id"],
        "version": row["version"],
        "author_id": call.caller.user_id,
        "at": call.now,
        "ended_at": None,
        "client_key": call.key,
        "client_digest": digest,
    }
    repository.insert_draft(db, written | values)


def _repeated(db: Connection, call: Call, row: Row, digest: bytes) -> bool:
    """Whether this very draft was kept already, whatever became of it."""
    known = repository.draft_by_key(db, row["id"], call.key)
    if known is not None and known["client_digest"] != digest:
        raise errors.IdempotencyKeyReused(number=row["number"])
    return known is not None
