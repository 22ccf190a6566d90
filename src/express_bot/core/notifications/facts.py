"""What a text needs to know of a notification, in the person's language: ``contracts.notifications.Notice``."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

import orjson

from express_bot.contracts import errors
from express_bot.contracts.notifications import Event, Notice
from express_bot.core.applications import drafts, views
from express_bot.core.applications import repository as applications
from express_bot.core.applications.service import HOUSE_ZONE, Call, today, with_profile
from express_bot.core.db.session import Connection, Row
from express_bot.core.notifications import repository
from express_bot.core.periods import service as periods
from express_bot.core.periods.repository import StoredPeriod
from express_bot.core.reference import Reference
from express_bot.core.sessions import service as sessions
from express_bot.domain.compiled import CompiledForm
from express_bot.domain.notices import DECISIONS, REMINDING

#: An opening offers what the person filed before: so many answers, looked for in so many applications.
REPEATS, LOOKED_AT = 2, 10


def facts(
    db: Connection,
    outbox_id: int,
    *,
    reference: Reference,
    now: datetime,
    channel: str,
    card_id: UUID,
    rev: int = 1,
) -> Notice:
    """Everything about one promise as of ``now`` (business clock); raises ``NotFound``, also for people who have left.

    ``details`` of the line may name things by id: ``period``, ``form`` (whose draft is meant) and ``applications``.
    """
    line = repository.find(db, outbox_id)
    if line is None:
        raise errors.NotFound
    call = _call(db, line["user_id"], reference, now)
    period = _period(db, call, line)
    application = _application(db, call, line["application_id"])
    return Notice(
        event=Event(line["event"]),
        locale=call.locale,
        channel=channel,  # type: ignore[arg-type]  # checked by the model
        card_id=card_id,
        rev=rev,
        at=_at(line, now),
        timezone=period.timezone if period else HOUSE_ZONE,
        application=application,
        applications=[_whole(db, call, row) for row in _published(db, line)],
        period=_period_view(db, call, period),
        draft=_draft(db, call, line, period),
        details=_details(db, call, line, period, application),
    )


def _at(line: Row, now: datetime) -> datetime:
    """When it happened; a reminder is about the present, however long it was held."""
    happened: datetime = line["created_at"]
    return max(happened, now) if line["event"] in REMINDING else happened


def _call(db: Connection, user_id: UUID, reference: Reference, now: datetime) -> Call:
    """As if the person looked: the same views, with the same rights, in the person's language."""
    try:
        person = sessions.person(db, user_id)
    except errors.Unauthenticated:
        raise errors.NotFound from None
    return Call(person, now, person.locale, reference, renew=lambda: person)


def _application(db: Connection, call: Call, application_id: int | None) -> dict[str, Any] | None:
    rows = repository.applications(db, [application_id]) if application_id else []
    return _whole(db, call, rows[0]) if rows else None


def _whole(db: Connection, call: Call, row: Row) -> dict[str, Any]:
    # a message names no file: what is attached is looked at where the person opens the application
    return _as_sent(views.application(call, row, applications.events(db, row["id"]), files=[]))


def _as_sent(document: dict[str, Any]) -> dict[str, Any]:
    """As the doors send it: texts for dates, so that a notice reads the same as an answer of the API."""
    return cast("dict[str, Any]", orjson.loads(orjson.dumps(document)))


def subjects(line: Row) -> list[int]:
    """Ids of the applications that a line is about: all those of one publication, or its own."""
    several = [known for known in line["details"].get("applications", []) if isinstance(known, int)]
    return several or [known for known in [line["application_id"]] if known is not None]


def _details(
    db: Connection, call: Call, line: Row, period: StoredPeriod | None, application: dict[str, Any] | None
) -> dict[str, Any]:
    """What the line says; an opening also offers what the person filed before (``repeats``), and a question what its
    «yes» would change, in words (``proposal_label``)."""
    if line["event"] == Event.QUESTION:
        asked = (application or {}).get("question") or {}
        return {"proposal_label": (asked.get("proposal") or {}).get("label") or None, **line["details"]}
    if line["event"] != Event.PERIOD_OPENED or period is None:
        return dict(line["details"])
    return {"repeats": _repeats(db, call, period), **line["details"]}


def _repeats(db: Connection, call: Call, period: StoredPeriod) -> list[dict[str, Any]]:
    """Earlier answers to the question that names an application, latest first, as far as they can be chosen again."""
    form = _form(call, period.form_id, period)
    asked = next((name for name in form.definition.summary if form.by_name[name].kind == "choice"), None)
    if asked is None:
        return []
    found: dict[str, dict[str, Any]] = {}
    for row in repository.latest_applications(db, call.caller.user_id, period.form_id, LOOKED_AT):
        code, month = row["answers"].get(asked), row["target_month"]
        if month and code not in found and _can_be_chosen(form, asked, code, call):
            found[code] = {"code": code, "name": form.value(asked, {asked: code}), "month": month.month}
    return list(found.values())[:REPEATS]


def _can_be_chosen(form: CompiledForm, asked: str, code: Any, call: Call) -> bool:
    """Whether the form still offers this option, to this person: the list may have changed, or the base."""
    if code not in {option["code"] for option in form.sent[asked]["options"]}:
        return False
    errors_found = form.validate(with_profile(form.definition, {asked: code}, call.caller.profile))
    return all(wrong.field != asked for wrong in errors_found)


def _form(call: Call, form_id: str, period: StoredPeriod | None) -> CompiledForm:
    return call.reference.compile(call.reference.published[form_id], period, call.locale, today(period, call.now))


def _published(db: Connection, line: Row) -> list[Row]:
    return repository.applications(db, subjects(line)) if line["event"] in DECISIONS else []


def _period(db: Connection, call: Call, line: Row) -> StoredPeriod | None:
    """The period that the line names, else the one its application was filed in."""
    named = line["details"].get("period")
    if named is None and line["application_id"] is not None:
        rows = repository.applications(db, [line["application_id"]])
        named = rows[0]["period_id"] if rows else None
    return call.reference.periods.get(named) if named is not None else None


def _period_view(db: Connection, call: Call, period: StoredPeriod | None) -> dict[str, Any] | None:
    if period is None:
        return None
    filed = applications.count_active(db, call.caller.user_id, [period.id])
    return _as_sent(periods.view(period, now=call.now, locale=call.locale) | {"filed": filed.get(period.id, 0)})


def _draft(db: Connection, call: Call, line: Row, period: StoredPeriod | None) -> dict[str, Any] | None:
    """The person's draft of the form that is meant: what names it so far, and its first open question."""
    form_id = line["details"].get("form") or (period.form_id if period else None)
    if form_id not in call.reference.published:
        return None
    draft = drafts.view(drafts.find(db, call.caller.user_id, form_id))
    if draft is None:
        return None
    form = _form(call, form_id, period)
    answers = with_profile(form.definition, form.clean(draft.answers), call.caller.profile)
    wrong = {error.field for error in form.validate(form.without_hidden(answers))}
    missing = next((field.name for field in form.visible(answers) if field.name in wrong), None)
    words = {"title": form.title(answers), "missing": form.sent[missing]["label"] if missing else None}
    return draft.model_dump(mode="json") | words
