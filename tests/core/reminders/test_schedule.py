"""Whom the schedule tells what, on a real database: once, whoever looks, and nobody who should be left in peace."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from express_bot.core.db.session import connect
from express_bot.core.reminders import repository, service
from express_bot.core.reminders.rules import rules_of
from tests.conftest import NOW
from tests.core.reminders.crew import begin, choose, file, hire
from tests.waiting import until

HOUR = timedelta(hours=1)
#: Opens 20 November, closes 5 December 2026, 18:00 in Moscow; the house was seeded while it was open.
CLOSES = datetime(2026, 12, 5, 15, tzinfo=UTC)
#: The next one.
OPENS = datetime(2026, 12, 20, 6, tzinfo=UTC)
#: A Wednesday, 09:00 in Moscow.
MORNING = datetime(2026, 11, 25, 6, tzinfo=UTC)


@pytest.fixture
def rules(settings):
    return rules_of(settings)


@pytest.fixture
def tick(db, rules):
    """One look at the schedule; returns what was promised by it, as (event, person)."""

    def look(now: datetime) -> Counter:
        before = db.execute("select coalesce(max(id), 0) as id from outbox").fetchone()["id"]
        service.tick(db, now, rules)
        rows = db.execute("select event, user_id from outbox where id > %s", (before,))
        return Counter((row["event"], row["user_id"]) for row in rows)

    return look


@pytest.fixture
def period(db):
    """The period that is open at ``NOW``."""
    return db.execute("select id from periods where form_id = 'flight' and closes_at = %s", (CLOSES,)).fetchone()["id"]


@pytest.fixture
def following(db):
    return db.execute("select id from periods where form_id = 'flight' and opens_at = %s", (OPENS,)).fetchone()["id"]


def told(promised: Counter, person) -> list[str]:
    return sorted(event for event, somebody in promised.elements() if somebody == person)


def test_a_fresh_demo_floods_nobody(tick):
    """The one digest of the day is all that its dispatcher hears."""
    assert [event for event, _ in tick(NOW).elements()] == ["queue_digest"]


def test_an_opening_is_told_to_everybody_who_may_file_and_to_nobody_else(db, tick, following):
    ordinary = hire(db, "Ordinary")
    gone, guest, service_only = hire(db, "Gone"), hire(db, "Guest", "nobody"), hire(db, "Desk", "dispatcher")
    db.execute("update users set active = false where id = %s", (gone,))
    declined, wanted = hire(db, "Declined"), hire(db, "Wanted")
    choose(db, declined, following, "declined", NOW)
    choose(db, wanted, following, "wanted", NOW)
    assert tick(OPENS - timedelta(minutes=1))[("period_opened", ordinary)] == 0
    promised = tick(OPENS)
    assert told(promised, ordinary) == told(promised, wanted) == ["period_opened"]
    for person in (gone, guest, service_only, declined):
        assert told(promised, person) == []
    probes = db.execute("select id from users where probe").fetchall()
    assert all(told(promised, row["id"]) == [] for row in probes)
    asked = db.execute("select user_id from outbox where details ->> 'wanted' = 'true'").fetchall()
    assert [row["user_id"] for row in asked] == [wanted]
    assert tick(OPENS + HOUR) == Counter()


def test_a_reminder_goes_to_those_who_have_not_filed_and_not_declined(db, tick, period):
    idle, filed, withdrew, declined = (hire(db, name) for name in ("Idle", "Filed", "Withdrew", "Declined"))
    file(db, filed, period, NOW)
    file(db, withdrew, period, NOW, status="withdrawn")
    choose(db, declined, period, "declined", NOW)
    promised = tick(CLOSES - 48 * HOUR)
    assert told(promised, idle) == told(promised, withdrew) == ["reminder"]
    assert told(promised, filed) == told(promised, declined) == []
    file(db, idle, period, CLOSES - 20 * HOUR)
    assert told(tick(CLOSES - 6 * HOUR), idle) == []


def test_whoever_was_told_of_a_draft_is_spared_the_last_reminder(db, tick, period):
    drafting, empty, idle = hire(db, "Drafting"), hire(db, "Empty"), hire(db, "Idle")
    begin(db, drafting, "flight", NOW)
    begin(db, empty, "flight", NOW, answers={})
    heard = {person: [] for person in (drafting, empty, idle)}
    for hours in (48, 24, 6, 0):
        promised = tick(CLOSES - hours * HOUR)
        for person, events in heard.items():
            events += told(promised, person)
    assert heard == {
        drafting: ["reminder", "draft_left"],
        empty: ["reminder", "reminder"],
        idle: ["reminder", "reminder"],
    }


def test_after_downtime_one_notice_takes_the_place_of_all_that_were_missed(db, tick):
    drafting, idle = hire(db, "Drafting"), hire(db, "Idle")
    begin(db, drafting, "flight", NOW)
    promised = tick(CLOSES - 2 * HOUR)
    assert told(promised, drafting) == ["draft_left"]
    assert told(promised, idle) == ["reminder"]
    assert tick(CLOSES - 7 * HOUR) == tick(CLOSES - HOUR) == Counter()


def test_nothing_is_told_of_a_period_that_is_over(db, tick, period):
    idle = hire(db, "Idle")
    assert told(tick(CLOSES + HOUR), idle) == []
    marks = db.execute("select mark from schedule_marks where period_id = %s", (period,)).fetchall()
    assert {row["mark"] for row in marks} == {"opened", "closed"}


def test_a_line_says_what_it_is_about(db, tick, period):
    idle = hire(db, "Idle")
    tick(CLOSES - 48 * HOUR)
    line = db.execute("select * from outbox where user_id = %s", (idle,)).fetchone()
    assert line["details"] == {"period": period, "form": "flight", "mark": "reminder-48"}
    assert (line["once"], line["created_at"]) == (f"reminder-48:{period}:{idle}", CLOSES - 48 * HOUR)


def test_many_instances_at_once_promise_each_thing_once(dsn, db, rules, rows):
    people = [hire(db, f"Person {number}") for number in range(30)]

    def look(hours: int) -> int:
        with connect(dsn) as own:
            return len(service.tick(own, CLOSES - hours * HOUR, rules))

    with ThreadPoolExecutor(6) as pool:
        for hours in (48, 6):
            assert sorted(pool.map(look, [hours] * 6))[:5] == [0] * 5
    for person in people:
        assert rows("outbox", f"event = 'reminder' and user_id = '{person}'") == 2


def test_whoever_does_not_lead_does_nothing(dsn, db, rules, rows):
    hire(db, "Idle")
    with connect(dsn) as leader, leader.transaction():
        assert repository.lead(leader)
        assert service.tick(db, CLOSES - 48 * HOUR, rules) == []
        assert rows("outbox", "event = 'reminder'") == 0
    assert service.tick(db, CLOSES - 48 * HOUR, rules) != []


def test_a_scheduler_that_dies_in_the_middle_leaves_everything_to_the_next(dsn, db, rules, rows, period):
    hire(db, "Idle")
    noted = f"mark = 'reminder-48' and period_id = {period}"
    dying = connect(dsn)
    dying.execute("begin")
    assert service.tick(dying, CLOSES - 48 * HOUR, rules)
    assert rows("schedule_marks", noted) == 0
    dying.close()
    # the lead is free as soon as the server has noticed
    until(lambda: service.tick(db, CLOSES - 48 * HOUR, rules), seconds=60)
    assert (rows("outbox", "event = 'reminder'") > 0, rows("schedule_marks", noted)) == (True, 1)


def test_five_thousand_people_are_promised_in_one_go(db, rules, rows):
    db.execute(
        "with people as (insert into users (id, full_name) select gen_random_uuid(), 'P' from generate_series(1, 5000)"
        " returning id) insert into roles (user_id, role) select id, 'employee' from people"
    )
    service.tick(db, OPENS, rules)
    assert rows("outbox", "event = 'period_opened'") >= 5000


# ── the digest ──


def digests(db) -> list[dict]:
    return [row["details"] for row in db.execute("select details from outbox where event = 'queue_digest' order by id")]


@pytest.fixture
def quiet_desk(db):
    """Nobody of the seeded people works at the desk, and nothing waits there."""
    db.execute("delete from roles where role = 'dispatcher'")
    db.execute("update applications set status = 'approved'")


def test_the_digest_tells_what_is_new_what_is_left_and_until_when(db, tick, quiet_desk, period):
    reader = hire(db, "Reader", "dispatcher")
    file(db, hire(db, "One"), period, MORNING - 30 * HOUR)
    file(db, hire(db, "Two"), period, MORNING - 2 * HOUR)
    file(db, hire(db, "Three"), period, MORNING - 2 * HOUR, status="withdrawn")
    probe = db.execute("select id from users where probe").fetchone()["id"]
    file(db, probe, period, MORNING - HOUR)
    asked = file(db, hire(db, "Four"), period, MORNING - 40 * HOUR)
    db.execute("update applications set withdrawal_requested_at = %s where id = %s", (MORNING - HOUR, asked))
    assert told(tick(MORNING - timedelta(minutes=1)), reader) == []
    assert told(tick(MORNING), reader) == ["queue_digest"]
    assert digests(db) == [
        {
            "new": 1,
            "left": 3,
            "answers": 0,
            "withdrawals": 1,
            "conflicts": 0,
            "days": 17,
            "since": "2026-11-24T09:00:00+03:00",
        }
    ]
    assert told(tick(MORNING + HOUR), reader) == told(tick(MORNING - 5 * HOUR), reader) == []


def test_each_dispatcher_reads_it_at_nine_of_their_own_morning(db, tick, quiet_desk, period):
    east, home = hire(db, "East", "dispatcher", timezone="Asia/Kamchatka"), hire(db, "Home", "dispatcher")
    file(db, hire(db, "One"), period, NOW)
    assert told(tick(MORNING - 9 * HOUR), east) == ["queue_digest"]
    later = tick(MORNING)
    assert (told(later, east), told(later, home)) == ([], ["queue_digest"])


def test_there_is_no_digest_on_days_off_or_when_there_is_nothing_to_tell(db, tick, quiet_desk, period):
    reader = hire(db, "Reader", "dispatcher")
    assert told(tick(MORNING), reader) == []
    file(db, hire(db, "One"), period, MORNING)
    assert told(tick(MORNING + 3 * 24 * HOUR), reader) == []  # a Saturday
    assert told(tick(MORNING + 5 * 24 * HOUR), reader) == ["queue_digest"]
    assert digests(db)[0]["since"] == "2026-11-27T09:00:00+03:00"  # since Friday


def test_the_digest_counts_what_people_have_said_and_what_deserves_a_look(db, tick, quiet_desk, period):
    hire(db, "Reader", "dispatcher")
    for place, (said, answers) in enumerate([("message_sent", '{"direction": {"other": "Байкал"}}'), ("edited", "{}")]):
        filed = file(db, hire(db, f"Person {place}"), period, MORNING - 30 * HOUR)
        db.execute("update applications set answers = %s where id = %s", (answers, filed))
        for hours in (1, 40):  # the older one was in yesterday's digest
            db.execute(
                "insert into application_events (application_id, kind, at, actor_role, channel, version)"
                " values (%s, %s, %s, 'employee', 'browser', 1)",
                (filed, said, MORNING - hours * HOUR),
            )
    tick(MORNING)
    [told] = digests(db)
    assert (told["answers"], told["conflicts"], told["left"]) == (1, 1, 2)
