"""The desk takes an application up, and answers those who have asked to withdraw after the deadline."""

from __future__ import annotations

from express_bot.contracts import errors
from express_bot.contracts.decisions import AnswerWithdrawal, Review
from express_bot.contracts.errors import FieldError
from express_bot.contracts.notifications import Event
from express_bot.core.applications import changing
from express_bot.core.applications import repository as applications
from express_bot.core.applications.service import Call, digest_of
from express_bot.core.db.session import Connection, Row
from express_bot.core.decisions import desk
from express_bot.core.notifications import outbox, people
from express_bot.domain import decisions, texts
from express_bot.domain.workflow import Status


def review(db: Connection, call: Call, number: str, body: Review) -> Row:
    """Takes it up, or takes the desk's question back.

    Raises ``NotFound``, ``IdempotencyKeyReused``, ``VersionConflict``, ``StepNotPossible``.
    """
    row, digest = desk.found(db, number, lock=True), digest_of(["review", body.model_dump()])
    if changing.repeated(db, call, row, digest):
        return row
    desk.ensure_seen(db, row, body.version, call.expected)
    before = Status(row["status"])
    if not decisions.can_review(before):
        raise errors.StepNotPossible(application_status=before.value, wanted=Status.IN_REVIEW.value)
    changed, _ = desk.take_step(
        db, call, row, "review_started", values={"status": Status.IN_REVIEW.value}, digest=digest
    )
    return changed


def answer_withdrawal(db: Connection, call: Call, number: str, body: AnswerWithdrawal) -> Row:
    """Withdraws for its owner, or says why not; either way they hear of it.

    Raises ``NotFound``, ``IdempotencyKeyReused``, ``VersionConflict``, ``NoWithdrawalRequest``, ``ReasonRequired``.
    """
    row, digest = desk.found(db, number, lock=True), digest_of(["withdrawal", body.model_dump()])
    if changing.repeated(db, call, row, digest):
        return row
    desk.ensure_seen(db, row, body.version, call.expected)
    if row["withdrawal_requested_at"] is None:
        raise errors.NoWithdrawalRequest
    said = (body.reason or "").strip()
    if body.accept:
        return _withdraw(db, call, row, said, digest)
    if not said:
        raise errors.ReasonRequired(errors=[FieldError("reason", "required")])
    _tell(db, call, row, said)
    changed, _ = desk.take_step(
        db,
        call,
        row,
        "withdrawal_refused",
        values={"withdrawal_requested_at": None},
        details={"reason": said},
        digest=digest,
    )
    return changed


def _withdraw(db: Connection, call: Call, row: Row, said: str, digest: bytes) -> Row:
    decisions.ensure_step(Status(row["status"]), Status.WITHDRAWN, desk.role(call))
    _tell(db, call, row, said or texts.text("decisions.withdrawal_accepted", people.locale(db, row["applicant_id"])))
    details = {"from": row["status"]} | ({"reason": said} if said else {})
    values = {"status": Status.WITHDRAWN.value, "withdrawal_requested_at": None}
    changed, _ = desk.take_step(db, call, row, "withdrawn", values=values, details=details, digest=digest)
    # its status card shows it; the answer itself is a message of its own, because an edit does not ping
    outbox.promise(db, Event.WITHDRAWN, user_id=row["applicant_id"], at=call.now, application_id=row["id"])
    return changed


def _tell(db: Connection, call: Call, row: Row, said: str) -> None:
    """The answer, under the reason its owner gave when they asked."""
    asked = applications.last_event(db, row["id"], ("withdrawal_requested",))
    details = {"text": said, "question": asked["details"].get("reason") if asked else None}
    outbox.promise(
        db, Event.DESK_REPLIED, user_id=row["applicant_id"], at=call.now, application_id=row["id"], details=details
    )
