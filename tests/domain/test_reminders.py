"""The marks of a period: each once, however the clock moves, and none without a point; digests on working days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from express_bot.domain.calendar import is_working_day
from express_bot.domain.reminders import (
    DigestRule,
    Kind,
    Mark,
    Schedule,
    digest_day,
    digest_since,
    due,
    hours_before,
)

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Dates:
    opens_at: datetime
    closes_at: datetime


PERIOD = Dates(datetime(2026, 11, 20, 6, tzinfo=UTC), datetime(2026, 12, 5, 15, tzinfo=UTC))
CLOSES = PERIOD.closes_at
ORDINARY = Schedule()


def names(marks) -> list[str]:
    return [mark.name for mark in marks]


class Walk:
    """A scheduler that looks at some moments and notes what it told."""

    def __init__(self, period=PERIOD) -> None:
        self.period, self.told = period, []

    def look(self, now: datetime) -> list[str]:
        todo = due(self.period, now, self.names, ORDINARY)
        self.told += [(now, mark) for mark in todo]
        return names(todo)

    @property
    def names(self) -> list[str]:
        return names(mark for _, mark in self.told)


def test_each_mark_is_due_at_its_moment_and_in_its_order():
    walk = Walk()
    for step in range(16 * 24 * 2):
        walk.look(PERIOD.opens_at - HOUR + step * HOUR / 2)
    assert [(mark.name, now) for now, mark in walk.told] == [
        ("opened", PERIOD.opens_at),
        ("reminder-48", CLOSES - 48 * HOUR),
        ("draft-24", CLOSES - 24 * HOUR),
        ("reminder-6", CLOSES - 6 * HOUR),
        ("closed", CLOSES),
    ]


@pytest.mark.parametrize(
    ("hours_left", "told"),
    [
        (14 * 24, ["opened"]),
        (47, ["reminder-48"]),
        (20, ["draft-24", "reminder-48"]),
        (5, ["draft-24", "reminder-6"]),
        (-1, ["closed"]),
    ],
)
def test_after_downtime_only_what_still_makes_sense_is_told(hours_left, told):
    assert Walk().look(CLOSES - hours_left * HOUR) == told


def test_a_small_step_back_does_not_bring_back_what_has_lost_its_point():
    walk = Walk()
    for now in (CLOSES - 6 * HOUR, CLOSES - 6.9 * HOUR, CLOSES - 5 * HOUR):
        walk.look(now)
    assert walk.names == ["draft-24", "reminder-6"]


def test_a_wrong_clock_that_is_put_right_costs_nobody_a_reminder():
    walk = Walk()
    walk.look(CLOSES + 90 * 24 * HOUR)
    for step in range(16 * 24):
        walk.look(PERIOD.opens_at + step * HOUR)
    assert walk.names == ["closed", "opened", "reminder-48", "draft-24", "reminder-6"]


@given(st.lists(st.integers(-30 * 24, 40 * 24), min_size=1, max_size=60))
def test_however_the_clock_jumps_nothing_is_told_twice_early_or_late(hours):
    walk = Walk()
    for hour in hours:
        walk.look(PERIOD.opens_at + hour * HOUR)
    assert len(walk.names) == len(set(walk.names))
    for now, mark in walk.told:
        assert now >= mark.moment(PERIOD)
        assert mark.kind is Kind.CLOSED or now < CLOSES


@given(st.integers(3, 24 * 40), st.integers(1, 12))
def test_nobody_is_reminded_of_what_opened_less_than_a_day_before(length, step):
    period = Dates(PERIOD.opens_at, PERIOD.opens_at + length * HOUR)
    walk = Walk(period)
    for hour in range(0, length + step, step):
        walk.look(period.opens_at + hour * HOUR)
    assert walk.names[:: len(walk.names) - 1] == ["opened", "closed"]
    for now, mark in walk.told:
        assert mark.kind in (Kind.OPENED, Kind.CLOSED) or now - period.opens_at >= 24 * HOUR


def test_reminders_are_what_the_house_has_set():
    assert names(Schedule(hours_before("72 24 2"), None).marks) == [
        "opened", "reminder-72", "reminder-24", "reminder-2", "closed"
    ]  # fmt: skip
    assert names(Schedule(hours_before("off"), None).marks) == ["opened", "closed"]
    assert Mark(Kind.CLOSED).name == "closed"


@pytest.mark.parametrize("text", ["48, 6", "0", "6 6", "-1", "abc", "1000"])
def test_anything_but_different_hours_is_refused(text):
    with pytest.raises(ValueError, match="hours"):
        hours_before(text)


# ── the digest ──


RULE = DigestRule()


@pytest.mark.parametrize(
    "zone", [ZoneInfo("Europe/Kaliningrad"), ZoneInfo("Asia/Kamchatka"), ZoneInfo("Europe/Berlin")]
)
def test_a_year_of_digests_is_a_digest_on_each_working_day_from_nine_on(zone):
    first = datetime(2027, 1, 1, tzinfo=zone).astimezone(UTC)
    moments = [first + HOUR / 2 * step for step in range(365 * 48)]
    days = {}
    for moment in moments:
        day = digest_day(moment, zone, RULE)
        if day is not None:
            days.setdefault(day, moment.astimezone(zone))
    assert set(days) == {day for day in _year(2027) if is_working_day(day)}
    assert {moment.time() for moment in days.values()} == {time(9)}


def test_a_digest_that_was_missed_comes_the_same_day_or_not_at_all():
    moscow = ZoneInfo("Europe/Moscow")
    friday = date(2026, 11, 27)
    for hour, expected in ((8, None), (9, friday), (17, friday), (18, None), (23, None)):
        assert digest_day(datetime(2026, 11, 27, hour, tzinfo=moscow), moscow, RULE) == expected
    assert digest_day(datetime(2026, 11, 28, 9, tzinfo=moscow), moscow, RULE) is None
    assert digest_day(datetime(2027, 1, 5, 9, tzinfo=moscow), moscow, RULE) is None  # New Year's holidays


def test_digests_follow_on_one_another_without_a_gap():
    zone = ZoneInfo("Asia/Omsk")
    working = [day for day in _year(2027) if is_working_day(day)]
    for before, day in pairwise(working):
        assert digest_since(day, zone, RULE) == datetime.combine(before, time(9), zone)


def test_holidays_are_those_of_the_country():
    assert is_working_day(date(2026, 12, 25))
    assert not is_working_day(date(2026, 12, 25), "DE")
    assert is_working_day(date(2027, 2, 20)), "a Saturday that Russia works instead of a Monday"
    with pytest.raises(ValueError, match="XX"):
        is_working_day(date(2026, 12, 25), "XX")


def _year(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=number) for number in range(365)]
