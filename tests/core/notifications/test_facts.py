"""What a text is told of a promise: the same documents as the doors send, in the person's own language."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from express_bot.contracts import errors
from express_bot.contracts.notifications import Event
from express_bot.core.demo.people import PERSONAS
from express_bot.core.notifications import outbox, service
from express_bot.core.reference import load
from express_bot.core.users import repository as users
from tests.conftest import NOW


@pytest.fixture
def told(db):
    """The notice of a promise, for eXpress."""

    def look(outbox_id: int):
        return service.facts(db, outbox_id, reference=load(db), now=NOW, channel="express", card_id=uuid4())

    return look


@pytest.fixture
def me(db) -> UUID:
    return users.find_by_identity(db, "demo", PERSONAS["employee"])["id"]


def latest(db) -> int:
    return db.execute("select max(id) as id from outbox").fetchone()["id"]


def test_a_filed_application_is_told_as_its_door_tells_it(api, db, told):
    employee = api.as_("employee")
    number = employee.submit().json["number"]
    notice = told(latest(db))
    assert notice.event is Event.SUBMITTED
    assert notice.application == employee.get(f"/api/smartapp/applications/{number}").json
    assert notice.period["id"] == notice.application["period"]["id"]
    assert (notice.timezone, notice.applications, notice.draft) == ("Europe/Moscow", [], None)


def test_it_speaks_the_persons_language(api, db, told):
    employee = api.as_("employee")
    employee.submit()
    employee.patch("/api/smartapp/me", {"locale": "en"})
    notice = told(latest(db))
    assert (notice.locale, notice.application["status_label"]) == (
        "en",
        employee.in_("en").get(f"/api/smartapp/applications/{notice.application['number']}").json["status_label"],
    )


def test_a_publication_tells_all_decisions_of_a_person_in_the_order_of_filing(db, me, told):
    ids = [row["id"] for row in db.execute("select id from applications where applicant_id = %s order by id", (me,))]
    assert len(ids) > 1
    outbox.promise(db, Event.DECIDED, user_id=me, at=NOW, details={"applications": ids[::-1]})
    notice = told(latest(db))
    assert [document["status"] for document in notice.applications] != []
    assert len(notice.applications) == len(ids)
    assert notice.application is None


def test_an_opening_knows_its_period_and_what_the_person_filed_before(db, me, told):
    period = load(db).open_period("flight", NOW)
    outbox.promise(db, Event.PERIOD_OPENED, user_id=me, at=NOW, details={"period": period.id})
    notice = told(latest(db))
    assert (notice.period["id"], notice.period["filed"]) == (period.id, 0)
    codes = [repeat["code"] for repeat in notice.details["repeats"]]
    filed = [
        row["direction"] for row in db.execute("select direction from applications where applicant_id = %s", (me,))
    ]
    assert 1 <= len(codes) == len(set(codes)) <= 2
    assert set(codes) <= set(filed)
    assert all(repeat["name"] and 1 <= repeat["month"] <= 12 for repeat in notice.details["repeats"])


def test_a_reminder_that_was_held_speaks_of_the_present_and_news_of_when_it_happened(db, me, told):
    before = NOW - timedelta(hours=9)
    period = db.execute("select id from periods where opens_at <= %s and closes_at > %s", (NOW, NOW)).fetchone()["id"]
    for event, moment in ((Event.REMINDER, NOW), (Event.PERIOD_OPENED, before)):
        outbox.promise(db, event, user_id=me, at=before, details={"period": period})
        assert told(latest(db)).at == moment


def test_a_draft_left_is_told_in_words(api, db, me, told):
    period = load(db).open_period("flight", NOW)
    draft = {"form": "flight", "answers": {"direction": "vvo", "date": 5}, "client_key": "draft-of-the-notice"}
    api.as_("employee").put("/api/smartapp/draft", draft)
    outbox.promise(db, Event.DRAFT_LEFT, user_id=me, at=NOW, details={"period": period.id})
    notice = told(latest(db))
    assert "Владивосток" in notice.draft["title"]
    assert notice.draft["form"] == "flight"
    assert notice.draft["missing"]


def test_nothing_is_told_of_a_promise_that_is_not_there_or_of_a_person_who_has_left(db, me, told):
    outbox.promise(db, Event.LINKED, user_id=me, at=NOW)
    db.execute("update users set active = false where id = %s", (me,))
    for promise in (latest(db), 2**40):
        with pytest.raises(errors.NotFound):
            told(promise)
