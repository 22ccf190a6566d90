"""Doors of forms and periods: ``/api/smartapp/form`` and ``/periods``."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Response
from flask_openapi import APIBlueprint, Tag
from pydantic import Field

from express_bot.contracts.periods import FormAnswer, PeriodList
from express_bot.contracts.users import Strict
from express_bot.core.applications import repository as applications
from express_bot.core.applications.service import today
from express_bot.core.http import KEPT, db, house, kept, locale, operation, principal
from express_bot.core.periods import service as periods
from express_bot.core.periods.repository import StoredPeriod
from express_bot.core.query import Query
from express_bot.core.reminders import repository as reminders
from express_bot.domain.roles import Permission

api = APIBlueprint("forms", __name__, url_prefix="/api/smartapp", abp_tags=[Tag(name="forms", description=__doc__)])


class FormQuery(Query, Strict):
    """Which form."""

    form: Annotated[str, Field(min_length=1, max_length=40)] = "flight"


@api.get("/form", summary="A form to fill in", responses={200: FormAnswer}, openapi_extensions=KEPT)
@operation(Permission.FORMS_READ)
def read_form(query: FormQuery) -> Response:
    """The compiled form in the caller's language: fields, options, bounds, words, and the schema that judges."""
    now, reference = house().clock.now(), house().reference.get(db())
    definition = reference.form(query.form)
    period = reference.open_period(query.form, now) or reference.next_period(query.form, now)
    day = today(period, now)
    shown = next(iter(_views([period])), None) if period else None
    known = kept("form", query.form, reference.version, shown or day)
    found = known.find()
    if found is not None:
        return found
    form = reference.compile(definition, period, locale(), day)
    # no time of day in here: what is kept by a client may be handed out again hours later
    return known.made({"form": form.as_json, "period": shown}, keep=True)


@api.get("/periods", summary="Periods of a form around now", responses={200: PeriodList}, openapi_extensions=KEPT)
@operation(Permission.FORMS_READ)
def list_periods(query: FormQuery) -> Response:
    """The last, the open and the next period."""
    now, reference = house().clock.now(), house().reference.get(db())
    reference.form(query.form)
    shown = _views(periods.shown(reference, query.form, now))
    known = kept("periods", shown, now=("server_time", now))
    return known.find() or known.made({"periods": shown})


def _views(shown: list[StoredPeriod]) -> list[dict[str, Any]]:
    ids = [period.id for period in shown]
    filed = applications.count_active(db(), principal().user_id, ids) if ids else {}
    said = reminders.choices(db(), principal().user_id, ids) if ids else {}
    now = house().clock.now()
    return [
        periods.view(period, now=now, locale=locale())
        | {"filed": filed.get(period.id, 0), "reminder": said.get(period.id, "none")}
        for period in shown
    ]
