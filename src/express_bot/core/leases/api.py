"""Doors of leases, for our own services: ``/api/service/leases…``."""

from __future__ import annotations

from flask import Response
from flask_openapi import APIBlueprint, Tag
from pydantic import BaseModel

from express_bot.contracts.messengers import HeldLease, Holder, HoldLease, LeaseName
from express_bot.core.http import answer, db, operation
from express_bot.core.leases import repository
from express_bot.domain.roles import Permission

api = APIBlueprint(
    "leases", __name__, url_prefix="/api/service/leases", abp_tags=[Tag(name="leases", description=__doc__)]
)


class ByName(BaseModel):
    """A lease by its name."""

    name: LeaseName


class ByHolder(ByName):
    """A lease by its name and who claims to hold it."""

    holder: Holder


@api.put("/<name>", summary="Hold a lease", responses={200: HeldLease})
@operation(Permission.MESSENGERS_SERVE)
def hold(path: ByName, body: HoldLease) -> Response:
    """Takes it when it is free, renews it when it is the caller's; anybody else hears that it is not theirs."""
    return answer({"held": repository.take(db(), path.name, body.holder, seconds=body.seconds)})


@api.delete("/<name>/<holder>", summary="Give a lease back", responses={204: None})
@operation(Permission.MESSENGERS_SERVE)
def give_back(path: ByHolder) -> Response:
    """It is free at once; a lease that somebody else holds stays theirs."""
    repository.give_back(db(), path.name, path.holder)
    return Response(status=204)
