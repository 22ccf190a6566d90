"""The schedule: openings, reminders, drafts left over, closings and the dispatchers' digest, each promised once.

``tick`` may be called at any time, by any number of instances, with a clock that stands anywhere: whoever gets the lead
works off what is due and notes it in the same transaction as the promises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from express_bot.contracts import errors
from express_bot.contracts.notifications import Choice, Event
from express_bot.core.audit import repository as audit
from express_bot.core.db.session import Connection, Row
from express_bot.core.notifications import outbox
from express_bot.core.notifications.preferences import zone_of
from express_bot.core.reference import Reference
from express_bot.core.reminders import repository
from express_bot.core.reminders.rules import Rules
from express_bot.core.sessions.principal import Principal
from express_bot.domain.reminders import Kind, Mark, Schedule, digest_day, digest_since, due

# ── What people say about a period ───────────────────────────────────────────────────────────────────────────────────


def choice(db: Connection, caller: Principal, reference: Reference, period_id: int) -> Choice:
    """What the caller said about a period; raises ``NotFound`` for one that does not exist."""
    if period_id not in reference.periods:
        raise errors.NotFound
    return cast(Choice, repository.choices(db, caller.user_id, [period_id]).get(period_id, "none"))


def choose(
    db: Connection, caller: Principal, reference: Reference, period_id: int, wish: Choice, *, now: datetime
) -> None:
    """Keeps what the caller says about a period, also one that is over: that harms nobody."""
    if choice(db, caller, reference, period_id) == wish:
        return
    if wish == "none":
        repository.unchoose(db, caller.user_id, period_id)
    else:
        repository.choose(db, caller.user_id, period_id, wish, now)
    audit.record(db, caller, "reminder.choose", "period", str(period_id), {"choice": wish})


# ── Working the schedule off ─────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that a tick did, for the log."""

    what: str
    people: int
    period: int | None = None


def tick(db: Connection, now: datetime, rules: Rules) -> list[Done]:
    """Promises whatever is due; nothing when another instance has the lead."""
    with db.transaction():
        if not repository.lead(db):
            return []
        # everybody at once may be thousands: more than a person's call may take
        db.execute("set local statement_timeout = '60s'")
        return [*_periods(db, now, rules), *_digests(db, now, rules)]


def _periods(db: Connection, now: datetime, rules: Rules) -> Iterator[Done]:
    for period in repository.unfinished(db, now, Kind.CLOSED):
        for mark in due(_dates(period), now, period["told"], rules.schedule):
            if repository.insert_mark(db, period["id"], mark.name, now):
                people = _TELL[mark.kind](db, _values(period, mark, now, rules))
                repository.save_people(db, period["id"], mark.name, people)
                yield Done(mark.name, people, period["id"])


@dataclass(frozen=True, slots=True)
class _Dates:
    opens_at: datetime
    closes_at: datetime


def _dates(period: Row) -> _Dates:
    return _Dates(period["opens_at"], period["closes_at"])


_EVENTS = {Kind.OPENED: Event.PERIOD_OPENED, Kind.REMINDER: Event.REMINDER, Kind.DRAFT_LEFT: Event.DRAFT_LEFT}
_TELL: dict[Kind, Callable[[Connection, dict[str, Any]], int]] = {
    Kind.OPENED: repository.promise_opening,
    Kind.REMINDER: repository.promise_reminder,
    Kind.DRAFT_LEFT: repository.promise_draft,
    # nobody is told: whoever filed was told when, and whoever did not was reminded
    Kind.CLOSED: lambda _db, _values: 0,
}


def _values(period: Row, mark: Mark, now: datetime, rules: Rules) -> dict[str, Any]:
    """What the statement of a mark needs to know."""
    draft = next((other.name for other in rules.schedule.marks if other.kind is Kind.DRAFT_LEFT), "")
    return {
        "event": _EVENTS.get(mark.kind),
        "period": period["id"],
        "form": period["form_id"],
        "mark": mark.name,
        "draft": draft,
        "now": now,
        "details": {"period": period["id"], "form": period["form_id"], "mark": mark.name},
    }


def settle(db: Connection, now: datetime, schedule: Schedule) -> None:
    """Notes everything up to now as told: what a new house starts with is no news to anybody."""
    for period in repository.all_periods(db):
        for mark in schedule.marks:
            if mark.moment(_dates(period)) <= now:
                repository.insert_mark(db, period["id"], mark.name, now)


# ── The dispatchers' digest ──────────────────────────────────────────────────────────────────────────────────────────


def _digests(db: Connection, now: datetime, rules: Rules) -> Iterator[Done]:
    """Everybody whose morning it is, those of one zone together; nobody when there is nothing to tell."""
    for (zone, day), people in _readers(db, now, rules).items():
        figures = _figures(db, now, day, zone, rules)
        if any(figures[name] for name in ("new", "answers", "left", "withdrawals")):
            rows = [{"user_id": person, "details": figures, "once": _name(day, person)} for person in people]
            yield Done("digest", outbox.promise_many(db, Event.QUEUE_DIGEST, rows, now))


def _readers(db: Connection, now: datetime, rules: Rules) -> dict[tuple[ZoneInfo, date], list[UUID]]:
    """Dispatchers who are to read a digest now and have none of this day, by zone and day."""
    found: dict[tuple[ZoneInfo, date], list[UUID]] = {}
    for person in repository.dispatchers(db):
        zone = zone_of(person["chosen_zone"], person["base_zone"], rules)
        day = digest_day(now, zone, rules.digest)
        if day is not None:
            found.setdefault((zone, day), []).append(person["id"])
    told = repository.already_promised(db, [_name(day, person) for (_, day), all_ in found.items() for person in all_])
    left = {key: [person for person in all_ if _name(key[1], person) not in told] for key, all_ in found.items()}
    return {key: people for key, people in left.items() if people}


def _name(day: date, person: UUID) -> str:
    return f"digest:{day}:{person}"


def _figures(db: Connection, now: datetime, day: date, zone: ZoneInfo, rules: Rules) -> dict[str, Any]:
    """How things stand, as the details of a promise; ``days`` are left until the decisions are due (negative: late)."""
    since = digest_since(day, zone, rules.digest)
    row = repository.figures(db, since=since, now=now)
    due_at = row.pop("due_at")
    days = (due_at.astimezone(zone).date() - day).days if due_at else None
    return row | {"days": days, "since": since.isoformat()}
