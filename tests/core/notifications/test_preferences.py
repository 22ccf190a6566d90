"""How a person is notified: what they choose, what holds where they chose nothing, and what follows for a promise."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from express_bot.contracts.notifications import Event
from express_bot.core.demo.people import PERSONAS
from express_bot.core.notifications import outbox, preferences, repository
from express_bot.core.reminders.rules import rules_of
from express_bot.core.users import repository as users
from express_bot.domain.notices import Hold, Now, Skip
from tests.conftest import NOW
from tests.core.looking import trail
from tests.core.refusals import assert_refused, fields

MINE = "/api/smartapp/me/notifications"
NIGHT = datetime(2026, 12, 3, 21, tzinfo=UTC)  # 00:00 in Moscow
MORNING = datetime(2026, 12, 4, 5, tzinfo=UTC)


@pytest.fixture
def employee(api):
    return api.as_("employee")


@pytest.fixture
def me(db) -> UUID:
    return users.find_by_identity(db, "demo", PERSONAS["employee"])["id"]


@pytest.fixture
def reachable(db, me):
    """The employee has chats in these messengers, the last one is the one last heard of."""

    def link(*channels: str) -> None:
        for minute, channel in enumerate(channels):
            db.execute("delete from identities where provider = %s and user_id = %s", (channel, me))
            db.execute(
                "insert into identities (provider, subject, user_id, chat, last_seen_at) values (%s, %s, %s, %s, %s)",
                (channel, f"{channel}-id", me, f"{channel}-chat", NOW.replace(minute=minute)),
            )

    return link


@pytest.fixture
def judged(db, me, settings):
    """The verdict about a promise made to the employee."""

    def judge(event: Event, now: datetime = MORNING, channels=("express", "telegram"), at=None, **details):
        outbox.promise(db, event, user_id=me, at=at or now, details=details)
        line = repository.find(db, db.execute("select max(id) as id from outbox").fetchone()["id"])
        return preferences.judge(db, line, channels, now=now, rules=rules_of(settings))

    return judge


def test_whoever_has_chosen_nothing_has_what_the_house_and_the_base_have(employee):
    assert employee.get(MINE).json == {
        "preferred": None,
        "muted": {},
        "quiet": {"from": "22:00", "to": "08:00", "on": True},
        "timezone": "Europe/Moscow",
        "timezone_chosen": False,
        "channels": [],
    }


def test_the_zone_is_the_bases_until_another_is_chosen(employee, db, me):
    db.execute("""update users set profile = profile || '{"location": "kja"}' where id = %s""", (me,))
    assert employee.get(MINE).json["timezone"] == "Asia/Krasnoyarsk"
    chosen = employee.patch(MINE, {"timezone": "Asia/Vladivostok"}).json
    assert (chosen["timezone"], chosen["timezone_chosen"]) == ("Asia/Vladivostok", True)
    back = employee.patch(MINE, {"timezone": None}).json
    assert (back["timezone"], back["timezone_chosen"]) == ("Asia/Krasnoyarsk", False)


def test_changes_keep_what_they_do_not_name_and_leave_a_line_in_the_audit(employee, reachable, db, me):
    reachable("express", "telegram")
    employee.patch(MINE, {"muted": {"express": ["openings", "digests", "openings"]}, "preferred": "telegram"})
    employee.patch(MINE, {"quiet": {"from": "23:30", "to": "07:00:00"}})
    told = employee.patch(MINE, {"muted": {"telegram": ["reminders"]}}).json
    assert told == employee.get(MINE).json
    assert told["muted"] == {"express": ["digests", "openings"], "telegram": ["reminders"]}
    assert told["quiet"] == {"from": "23:30", "to": "07:00", "on": True}
    assert (told["preferred"], told["channels"]) == ("telegram", ["telegram", "express"])
    assert [act for act in trail(db, str(me)) if act != "session.open"] == ["notifications.change"] * 3
    assert employee.patch(MINE, {"muted": {"express": []}}).json["muted"] == {"telegram": ["reminders"]}
    assert employee.patch(MINE, {"muted": None, "quiet": None, "preferred": None}).json["muted"] == {}


@pytest.mark.parametrize(
    ("body", "code", "field"),
    [
        ({"timezone": "Moscow"}, "timezone_unknown", "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone_unknown", "timezone"),
        ({"quiet": {"from": "08:00", "to": "08:00:00"}}, "quiet_hours_empty", "quiet.to"),
        ({"preferred": "telegram"}, "channel_not_linked", "preferred"),
        ({"quiet": {"from": "8:00"}}, "invalid_body", "quiet.from"),
        ({"quiet": {"from": "24:00"}}, "invalid_body", "quiet.from"),
        ({"muted": {"express": ["decisions"]}}, "invalid_body", "muted.express.0"),
        ({"muted": {"pigeon": []}}, "invalid_body", "muted.pigeon.[key]"),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused_by_name(untouched, body, code, field):
    document = assert_refused(untouched.as_("employee"), "PATCH", MINE, 422, code, json=body)
    assert [name for name, _ in fields(document)] == [field]


# ── what follows for a promise ──


def test_a_reminder_waits_for_the_morning_and_a_question_does_not(judged):
    assert judged(Event.REMINDER, NIGHT) == Hold(MORNING)
    assert judged(Event.REMINDER, MORNING) == Now(("express", "telegram"))
    assert judged(Event.QUESTION, NIGHT) == Now(("express", "telegram"))


def test_quiet_hours_are_those_of_the_person_and_off_is_off(judged, employee):
    employee.patch(MINE, {"timezone": "Asia/Vladivostok"})
    assert isinstance(judged(Event.REMINDER, NIGHT.replace(hour=16)), Hold)  # 02:00 there, 19:00 in Moscow
    assert isinstance(judged(Event.REMINDER, NIGHT.replace(hour=23)), Now)  # 09:00 there, 02:00 in Moscow
    employee.patch(MINE, {"quiet": {"on": False}})
    assert isinstance(judged(Event.REMINDER, NIGHT.replace(hour=16)), Now)


def test_a_decision_about_tomorrow_wakes_and_one_about_january_does_not(judged, employee, db):
    number = employee.submit().json["number"]
    [known] = db.execute("select id from applications where number = %s", (number,)).fetchall()
    assert judged(Event.DECIDED, NIGHT, applications=[known["id"]]) == Hold(MORNING)
    db.execute("update applications set target_date = '2026-12-04' where id = %s", (known["id"],))
    assert judged(Event.DECIDED, NIGHT, applications=[known["id"]]) == Now(("express", "telegram"))


def test_a_muted_topic_is_silent_in_that_messenger_alone(judged, employee):
    employee.patch(MINE, {"muted": {"express": ["openings"]}})
    assert judged(Event.PERIOD_OPENED) == Now(("telegram",))
    assert judged(Event.PERIOD_OPENED, channels=("express",)) == Skip("muted")
    assert judged(Event.PERIOD_OPENED, channels=("express",), wanted=True) == Now(("express",))


def test_what_lost_its_point_is_not_told(judged, db):
    period = db.execute(
        "select id, closes_at from periods where opens_at <= %s and closes_at > %s", (NOW, NOW)
    ).fetchone()
    assert judged(Event.REMINDER, period["closes_at"], period=period["id"]) == Skip("too_late")
    assert judged(Event.QUEUE_DIGEST, MORNING.replace(hour=15), at=MORNING) == Skip("too_late")


def test_after_three_notices_of_a_month_a_reminder_is_enough_noise(judged, db):
    def show():
        db.execute("insert into deliveries (outbox_id, channel, state) select max(id), 'express', 'shown' from outbox")

    for event in (Event.PERIOD_OPENED, Event.REMINDER, Event.DRAFT_LEFT):
        assert isinstance(judged(event), Now)
        show()
    assert judged(Event.REMINDER) == Skip("enough")
    assert judged(Event.PERIOD_OPENED) == Skip("enough")
    assert judged(Event.PERIOD_OPENED, wanted=True) == Now(("express", "telegram"))
    assert judged(Event.DECIDED) == Now(("express", "telegram"))
    assert judged(Event.REMINDER, datetime(2027, 1, 1, 9, tzinfo=UTC)) == Now(("express", "telegram"))


def test_what_a_wrong_clock_told_in_months_to_come_does_not_count_now(judged, db):
    for _ in range(3):
        judged(Event.REMINDER, datetime(2027, 3, 4, 9, tzinfo=UTC))
        db.execute("insert into deliveries (outbox_id, channel, state) select max(id), 'express', 'shown' from outbox")
    assert judged(Event.REMINDER) == Now(("express", "telegram"))
    assert judged(Event.REMINDER, datetime(2027, 3, 5, 9, tzinfo=UTC)) == Skip("enough")


def test_what_was_promised_in_the_last_night_of_a_month_counts_for_the_morning_it_was_heard_in(judged, db):
    for _ in range(2):
        judged(Event.REMINDER, datetime(2026, 11, 30, 20, tzinfo=UTC))  # 23:00 in Moscow
        db.execute("insert into deliveries (outbox_id, channel, state) select max(id), 'express', 'shown' from outbox")
    assert judged(Event.REMINDER, datetime(2026, 12, 3, 9, tzinfo=UTC)) == Skip("enough")


def test_what_was_promised_and_never_told_is_no_noise(judged):
    for _ in range(5):
        assert isinstance(judged(Event.REMINDER), Now)


def test_a_zone_that_is_no_more_is_the_bases(judged, employee, db, me):
    db.execute("""update users set preferences = '{"timezone": "Mars/Olympus"}' where id = %s""", (me,))
    assert employee.get(MINE).json["timezone"] == "Europe/Moscow"
    assert judged(Event.REMINDER, NIGHT) == Hold(MORNING)
