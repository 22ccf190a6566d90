"""The running product as the journeys need it: standing at one moment, with people nobody has used before."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from express_bot.core.clock import Clock
from express_bot.core.db.session import Connection, connect
from express_bot.core.demo.people import PEOPLE, PERSONAS, Person
from express_bot.core.demo.seed import seed_demo
from express_bot.core.reference import CHECK_EVERY
from express_bot.core.setup import install_defaults
from express_bot.core.users import repository as users
from tests.stack import Stack

#: The period for January 2027 is open (20 November to 5 December 2026, 18:00 Moscow time), twelve days are left.
NOW = datetime(2026, 11, 23, 7, 2, tzinfo=UTC)
FIRST_NUMBER = 300_000


@dataclass(frozen=True)
class Traveller:
    """One person of the demo, made anew for one test."""

    id: UUID
    personnel_number: str


class House(Stack):
    """A stack whose business clock stands at ``NOW`` whatever day the tests run on."""

    def __init__(self, *, telegram: bool = False, **environment: str) -> None:
        contact = {"COORDINATOR_CONTACT": "coordinator@example.org", "ORGANISATION_NAME": "Авиакомпания «Пример»"}
        super().__init__(environment=contact | environment, telegram=telegram, durable=False)
        self._next_number = FIRST_NUMBER

    def _seed(self) -> None:
        self.stand_at(NOW)
        with connect(self.settings.dsn()) as db:
            install_defaults(db, NOW)
            seed_demo(db, NOW)

    def stand_at(self, moment: datetime) -> None:
        """Moves the business clock of all processes, past the public door: it may be moved before they start."""
        Clock(self.settings.demo_clock_file).move(moment)

    def fresh(self, persona: str, **facts: Any) -> Traveller:
        """Gives the persona's login to a new person with the same past; ``facts`` replace facts of the profile."""
        known = next(person for person in PEOPLE if person.subject == PERSONAS[persona])
        self._next_number += 1
        number = str(self._next_number)
        with connect(self.settings.dsn()) as db, db.transaction():
            return Traveller(_renew(db, known, number, facts), number)

    def put_on_staff_list(self, person: Traveller, full_name: str, **facts: str) -> None:
        """The organisation has imported its staff list, and this number is on it."""
        with connect(self.settings.dsn()) as db:
            users.insert_staff(db, person.personnel_number, full_name, facts)

    def applications_of(self, person: Traveller, where: str = "true") -> list[dict[str, Any]]:
        """What the person has filed since the test began: the past periods are the demo's history."""
        return self.sql(
            f"select a.* from applications a left join periods p on p.id = a.period_id"
            f" where a.applicant_id = %s and (p.closes_at is null or p.closes_at > %s) and {where} order by a.id",
            (person.id, NOW),
        )

    @contextmanager
    def reference(self, change: str, undo: str) -> Iterator[None]:
        """The organisation changes its directories or periods for a while; the core sees it within a second."""
        self._change_reference(change)
        try:
            yield
        finally:
            self._change_reference(undo)

    def _change_reference(self, statement: str) -> None:
        with connect(self.settings.dsn()) as db:
            db.execute(statement)
        time.sleep(CHECK_EVERY)


def _renew(db: Connection, known: Person, number: str, facts: dict[str, Any]) -> UUID:
    """The login, its roles and its history go from whoever had them to somebody new."""
    old = users.find_by_identity(db, "demo", known.subject)
    assert old is not None, "the demo's people are seeded"
    profile = known.profile | facts
    if profile:
        profile |= {"personnel_number": number}
    fresh = users.insert(db, full_name=known.full_name, profile=profile, host_profile=known.host_profile)
    for role in known.roles:
        users.grant(db, fresh, role)
    db.execute("update identities set user_id = %s where provider = 'demo' and subject = %s", (fresh, known.subject))
    db.execute("update users set personnel_number = null where id = %s", (old["id"],))
    db.execute(
        "update applications set applicant_id = %s, seen_at = updated_at where applicant_id = %s"
        " and period_id in (select id from periods where closes_at < %s)",
        (fresh, old["id"], NOW),
    )
    return fresh
