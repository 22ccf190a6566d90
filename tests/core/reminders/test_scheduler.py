"""The scheduler's loop: by the people's clock, through whatever happens to its database, beside others of its kind."""

from __future__ import annotations

from threading import Thread

import psycopg
import pytest

from express_bot.core.clock import Clock
from express_bot.worker import scheduler as module
from express_bot.worker.scheduler import Scheduler
from tests.conftest import NOW
from tests.core.reminders.crew import hire
from tests.waiting import until

DECEMBER = "2026-12-20T09:00:30+03:00"


@pytest.fixture
def keeper(settings, dsn, monkeypatch):
    """The worker's settings on this test's database; its schedulers look all the time."""
    monkeypatch.setattr(module, "EVERY", 0.05)
    Clock(settings.demo_clock_file).move(NOW)
    return settings.model_copy(update={"database_url": type(settings.service_key)(dsn)})


@pytest.fixture
def start(keeper):
    """Starts a scheduler in a thread of its own, as a worker does; all are stopped at the end."""
    running: list[tuple[Scheduler, Thread]] = []

    def begin() -> Scheduler:
        scheduler = Scheduler(keeper)
        thread = Thread(target=scheduler.run)
        thread.start()
        running.append((scheduler, thread))
        return scheduler

    yield begin
    for scheduler, thread in running:
        scheduler.stop()
        thread.join(10)
        assert not thread.is_alive()


@pytest.fixture
def look_again(monkeypatch):
    """Waits until the schedule was looked at three more times, whoever did it."""
    looks, real = [], module.tick

    def counted(*given):
        real(*given)
        looks.append(given)

    monkeypatch.setattr(module, "tick", counted)

    def wait() -> None:
        before = len(looks)
        until(lambda: len(looks) >= before + 3, seconds=60)

    return wait


def heard(db, person, event="period_opened") -> int:
    rows = db.execute("select count(*) as n from outbox where user_id = %s and event = %s", (person, event))
    return rows.fetchone()["n"]


def test_whoever_moves_the_clock_of_the_demo_sees_the_notices(start, db, travel, look_again):
    person = hire(db, "Idle")
    start()
    start()
    travel(DECEMBER)
    until(lambda: heard(db, person), seconds=60)
    for moment in ("2026-11-24T10:00:00+03:00", DECEMBER):
        travel(moment)
        look_again()
    assert (heard(db, person), heard(db, person, "reminder")) == (1, 0)


def test_a_leap_makes_the_periods_of_the_new_moment_and_tells_of_the_one_that_is_open(
    start, db, travel, rows, look_again
):
    person = hire(db, "Idle")
    start()
    look_again()
    before = rows("periods")
    travel("2028-03-21T12:00:00+03:00")
    until(lambda: heard(db, person), seconds=60)
    assert rows("periods") > before


def test_a_scheduler_whose_connection_is_cut_goes_on(start, db, travel, look_again):
    person = hire(db, "Idle")
    start()
    look_again()
    db.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid()"
    )
    travel(DECEMBER)
    until(lambda: heard(db, person), seconds=60)


def test_a_defect_does_not_end_it(start, db, travel, monkeypatch):
    person = hire(db, "Idle")
    real, failed = module.tick, []

    def broken(*given):
        if not failed:
            failed.append(given)
            raise psycopg.errors.DivisionByZero
        real(*given)

    monkeypatch.setattr(module, "tick", broken)
    travel(DECEMBER)
    start()
    until(lambda: heard(db, person), seconds=60)
    assert failed
