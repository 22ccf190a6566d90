"""Who has the messenger: the demo's people, as eXpress knows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from express_bot.contracts.demo import DEMO_PERSONAS
from express_bot.emulator.texts import text

#: Everything that has to be the same after a restart is derived from this: the bot remembers chats for years.
SPACE = UUID("5d1a6c1e-0b52-5c0f-9d0e-6f1f2f0a9c77")
DOMAIN = "corp"
MAIL = "airline.example"
JOINED = datetime(2024, 3, 1, 6, tzinfo=UTC)
CTS_ID = uuid5(SPACE, "cts")
#: ``other_id`` is where companies keep the personnel number; of a newcomer nobody has written it down yet.
NUMBERS = {"employee": "100234", "matched": "100417", "dispatcher": "100101", "admin": "100102"}


@dataclass(frozen=True)
class Person:
    """Somebody with a phone."""

    persona: str
    huid: UUID
    full_name: str
    ad_login: str
    position: str
    number: str | None = None

    @property
    def email(self) -> str:
        return f"{self.ad_login}@{MAIL}"

    def found(self) -> dict[str, Any]:
        """The answer of BotX's searches."""
        return {
            "user_huid": str(self.huid),
            "ad_login": self.ad_login,
            "ad_domain": DOMAIN,
            "name": self.full_name,
            "public_name": self.full_name,
            "company": text("company"),
            "company_position": self.position,
            "department": text("department"),
            "emails": [self.email],
            "other_id": self.number,
            "user_kind": "cts_user",
            "active": True,
            "cts_id": str(CTS_ID),
            "rts_id": None,
            "avatar": None,
            "avatar_preview": None,
            "description": None,
            "ip_phone": None,
            "manager": None,
            "office": None,
            "created_at": JOINED.isoformat(),
            "updated_at": JOINED.isoformat(),
        }

    def view(self) -> dict[str, Any]:
        """For the page."""
        return {
            "persona": self.persona,
            "huid": str(self.huid),
            "name": self.full_name,
            "position": self.position,
        }


class People:
    """Everybody, by huid and by persona."""

    def __init__(self) -> None:
        known = [
            Person(it.persona, it.huid, it.full_name, it.ad_login, it.company_position, NUMBERS.get(it.persona))
            for it in DEMO_PERSONAS
        ]
        self._by_huid = {person.huid: person for person in known}
        self._by_persona = {person.persona: person for person in known}

    def __iter__(self) -> Iterator[Person]:
        return iter(self._by_huid.values())

    def get(self, huid: UUID) -> Person | None:
        return self._by_huid.get(huid)

    def persona(self, name: str) -> Person | None:
        return self._by_persona.get(name)
