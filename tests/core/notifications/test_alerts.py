"""Notifications that do not arrive are told to the administrators: once per incident, by a notification."""

from __future__ import annotations

import pytest

from express_bot.contracts.notifications import Event
from express_bot.core.demo.people import PERSONAS
from express_bot.core.notifications import alerts, outbox
from express_bot.core.users import repository as users
from tests.conftest import NOW

LATE = 300


@pytest.fixture
def waits(db, me):
    """A promise to the employee that is due for so many seconds."""

    def wait(seconds: float) -> None:
        outbox.promise(db, Event.LINKED, user_id=me, at=NOW, details={"provider": "telegram"})
        db.execute(
            "update outbox set due_at = clock_timestamp() - make_interval(secs => %s)"
            " where id = (select max(id) from outbox)",
            (seconds,),
        )

    return wait


@pytest.fixture
def told(db):
    """Whom an alert was promised to, and what it says."""

    def read() -> list[tuple[object, dict[str, object]]]:
        rows = db.execute(
            "select user_id, details from outbox where event = %s order by id", (Event.OPERATOR_ALERT,)
        ).fetchall()
        return [(row["user_id"], row["details"]) for row in rows]

    return read


@pytest.fixture
def admin(db):
    return users.find_by_identity(db, "demo", PERSONAS["admin"])["id"]


def look(db) -> int:
    return alerts.tell_of_delay(db, seconds=LATE, now=NOW)


def test_what_is_only_under_way_alarms_nobody(db, waits, told):
    waits(LATE - 60)
    assert (look(db), told()) == (0, [])


def test_the_administrators_alone_are_told_how_many_wait_and_since_when(db, waits, told, admin):
    waits(LATE + 60)
    waits(5)
    assert look(db) == 1
    ((person, details),) = told()
    assert (person, details["code"], details["waiting"]) == (admin, "undelivered", 2)


def test_an_incident_is_told_once_and_again_after_an_hour(db, waits, told):
    waits(LATE + 60)
    look(db)
    waits(LATE + 600)
    assert (look(db), len(told())) == (0, 1)
    db.execute("update outbox set due_at = due_at - interval '61 minutes' where event = 'operator_alert'")
    db.execute("update outbox set settled_at = now() where id = (select min(id) from outbox where settled_at is null)")
    assert (look(db), len(told())) == (1, 2)


def test_an_alert_that_waits_keeps_no_incident_alive(db, waits, told):
    waits(LATE + 60)
    look(db)
    db.execute("update outbox set settled_at = now() where event <> 'operator_alert'")
    db.execute("update outbox set due_at = due_at - interval '2 hours' where event = 'operator_alert'")
    assert (look(db), len(told())) == (0, 1)


def test_what_waits_for_the_end_of_quiet_hours_is_not_late(db, waits, told):
    waits(LATE + 60)
    db.execute("update outbox set held_until = now() + interval '5 hours' where settled_at is null")
    assert (look(db), told()) == (0, [])


def test_the_alert_names_the_incident(db, waits, desk, reachable, admin, express):
    reachable("express")
    db.execute(
        "insert into identities (provider, subject, user_id, chat) values ('express', 'of-the-admin', %s, 'chat-9')"
        " on conflict do nothing",
        (admin,),
    )
    db.execute("update identities set chat = 'chat-9' where user_id = %s and provider = 'express'", (admin,))
    waits(LATE + 60)
    look(db)
    desk.work()
    texts = [card["view"]["text"] for card in express.claim_cards() if card["chat"] == "chat-9"]
    assert len(texts) == 1
    assert "Уведомления не доходят до людей" in texts[0]
