"""What a text needs to know of a notification, in the person's language: ``contracts.notifications.Notice``."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from express_bot.contracts import errors
from express_bot.contracts.notifications import Event, Notice
from express_bot.core.applications import drafts, views
from express_bot.core.applications import repository as applications
from express_bot.core.applications.service import HOUSE_ZONE, Call, today
from express_bot.core.db.session import Connection, Row
from express_bot.core.notifications import repository
from express_bot.core.periods import service as periods
from express_bot.core.periods.repository import StoredPeriod
from express_bot.core.reference import Reference
from express_bot.core.sessions import service as sessions

#: An opening offers what the person filed before: so many applications are looked at.
REPEATS = 5


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
    return Notice(
        event=Event(line["event"]),
        locale=call.locale,
        channel=channel,  # type: ignore[arg-type]  # checked by the model
        card_id=card_id,
        rev=rev,
        at=line["created_at"],
        timezone=period.timezone if period else HOUSE_ZONE,
        application=_application(db, call, line["application_id"]),
        applications=[_whole(db, call, row) for row in _several(db, call, line, period)],
        period=_period_view(db, call, period),
        draft=_draft(db, call, line, period),
        details=line["details"],
    )


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
    return _as_sent(views.application(call, row, applications.events(db, row["id"])))


def _as_sent(document: dict[str, Any]) -> dict[str, Any]:
    """As the doors send it: texts for dates, so that a notice reads the same as an answer of the API."""
    return dict(orjson.loads(orjson.dumps(document)))


def _several(db: Connection, call: Call, line: Row, period: StoredPeriod | None) -> list[Row]:
    """The applications of one publication; with an opening, what the person filed before."""
    if line["event"] == Event.PERIOD_OPENED and period is not None:
        return repository.latest_applications(db, call.caller.user_id, period.form_id, REPEATS)
    own = [line["application_id"]] if line["application_id"] else []
    named = line["details"].get("applications", own) if line["event"] in _PUBLISHED else []
    return repository.applications(db, named)


_PUBLISHED = frozenset({Event.DECIDED, Event.CHANGED, Event.REVOKED})


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
    """The person's draft of the form that is meant, with its title and answers in words."""
    form_id = line["details"].get("form") or (period.form_id if period else None)
    if form_id not in call.reference.published:
        return None
    draft = drafts.view(drafts.find(db, call.caller.user_id, form_id))
    if draft is None:
        return None
    form = call.reference.compile(call.reference.published[form_id], period, call.locale, today(period, call.now))
    answers = form.clean(draft.answers)
    return draft.model_dump(mode="json") | {"title": form.title(answers), "display": form.display(answers)}
