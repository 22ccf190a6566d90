"""Periods: the rule of the default form, and that no zone, year or clock change breaks it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from express_bot.contracts.errors import PeriodClosed, PeriodNotOpen
from express_bot.domain.defaults import default_rules
from express_bot.domain.periods import (
    PeriodRule,
    PeriodState,
    demo_rule,
    ensure_open,
    shift_month,
    state,
)

RULE = default_rules()["flight"]
NOVEMBER = RULE.occurrence(2026, 11)
SECOND = timedelta(seconds=1)

zones = st.sampled_from(sorted(available_timezones() - {"localtime", "Factory"}))
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
moments = st.integers(0, 80 * 365 * 86400).map(lambda seconds: EPOCH + timedelta(seconds=seconds))
times = st.times().map(lambda moment: moment.replace(microsecond=0))


@st.composite
def rules(draw: st.DrawFn) -> PeriodRule:
    try:
        return PeriodRule(
            opens_day=draw(st.integers(1, 28)),
            opens_time=draw(times),
            closes_day=draw(st.integers(1, 28)),
            closes_time=draw(times),
            timezone=draw(zones),
            target_shift_months=draw(st.integers(0, 3)),
        )
    except ValidationError:
        assume(False)  # shorter than the shortest period
        raise


def moscow(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo("Europe/Moscow"))


def test_from_the_20th_of_november_to_the_5th_of_december_for_january():
    assert NOVEMBER.opens_at == moscow(2026, 11, 20, 9)
    assert NOVEMBER.closes_at == moscow(2026, 12, 5, 18)
    assert (NOVEMBER.target_from, NOVEMBER.target_to) == (date(2027, 1, 1), date(2027, 1, 31))


@pytest.mark.parametrize(
    ("opens", "target"),
    [((2026, 12), date(2027, 2, 1)), ((2027, 12), date(2028, 2, 1)), ((2027, 1), date(2027, 3, 1))],
)
def test_the_year_turns_with_the_target(opens, target):
    assert RULE.occurrence(*opens).target_from == target


def test_the_target_of_a_leap_february_has_29_days():
    assert RULE.occurrence(2027, 12).target_to == date(2028, 2, 29)


def test_a_rule_inside_one_month_targets_the_month_after_it():
    rule = RULE.model_copy(update={"opens_day": 1, "closes_day": 10})
    dates = rule.occurrence(2026, 11)
    assert (dates.opens_at.date(), dates.closes_at.date(), dates.target_from) == (
        date(2026, 11, 1),
        date(2026, 11, 10),
        date(2026, 12, 1),
    )


def test_nobody_is_late_by_our_reading_of_a_clock_that_is_turned_back():
    rule = PeriodRule(
        opens_day=20, opens_time=time(9), closes_day=25, closes_time=time(2, 30), timezone="Europe/Berlin"
    )
    closes = rule.occurrence(2026, 10).closes_at  # 25 October 2026, 02:30 happens twice
    assert closes == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


@settings(max_examples=500)
@given(rules(), st.integers(2020, 2099), st.integers(1, 12))
def test_in_every_zone_a_period_opens_before_it_closes_and_targets_a_whole_later_month(rule, year, month):
    dates = rule.occurrence(year, month)
    zone = ZoneInfo(rule.timezone)
    assert dates.opens_at < dates.closes_at
    assert dates.opens_at.tzinfo is UTC
    assert dates.opens_at.astimezone(zone).date() == date(year, month, rule.opens_day)
    closing = shift_month(date(year, month, 1), 0 if dates.closes_at.astimezone(zone).month == month else 1)
    assert dates.target_from == shift_month(closing, rule.target_shift_months)
    assert dates.target_to + timedelta(days=1) == shift_month(dates.target_from, 1)


@given(rules(), moments)
def test_the_first_occurrence_has_opened_and_the_second_has_not(rule, now):
    last, following, after = rule.occurrences_around(now)
    assert last.opens_at <= now < following.opens_at < after.opens_at
    assert rule.occurrences_around(now, 2, before=1)[1] == last


@given(rules(), moments)
def test_periods_of_one_rule_never_overlap(rule, now):
    last, following, _ = rule.occurrences_around(now)
    assert last.closes_at <= following.opens_at + timedelta(hours=2)  # clock changes at the very seam


@given(zones, moments)
def test_the_demo_is_always_open_with_days_to_spare(zone, now):
    rule = demo_rule(now, RULE.model_copy(update={"timezone": zone}))
    dates = rule.occurrences_around(now)[0]
    assert state(dates, now) is PeriodState.OPEN
    assert now - dates.opens_at >= timedelta(days=3)
    assert dates.closes_at - now >= timedelta(days=8)
    assert dates.target_from > dates.closes_at.date()
    assert (rule.opens_time, rule.closes_time) == (RULE.opens_time, RULE.closes_time)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (NOVEMBER.opens_at - SECOND, PeriodState.UPCOMING),
        (NOVEMBER.opens_at, PeriodState.OPEN),
        (NOVEMBER.closes_at - SECOND, PeriodState.OPEN),
        (NOVEMBER.closes_at, PeriodState.CLOSED),
    ],
)
def test_a_period_is_open_from_its_opening_until_before_its_closing(now, expected):
    assert state(NOVEMBER, now) is expected


def test_outside_of_the_period_nothing_is_taken():
    ensure_open(NOVEMBER, NOVEMBER.opens_at)
    with pytest.raises(PeriodNotOpen) as early:
        ensure_open(NOVEMBER, NOVEMBER.opens_at - SECOND)
    with pytest.raises(PeriodClosed) as late:
        ensure_open(NOVEMBER, NOVEMBER.closes_at, timezone="Europe/Moscow")
    assert (early.value.status, early.value.params) == (409, {"opens_at": "2026-11-20T06:00:00+00:00"})
    assert late.value.params == {"closes_at": "2026-12-05T15:00:00+00:00", "timezone": "Europe/Moscow"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"opens_day": 31}, "less than or equal to 28"),
        ({"timezone": "Europe/Nowhere"}, "unknown time zone"),
        ({"timezone": "../etc/passwd"}, "unknown time zone"),
        ({"closes_day": 20, "closes_time": "10:00"}, "at least 3 hours"),
        ({"limit": 0}, "greater than or equal to 1"),
        ({"excluded": [{"from": "2027-01-02", "to": "2027-01-01", "text": {"ru": "x"}}]}, "before they begin"),
    ],
)
def test_a_rule_nobody_can_keep_is_refused(change, said):
    with pytest.raises(ValidationError, match=said):
        PeriodRule.model_validate(RULE.model_dump() | change)


def test_excluded_days_are_those_that_touch_the_target():
    days = [
        {"from": "2026-12-30", "to": "2027-01-01", "text": {"ru": "a"}},
        {"from": "2027-02-01", "to": "2027-02-02", "text": {"ru": "b"}},
    ]
    rule = PeriodRule.model_validate(RULE.model_dump() | {"excluded": days})
    assert [span.text["ru"] for span in rule.excluded_in(NOVEMBER)] == ["a"]
