"""Periods of acceptance (период приёма): when applications are taken, and for which month.

A recurring rule proposes occurrences; a period stores the dates it was made with and is never derived
again, so a rule may change without moving what people were told. All moments are aware and UTC; a rule
speaks the wall clock of its time zone.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Any, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from express_bot.contracts.errors import PeriodClosed, PeriodNotOpen
from express_bot.domain.directories import Code
from express_bot.domain.fields import Excluded

MonthDay = Annotated[int, Field(ge=1, le=28)]
"""Days 29 to 31 do not exist in every month; a rule that silently moves is a rule nobody can remember."""

_SHORTEST = timedelta(hours=3)
"""Longer than any daylight saving jump, so a period can never close before it opens."""


class PeriodState(StrEnum):
    """Where a moment stands relative to a period."""

    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSED = "closed"


class HasDates(Protocol):
    """Anything with the two moments of a period: a rule's occurrence or a stored row."""

    @property
    def opens_at(self) -> datetime: ...
    @property
    def closes_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class PeriodDates:
    """One occurrence of a rule, ready to be stored."""

    opens_at: datetime
    closes_at: datetime
    target_from: date
    target_to: date
    decision_due_at: datetime | None = None


class PeriodRule(BaseModel):
    """«С 20-го 09:00 по 5-е 18:00 на следующий месяц», as data."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: Code = "flight"
    opens_day: MonthDay
    opens_time: time
    closes_day: MonthDay
    closes_time: time
    timezone: str = "Europe/Moscow"
    target_shift_months: Annotated[int, Field(ge=0, le=12)] = 1
    limit: Annotated[int, Field(ge=1, le=31)] = 1
    excluded: tuple[Excluded, ...] = ()
    decision_days: Annotated[int, Field(ge=0, le=60)] | None = 7
    """Decisions are promised so many days after the closing; ``None``: no promise."""

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"unknown time zone {name!r}; write it like Europe/Moscow") from error
        return name

    @model_validator(mode="after")
    def _lasts_long_enough(self) -> PeriodRule:
        opens, closes = self._wall_clock(2027, 1)
        if closes - opens < _SHORTEST:
            raise ValueError(f"a period must last at least {_SHORTEST.seconds // 3600} hours")
        return self

    def occurrence(self, year: int, month: int) -> PeriodDates:
        """The period that opens in this month."""
        opens, closes = self._wall_clock(year, month)
        target = shift_month(closes.date(), self.target_shift_months)
        return PeriodDates(
            opens_at=min(self._readings(opens)),
            closes_at=max(self._readings(closes)),
            target_from=target,
            target_to=last_day(target),
            decision_due_at=None if self.decision_days is None else self._days_later(closes),
        )

    def occurrences_around(self, now: datetime, count: int = 3, *, before: int = 0) -> list[PeriodDates]:
        """The last one that has opened (it may be closed by now), those before and after it, soonest first."""
        local = now.astimezone(ZoneInfo(self.timezone)).date()
        first = shift_month(local, 0)
        if self.occurrence(first.year, first.month).opens_at > now:
            first = shift_month(first, -1)
        months = [shift_month(first, shift) for shift in range(-before, count - before)]
        return [self.occurrence(month.year, month.month) for month in months]

    def excluded_in(self, dates: PeriodDates) -> list[Excluded]:
        """Excluded days that touch the target of an occurrence."""
        return [days for days in self.excluded if days.from_ <= dates.target_to and days.to >= dates.target_from]

    def _wall_clock(self, year: int, month: int) -> tuple[datetime, datetime]:
        """Opening and closing as the zone's wall clock shows them; a closing before the opening is next month's."""
        opens = datetime.combine(date(year, month, self.opens_day), self.opens_time)
        closes = datetime.combine(date(year, month, self.closes_day), self.closes_time)
        if closes <= opens:
            following = shift_month(closes.date(), 1)
            closes = datetime.combine(following.replace(day=self.closes_day), self.closes_time)
        return opens, closes

    def _days_later(self, closes: datetime) -> datetime:
        """The same wall clock time so many days later."""
        return max(self._readings(closes + timedelta(days=self.decision_days or 0)))

    def _readings(self, wall: datetime) -> tuple[datetime, datetime]:
        """The two moments a wall clock time can mean when clocks change; the same moment twice on other days.

        A period opens at the earlier and closes at the later one: nobody is late by our reading.
        """
        zone = ZoneInfo(self.timezone)
        first, second = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        return first, second


def shift_month(day: date, months: int) -> date:
    """The first day of the month so many months away."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1)


def last_day(day: date) -> date:
    """The last day of this month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def demo_rule(now: datetime, rule: PeriodRule) -> PeriodRule:
    """The same rule with its days moved so that ``now`` lies well inside: the demo always has an open period."""
    today = now.astimezone(ZoneInfo(rule.timezone)).date()
    opens, closes = today - timedelta(days=4), today + timedelta(days=12)
    return rule.model_copy(update={"opens_day": min(opens.day, 28), "closes_day": min(closes.day, 28)})


def state(period: HasDates, now: datetime) -> PeriodState:
    """Open from the opening moment on, closed from the closing moment on."""
    if now < period.opens_at:
        return PeriodState.UPCOMING
    return PeriodState.OPEN if now < period.closes_at else PeriodState.CLOSED


def ensure_open(period: HasDates, now: datetime, **facts: Any) -> None:
    """Refuse an application outside of the period; ``facts`` (timezone…) travel with the refusal."""
    where = state(period, now)
    if where is PeriodState.UPCOMING:
        raise PeriodNotOpen(opens_at=period.opens_at.isoformat(), **facts)
    if where is PeriodState.CLOSED:
        raise PeriodClosed(closes_at=period.closes_at.isoformat(), **facts)
