"""What ``/status`` shows: whether the bot is there for this person, and the commands it understands."""

from __future__ import annotations

import asyncio
from typing import Any

from cachetools import TTLCache

from express_bot.channels.core_service import CoreService
from express_bot.channels.dialogs.words import Command, commands, meaning
from express_bot.channels.express.words import say

#: Asked whenever somebody opens the chat; a person who was shut out sees the menu go within this time.
REMEMBERED_SECONDS = 30
#: The server waits about five seconds for us.
ASKING_SECONDS = 4
PERSONAL = frozenset({"chat", "notes"})
#: In a group the bot says nothing personal, and shows only what leads to the person's own chat.
IN_GROUPS = frozenset({"start", "help"})


class Menu:
    """Menus by person."""

    def __init__(self, service: CoreService) -> None:
        self._service = service
        self._people: TTLCache[str, dict[str, Any]] = TTLCache(4096, REMEMBERED_SECONDS)

    async def of(self, huid: str, chat_type: str) -> dict[str, Any]:
        """The answer to ``/status`` for a proven person; raises ``CoreError`` or ``TimeoutError``."""
        person = await self._person(huid)
        locale = person["locale"]
        if not person["active"]:
            return _menu(say("status.closed", locale), ())
        offered = commands(locale)
        if chat_type not in PERSONAL:
            offered = tuple(command for command in offered if meaning(command.body) in IN_GROUPS)
        return _menu(say("status.working", locale), offered)

    async def _person(self, huid: str) -> dict[str, Any]:
        known = self._people.get(huid)
        if known is None:
            async with asyncio.timeout(ASKING_SECONDS):
                known = self._people[huid] = await self._service.identify("express", huid, {})
        return known


def _menu(message: str, offered: tuple[Command, ...]) -> dict[str, Any]:
    listed = [{"body": body, "name": body, "description": about} for body, about in offered]
    return {"status": "ok", "result": {"enabled": True, "status_message": message, "commands": listed}}
