"""Doors of links: ``/api/smartapp/links``. A guest, whom nobody has linked yet, may call them too."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from flask import Response
from flask_openapi import APIBlueprint, Tag
from pydantic import BaseModel

from express_bot.contracts.errors import AppError
from express_bot.contracts.links import LinkCode, Linked, LinkList, RedeemCode
from express_bot.contracts.messengers import Channel
from express_bot.core.audit import repository as audit
from express_bot.core.http import answer, db, house, idempotency_key, operation, principal, profile_form
from express_bot.core.links import service
from express_bot.core.sessions import service as sessions
from express_bot.core.sessions.api import introduced
from express_bot.core.users import service as users
from express_bot.domain.roles import Permission

api = APIBlueprint("links", __name__, url_prefix="/api/smartapp", abp_tags=[Tag(name="links", description=__doc__)])


class ByProvider(BaseModel):
    """A messenger."""

    provider: Channel


def _call() -> service.Call:
    here = house()
    return service.Call(principal(), idempotency_key(), here.doors.service_key, here.clock.now())


@api.get("/links", summary="How I can be reached", responses={200: LinkList})
@operation(Permission.LINK_OWN)
def list_links() -> Response:
    """The caller's proven ids, oldest first."""
    return answer(_links(principal().user_id))


def _links(person: UUID) -> dict[str, object]:
    return service.links(db(), person, house().settings.messengers)


@api.post(
    "/link-code",
    summary="A code for my other messenger",
    responses={200: LinkCode},
    openapi_extensions={"x-key": True},
)
@operation(Permission.LINK_OWN, rate="codes")
def show_code() -> Response:
    """Shows a one-time code; the one shown before counts no more."""
    return answer(service.show_code(db(), _call()))


@api.post("/links", summary="Enter a code", responses={200: Linked}, openapi_extensions={"x-key": True})
@operation(Permission.LINK_OWN, atomic=False, rate="codes")
def redeem(body: RedeemCode) -> Response:
    """Joins the caller and whoever was shown the code. A guest is the other person from now on, with a new session."""
    call, code = _call(), body.code.replace(" ", "")
    if service.was_redeemed(db(), call, code):
        return _linked(call.caller.user_id)
    with db().transaction():
        try_id = service.begin_try(db(), call.caller)
    try:
        with db().transaction():
            person = service.redeem(db(), call, code, try_id=try_id)
            return _linked(person)
    except AppError as refusal:
        audit.record(db(), call.caller, "link.refused", "user", str(call.caller.user_id), {"code": refusal.code})
        raise


def _linked(person: UUID) -> Response:
    caller = sessions.person(db(), person)
    complete = profile_form(caller.locale).is_profile_complete(caller.profile)
    user = users.view(caller, complete=complete)
    return answer(_links(person) | {"user": user, "session": _new_session(person)})


def _new_session(person: UUID) -> dict[str, object] | None:
    """Instead of the session that has ended with the guest; it was proven, so the proof is not asked for again."""
    caller = principal()
    if caller.token_hash is None or caller.user_id == person:
        return None
    timeout = timedelta(seconds=house().settings.session_timeout)
    house().doors.forget(caller.token_hash)
    return introduced(sessions.open_session(db(), person, caller.channel, timeout=timeout), caller.channel, timeout)


@api.delete("/links/<provider>", summary="Disconnect a messenger", responses={200: LinkList})
@operation(Permission.LINK_OWN)
def unlink(path: ByProvider) -> Response:
    """Whoever writes from there is unknown again; the last way in stays."""
    service.unlink(db(), principal(), path.provider)
    return answer(_links(principal().user_id))
