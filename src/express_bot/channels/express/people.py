"""Who is on the other side: the person behind a huid that the eXpress server has proven (botx.md §6).

Only a huid of a verified event is believed. Names and positions are what the server's phone book says: proposed to the
person, never used to find an account.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
from cachetools import TTLCache
from pybotx import UserFromSearch
from pybotx.client.exceptions.base import BaseClientError

from express_bot.channels.core_service import CoreService
from express_bot.channels.dialogs.incoming import Person
from express_bot.channels.express.bot import ExpressBot
from express_bot.domain.locales import LOCALES
from express_bot.observability.logs import logger

PROVIDER = "express"
#: The core proves rights anew in each operation, so a short memory shows nobody anything for longer than this.
REMEMBERED_SECONDS = 30
PROFILE_SECONDS = 3
_NUMBER = re.compile(r"\d{4,10}")
_MAX_NAME = 200

log = logger(__name__)


@dataclass(frozen=True)
class Seen:
    """What an event says about its sender; ``chat`` only if it is their own chat with the bot."""

    huid: UUID
    name: str | None = None
    locale: str | None = None
    chat: str | None = None

    def facts(self) -> dict[str, Any]:
        """For the core; what is unknown is left out, so it does not wipe out what is known."""
        locale = (self.locale or "")[:2].lower()
        said = {"full_name": _name(self.name), "locale": locale if locale in LOCALES else None, "chat": self.chat}
        return {name: value for name, value in said.items() if value}


class People:
    """Makes senders known to the core and remembers them for a moment."""

    def __init__(self, service: CoreService, bot: ExpressBot) -> None:
        self._service = service
        self._bot = bot
        self._known: TTLCache[Seen, Person] = TTLCache(4096, REMEMBERED_SECONDS)

    async def know(self, seen: Seen) -> Person:
        """The person; made known when new, with a look into the server's phone book. Raises ``CoreError``."""
        person = self._known.get(seen)
        if person is None:
            person = await self._identify(seen)
            if not person.is_guest:  # who may be linked the next moment is asked for anew
                self._known[seen] = person
        return person

    async def _identify(self, seen: Seen) -> Person:
        facts = seen.facts()
        identity = await self._service.identify(PROVIDER, str(seen.huid), facts)
        if identity["created"] or not identity["full_name"]:
            profile = await self._profile(seen.huid)
            if profile is not None:
                facts = _from_profile(profile) | facts
                identity = await self._service.identify(PROVIDER, str(seen.huid), facts)
        return Person.of(identity)

    async def _profile(self, huid: UUID) -> UserFromSearch | None:
        """Their page in the phone book; without it the person answers one question more."""
        try:
            async with asyncio.timeout(PROFILE_SECONDS):
                found: UserFromSearch = await self._bot.search_user_by_huid(bot_id=self._bot.id, huid=huid)
        except (BaseClientError, httpx.HTTPError, TimeoutError) as failure:
            log.info("no profile", reason=type(failure).__name__)
            return None
        return found


def _from_profile(profile: UserFromSearch) -> dict[str, Any]:
    number = profile.other_id if profile.other_id and _NUMBER.fullmatch(profile.other_id) else None
    told = {
        "full_name": _name(profile.username),
        "position": profile.company_position,
        "department": profile.department,
        "personnel_number": number,
    }
    host_profile = {name: value[:300] for name, value in told.items() if value}
    facts: dict[str, Any] = {"host_profile": host_profile} if host_profile else {}
    return facts | ({"full_name": told["full_name"]} if told["full_name"] else {})


def _name(name: str | None) -> str | None:
    """A name as people write it, or nothing."""
    return " ".join((name or "").split())[:_MAX_NAME] or None
