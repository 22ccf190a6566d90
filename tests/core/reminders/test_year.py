"""Issue 4, must show 3: reminders over a year in eleven time zones, with restarts: each once, none in quiet hours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from express_bot.core.db.session import connect
from express_bot.core.reminders.rules import rules_of
from express_bot.domain.calendar import is_working_day
from express_bot.domain.notices import Quiet, wall_clock
from express_bot.settings import Settings
from tests.core.reminders.year import FIRST, HOUR, KINDS, LAST, ZONES, Year

#: What each kind of person hears of one period, when the schedule is looked at all the time.
EXPECTED = {
    "idle": ["opened", "reminder-48", "reminder-6"],
    "drafting": ["opened", "reminder-48", "draft-24"],
    "filing": ["opened"],
    "declining": [],
    "muted": [],
    "wanting": ["opened"],
}
#: Until so long before the closing a mark is still worth telling (half an hour of it may fall between two looks).
LASTS = {"opened": 49, "reminder-48": 7, "draft-24": 0, "reminder-6": 0}


@pytest.fixture(scope="module", params=["calm", "stormy"])
def year(server, template, tmp_path_factory, request) -> Iterator[Year]:
    """A year that was lived once, for all tests that look at it."""
    name = f"year_{request.param}"
    rules = rules_of(Settings(mode="test", var_dir=tmp_path_factory.mktemp(name)))
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as admin:
        admin.execute(f"create database {name} template {template} strategy file_copy")
        with connect(server.dsn(name)) as db:
            lived = Year(server.dsn(name), db, rules, stormy=request.param == "stormy")
            lived.run()
            yield lived
        admin.execute(f"drop database {name} with (force)")


calm = pytest.mark.parametrize("year", ["calm"], indirect=True)
stormy = pytest.mark.parametrize("year", ["stormy"], indirect=True)


def of_the_year(year: Year) -> list[dict]:
    """Its periods that open and close within it."""
    return year.db.execute(
        "select * from periods where form_id = 'flight' and opens_at >= %s and closes_at <= %s order by opens_at",
        (FIRST, LAST),
    ).fetchall()


def promised(year: Year) -> Counter:
    """Every promise that was made by name, however often."""
    rows = year.db.execute("select once from outbox where once is not null and user_id = any(%s)", (list(year.people),))
    return Counter(row["once"] for row in rows)


def assert_nobody_is_woken(year: Year) -> None:
    for heard in year.heard:
        person = year.people[heard.person]
        if person.quiet["on"]:
            quiet = Quiet(wall_clock(person.quiet["from"]), wall_clock(person.quiet["to"]))
            assert not quiet.holds(heard.at.astimezone(person.zone).time()), heard


def assert_once(year: Year) -> None:
    assert set(Counter(heard.once for heard in year.heard).values()) == {1}
    assert set(promised(year).values()) == {1}
    assert {heard.once for heard in year.heard} | set(year.skipped) <= set(promised(year))


def assert_quiet_bot(year: Year) -> None:
    """At most three a month of the house's own accord; the receipt of one application makes four (ux G)."""
    ours = [heard for heard in year.heard if heard.event != "queue_digest"]
    by_month = Counter(
        (heard.person, *heard.at.astimezone(year.people[heard.person].zone).timetuple()[:2]) for heard in ours
    )
    assert max(by_month.values()) <= 3


def report(year: Year) -> None:
    events = Counter(heard.event for heard in year.heard)
    print(f"\n{len(year.people)} people in {len(ZONES)} zones, {year.figures}, {dict(events)} heard,", end=" ")
    print(f"{Counter(year.skipped.values())} skipped")


def test_each_thing_is_told_once_and_nobody_is_woken_or_told_too_much(year):
    report(year)
    assert_once(year)
    assert_nobody_is_woken(year)
    assert_quiet_bot(year)


@calm
def test_a_calm_year_tells_everybody_everything(year):
    periods = of_the_year(year)
    assert len(periods) == 11
    got = Counter(heard.once for heard in year.heard)
    for period in periods:
        for person in year.of(*KINDS):
            fates = {mark: _fate(year, got, f"{mark}:{period['id']}:{person.id}") for mark in EXPECTED[person.kind]}
            # hours that reach from a reminder to the closing leave no moment to tell it
            allowed = {mark: ("told", "too_late") if mark == "reminder-6" else ("told",) for mark in fates}
            assert all(fate in allowed[mark] for mark, fate in fates.items()), (person, fates)
            unexpected = [mark for mark in LASTS if mark not in fates and got[f"{mark}:{period['id']}:{person.id}"]]
            assert unexpected == [], person


def _fate(year: Year, got: Counter, name: str) -> str:
    return "told" if got[name] == 1 else year.skipped.get(name, "never promised")


@calm
def test_every_dispatcher_reads_one_digest_on_each_working_day(year):
    for person in year.of("dispatching"):
        days = [heard.once.split(":")[1] for heard in year.heard if heard.person == person.id]
        missed = {name.split(":")[1] for name in year.skipped if str(person.id) in name}
        year_of_theirs = (FIRST.astimezone(person.zone).date() + timedelta(days=number) for number in range(365))
        working = {str(day) for day in year_of_theirs if is_working_day(day)}
        assert len(days) == len(set(days))
        assert set(days) | missed == working
        assert len(missed) == 0 or person.quiet["from"] == "11:00"


@stormy
def test_a_stormy_year_tells_whatever_anybody_could_tell_in_time(year):
    assert year.figures["steps back"] > 20
    assert year.figures["two at once"] > 100
    assert year.figures["restarts in the middle"] > 50
    assert "enough" in year.skipped.values(), "the busy June was too quiet to show that there is a limit"
    seen = promised(year)
    for period in of_the_year(year):
        for mark, hours in LASTS.items():
            moment = period["opens_at"] if mark == "opened" else period["closes_at"] - int(mark.split("-")[1]) * HOUR
            for person in year.of("idle", "drafting", "wanting"):
                # a draft that is told of at the same look takes the place of a reminder
                lasts = 24 if (person.kind, mark) == ("drafting", "reminder-48") else hours
                in_time = any(moment <= look < period["closes_at"] - lasts * HOUR for look in year.looks)
                if in_time and mark in EXPECTED[person.kind]:
                    assert seen[f"{mark}:{period['id']}:{person.id}"] == 1, (mark, period["opens_at"], person)
