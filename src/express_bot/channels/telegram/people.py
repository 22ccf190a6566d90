"""Who is on the other side: the person behind an id that Telegram has proven.

Only the id of a stored update is believed. Names are what people call themselves there: proposed, never used to find an
account. Nobody is remembered here: a code may link this id to somebody else with any message, and take it away again.
"""

from __future__ import annotations

from typing import Any

from telegram import User

from express_bot.channels.core_service import CoreService
from express_bot.channels.dialogs.incoming import Person
from express_bot.domain.locales import LOCALES

PROVIDER = "telegram"
MAX_NAME = 200


class People:
    """Makes senders known to the core."""

    def __init__(self, service: CoreService) -> None:
        self._service = service

    async def know(self, user: User, chat: str | None) -> Person:
        """The person; ``chat`` only if it is their own chat with the bot. Raises ``CoreError``."""
        return Person.of(await self._service.identify(PROVIDER, str(user.id), facts(user, chat)))


def facts(user: User, chat: str | None) -> dict[str, Any]:
    """For the core; what is unknown is left out, so it does not wipe out what is known."""
    locale = (user.language_code or "")[:2].lower()
    said = {"full_name": _name(user), "locale": locale if locale in LOCALES else None, "chat": chat}
    return {name: value for name, value in said.items() if value}


def _name(user: User) -> str:
    return " ".join(f"{user.first_name} {user.last_name or ''}".split())[:MAX_NAME]
