"""Doors of notifications for administrators: ``/api/desk/notifications…``."""

from __future__ import annotations

from typing import Annotated

from flask import Response
from flask_openapi import APIBlueprint, Tag
from pydantic import BaseModel, Field

from express_bot.contracts.notifications import DeliveryPage, DeliveryState
from express_bot.contracts.users import Strict
from express_bot.core.http import answer, db, operation, principal
from express_bot.core.notifications import service
from express_bot.core.query import Query
from express_bot.domain.roles import Permission

api = APIBlueprint(
    "notifications", __name__, url_prefix="/api/desk", abp_tags=[Tag(name="notifications", description=__doc__)]
)


class DeliveriesQuery(Query, Strict):
    """Which deliveries."""

    state: DeliveryState | None = None
    cursor: Annotated[str, Field(pattern=r"^[0-9]{1,18}$")] | None = None
    limit: Annotated[int, Field(ge=1, le=200, strict=False)] = service.PAGE


class ByDelivery(BaseModel):
    """A delivery by its number in the list."""

    delivery_id: Annotated[int, Field(ge=1, le=2**62)]


@api.get("/notifications", summary="How notifications were delivered", responses={200: DeliveryPage})
@operation(Permission.NOTIFICATIONS_MANAGE)
def list_deliveries(query: DeliveriesQuery) -> Response:
    """Newest first; ``state=dead``: what nobody tries to deliver any more. No texts: they may be personal."""
    before = int(query.cursor) if query.cursor else None
    return answer(DeliveryPage(**service.page(db(), state=query.state, before=before, size=query.limit)))


@api.post("/notifications/<delivery_id>/resend", summary="Send a dead notification again", responses={204: None})
@operation(Permission.NOTIFICATIONS_MANAGE)
def resend(path: ByDelivery) -> Response:
    """Begins anew, with what it says now, also over an address that took nothing any more."""
    service.resend(db(), principal(), path.delivery_id)
    return Response(status=204)
