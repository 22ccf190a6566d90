"""Doors of what the caller has chosen about notifications: ``/api/smartapp/me/notifications``."""

from __future__ import annotations

from flask import Response
from flask_openapi import APIBlueprint, Tag

from express_bot.contracts.notifications import PatchPreferences, Preferences
from express_bot.core.http import answer, db, house, operation, principal
from express_bot.core.notifications import preferences
from express_bot.domain.roles import Permission

api = APIBlueprint(
    "preferences", __name__, url_prefix="/api/smartapp", abp_tags=[Tag(name="notifications", description=__doc__)]
)


@api.get("/me/notifications", summary="How I am notified", responses={200: Preferences})
@operation(Permission.PROFILE_OWN)
def read_preferences() -> Response:
    """The caller's choices, and what holds where nothing was chosen."""
    return answer(preferences.view(db(), principal().user_id, house().rules))


@api.patch("/me/notifications", summary="Change how I am notified", responses={200: Preferences})
@operation(Permission.PROFILE_OWN)
def change_preferences(body: PatchPreferences) -> Response:
    """Changes what is named; decisions, questions and alerts cannot be switched off."""
    preferences.change(db(), principal(), body)
    return answer(preferences.view(db(), principal().user_id, house().rules))
