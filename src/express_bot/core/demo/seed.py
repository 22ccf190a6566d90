"""Learning data: invented people with a history, and a period that is always open. Safe to repeat."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any
from uuid import UUID

from express_bot.contracts.applications import SubmitApplication
from express_bot.contracts.demo import DEMO_PERSONAS
from express_bot.core.applications import repository as applications
from express_bot.core.applications import service
from express_bot.core.applications.service import Call
from express_bot.core.db.session import Connection, Row
from express_bot.core.demo import people
from express_bot.core.demo.people import PEOPLE, Person
from express_bot.core.notifications import repository as promises
from express_bot.core.periods import service as periods
from express_bot.core.periods.repository import StoredPeriod
from express_bot.core.reference import Reference, load
from express_bot.core.reminders import service as reminders
from express_bot.core.sessions import service as sessions
from express_bot.core.users import repository as users
from express_bot.domain.defaults import default_rules
from express_bot.domain.fields import Excluded
from express_bot.domain.reminders import Schedule

#: What the returning employee has filed before, newest first: direction, day of the month, decision.
HISTORY: tuple[tuple[str, int, dict[str, Any]], ...] = (
    (
        "vvo",
        14,
        {
            "outcome": "approved",
            "reason_code": "granted",
            "reason": {
                "ru": "На 14-е число 3 места и 2 заявки.",
                "en": "3 seats and 2 applications for the 14th.",
            },
        },
    ),
    (
        "khv",
        3,
        {
            "outcome": "waitlisted",
            "reason_code": "capacity",
            "place": 2,
            "reason": {"ru": "Вы 2-я в очереди на 1 место.", "en": "You are 2nd in line for 1 seat."},
        },
    ),
    (
        "gdx",
        20,
        {
            "outcome": "rejected",
            "reason_code": "capacity",
            "reason": {
                "ru": "На 20-е число 3 места и 5 заявок, вы были 4-й: летали в Магадан месяцем раньше.",
                "en": "3 seats and 5 applications for the 20th, you were 4th: you flew to Magadan a month before.",
            },
        },
    ),
)
CROWD = 60
#: The first days of the open month are given out already, so that the calendar has something to explain.
TAKEN_DAYS = 3
TAKEN = {"ru": "Рейсы на эти дни уже распределены", "en": "Flights on these days are already assigned"}


def seed_demo(db: Connection, now: datetime) -> None:
    """People, their history, and the applications of others for the open month. Nobody is told of what is invented."""
    periods.make_past(db, now, count=len(HISTORY))
    ensure_open_period(db, now)
    if users.find_by_identity(db, "demo", PEOPLE[0].subject) is None:
        _take_first_days(db, now)
        reminders.settle(db, now, Schedule())
        with db.transaction():
            ids = {person.subject: _add(db, person) for person in (*PEOPLE, *_crowd())}
            reference = load(db)
            _file_history(db, reference, ids[PEOPLE[0].subject], now)
            _file_crowd(db, reference, [ids[person.subject] for person in _crowd()], now)
            promises.settle_all(db, list(ids.values()))


def ensure_open_period(db: Connection, now: datetime) -> None:
    """The demo always takes applications: where the rule leaves a gap, the same rule with other days fills it."""
    for definition in load(db).published.values():
        if definition.period and load(db).open_period(definition.id, now) is None:
            periods.make_demo(db, definition.id, default_rules()[definition.period], now)


def _take_first_days(db: Connection, now: datetime) -> None:
    for form_id in load(db).published:
        period = load(db).open_period(form_id, now)
        if period is not None:
            last = period.target_from + timedelta(days=TAKEN_DAYS - 1)
            span = {"from": period.target_from, "to": last, "reason": "capacity_zero", "text": TAKEN}
            periods.exclude(db, period.id, [Excluded.model_validate(span)])


def _add(db: Connection, person: Person) -> UUID:
    user_id = users.insert(db, full_name=person.full_name, profile=person.profile, host_profile=person.host_profile)
    users.insert_identity(db, user_id, "demo", person.subject)
    for persona in DEMO_PERSONAS:
        if persona.subject == person.subject:
            users.insert_identity(db, user_id, "express", str(persona.huid))
    for role in person.roles:
        users.grant(db, user_id, role)
    if person.staff:
        facts = {k: v for k, v in person.staff.items() if k not in ("full_name", "personnel_number")}
        number, name = person.staff["personnel_number"], person.staff["full_name"]
        known = {"provider": "demo", "subject": person.subject} if person.staff_knows_login else {}
        users.insert_staff(db, number, name, facts, **known)
    return user_id


def _crowd() -> list[Person]:
    """Colleagues, so that the demo is not empty."""
    surnames = cycle(people.SURNAMES)
    units = cycle(people.UNITS)
    crowd = []
    for index in range(CROWD):
        location, unit = next(units)
        name = f"{next(surnames)} {people.NAMES[index % len(people.NAMES)]}"
        position = ("bp", "bp", "sbe", "bp-bs", "ipb")[index % 5]
        profile = people.crew(name, f"{200100 + index * 7}", location, unit, position)
        crowd.append(Person(f"crew-{index}", name, profile=profile))
    return crowd


def _file_history(db: Connection, reference: Reference, user_id: UUID, now: datetime) -> None:
    past = [period for period in reference.periods_of("flight") if period.closes_at <= now][-len(HISTORY) :]
    for period, (direction, day, decision) in zip(past, reversed(HISTORY), strict=False):
        filed = _file(db, reference, user_id, period, direction, day, period.opens_at + timedelta(days=2))
        _decide(db, filed, decision, period.closes_at + timedelta(days=6))


def _file_crowd(db: Connection, reference: Reference, crowd: list[UUID], now: datetime) -> None:
    period = reference.open_period("flight", now)
    if period is None:
        return
    choices = people.DIRECTIONS
    for index, user_id in enumerate(crowd):
        location = people.UNITS[index % len(people.UNITS)][0]
        options = choices[location]
        day = TAKEN_DAYS + 1 + (index * 7) % (period.target_to.day - TAKEN_DAYS)
        at = min(now, period.opens_at + timedelta(hours=1 + index))
        _file(db, reference, user_id, period, options[index % len(options)], day, at)


def _file(
    db: Connection, reference: Reference, user_id: UUID, period: StoredPeriod, direction: Any, day: int, at: datetime
) -> Row:
    """Files through the real rules, at a moment of the past."""
    caller = replace(sessions.person(db, user_id), channel="browser")
    call = Call(caller, at, "ru", reference, renew=lambda: caller, key=f"seed-{user_id}-{period.id}")
    answers = {"direction": direction, "date": period.target_from.replace(day=day).isoformat()}
    row, _ = service.submit(db, call, SubmitApplication(form="flight", answers=answers, period=period.id))
    return row


def _decide(db: Connection, filed: Row, decision: dict[str, Any], at: datetime) -> None:
    decision = decision | {"decided_at": at.isoformat()}
    changed = applications.change(
        db, filed["id"], {"status": decision["outcome"], "decision": decision, "updated_at": at, "seen_at": at}
    )
    dispatcher = users.find_by_identity(db, "demo", people.PERSONAS["dispatcher"])
    assert dispatcher is not None, "the people are there before their history"
    applications.insert_event(
        db,
        changed,
        kind=decision["outcome"],
        at=at,
        actor_id=dispatcher["id"],
        actor_role="dispatcher",
        channel="browser",
        details={},
    )
