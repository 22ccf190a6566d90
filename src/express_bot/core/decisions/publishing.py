"""Publication: drafts become decisions, all of them in one transaction, and everybody is told once.

Rows are locked in one order, so two publications wait for each other instead of crossing, and whoever withdraws
meanwhile is either decided upon before, or passed over.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from express_bot.contracts import errors
from express_bot.contracts.decisions import Publish, SkipCode
from express_bot.contracts.notifications import Event
from express_bot.core.applications import changing
from express_bot.core.applications.service import Call, digest_of
from express_bot.core.audit import repository as audit
from express_bot.core.db.session import Connection, Row
from express_bot.core.decisions import desk, repository
from express_bot.core.notifications import outbox
from express_bot.domain import decisions
from express_bot.domain.decisions import Drafted
from express_bot.domain.locales import pick
from express_bot.domain.workflow import Status
from express_bot.observability.logs import request_id


@dataclass
class Sorted:
    """The applications of a publication: what is published, and what is passed over, with why."""

    taken: list[Row] = field(default_factory=list)
    skipped: list[dict[str, str]] = field(default_factory=list)

    def skip(self, number: str, code: SkipCode) -> None:
        self.skipped.append({"number": number, "code": code})


def publish(db: Connection, call: Call, body: Publish) -> dict[str, Any]:
    """``contracts.decisions.Publication``.

    Raises ``IdempotencyKeyReused``, ``UnknownForm``, ``NotFound`` (no such period), ``NothingToPublish``.
    """
    digest = digest_of(["publish", body.model_dump()])
    _ensure_known(call, body)
    publication = _begin(db, call, body, digest)
    if publication is None:
        return _as_before(db, call, digest)
    repository.take_time(db)
    sorted_ = _sort(db, call, body)
    if not sorted_.taken and not sorted_.skipped:
        raise errors.NothingToPublish
    _decide(db, call, publication, sorted_.taken)
    people = len({row["applicant_id"] for row in sorted_.taken})
    found: dict[str, Any] = {"published": len(sorted_.taken), "people": people, "skipped": sorted_.skipped}
    repository.finish_publication(db, publication, **found)
    told = {"form": body.form, "period": body.period, "published": found["published"], "skipped": len(sorted_.skipped)}
    audit.record(db, call.caller, "decisions.publish", "publication", str(publication), told)
    return {"id": publication, **found}


def _ensure_known(call: Call, body: Publish) -> None:
    call.reference.form(body.form)
    period = call.reference.periods.get(body.period) if body.period is not None else None
    if body.period is not None and (period is None or period.form_id != body.form):
        raise errors.NotFound


def _begin(db: Connection, call: Call, body: Publish, digest: bytes) -> int | None:
    """The row that the key belongs to; a repetition waits here for the first call, and then finds it."""
    values = {"form": body.form, "period": body.period, "author": call.caller.user_id, "at": call.now}
    return repository.insert_publication(db, values | {"key": call.key, "digest": digest})


def _as_before(db: Connection, call: Call, digest: bytes) -> dict[str, Any]:
    known = repository.publication_by_key(db, call.caller.user_id, call.key)
    if known is None or known["client_digest"] != digest:
        raise errors.IdempotencyKeyReused
    return {name: known[name] for name in ("id", "published", "people", "skipped")}


def _sort(db: Connection, call: Call, body: Publish) -> Sorted:
    ids = repository.lock_scope(db, form=body.form, period=body.period, numbers=body.numbers)
    rows, sorted_ = repository.drafted(db, ids), Sorted()
    for number in sorted(set(body.numbers or ()) - {row["number"] for row in rows}):
        sorted_.skip(number, "not_found")
    for row in rows:
        code = decisions.skip_code(_facts(row), desk.role(call)) or _placeless(db, call, row)
        if code is None:
            sorted_.taken.append(row)
        elif code != "no_draft" or body.numbers is not None:
            # without numbers it had a draft when it was looked for, and another publication was faster
            sorted_.skip(row["number"], code)
    return sorted_


def _facts(row: Row) -> Drafted:
    return Drafted(
        status=Status(row["status"]),
        outcome=Status(row["drafted_outcome"]) if row["drafted_outcome"] else None,
        is_current=row["drafted_version"] == row["version"],
        withdrawal_requested=row["withdrawal_requested_at"] is not None,
    )


def _placeless(db: Connection, call: Call, row: Row) -> SkipCode | None:
    """What becomes active again takes its place in the month first, if there is one: others may want it too."""
    becomes = {"status": row["drafted_outcome"]}
    if not changing.takes_place(row, row | becomes):
        return None
    try:
        changing.change(db, call, row, becomes)
    except errors.LimitReached:
        return "limit_reached"
    return None


def _decide(db: Connection, call: Call, publication: int, rows: list[Row]) -> None:
    """Decisions first, then who is told of them: once for all of one's own, and once for each correction."""
    _tell_ends(db, call, rows)
    decided = [
        {
            "id": row["id"],
            "version": row["version"] + 1,
            "status": row["drafted_outcome"],
            "decision": _decision(call, row),
        }
        for row in rows
    ]
    values = {
        "now": call.now,
        "actor": call.caller.user_id,
        "role": desk.role(call).value,
        "channel": call.caller.channel,
        "publication": publication,
        "request_id": request_id(),
    }
    repository.publish(db, decided, values)
    _tell_decided(db, call, publication, [row for row in rows if row["decision"] is None])
    for row in rows:
        if row["decision"] is not None:
            _tell_corrected(db, call, row)


def _decision(call: Call, row: Row) -> dict[str, Any]:
    """As the application keeps it."""
    place = {} if row["drafted_place"] is None else {"place": row["drafted_place"]}
    return {
        "outcome": row["drafted_outcome"],
        "reason_code": row["drafted_code"],
        "reason": row["drafted_reason"],
        "decided_at": call.now.isoformat(),
    } | place


def _tell_decided(db: Connection, call: Call, publication: int, rows: list[Row]) -> None:
    own: dict[UUID, list[int]] = {}
    for row in rows:
        own.setdefault(row["applicant_id"], []).append(row["id"])
    promises = [
        {"user_id": person, "details": {"applications": ids}, "once": f"publication:{publication}:{person}"}
        for person, ids in own.items()
    ]
    outbox.promise_many(db, Event.DECIDED, promises, call.now)


def _tell_corrected(db: Connection, call: Call, row: Row) -> None:
    """A correction always has its own words, so any language has them."""
    event = Event.REVOKED if row["drafted_outcome"] == Status.REVOKED else Event.CHANGED
    outbox.promise(
        db,
        event,
        user_id=row["applicant_id"],
        at=call.now,
        application_id=row["id"],
        details={"reason": pick(row["drafted_reason"], call.locale)},
    )


def _tell_ends(db: Connection, call: Call, rows: list[Row]) -> None:
    """A question nobody answered, and an offer nobody took, are over: their messages say so."""
    waiting = [row["id"] for row in rows if row["status"] == Status.NEEDS_INFO]
    offered = [row["id"] for row in rows if row["offer_until"] is not None]
    questions = repository.latest(db, waiting, "question_asked") if waiting else {}
    offers = repository.latest(db, offered, "place_offered") if offered else {}
    for row in rows:
        if row["id"] in questions:
            details = changing.question_ended(questions[row["id"]]) | {"how": "closed", "answer": ""}
            changing.tell_end(db, call, row, Event.QUESTION_CLOSED, details)
        if row["id"] in offers:
            details = {"offer_id": offers[row["id"]]["id"], "how": "closed"}
            changing.tell_end(db, call, row, Event.OFFER_CLOSED, details)
