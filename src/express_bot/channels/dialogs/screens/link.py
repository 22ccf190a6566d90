"""Where a messenger is joined to a person: a code to enter elsewhere, and how to enter one here."""

from __future__ import annotations

from datetime import datetime

from express_bot.channels.dialogs import periods
from express_bot.channels.dialogs.door import Json
from express_bot.channels.dialogs.keyboard import rows
from express_bot.channels.dialogs.screens.base import Shown, message
from express_bot.channels.dialogs.turn import Turn
from express_bot.channels.dialogs.view import Row, View
from express_bot.contracts.links import MESSENGER_NAMES
from express_bot.domain import texts


class Link(Shown):
    """For a guest the only place there is; for everybody else behind «Мои данные»."""

    async def view(self, turn: Turn, data: Json) -> View:
        pen, to = turn.pen(str(turn.state.card)), data.get("to")
        ask = pen.button("new_code" if "code" in data else "code", f"link:{to}" if to else "link")
        check = pen.button("again", f"linked:{to}" if to else "linked")
        if turn.incoming.user.is_guest:
            ways: Row = (pen.link("app", "/"),)
        else:
            ways = (pen.button("profile", "profile"), pen.button("menu", "menu"))
        return View(message(*turn.notices, *_lines(turn, data)), rows((ask, check), ways))


def _lines(turn: Turn, data: Json) -> list[str]:
    here = MESSENGER_NAMES[turn.incoming.channel]
    there = MESSENGER_NAMES[data["to"]] if "to" in data else _other(turn.incoming.channel)
    if turn.incoming.user.is_guest:
        lines = [turn.say("link.guest", here=here), turn.say("link.enter", here=here, there=there)]
    else:
        lines = [turn.say("link.title", messenger=there)]
    if "code" not in data:
        return lines if turn.incoming.user.is_guest else [*lines, turn.say("link.other_way", there=there)]
    until = texts.deadline(datetime.fromisoformat(data["until"]), periods.HOUSE_ZONE, turn.locale)
    code = f"{data['code'][:3]}\u00a0{data['code'][3:]}"
    return [*lines, turn.say("link.code", code=code, until=until), turn.say("link.use", there=there)]


def _other(channel: str) -> str:
    return next(name for messenger, name in MESSENGER_NAMES.items() if messenger != channel)
