"""Doors of the caller's own profile: ``/api/smartapp/me``."""

from __future__ import annotations

from flask import Response
from flask_openapi import APIBlueprint, Tag

from express_bot.contracts.users import PatchProfile, Profile
from express_bot.core.http import answer, db, operation, principal, profile_form, renewed_principal
from express_bot.core.users import service
from express_bot.domain.roles import Permission

api = APIBlueprint("users", __name__, url_prefix="/api/smartapp", abp_tags=[Tag(name="users", description=__doc__)])


@api.get("/me", summary="Who I am", responses={200: Profile})
@operation(Permission.SELF_READ)
def read_me() -> Response:
    """The caller's profile, and what is known about a newcomer before asking."""
    return answer(service.profile_view(db(), principal(), profile_form()))


@api.patch("/me", summary="Change my profile", responses={200: Profile})
@operation(Permission.PROFILE_OWN)
def change_me(body: PatchProfile) -> Response:
    """Changes facts and language; a number that the staff list knows fills the rest."""
    service.change_profile(db(), principal(), body, profile_form())
    return answer(service.profile_view(db(), renewed_principal(), profile_form()))
