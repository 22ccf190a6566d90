"""The launch answer of every door, ``/api/smartapp/info``, and what doors report, ``/telemetry``."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_openapi import APIBlueprint, Tag

from express_bot.contracts.info import Info, Telemetry
from express_bot.core.applications import repository as applications
from express_bot.core.http import KEPT, db, house, kept, locale, operation, principal, profile_form
from express_bot.core.users import service as users
from express_bot.domain import texts
from express_bot.domain.forms import FormDefinition
from express_bot.domain.locales import pick
from express_bot.domain.roles import Permission, is_allowed
from express_bot.observability.logs import logger

api = APIBlueprint("info", __name__, url_prefix="/api/smartapp", abp_tags=[Tag(name="info", description=__doc__)])
log = logger(__name__)


@api.get("/info", summary="What a door needs at launch", responses={200: Info}, openapi_extensions=KEPT)
@operation(Permission.SELF_READ)
def read_info() -> Response:
    """The product, the caller, the forms, the business time; a guest has no forms yet."""
    here, caller = house(), principal()
    forms = here.reference.get(db()).published.values() if is_allowed(caller.roles, Permission.FORMS_READ) else ()
    complete = profile_form().is_profile_complete(caller.profile)
    body = {
        "app": _app(),
        "forms": [_form(form, locale()) for form in forms],
        "user": users.view(caller, complete=complete),
        "unseen": applications.count_unseen(db(), caller.user_id),
    }
    known = kept("info", body, now=("server_time", here.clock.now()))
    return known.find() or known.made(body)


def _app() -> dict[str, str]:
    settings = house().settings
    return {
        "name": texts.text("common.product", locale()),
        "organisation": settings.organisation_name,
        "version": house().version,
        "mode": settings.mode,
        "contact": settings.coordinator_contact,
    }


def _form(form: FormDefinition, language: str) -> dict[str, Any]:
    return {
        "id": form.id,
        "title": pick(form.title, language),
        "description": pick(form.description, language) if form.description else "",
        "has_period": form.period is not None,
    }


@api.post("/telemetry", summary="What a door noticed", responses={204: None})
@operation(Permission.TELEMETRY_WRITE, atomic=False, rate="telemetry")
def telemetry(body: Telemetry) -> Response:
    """Load times and errors of the door, for the log; never personal data."""
    for event in body.events:
        log.info("telemetry", door_event=event.model_dump(exclude_none=True))
    return Response(status=204)
