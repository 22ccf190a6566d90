"""Promises: in the transaction of their cause, and once where they are named."""

from __future__ import annotations

from uuid import uuid4

import psycopg
import pytest

from express_bot.contracts.notifications import Event
from express_bot.core.notifications import outbox
from tests.conftest import NOW


def test_a_named_promise_is_made_once_whoever_makes_it_again(db, one):
    person = uuid4()
    told = [
        outbox.promise(db, Event.REMINDER, user_id=person, at=NOW, details={"period": 7}, once="reminder/7/48h/anna")
        for _ in range(3)
    ]
    assert told == [True, False, False]
    line = one("select * from outbox where user_id = %s", person)
    assert (line["event"], line["details"], line["created_at"]) == ("reminder", {"period": 7}, NOW)
    assert (line["relayed_at"], line["settled_at"]) == (None, None)


def test_promises_without_a_name_are_as_many_as_were_made(db, rows):
    person = uuid4()
    assert [outbox.promise(db, Event.LINKED, user_id=person, at=NOW) for _ in range(2)] == [True, True]
    assert rows("outbox", f"user_id = '{person}'") == 2


def test_many_are_promised_in_one_statement_and_the_known_ones_are_left_out(db, rows):
    people = [uuid4() for _ in range(50)]
    named = [{"user_id": person, "once": f"opened/7/{person}"} for person in people]
    assert outbox.promise_many(db, Event.PERIOD_OPENED, named[:20], NOW) == 20
    assert outbox.promise_many(db, Event.PERIOD_OPENED, named, NOW) == 30
    assert outbox.promise_many(db, Event.PERIOD_OPENED, [], NOW) == 0
    assert rows("outbox", "event = 'period_opened'") == 50


def test_a_promise_dies_with_its_cause(db, rows):
    with db.transaction() as cause:
        outbox.promise(db, Event.LINKED, user_id=uuid4(), at=NOW)
        raise psycopg.Rollback(cause)
    assert rows("outbox", "event = 'channel_linked'") == 0


def test_a_promise_about_an_application_that_is_not_there_is_refused(db):
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        outbox.promise(db, Event.EDITED, user_id=uuid4(), at=NOW, application_id=2**40)
