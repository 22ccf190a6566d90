"""When a person is told what: quiet hours in any zone, muted topics, what cannot wait, and when it is enough."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from express_bot.contracts.notifications import TOPICS, Event, Topic
from express_bot.domain import notices
from express_bot.domain.notices import (
    ANSWERS,
    DECISIONS,
    REMINDING,
    UNASKED,
    URGENT,
    Case,
    Hold,
    Now,
    Quiet,
    Skip,
    Told,
    Wishes,
    quiet_until,
    verdict,
)

NIGHT = Quiet(time(22), time(8))
MOSCOW = ZoneInfo("Europe/Moscow")
BOTH = ("express", "telegram")
#: With and without changing clocks, also by half an hour, at midnight, and where a whole day was skipped.
ZONES = (
    "Europe/Kaliningrad", "Europe/Moscow", "Asia/Kamchatka", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
    "America/Havana", "Asia/Kathmandu", "Pacific/Apia", "America/Santiago", "Africa/Cairo", "UTC",
)  # fmt: skip
MINUTE = timedelta(minutes=1)

zones = st.sampled_from(ZONES).map(ZoneInfo)
moments = st.integers(0, 18 * 366 * 24 * 60).map(lambda minutes: datetime(2011, 1, 1, tzinfo=UTC) + minutes * MINUTE)
clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 59]))
hours = st.tuples(clocks, clocks).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: Quiet(*pair))


def at(text: str, zone: ZoneInfo = MOSCOW) -> datetime:
    """A wall clock moment of the zone."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def judged(event: Event, now: datetime, *, quiet: Quiet | None = NIGHT, channels=BOTH, told=None, muted=None, **facts):
    wishes = Wishes(MOSCOW, quiet, muted=muted or {}, preferred=facts.pop("preferred", None))
    return verdict(Case(event, **facts), wishes, now=now, channels=channels, told=told)


# ── quiet hours ──


@given(zone=zones, now=moments, quiet=hours)
def test_silence_ends_at_the_first_moment_whose_wall_clock_is_not_quiet(zone, now, quiet):
    until = quiet_until(Wishes(zone, quiet), now)
    is_quiet = lambda moment: quiet.holds(moment.astimezone(zone).time())  # noqa: E731
    if until is None:
        assert not is_quiet(now)
        return
    assert now < until <= now + timedelta(hours=49)
    assert not is_quiet(until)
    minutes = int((until - now) / MINUTE)
    assert all(is_quiet(now + MINUTE * step) for step in range(minutes))


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-12-03T21:59", None),
        ("2026-12-03T22:00", "2026-12-04T08:00"),
        ("2026-12-04T00:00", "2026-12-04T08:00"),
        ("2026-12-04T07:59", "2026-12-04T08:00"),
        ("2026-12-04T08:00", None),
    ],
)
def test_a_window_that_passes_midnight_ends_in_the_morning(now, until):
    assert quiet_until(Wishes(MOSCOW, NIGHT), at(now)) == (until and at(until))


def test_a_window_within_a_day_ends_the_same_day():
    assert quiet_until(Wishes(MOSCOW, Quiet(time(13), time(15))), at("2026-12-03T14:00")) == at("2026-12-03T15:00")


def test_when_the_clocks_jump_over_the_end_the_silence_ends_with_the_jump():
    berlin = ZoneInfo("Europe/Berlin")  # 28 March 2027: 02:00 becomes 03:00
    until = quiet_until(Wishes(berlin, Quiet(time(22), time(2, 30))), at("2027-03-28T01:00", berlin))
    assert until == datetime(2027, 3, 28, 1, 0, tzinfo=UTC)


def test_an_hour_that_comes_twice_is_quiet_twice():
    berlin = ZoneInfo("Europe/Berlin")  # 31 October 2027: 03:00 becomes 02:00
    wishes = Wishes(berlin, Quiet(time(22), time(2, 30)))
    first = quiet_until(wishes, at("2027-10-31T01:00", berlin))
    assert first == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)
    assert quiet_until(wishes, datetime(2027, 10, 31, 1, 10, tzinfo=UTC)) == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_quiet_hours_without_length_do_not_exist():
    with pytest.raises(ValueError, match="begin"):
        Quiet(time(8), time(8))


# ── verdicts ──


@given(st.sampled_from(Event), zones, moments, hours)
def test_nobody_is_woken_but_for_what_cannot_wait(event, zone, now, quiet):
    decided = verdict(Case(event), Wishes(zone, quiet), now=now, channels=BOTH)
    if quiet.holds(now.astimezone(zone).time()) and event not in URGENT | ANSWERS:
        assert isinstance(decided, Hold)
        assert isinstance(verdict(Case(event), Wishes(zone, quiet), now=decided.until, channels=BOTH), Now)
    else:
        assert decided == Now(BOTH)


