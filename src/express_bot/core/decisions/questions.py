"""Questions of the desk and their answers, messages of owners and the desk's replies."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from express_bot.contracts import errors
from express_bot.contracts.applications import AnswerQuestion, AskDesk
from express_bot.contracts.decisions import AskOwner, Reply
from express_bot.contracts.errors import FieldError
from express_bot.contracts.notifications import Event
from express_bot.core.applications import changing, service, talk
from express_bot.core.applications import repository as applications
from express_bot.core.applications.changing import Step
from express_bot.core.applications.service import Call, digest_of
from express_bot.core.db.session import Connection, Row
from express_bot.core.decisions import desk, repository
from express_bot.core.files import attaching
from express_bot.core.notifications import outbox
from express_bot.domain import decisions
from express_bot.domain.workflow import Status

DAY = timedelta(days=1)

# ── What the desk says ───────────────────────────────────────────────────────────────────────────────────────────────


def ask(db: Connection, call: Call, number: str, body: AskOwner) -> Row:
    """Asks its owner, who answers with yes, no or in words; a proposal is judged like an edit.

    Raises ``NotFound``, ``IdempotencyKeyReused``, ``VersionConflict``, ``QuestionOpen``, ``StepNotPossible``,
    ``MomentPassed``, ``InvalidAnswers``.
    """
    row, digest = desk.found(db, number, lock=True), digest_of(["question", body.model_dump()])
    if changing.repeated(db, call, row, digest):
        return row
    desk.ensure_seen(db, row, body.version, call.expected)
    _ensure_can_ask(row)
    decisions.ensure_ahead(body.due_at, call.now, "due_at")
    if body.proposal:
        service.edited(call, row, row["answers"] | body.proposal)
    details = {"note": body.question, "due_at": desk.moment(body.due_at), "proposal": body.proposal or None}
    values = {"status": Status.NEEDS_INFO.value}
    changed, asked = desk.take_step(db, call, row, "question_asked", values=values, details=details, digest=digest)
    told = {"question_id": asked, "question": body.question, "due_at": details["due_at"]}
    _promise(db, call, row, Event.QUESTION, told, once=f"question:{asked}")
    return changed


def _ensure_can_ask(row: Row) -> None:
    status = Status(row["status"])
    if status is Status.NEEDS_INFO:
        raise errors.QuestionOpen
    if not decisions.can_ask(status):
        raise errors.StepNotPossible(application_status=status.value, wanted=Status.NEEDS_INFO.value)


def reply(db: Connection, call: Call, number: str, body: Reply) -> Row:
    """Writes to its owner; nothing else changes.

    Raises ``NotFound``, ``IdempotencyKeyReused``, ``VersionConflict``.
    """
    row, digest = desk.found(db, number, lock=True), digest_of(["reply", body.model_dump()])
    if changing.repeated(db, call, row, digest):
        return row
    desk.ensure_seen(db, row, call.expected)
    answered = repository.last_said(db, row["id"])
    changed, _ = desk.take_step(db, call, row, "desk_replied", details={"note": body.text}, digest=digest)
    told = {"text": body.text, "question": answered["details"]["note"] if answered else None}
    _promise(db, call, row, Event.DESK_REPLIED, told)
    return changed


def _promise(
    db: Connection, call: Call, row: Row, event: Event, details: dict[str, Any], once: str | None = None
) -> None:
    outbox.promise(
        db,
        event,
        user_id=row["applicant_id"],
        at=call.now,
        application_id=row["id"],
        details=details,
        once=once,
    )


# ── What its owner says ──────────────────────────────────────────────────────────────────────────────────────────────


def answer(db: Connection, call: Call, number: str, body: AnswerQuestion) -> Row:
    """The owner's answer; «yes» writes what the desk has proposed, in the same transaction.

    Raises ``NotFound``, ``IdempotencyKeyReused``, ``VersionConflict``, ``QuestionClosed``, ``InvalidBody`` (no words),
    ``InvalidAnswers`` and ``LimitReached`` (what was proposed is not possible any more).
    """
    row, digest = service.own(db, call, number, lock=True), digest_of(["answer", body.model_dump()])
    if changing.repeated(db, call, row, digest):
        return row
    changing.ensure_version(row, call.expected)
    asked = _asked(db, row, body.question)
    if body.answer == "text" and not body.text:
        raise errors.InvalidBody(errors=[FieldError("text", "required")])
    values, changes = _accepted(db, call, row, asked) if body.answer == "yes" else ({}, {})
    details = {"question": asked["id"], "answer": body.answer, "note": body.text} | changes
    values |= {"status": Status.IN_REVIEW.value}
    said = talk.words({"kind": "question_answered", "details": details}, service.compiled(call, row))
    changed, _ = changing.write(db, call, row, Step("question_answered", values, details, digest, answer=said))
    if changes:  # its status card says what is in it
        _promise(db, call, row, Event.EDITED, {})
    return changed


def _asked(db: Connection, row: Row, question: int) -> Row:
    """The open question; raises ``QuestionClosed`` when it is another one, or none."""
    asked = applications.last_event(db, row["id"], ("question_asked",))
    if row["status"] != Status.NEEDS_INFO or asked is None or asked["id"] != question:
        raise errors.QuestionClosed
    return asked


def _accepted(db: Connection, call: Call, row: Row, asked: Row) -> tuple[dict[str, Any], dict[str, Any]]:
    """The columns of what was proposed, and what history says of it."""
    proposal = asked["details"].get("proposal")
    if not proposal:
        return {}, {}
    values = service.edited(call, row, row["answers"] | proposal)
    attaching.replace(db, call.reference.form(row["form_id"]), values["answers"], row)
    return values, {"before": row["answers"], "after": values["answers"]}


def write_to_desk(db: Connection, call: Call, number: str, body: AskDesk) -> Row:
    """A message of its owner to the desk; nothing else changes.

    Raises ``NotFound``, ``IdempotencyKeyReused``, ``VersionConflict``, ``StepNotPossible``, ``TooManyMessages``.
    """
    row, digest = service.own(db, call, number, lock=True), digest_of(["ask", body.model_dump()])
    if changing.repeated(db, call, row, digest):
        return row
    changing.ensure_version(row, call.expected)
    if not decisions.can_write(Status(row["status"])):
        raise errors.StepNotPossible(application_status=row["status"], wanted="message")
    _ensure_few(db, call, row)
    changed, _ = changing.write(db, call, row, Step("message_sent", {}, {"note": body.text}, digest))
    return changed


def _ensure_few(db: Connection, call: Call, row: Row) -> None:
    """Raises ``TooManyMessages``, which tells when the next one may be sent."""
    known = repository.messages_since(db, row["id"], call.now - DAY)
    if known["sent"] >= decisions.MESSAGES_A_DAY:
        left = known["first"] + DAY - call.now
        raise errors.TooManyMessages(limit=decisions.MESSAGES_A_DAY, retry_after=int(left.total_seconds()) + 1)
