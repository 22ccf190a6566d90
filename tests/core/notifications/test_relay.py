"""The relay: every promise gets one job, in the order of the promises, however many relays there are."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

from express_bot.contracts.notifications import Event
from express_bot.core.db.session import connect
from express_bot.core.notifications import outbox, repository
from tests.conftest import NOW


def promised(db, people, count=1):
    """Promises to these people in turns; returns their ids."""
    for number in range(count):
        outbox.promise(db, Event.LINKED, user_id=people[number % len(people)], at=NOW)
    rows = db.execute("select id from outbox where event = 'channel_linked' order by id").fetchall()
    return [row["id"] for row in rows]


def test_a_promise_gets_one_job_with_its_id_alone_behind_others_of_its_person(db, desk, one):
    person = uuid4()
    (outbox_id,) = promised(db, [person])
    assert (desk.relay(), desk.relay()) == (1, 0)
    job = one("select * from procrastinate_jobs where task_name = 'notify'")
    assert (job["args"], job["lock"], job["queue_name"]) == (
        {"outbox_id": outbox_id},
        f"person:{person}",
        "notifications",
    )
    assert (job["status"], job["scheduled_at"]) == ("todo", None)


def test_relays_at_once_queue_each_promise_once_and_in_order(dsn, db, desk):
    people = [uuid4() for _ in range(5)]
    ids = promised(db, people, 200)
    start = threading.Barrier(6)

    def relay(_):
        with connect(dsn) as mine:
            start.wait()
            while mine.execute("select from outbox where relayed_at is null").fetchone() is not None:
                repository.relay(mine, queue="notifications", task="notify", now=NOW, limit=7)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(relay, range(6)))
    assert desk.queued() == ids


def test_a_relay_that_dies_between_marking_and_queueing_has_done_neither(dsn, db, desk):
    ids = promised(db, [uuid4()], 3)
    dying = connect(dsn)
    dying.execute("begin")
    assert repository.relay(dying, queue="notifications", task="notify", now=NOW, limit=10) == 3
    assert desk.relay() == 0, "one at a time"
    server = dying.info.backend_pid
    dying.close()
    while db.execute("select from pg_stat_activity where pid = %s", (server,)).fetchone():  # it leaves after the client
        time.sleep(0.01)
    assert desk.relay() == 3
    assert desk.queued() == ids


def test_a_held_promise_waits_for_its_moment_and_lets_others_pass(db, desk):
    person = uuid4()
    held, other = promised(db, [person], 2)
    repository.hold(db, held, NOW + timedelta(hours=8))
    assert (desk.relay(), desk.queued()) == (1, [other])
    desk.now = NOW + timedelta(hours=8)
    assert (desk.relay(), desk.queued()) == (1, [held])


def test_the_queue_gives_a_persons_jobs_out_one_after_another(db, desk):
    """Also when the first has to wait for its next try: those behind it wait with it."""
    anna, boris = uuid4(), uuid4()
    promised(db, [anna, boris], 4)
    desk.relay()
    worker = db.execute("select worker_id as id from procrastinate_register_worker_v1()").fetchone()["id"]

    def fetch():
        row = db.execute("select * from procrastinate_fetch_job_v2(null, %s)", (worker,)).fetchone()
        return (row["id"], row["lock"]) if row["id"] else None

    first, second = fetch(), fetch()
    assert (first[1], second[1]) == (f"person:{anna}", f"person:{boris}")
    assert fetch() is None
    db.execute("select procrastinate_retry_job_v2(%s, now() + interval '1 hour', null, null, null)", (first[0],))
    db.execute("select procrastinate_finish_job_v1(%s, 'succeeded', true)", (second[0],))
    assert fetch()[1] == f"person:{boris}"
    assert fetch() is None, "Anna's second promise waits for her first"
