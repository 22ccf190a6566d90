"""Application Processor: filing, editing, withdrawing, and the history of it.

One intent = one application: the idempotency key lives in the row it protects, the limit is a unique index, and a
repeated call gets the answer of the first one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from psycopg import Rollback

from express_bot.contracts import errors
from express_bot.contracts.applications import EditApplication, SubmitApplication, WithdrawApplication
from express_bot.contracts.notifications import Event
from express_bot.core.applications import changing, repository
from express_bot.core.applications.changing import Step
from express_bot.core.db.session import Connection, Row
from express_bot.core.files import attaching
from express_bot.core.notifications import outbox
from express_bot.core.periods import service as periods
from express_bot.core.periods.repository import StoredPeriod
from express_bot.core.reference import Reference
from express_bot.core.sessions.principal import Principal
from express_bot.core.users import service as users
from express_bot.domain import workflow
from express_bot.domain.compiled import CompiledForm
from express_bot.domain.forms import FormDefinition
from express_bot.domain.workflow import ApplicationFacts, Status, Withdrawal
from express_bot.observability.logs import request_id

#: Answers that have a column of their own, for filters and statistics.
PROMOTED = ("location", "unit", "position", "direction")
HOUSE_ZONE = "Europe/Moscow"
#: Events that end in ``withdrawn``: taken back, and a place given back.
WITHDRAWALS = ("withdrawn", "declined")
#: What its owner is told of a change.
NEWS = {
    "edited": Event.EDITED,
    "withdrawn": Event.WITHDRAWN,
    "declined": Event.DECLINED,
    "withdrawal_requested": Event.WITHDRAWAL_REQUESTED,
    "withdrawal_request_cancelled": Event.REQUEST_CANCELLED,
    "restored": Event.RESTORED,
}
#: What every application is at the moment it was filed.
AS_FILED: Row = {
    "status": "submitted",
    "version": 1,
    "decision": None,
    "withdrawal_requested_at": None,
    "offer_until": None,
    "seen_at": None,
}


@dataclass(frozen=True)
class Call:
    """The circumstances of one call: who, when by the business clock, in which language, with which key."""

    caller: Principal
    now: datetime
    locale: str
    reference: Reference
    renew: Callable[[], Principal]
    key: str = ""
    expected: int | None = None
    """The version that ``If-Match`` names."""
    door: str = ""
    """``dialog``: a conversation of the bot, whose last message is the receipt. Only our own services are believed."""


@dataclass(frozen=True)
class Filing:
    """What is about to be filed."""

    definition: FormDefinition
    period: StoredPeriod | None
    answers: dict[str, Any]
    target_date: date | None
    digest: bytes
    files: tuple[UUID, ...] = ()

    @property
    def target_month(self) -> date | None:
        """The month whose limit this application takes a place of; none without a period."""
        if self.period is None:
            return None
        return (self.target_date or self.period.target_from).replace(day=1)


def submit(db: Connection, call: Call, body: SubmitApplication) -> tuple[Row, bool]:
    """Files an application; returns its row and whether it had been filed before with the same key.

    Raises ``IdempotencyKeyReused``, ``UnknownForm``, ``PeriodClosed``, ``PeriodNotOpen``, ``InvalidAnswers``,
    ``LimitReached``, ``PersonnelNumberTaken``, ``TokenExpired``.
    """
    digest = digest_of(body.model_dump())
    for _ in range(changing.TRIES):
        refusal, tried_as = None, call.caller
        try:
            filing = prepare(call, body, digest)
            if filing.files:
                attaching.ensure_usable(db, filing.definition, filing.answers, call.caller.user_id)
            if (filed := _file(db, call, filing)) is not None:
                return filed, False
        except errors.AppError as broken:
            refusal = broken
        # Nothing was filed. The caller may have been remembered from moments ago: prove it before a word is said.
        call = replace(call, caller=call.renew())
        # A retry after the deadline, or after a directory changed, still gets the answer it was once given.
        if (known := _replay(db, call, digest)) is not None:
            return known, True
        if refusal is None:
            changing.ensure_place(db, call, call.caller.user_id, filing.period, filing.target_month)
        elif call.caller.version == tried_as.version:
            raise refusal
    raise errors.DatabaseUnavailable


def _replay(db: Connection, call: Call, digest: bytes) -> Row | None:
    """The application filed with this key, as it was filed; raises ``IdempotencyKeyReused`` for another body."""
    row = repository.touch_by_key(db, call.caller.user_id, call.key)
    if row is None:
        return None
    if row["client_digest"] != digest:
        raise errors.IdempotencyKeyReused(number=row["number"])
    answers = row["filed_details"]["answers"]
    day = answers.get(call.reference.versions[row["form_id"], row["form_version"]].date_field or "")
    target_date = date.fromisoformat(day) if day else None
    return row | AS_FILED | {"answers": answers, "target_date": target_date, "updated_at": row["filed_at"]}


def prepare(call: Call, body: SubmitApplication, digest: bytes) -> Filing:
    """Checks everything that needs no question to the database."""
    definition = call.reference.form(body.form)
    period = periods.to_file_in(call.reference, definition, body.period, call.now)
    compiled = call.reference.compile(definition, period, call.locale, today(period, call.now))
    answers = judge(compiled, with_profile(definition, body.answers, call.caller.profile))
    files = attaching.named(definition, answers)
    return Filing(definition, period, answers, compiled.target_date(answers), digest, files)


def with_profile(definition: FormDefinition, answers: dict[str, Any], profile: dict[str, Any]) -> dict[str, Any]:
    """The answers with what the profile knows; an answer given wins."""
    return {name: profile[name] for name in definition.profile if name in profile} | answers


def judge(compiled: CompiledForm, answers: dict[str, Any]) -> dict[str, Any]:
    """Cleans and validates; raises ``InvalidAnswers`` with one error per field."""
    cleaned = compiled.clean(answers)
    problems = compiled.validate(cleaned)
    if problems:
        raise errors.InvalidAnswers(errors=problems)
    return cleaned


def today(period: StoredPeriod | None, now: datetime) -> date:
    """The calendar day it is where the period lives."""
    return now.astimezone(ZoneInfo(period.timezone if period else HOUSE_ZONE)).date()


def digest_of(document: Any) -> bytes:
    """Tells two bodies apart, whatever the order of their members."""
    return hashlib.sha256(orjson.dumps(document, option=orjson.OPT_SORT_KEYS)).digest()


def _file(db: Connection, call: Call, filing: Filing) -> Row | None:
    """The new row, or ``None`` if nothing was filed and the reason has to be looked for."""
    news = users.profile_news(call.caller, filing.definition, filing.answers)
    if not news:
        return _insert(db, call, filing, call.caller.version)
    row = None
    with db.transaction() as transaction:
        row = _insert(db, call, filing, users.remember_profile(db, call.caller, news))
        if row is None:
            # facts that came with an application that was not filed stay out of the profile
            raise Rollback(transaction)
    return row


def _insert(db: Connection, call: Call, filing: Filing, user_version: int) -> Row | None:
    values = _values(call, filing, user_version)
    filed = repository.file(db, values)
    if filed is None:
        return None
    return (
        values | filed | AS_FILED | {"applicant_id": call.caller.user_id, "filed_at": call.now, "updated_at": call.now}
    )


def _values(call: Call, filing: Filing, user_version: int) -> dict[str, Any]:
    caller, period = call.caller, filing.period
    return {
        "token_hash": caller.token_hash,
        "user_id": caller.user_id,
        "user_version": user_version,
        "role": "employee",
        "channel": caller.channel,
        "year": str((filing.target_date or call.now).year),
        "form_id": filing.definition.id,
        "form_version": filing.definition.version,
        "period_id": period.id if period else None,
        "limit": period.application_limit if period else None,
        "answers": filing.answers,
        "files": list(filing.files),
        "target_date": filing.target_date,
        "target_month": filing.target_month,
        "client_key": call.key,
        "client_digest": filing.digest,
        "now": call.now,
        "request_id": request_id(),
        "promise": {"door": call.door} if call.door else {},
    } | promoted(filing.answers)


def promoted(answers: dict[str, Any]) -> dict[str, str | None]:
    """The answers with a column of their own; an own answer in words has no code."""
    return {name: value if isinstance(value := answers.get(name), str) else None for name in PROMOTED}


def edit(db: Connection, call: Call, number: str, body: EditApplication) -> Row:
    """New answers for a filed application while its period is open.

    Raises ``NotFound``, ``IdempotencyKeyReused``, ``VersionConflict``, ``NotEditable``, ``InvalidAnswers``,
    ``LimitReached`` (the new date lies in a month that is full).
    """
    row, digest = own(db, call, number, lock=True), digest_of(body.model_dump())
    if changing.repeated(db, call, row, digest):
        return row
    changing.ensure_version(row, body.version, call.expected)
    workflow.ensure_can_edit(facts(call, row), call.now)
    values = edited(call, row, body.answers)
    attaching.replace(db, call.reference.form(row["form_id"]), values["answers"], row)
    return _write(db, call, row, "edited", values, digest, {"before": row["answers"], "after": values["answers"]})


def edited(call: Call, row: Row, answers: dict[str, Any]) -> dict[str, Any]:
    """The columns that these answers would write, by the form as it is now; raises ``InvalidAnswers``."""
    period = call.reference.periods.get(row["period_id"])
    definition = call.reference.form(row["form_id"])
    compiled = call.reference.compile(definition, period, call.locale, today(period, call.now))
    judged = judge(compiled, with_profile(definition, answers, row["answers"]))
    filing = Filing(definition, period, judged, compiled.target_date(judged), b"")
    return {
        "answers": judged,
        "form_version": definition.version,
        "target_date": filing.target_date,
        "target_month": filing.target_month,
    } | promoted(judged)


def withdraw(db: Connection, call: Call, number: str, body: WithdrawApplication) -> Row:
    """Takes an application back; after the deadline it asks the dispatcher to, and says why.

    Raises ``NotFound``, ``IdempotencyKeyReused``, ``VersionConflict``, ``NotWithdrawable``, ``ReasonRequired``.
    """
    row, digest = own(db, call, number, lock=True), digest_of(["withdraw", body.model_dump()])
    if changing.repeated(db, call, row, digest):
        return row
    changing.ensure_version(row, body.version, call.expected)
    how = workflow.ensure_can_withdraw(facts(call, row), call.now, reason=body.reason)
    details = {"reason": body.reason} if body.reason else {}
    values: dict[str, Any] = {}
    if how is Withdrawal.REQUEST:
        values["withdrawal_requested_at"] = call.now
        return _write(db, call, row, "withdrawal_requested", values, digest, details)
    values["status"] = "withdrawn"
    kind = "declined" if how is Withdrawal.DECLINE else "withdrawn"
    return _write(db, call, row, kind, values, digest, details | {"from": row["status"]})


def restore(db: Connection, call: Call, number: str) -> Row:
    """Undoes a withdrawal, or a request for one.

    Raises ``NotFound``, ``VersionConflict``, ``NotRestorable``, ``LimitReached``.
    """
    row, digest = own(db, call, number, lock=True), digest_of(["restore"])
    if changing.repeated(db, call, row, digest):
        return row
    changing.ensure_version(row, call.expected)
    withdrawal = repository.last_event(db, row["id"], WITHDRAWALS)
    workflow.ensure_can_restore(facts(call, row, withdrawal), call.now)
    values: dict[str, Any] = {}
    if row["withdrawal_requested_at"]:
        values["withdrawal_requested_at"] = None
        return _write(db, call, row, "withdrawal_request_cancelled", values, digest, {})
    assert withdrawal is not None, "what is withdrawn has an event that says so"
    values["status"] = withdrawal["details"]["from"]
    return _write(db, call, row, "restored", values, digest, {})


def facts(call: Call, row: Row, withdrawal: Row | None = None) -> ApplicationFacts:
    """What the rules of the workflow need to know; ``withdrawal`` is the event that withdrew it."""
    period = call.reference.periods.get(row["period_id"])
    return ApplicationFacts(
        status=Status(row["status"]),
        closes_at=period.closes_at if period else None,
        withdrawn_at=withdrawal["at"] if withdrawal else None,
        withdrawn_from=Status(withdrawal["details"]["from"]) if withdrawal else None,
        withdrawal_requested_at=row["withdrawal_requested_at"],
    )


def compiled(call: Call, row: Row) -> CompiledForm:
    """The form as it was when the application was filed."""
    period = call.reference.periods.get(row["period_id"])
    definition = call.reference.versions.get((row["form_id"], row["form_version"]))
    if definition is None:
        raise errors.UnknownForm(form=row["form_id"])
    return call.reference.compile(definition, period, call.locale, today(period, call.now))


def own(db: Connection, call: Call, number: str, *, lock: bool = False) -> Row:
    """The caller's own application; what belongs to others does not exist."""
    row = repository.find(db, number, lock=lock)
    if row is None or row["applicant_id"] != call.caller.user_id:
        raise errors.NotFound
    return row


def mark_seen(db: Connection, call: Call, number: str) -> None:
    """The owner has opened the decision."""
    repository.mark_seen(db, own(db, call, number)["id"], call.now)


def _write(
    db: Connection, call: Call, row: Row, kind: str, values: dict[str, Any], digest: bytes, details: dict[str, Any]
) -> Row:
    """The change with everything that is written of it, and its owner is told: their own message shows it."""
    changed, _ = changing.write(db, call, row, Step(kind, values, details, digest))
    outbox.promise(db, NEWS[kind], user_id=row["applicant_id"], at=call.now, application_id=row["id"])
    return changed
