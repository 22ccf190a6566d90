"""What a period has people told, and when: its opening, reminders before it closes, drafts left over, its closing.

A **mark** is one such moment. Each is worked off once, however the clock moves; what was missed is made up for only
while it still makes sense. The dispatchers' digest keeps to mornings of working days.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from express_bot.domain.calendar import is_working_day
from express_bot.domain.periods import HasDates

SETTLED = timedelta(hours=24)
"""Nobody is reminded of what opened less than a day before."""

STEP_BACK = timedelta(hours=1)
"""A clock that is put right by less than this has not gone back: what was told just now is still just told."""

DIGEST_LIFE = timedelta(hours=9)
"""A digest that could not be told for so long has lost its point: the working day is over."""


class Kind(StrEnum):
    """What is told at a mark."""

    OPENED = "opened"
    REMINDER = "reminder"
    DRAFT_LEFT = "draft"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Mark:
    """One moment of every period, under the name it is remembered by."""

    kind: Kind
    before: timedelta = timedelta()
    """How long before the closing, for the two that look ahead."""

    @property
    def name(self) -> str:
        """``opened``, ``reminder-48``, ``draft-24``, ``closed``: a mark that is moved is another mark."""
        return f"{self.kind}-{self.before // timedelta(hours=1)}" if self.before else str(self.kind)

    def moment(self, period: HasDates) -> datetime:
        return period.opens_at if self.kind is Kind.OPENED else period.closes_at - self.before

    def exists(self, period: HasDates) -> bool:
        """A short period has no room for some reminders."""
        return not self.before or self.moment(period) - period.opens_at >= SETTLED


@dataclass(frozen=True, slots=True)
class Schedule:
    """When people are reminded, as the house has set it."""

    reminders: tuple[timedelta, ...] = (timedelta(hours=48), timedelta(hours=6))
    draft: timedelta | None = timedelta(hours=24)
    """Before the closing; ``None``: nobody is told of a draft left over."""

    @property
    def marks(self) -> tuple[Mark, ...]:
        """In the order in which they are worked off: of two that are due at once, drafts come before reminders."""
        drafts = (Mark(Kind.DRAFT_LEFT, self.draft),) if self.draft else ()
        reminders = (Mark(Kind.REMINDER, before) for before in sorted(self.reminders, reverse=True))
        return Mark(Kind.OPENED), *drafts, *reminders, Mark(Kind.CLOSED)


def due(period: HasDates, now: datetime, told: Collection[str], schedule: Schedule) -> list[Mark]:
    """Which marks of a period are to be told at ``now``; ``told`` names those that were.

    What was told is never told again, even if the clock goes back behind it. What was missed is made up for, unless it
    has lost its point by now; nothing is remembered of it, so a wrong clock that is put right costs nobody a reminder.
    """
    marks = [mark for mark in schedule.marks if mark.exists(period)]
    waiting = [mark for mark in marks if mark.name not in told and mark.moment(period) <= now]
    return [mark for mark in waiting if not _is_overtaken(mark, period, now, marks, told)]


def _is_overtaken(mark: Mark, period: HasDates, now: datetime, marks: Collection[Mark], told: Collection[str]) -> bool:
    """Too late for this one: the period is over, or a reminder that says more is due as well, or was just told."""
    if mark.kind is Kind.CLOSED or now >= period.closes_at:
        return mark.kind is not Kind.CLOSED
    if mark.kind is Kind.DRAFT_LEFT:
        return False
    later = (other for other in marks if other.kind is Kind.REMINDER and other.moment(period) > mark.moment(period))
    return any(other.moment(period) <= now + (STEP_BACK if other.name in told else timedelta()) for other in later)


@dataclass(frozen=True, slots=True)
class DigestRule:
    """When dispatchers are told how things stand."""

    at: time = time(9)
    country: str = "RU"
    """Whose holidays are no working days."""


def digest_day(now: datetime, zone: ZoneInfo, rule: DigestRule) -> date | None:
    """The working day whose digest is due where this zone's people are; ``None`` when none is."""
    local = now.astimezone(zone).replace(tzinfo=None)
    begins = datetime.combine(local.date(), rule.at)
    in_time = begins <= local < begins + DIGEST_LIFE
    return local.date() if in_time and is_working_day(local.date(), rule.country) else None


def digest_since(day: date, zone: ZoneInfo, rule: DigestRule) -> datetime:
    """From when on things are new to the reader: the digest of the working day before."""
    before = day - timedelta(days=1)
    while not is_working_day(before, rule.country):
        before -= timedelta(days=1)
    return datetime.combine(before, rule.at).replace(tzinfo=zone)


def hours_before(text: str) -> tuple[timedelta, ...]:
    """«48 6» as times before the closing, «off» as none; raises ``ValueError``."""
    if text.strip().lower() == "off":
        return ()
    if not re.fullmatch(r"\s*([0-9]{1,3}(\s+|$))*", text):
        raise ValueError(f"{text!r} is no list of hours; write it like 48 6")
    hours = [int(number) for number in text.split()]
    if 0 in hours or len(set(hours)) < len(hours):
        raise ValueError("hours before the closing are different and greater than 0")
    return tuple(timedelta(hours=number) for number in hours)
