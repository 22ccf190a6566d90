"""Doors of people for our own services: ``/api/service/identities…``."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_openapi import APIBlueprint, Tag
from pydantic import BaseModel

from express_bot.contracts.messengers import Channel, Identity, OuterId, PutIdentity, StopChat
from express_bot.core.audit import repository as audit
from express_bot.core.db.session import Row
from express_bot.core.http import answer, db, house, operation, principal, profile_form
from express_bot.core.notifications import repository as notifications
from express_bot.core.users import identities
from express_bot.domain.roles import Permission

api = APIBlueprint(
    "identities", __name__, url_prefix="/api/service/identities", abp_tags=[Tag(name="users", description=__doc__)]
)


class BySubject(BaseModel):
    """A person by a messenger's proven id."""

    provider: Channel
    subject: OuterId


@api.put("/<provider>/<subject>", summary="The person behind a proven id", responses={200: Identity})
@operation(Permission.MESSENGERS_SERVE)
def put_identity(path: BySubject, body: PutIdentity) -> Response:
    """Finds the person, or makes a new employee or a guest; keeps the personal chat and what the messenger proposes."""
    settings = house().settings
    person, created = identities.meet(
        db(), path.provider, path.subject, body, locale=settings.default_locale, welcomed=settings.welcomed
    )
    if created:
        told = {"provider": path.provider, "roles": person["roles"]}
        audit.record(db(), principal(), "user.create", "user", str(person["id"]), told)
    return answer(_view(person, created=created))


class ByChat(BaseModel):
    """A person's own chat with the bot."""

    provider: Channel
    chat: OuterId


@api.post("/<provider>/chats/<chat>/stop", summary="A chat takes nothing any more", responses={204: None})
@operation(Permission.MESSENGERS_SERVE)
def stop_chat(path: ByChat, body: StopChat) -> Response:
    """Notifications go elsewhere from now on, until something comes from this chat."""
    notifications.stop_address(db(), path.provider, path.chat, body.reason)
    return Response(status=204)


def _view(person: Row, *, created: bool) -> dict[str, Any]:
    complete = profile_form(person["locale"]).is_profile_complete(person["profile"])
    known = {name: person[name] for name in ("active", "full_name", "locale", "roles", "chat")}
    return {"user_id": person["id"], "created": created, "profile_complete": complete} | known
