"""Doors of the inbox, for our own services: ``/api/service/inbox…``."""

from __future__ import annotations

from flask import Response
from flask_openapi import APIBlueprint, Tag
from pydantic import BaseModel

from express_bot.contracts.messengers import (
    Channel,
    ClaimedEvents,
    ClaimEvents,
    ExtendedLease,
    ExtendLease,
    FailEvent,
    OuterId,
    StoredEvent,
    StoreEvent,
)
from express_bot.core.http import answer, db, house, operation
from express_bot.core.inbox import service
from express_bot.domain.roles import Permission

api = APIBlueprint(
    "inbox", __name__, url_prefix="/api/service/inbox", abp_tags=[Tag(name="inbox", description=__doc__)]
)


class ByEvent(BaseModel):
    """An event by the id its messenger gave it."""

    channel: Channel
    event_id: OuterId


@api.put(
    "/<channel>/<event_id>", summary="Keep an event of a messenger", responses={201: StoredEvent, 200: StoredEvent}
)
@operation(Permission.MESSENGERS_SERVE)
def store_event(path: ByEvent, body: StoreEvent) -> Response:
    """Keeps the event before answering. Told again, it is known and stays as it was."""
    fresh = service.store(db(), path.channel, path.event_id, body)
    return answer({"fresh": fresh}, 201 if fresh else 200)


@api.post("/claim", summary="Take events to handle", responses={200: ClaimedEvents})
@operation(Permission.MESSENGERS_SERVE)
def claim_events(body: ClaimEvents) -> Response:
    """Leases the oldest events whose turn it is, at most one of each chat."""
    return answer({"events": service.claim(db(), body)})


@api.post("/<channel>/<event_id>/extend", summary="Handling goes on", responses={200: ExtendedLease})
@operation(Permission.MESSENGERS_SERVE)
def extend_event(path: ByEvent, body: ExtendLease) -> Response:
    """The lease ends later, if it is still the caller's and has not run out."""
    return answer({"held": service.extend(db(), path.channel, path.event_id, body)})


@api.post("/<channel>/<event_id>/done", summary="An event is handled", responses={204: None})
@operation(Permission.MESSENGERS_SERVE)
def finish_event(path: ByEvent) -> Response:
    """It is never offered again."""
    service.finish(db(), path.channel, path.event_id)
    return Response(status=204)


@api.post("/<channel>/<event_id>/failed", summary="Handling an event failed", responses={204: None})
@operation(Permission.MESSENGERS_SERVE)
def fail_event(path: ByEvent, body: FailEvent) -> Response:
    """It is offered again after a pause; a permanent failure, or the eighth, gives it up."""
    service.fail(db(), path.channel, path.event_id, body, pauses=house().settings.retry_schedule)
    return Response(status=204)
