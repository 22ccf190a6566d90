"""A free place for somebody on the reserve list: offered by the desk, taken or left by its owner, or over in time."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from express_bot.contracts import errors
from express_bot.contracts.applications import AnswerOffer
from express_bot.contracts.decisions import OfferPlace
from express_bot.contracts.notifications import Event
from express_bot.core.applications import changing, service
from express_bot.core.applications import repository as applications
from express_bot.core.applications.changing import Step
from express_bot.core.applications.service import Call, digest_of
from express_bot.core.db.session import Connection, Row
from express_bot.core.decisions import desk, repository
from express_bot.core.notifications import outbox
from express_bot.core.reference import load
from express_bot.core.sessions.principal import Principal
from express_bot.domain import decisions
from express_bot.domain.locales import DEFAULT_LOCALE
from express_bot.domain.roles import Role
from express_bot.domain.workflow import Status

#: So many offers are closed in one transaction: their rows are locked meanwhile.
BATCH = 100


def offer(db: Connection, call: Call, number: str, body: OfferPlace) -> Row:
    """Offers a place until a moment; one offer at a time.

    Raises ``NotFound``, ``IdempotencyKeyReused``, ``VersionConflict``, ``StepNotPossible``, ``OfferOpen``,
    ``MomentPassed``.
    """
    row, digest = desk.found(db, number, lock=True), digest_of(["offer", body.model_dump()])
    if changing.repeated(db, call, row, digest):
        return row
    desk.ensure_seen(db, row, body.version, call.expected)
    if row["status"] != Status.WAITLISTED:
        raise errors.StepNotPossible(application_status=row["status"], wanted="offer")
    if decisions.is_on_offer(row["offer_until"], call.now):
        raise errors.OfferOpen(until=row["offer_until"])
    decisions.ensure_ahead(body.until, call.now, "until")
    if row["offer_until"] is not None:
        row = _expire(db, call, row)
    until = {"until": desk.moment(body.until)}
    changed, event = desk.take_step(
        db, call, row, "place_offered", values={"offer_until": body.until}, details=until, digest=digest
    )
    outbox.promise(
        db,
        Event.PLACE_OFFERED,
        user_id=row["applicant_id"],
        at=call.now,
        application_id=row["id"],
        details={"offer_id": event} | until,
        once=f"offer:{event}",
    )
    return changed


def take(db: Connection, call: Call, number: str, body: AnswerOffer) -> Row:
    """The owner takes the place: what the desk has offered is approved.

    Raises ``NotFound``, ``IdempotencyKeyReused``, ``VersionConflict``, ``OfferClosed``.
    """
    row, digest = service.own(db, call, number, lock=True), digest_of(["take", body.model_dump()])
    if changing.repeated(db, call, row, digest):
        return row
    changing.ensure_version(row, call.expected)
    _ensure_open(db, call, row, body.offer)
    decision = {
        "outcome": Status.APPROVED.value,
        "reason_code": decisions.PROMOTED,
        "reason": decisions.sentences(decisions.PROMOTED),
        "decided_at": call.now.isoformat(),
    }
    # its owner has decided it this very moment: that is no news to them
    values = {"status": Status.APPROVED.value, "decision": decision, "seen_at": call.now}
    changed, _ = changing.write(db, call, row, Step("offer_taken", values, {"decision": decision}, digest))
    return changed


def decline(db: Connection, call: Call, number: str, body: AnswerOffer) -> Row:
    """The owner leaves this place to others, and stays on the reserve list.

    Raises ``NotFound``, ``IdempotencyKeyReused``, ``VersionConflict``, ``OfferClosed``.
    """
    row, digest = service.own(db, call, number, lock=True), digest_of(["decline-offer", body.model_dump()])
    if changing.repeated(db, call, row, digest):
        return row
    changing.ensure_version(row, call.expected)
    _ensure_open(db, call, row, body.offer)
    changed, _ = changing.write(db, call, row, Step("offer_declined", {"offer_until": None}, digest=digest))
    return changed


def _ensure_open(db: Connection, call: Call, row: Row, offer_id: int) -> None:
    offered = applications.last_event(db, row["id"], ("place_offered",))
    is_this = offered is not None and offered["id"] == offer_id
    if not is_this or not decisions.is_on_offer(row["offer_until"], call.now):
        raise errors.OfferClosed


def expire(db: Connection, now: datetime) -> int:
    """Closes offers that nobody took in time; returns how many. Any number of instances may do it at once."""
    with db.transaction():
        rows = repository.overdue_offers(db, now, BATCH)
        if rows:
            reference = load(db)
            call = Call(HOUSE, now, DEFAULT_LOCALE, reference, renew=lambda: HOUSE)
            for row in rows:
                _expire(db, call, row)
    return len(rows)


#: Who closes what nobody answered.
HOUSE = Principal(
    user_id=UUID(int=0),
    full_name="",
    locale=DEFAULT_LOCALE,
    roles=frozenset({Role.SERVICE}),
    profile={},
    host_profile={},
    version=0,
    channel="api",
    service="worker",
)


def _expire(db: Connection, call: Call, row: Row) -> Row:
    """The application stays on the reserve list."""
    silent = Call(HOUSE, call.now, call.locale, call.reference, renew=call.renew)
    step = Step("offer_expired", {"offer_until": None}, role=Role.SERVICE.value)
    changed, _ = changing.write(db, silent, row, step)
    repository.carry_draft(db, row["id"], before=row["version"], after=changed["version"])
    return changed
