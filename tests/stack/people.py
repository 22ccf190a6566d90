"""People made for a run: complete profiles, open sessions, and for those who chat an account at the messenger."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

from express_bot.core.db.session import connect
from express_bot.core.demo.people import crew
from express_bot.core.sessions import service as sessions
from express_bot.core.users import repository as users
from express_bot.settings import Settings

#: Personnel numbers of people made here begin where those of the demo have ended.
FIRST_NUMBER = 500_000


@dataclass(frozen=True)
class NewPerson:
    """Somebody with a complete profile and an open session."""

    id: UUID
    token: str
    profile: dict[str, str]


class Known(Protocol):
    """Anybody in the database."""

    @property
    def id(self) -> UUID: ...


class Maker:
    """Makes people of one stack, by the core's own functions."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._numbers = itertools.count(FIRST_NUMBER)

    def make(self, count: int) -> list[NewPerson]:
        """All or none."""
        with connect(self._settings.dsn()) as db, db.pipeline(), db.transaction():
            return [self._one(db) for _ in range(count)]

    def _one(self, db: Any) -> NewPerson:
        number = str(next(self._numbers))
        profile = crew(f"Испытателева Проба {_letters(int(number))}", number, "msk", "msk-oke-1", "bp")
        user_id = users.insert(db, full_name=profile["full_name"], profile=profile)
        users.grant(db, user_id, "employee")
        token = sessions.open_session(db, user_id, "demo", timeout=timedelta(seconds=self._settings.session_timeout))
        return NewPerson(user_id, token, profile)

    def introduce(self, person: Known, provider: str, subject: str) -> None:
        """A messenger has proven this id to be that person's, whoever it was before."""
        with connect(self._settings.dsn()) as db:
            db.execute(
                "insert into identities (provider, subject, user_id) values (%s, %s, %s)"
                " on conflict (provider, subject) do update set user_id = excluded.user_id",
                (provider, subject, person.id),
            )


def _letters(number: int) -> str:
    """A number as a name that people could have: names take no digits."""
    return "".join("абвгдежзик"[int(digit)] for digit in str(number)).capitalize() + "овна"
