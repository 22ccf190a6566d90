"""Doors of sessions: a proven identity becomes a token at ``/api/smartapp/session``."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from flask import Response
from flask_openapi import APIBlueprint, Tag
from pydantic import Field, RootModel

from express_bot.contracts import errors
from express_bot.contracts.users import DemoLogin, LocalLogin, Session, TelegramLogin
from express_bot.core.audit import repository as audit
from express_bot.core.db.session import Row
from express_bot.core.demo import people
from express_bot.core.http import (
    PUBLIC,
    answer,
    db,
    house,
    operation,
    peer_address,
    principal,
    profile_form,
)
from express_bot.core.sessions import local, service, telegram
from express_bot.core.users import repository as users
from express_bot.core.users import service as profiles
from express_bot.domain.roles import Permission

api = APIBlueprint(
    "sessions", __name__, url_prefix="/api/smartapp", abp_tags=[Tag(name="sessions", description=__doc__)]
)


class Login(RootModel[Annotated[DemoLogin | LocalLogin | TelegramLogin, Field(discriminator="provider")]]):
    """The proof of an identity: a person of the demo, a local login, or what Telegram has signed."""


@api.post("/session", summary="Sign in", responses={200: Session})
@operation(PUBLIC)
def sign_in(body: Login) -> Response:
    """Exchanges a proof for a session token."""
    proof = body.root
    user, created = _prove(proof)
    if user is None:
        raise errors.WrongCredentials
    timeout = timedelta(seconds=house().settings.session_timeout)
    token = service.open_session(db(), user["id"], proof.provider, timeout=timeout)
    if created:
        caller = service.authenticate(f"Bearer {token}", db, house().doors)
        audit.record(db(), caller, "user.create", "user", str(user["id"]), {"provider": proof.provider})
    return answer(introduced(token, proof.provider, timeout))


def _prove(proof: DemoLogin | LocalLogin | TelegramLogin) -> tuple[Row | None, bool]:
    """The person behind a proof, ``None`` when it proves nobody; and whether they were met just now."""
    here, peer = house(), peer_address()
    if isinstance(proof, DemoLogin):
        is_known = here.settings.is_demo
        return users.find_by_identity(db(), "demo", people.PERSONAS[proof.persona]) if is_known else None, False
    if isinstance(proof, LocalLogin):
        return local.prove(db(), here.attempts, proof, peer=peer), False
    here.attempts.begin_from(peer)
    met = telegram.meet(db(), here.settings, proof.init_data)
    if met is None:
        here.attempts.fail(peer)
    return met or (None, False)


def introduced(token: str, provider: str, timeout: timedelta) -> dict[str, object]:
    """A session just opened as ``contracts.users.Session``, with its line in the audit."""
    caller = service.authenticate(f"Bearer {token}", db, house().doors)
    audit.record(db(), caller, "session.open", "user", str(caller.user_id), {"provider": provider})
    complete = profile_form(caller.locale).is_profile_complete(caller.profile)
    return {
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": int(timeout.total_seconds()),
        "user": profiles.view(caller, complete=complete),
    }


@api.delete("/session", summary="Sign out", responses={204: None})
@operation(Permission.SELF_READ)
def sign_out() -> Response:
    """Ends the caller's session at once."""
    if principal().token_hash:  # a service that acts for a person has no session to end
        service.close_session(db(), principal(), house().doors)
        audit.record(db(), principal(), "session.close", "user", str(principal().user_id))
    return Response(status=204)
