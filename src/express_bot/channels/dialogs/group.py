"""In a group the bot answers commands alone, and only with the way to a personal chat: nothing personal is said."""

from __future__ import annotations

from uuid import uuid5

from express_bot.channels.dialogs.door import CoreDoor
from express_bot.channels.dialogs.incoming import Incoming
from express_bot.channels.dialogs.turn import HOUSE
from express_bot.channels.dialogs.view import Button, Link, View
from express_bot.channels.dialogs.words import meaning, say


async def answer(core: CoreDoor, incoming: Incoming) -> None:
    """One message with one button, or nothing."""
    if not _is_command(incoming):
        await core.mark_event_done(incoming.channel, incoming.event_id)
        return
    dialog = await core.get_dialog(incoming.channel, incoming.chat)
    card = str(uuid5(HOUSE, f"{incoming.channel}/{incoming.event_id}/card"))
    await core.put_dialog(
        incoming.channel,
        incoming.chat,
        user_id=incoming.user.id,
        version=dialog.version,
        state={},
        cards=[(card, pointer(incoming.user.locale).to_json())],
        event_id=incoming.event_id,
        at=incoming.at,
    )


def pointer(locale: str) -> View:
    """Where applications are filed."""
    return View(say("group.pointer", locale), ((Button(say("button.chat", locale), link=Link(target="chat")),),))


def _is_command(incoming: Incoming) -> bool:
    return incoming.kind == "command" and incoming.text.startswith("/") and meaning(incoming.text) is not None
