"""What somebody vouches for: the messenger's or the staff list's word about a newcomer, as answers of our form."""

from __future__ import annotations

from typing import Any

from express_bot.channels.dialogs import understand
from express_bot.channels.dialogs.door import Json
from express_bot.channels.dialogs.sheet import NAME, Sheet
from express_bot.channels.dialogs.turn import Turn


async def vouched(turn: Turn, sheet: Sheet) -> Json:
    """Facts that may be confirmed: those of the suggestion that are answers of this form, and the name."""
    me = await turn.facts.me()
    told = {NAME: me["user"]["full_name"], **(me["suggestion"] or {})}
    found = {name: value for name in told if (value := _as_answer(sheet, name, told[name])) is not None}
    return _consistent(sheet, found)


def _as_answer(sheet: Sheet, name: str, told: Any) -> Any:
    """«Бортпроводник» of the messenger's profile is an option of ours, if one is called so."""
    asked = sheet.form.by_name.get(name)
    if asked is None or not asked.profile or not isinstance(told, str):
        return None
    if asked.kind != "choice":
        return told
    options = sheet.form.sent[name]["options"]
    if any(option["code"] == told for option in options):
        return told
    sure = understand.find_sure(options, told)
    return sure["code"] if sure else None


def _consistent(sheet: Sheet, facts: Json) -> Json:
    """Without what the form would refuse."""
    clean = sheet.form.clean(facts)
    wrong = {error.field for error in sheet.form.validate_profile(clean)}
    return {name: value for name, value in clean.items() if name not in wrong}


def steps_for(sheet: Sheet, facts: Json) -> int:
    """How many short answers a newcomer gives: the confirmation and what nobody vouches for."""
    return 1 + len([asked for asked in sheet.asked() if asked.name not in facts])
