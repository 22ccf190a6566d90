"""Doors of what the caller says about one period: ``/api/smartapp/periods/{id}/reminder``."""

from __future__ import annotations

from typing import Annotated

from flask import Response
from flask_openapi import APIBlueprint, Tag
from pydantic import BaseModel, Field

from express_bot.contracts.notifications import PutReminderChoice, ReminderChoice
from express_bot.core.http import answer, db, house, operation, principal
from express_bot.core.reminders import service
from express_bot.domain.roles import Permission

api = APIBlueprint(
    "reminders", __name__, url_prefix="/api/smartapp", abp_tags=[Tag(name="notifications", description=__doc__)]
)


class ByPeriod(BaseModel):
    """A period's id, as ``/periods`` tells it."""

    number: Annotated[int, Field(ge=1, le=2**63 - 1, description="the period's id")]


@api.get("/periods/<number>/reminder", summary="What I said about a period", responses={200: ReminderChoice})
@operation(Permission.PROFILE_OWN)
def read_reminder(path: ByPeriod) -> Response:
    """Whether the caller wants to be reminded of it."""
    said = service.choice(db(), principal(), house().reference.get(db()), path.number)
    return answer(ReminderChoice(period=path.number, choice=said))


@api.put("/periods/<number>/reminder", summary="Remind me, or do not", responses={200: ReminderChoice})
@operation(Permission.PROFILE_OWN)
def put_reminder(path: ByPeriod, body: PutReminderChoice) -> Response:
    """«Напомнить, когда откроется», «Не в этом месяце», or neither."""
    here = house()
    service.choose(db(), principal(), here.reference.get(db()), path.number, body.choice, now=here.clock.now())
    return answer(ReminderChoice(period=path.number, choice=body.choice))
