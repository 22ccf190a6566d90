"""Notifications arrive, whatever happens to the messenger and to the workers; and the harness sees it if not.

The whole proof is ``python -m tests.faults.deliver``.
"""

from __future__ import annotations

import time
from uuid import uuid4

import psycopg
import pytest

from express_bot.contracts.notifications import Event
from express_bot.core.db.session import connect
from express_bot.core.notifications import outbox
from tests.conftest import NOW
from tests.faults import deliver
from tests.faults.deliver_proof import Promised, arrivals
from tests.stack import Aim, NewPerson, Stack

pytestmark = pytest.mark.stack

WAITING, KILLS = 60, 4
#: A chat of Telegram takes one new message a second: few for many people rather than many for few.
EACH = 3
#: Issue: a job whose worker died is back in the line within this time, by any other worker.
RESCUED_WITHIN = 15.0


def test_outages_and_killed_workers_lose_nothing_and_disorder_nothing():
    """Half of the people are in eXpress, half in Telegram."""
    manners = ("503", "ok", "refused", "429")
    report = deliver.run(WAITING, KILLS, messengers=("express", "telegram"), each=EACH, manners=manners)
    print(report)
    assert report.findings.is_clean, report
    assert report.shots.total == KILLS
    assert {"503", "ok", "429"} <= set(report.manners)


def test_a_core_that_takes_for_shown_what_was_only_handed_out_turns_the_same_harness_red():
    """The negative control."""
    report = deliver.run(40, 1, manners=("503",), core_app=deliver.FORGETFUL, is_control=True)
    print(report)
    assert report.findings.lost > 0
    assert report.findings.left == 0


def test_the_job_of_a_killed_worker_is_done_by_another_one_within_fifteen_seconds():
    """A lock of ours holds the job in the middle; while its worker is killed the other one stands still."""
    with Stack(worker=2, now=NOW) as stack:
        first, second = stack.workers
        stack.wait_until(lambda: stack.count("procrastinate_workers") == 2, 60, "the workers are not there")
        second.freeze()
        (person,) = stack.new_people(1)
        with connect(stack.settings.dsn()) as db, psycopg.connect(stack.settings.dsn()) as holder:
            holder.execute("lock table deliveries")
            outbox.promise(db, Event.LINKED, user_id=person.id, at=NOW)
            stack.wait_until(lambda: _doing(stack, person), 30, "no worker took the job")
            assert first.kill_for_good()
            began = time.monotonic()
            assert _doing(stack, person) == 1, "its job is left behind"
            holder.rollback()
            second.thaw()
        stack.wait_until(lambda: not stack.count("outbox where settled_at is null"), 60, "nobody took it over")
        seconds = time.monotonic() - began
        print(f"taken over after {seconds:.1f} s")
        assert seconds <= RESCUED_WITHIN
        (row,) = stack.sql(
            "select d.* from deliveries d join outbox o on o.id = d.outbox_id where o.user_id = %s", [person.id]
        )
        assert (row["state"], row["reason"]) == ("skipped", "no_address")


def test_a_worker_whose_database_was_killed_goes_on_by_itself():
    with Stack(worker=True, now=NOW) as stack:
        (person,) = stack.new_people(1)
        for aim in (Aim.GROUP, Aim.MAIN):
            stack.postgres.kill(aim)
            stack.wait_until(lambda: _is_promised(stack, person), 60, "the database does not come back")
            stack.wait_until(lambda: not stack.count("outbox where settled_at is null"), 60, "nobody keeps promises")
        assert stack.worker.starts == 1


def _is_promised(stack: Stack, person: NewPerson) -> bool:
    try:
        with connect(stack.settings.dsn()) as db:
            return outbox.promise(db, Event.LINKED, user_id=person.id, at=NOW)
    except psycopg.OperationalError:
        return False


def _doing(stack: Stack, person: NewPerson) -> int:
    """Other people may have been promised something as well: a dispatcher's digest."""
    return stack.count(f"procrastinate_jobs where lock = 'person:{person.id}' and status = 'doing'")


PROMISED = [
    Promised("a", ("receipt", "1", "2")),
    Promised("b", ("receipt", "1")),
    Promised("c", ("receipt",), poisoned=True),
]
WHOLE = {"a": ["receipt", "1", "2"], "b": ["receipt", "1"]}


@pytest.mark.parametrize(
    ("came", "kills", "finding"),
    [
        (WHOLE, 0, {}),
        (WHOLE | {"b": ["receipt"]}, 0, {"lost": 1}),
        (WHOLE | {"b": ["1", "receipt"]}, 0, {"out_of_order": 2}),
        (WHOLE | {"b": ["receipt", "1", "1"]}, 0, {"too_often": 1}),
        (WHOLE | {"b": ["receipt", "1", "1"]}, 1, {}),
        (WHOLE | {"b": ["receipt", "1", "9"]}, 0, {"unasked": 1}),
        (WHOLE | {"c": ["receipt"]}, 0, {"leaked": 1}),
        (WHOLE | {str(uuid4()): ["receipt"]}, 0, {"unasked": 1}),
        ({}, 0, {"lost": 5}),
    ],
)
def test_the_comparison_sees_each_kind_of_damage(came, kills, finding):
    nought = {"lost": 0, "out_of_order": 0, "too_often": 0, "unasked": 0, "leaked": 0}
    assert arrivals(PROMISED, came, kills) == nought | finding
