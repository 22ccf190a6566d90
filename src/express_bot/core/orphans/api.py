"""Doors of messages that may stand twice, for our own services: ``/api/service/cards…``."""

from __future__ import annotations

from flask import Response
from flask_openapi import APIBlueprint, Tag
from pydantic import BaseModel

from express_bot.contracts.messengers import AllowedPace, AskPace, CardTraces, Id, JudgedMessage, UnknownMessage
from express_bot.core.http import answer, db, operation
from express_bot.core.orphans import service
from express_bot.domain.roles import Permission

api = APIBlueprint("orphans", __name__, url_prefix="/api/service", abp_tags=[Tag(name="orphans", description=__doc__)])


class OfCard(BaseModel):
    """A card by its own id."""

    card_id: Id


@api.post("/cards/unknown", summary="A message that no card knows", responses={200: JudgedMessage})
@operation(Permission.MESSENGERS_SERVE)
def judge_message(body: UnknownMessage) -> Response:
    """Its card takes it for its own, or it is noted to be removed; never while its sender may be about to tell."""
    return answer({"verdict": service.judge(db(), body)})


@api.get("/cards/<card_id>/traces", summary="What earlier calls have left behind", responses={200: CardTraces})
@operation(Permission.MESSENGERS_SERVE)
def card_traces(path: OfCard) -> Response:
    """What may lead to messages of calls for this card whose end nobody knows."""
    return answer(service.traces_of(db(), path.card_id))


@api.post("/cards/pace", summary="May one call more go out", responses={200: AllowedPace})
@operation(Permission.MESSENGERS_SERVE)
def ask_pace(body: AskPace) -> Response:
    """For calls that show no card; what is allowed is counted."""
    return answer({"allowed": service.allow_call(db(), body.channel)})
