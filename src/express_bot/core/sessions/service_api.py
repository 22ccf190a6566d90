"""Doors of sessions for our own services: ``/api/service/sessions``."""

from __future__ import annotations

from datetime import timedelta

from flask import Response
from flask_openapi import APIBlueprint, Tag

from express_bot.contracts import errors
from express_bot.contracts.messengers import OpenSession
from express_bot.contracts.users import Session
from express_bot.core.http import answer, db, operation
from express_bot.core.sessions import repository, service
from express_bot.core.sessions.api import introduced
from express_bot.domain.roles import Permission

api = APIBlueprint(
    "short_sessions", __name__, url_prefix="/api/service", abp_tags=[Tag(name="sessions", description=__doc__)]
)


@api.post("/sessions", summary="A short session of a proven person", responses={200: Session})
@operation(Permission.MESSENGERS_SERVE)
def open_short_session(body: OpenSession) -> Response:
    """A token for plain HTTP beside the messenger; it ends for good, used or not."""
    if repository.find_person(db(), body.user_id) is None:
        raise errors.NotFound
    life = timedelta(seconds=body.seconds)
    token = service.open_session(db(), body.user_id, body.provider, timeout=life, longest=life)
    return answer(introduced(token, body.provider, life))