@pytest.mark.parametrize("event", sorted(DECISIONS))
@pytest.mark.parametrize(
    ("day", "passes"),
    [("2026-12-03", False), ("2026-12-04", True), ("2026-12-05", True), ("2026-12-06", False)],
)
def test_a_decision_about_the_next_24_hours_passes_and_others_wait(event, day, passes):
    decided = judged(event, at("2026-12-04T02:00"), dates=(date(2027, 1, 20), date.fromisoformat(day)))
    assert decided == (Now(BOTH) if passes else Hold(at("2026-12-04T08:00")))


def test_a_topic_is_muted_where_it_was_muted():
    noon = at("2026-12-03T12:00")
    muted = {"express": [Topic.REMINDERS]}
    assert judged(Event.REMINDER, noon, muted=muted) == Now(("telegram",))
    assert judged(Event.REMINDER, noon, muted=muted, channels=("express",)) == Skip("muted")
    assert judged(Event.PERIOD_OPENED, noon, muted=muted) == Now(BOTH)


@given(st.sampled_from(sorted(set(Event) - set(TOPICS))))
def test_what_has_no_topic_cannot_be_muted(event):
    everything = {channel: list(Topic) for channel in BOTH}
    assert judged(event, at("2026-12-03T12:00"), muted=everything) == Now(BOTH)


def test_an_opening_that_was_asked_for_comes_whatever_is_muted_and_however_much_was_told():
    muted = {channel: [Topic.OPENINGS] for channel in BOTH}
    facts = {"muted": muted, "told": Told(2, 9)}
    assert judged(Event.PERIOD_OPENED, at("2026-12-03T12:00"), wanted=True, **facts) == Now(BOTH)
    assert judged(Event.PERIOD_OPENED, at("2026-12-03T12:00"), **facts) == Skip("muted")


def test_the_chosen_messenger_comes_first_and_one_that_is_not_linked_changes_nothing():
    noon = at("2026-12-03T12:00")
    assert judged(Event.DECIDED, noon, preferred="telegram") == Now(("telegram", "express"))
    assert judged(Event.DECIDED, noon, preferred="telegram", channels=("express",)) == Now(("express",))
    assert judged(Event.DECIDED, noon, channels=()) == Now(())


def test_what_would_come_after_its_point_never_comes():
    closes = at("2026-12-05T07:00")
    assert judged(Event.REMINDER, at("2026-12-05T01:00"), expires_at=closes) == Skip("too_late")
    assert judged(Event.REMINDER, closes, quiet=None, expires_at=closes) == Skip("too_late")
    assert judged(Event.REMINDER, at("2026-12-05T01:00"), quiet=None, expires_at=closes) == Now(BOTH)


@given(st.lists(st.tuples(st.sampled_from(sorted(UNASKED)), st.integers(0, 27)), max_size=60))
def test_whatever_the_house_promises_nobody_hears_more_than_four_times_a_month(promises):
    """With the receipt of the one application that a person files; decisions do not count."""
    told: list[Event] = [Event.SUBMITTED]
    for event, day in sorted(promises, key=lambda promise: promise[1]):
        count = Told(sum(e in REMINDING for e in told), sum(e in UNASKED for e in told))
        if judged(event, at("2026-12-01T12:00") + timedelta(days=day), told=count) == Now(BOTH):
            told.append(event)
    assert len(told) <= 4
    if Event.PERIOD_OPENED in [event for event, _ in promises]:
        assert Event.PERIOD_OPENED in told  # reminders never use up the place of an opening


def test_a_month_begins_at_the_persons_midnight():
    vladivostok = ZoneInfo("Asia/Vladivostok")
    assert notices.month_start(datetime(2026, 11, 30, 15, tzinfo=UTC), vladivostok) == at(
        "2026-12-01T00:00", vladivostok
    )


# ── reading ──


@pytest.mark.parametrize("text", ["22:00-08:00", " 22:00 - 08:00 ", "00:00-23:59"])
def test_quiet_hours_are_read(text):
    assert isinstance(notices.quiet_hours(text), Quiet)
    assert notices.quiet_hours("off") is None


@pytest.mark.parametrize("text", ["", "22", "22:00", "22:00-22:00", "24:00-08:00", "8:00-9:00", "22:00-08:00-09:00"])
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match=r"22:00|begin"):
        notices.quiet_hours(text)


@pytest.mark.parametrize("name", ["", "Moscow", "../etc/passwd", "/etc/localtime", "Europe/", "Europe/Moscow\n", "мск"])
def test_only_zones_of_the_database_are_zones(name):
    with pytest.raises(ValueError, match="unknown time zone"):
        notices.time_zone(name)
