"""Keeping a promise: one message to one chat, whatever is repeated; and another address when the first is no good."""

from __future__ import annotations

from datetime import timedelta

import pytest

from express_bot.contracts.notifications import Event
from express_bot.core.notifications import keeping, outbox
from express_bot.domain.notices import Hold, Now, Skip
from tests.conftest import NOW, Api
from tests.core.looking import digest
from tests.core.notifications.conftest import latest
from tests.core.proofs import service_token


def sent(messenger, external_id="m-1"):
    """The one card that is due is shown; returns its text."""
    (card,) = messenger.claim_cards()
    assert messenger.shown(card["id"], card["rev"], card["external_id"] or external_id).status_code == 204
    return card["view"]["text"]


@pytest.fixture
def asked(db, me, desk):
    """A question to the person: something that is always told."""

    def ask(**more):
        outbox.promise(db, Event.LINKED, user_id=me, at=NOW, details={"provider": "telegram"} | more)
        return latest(db)

    return ask


def test_a_promise_becomes_one_message_in_the_chat_last_heard_of(desk, reachable, asked, express, telegram):
    reachable("telegram", "express")
    outbox_id = asked()
    assert desk.work() == [outbox_id]
    assert desk.states() == [("telegram", "waiting", None)]
    assert not desk.is_settled(outbox_id)
    assert sent(telegram)
    assert desk.states() == [("telegram", "shown", None)]
    assert desk.is_settled(outbox_id)
    assert express.claim_cards() == []


def test_a_promise_that_is_meant_for_one_side_is_told_there(desk, reachable, asked, express, telegram):
    reachable("telegram", "express")
    asked(channel="express")
    desk.work()
    assert desk.states() == [("express", "waiting", None)]
    assert (telegram.claim_cards(), bool(sent(express))) == ([], True)


def test_what_was_on_its_way_to_an_unlinked_chat_goes_to_the_other(desk, reachable, asked, express, telegram, app, me):
    reachable("telegram", "express")
    asked()
    desk.work()
    assert desk.states() == [("telegram", "waiting", None)]
    person = Api(app, service_token(act=str(me), channel="express"))
    assert person.delete("/api/smartapp/links/telegram").status_code == 200
    assert desk.states() == [("telegram", "moved", "unlinked")]
    desk.work()
    assert (telegram.claim_cards(), bool(sent(express))) == ([], True)


def test_a_job_that_is_done_again_changes_nothing(desk, reachable, asked, db, express):
    reachable("express")
    outbox_id = asked()
    desk.work()
    before = digest(db)
    assert desk.keep(outbox_id) == set()
    assert digest(db) == before
    sent(express)
    before = digest(db)
    assert desk.keep(outbox_id) == set()
    assert digest(db) == before


def test_what_the_person_does_not_want_is_skipped_with_the_reason(desk, reachable, asked, express):
    reachable("express")
    outbox_id = asked()
    desk.judge = lambda *_: Skip("muted")
    desk.work()
    assert desk.states() == [(None, "skipped", "muted")]
    assert desk.is_settled(outbox_id)
    assert (desk.work(), express.claim_cards()) == ([], [])


def test_what_is_held_comes_back_at_its_moment_and_is_told_once(desk, reachable, asked, express):
    reachable("express")
    outbox_id, morning = asked(), NOW + timedelta(hours=10)
    desk.judge = lambda *_: Hold(morning)
    desk.work()
    assert desk.states() == [(None, "held", None)]
    assert (desk.work(), express.claim_cards()) == ([], [])
    desk.now, desk.judge = morning, lambda _db, _line, channels: Now(tuple(channels))
    assert desk.work() == [outbox_id]
    assert desk.states() == [("express", "waiting", None)]
    assert sent(express)


def test_a_person_without_a_messenger_is_no_failure(desk, asked):
    outbox_id = asked()
    desk.work()
    assert desk.states() == [(None, "skipped", "no_address")]
    assert desk.is_settled(outbox_id)


def test_a_messenger_that_the_house_does_not_speak_is_no_address(desk, reachable, asked):
    reachable("telegram")
    desk.channels = frozenset({"express"})
    asked()
    desk.work()
    assert desk.states() == [(None, "skipped", "no_address")]


def test_of_a_person_who_has_left_nothing_is_told(desk, reachable, asked, db, me, express):
    reachable("express")
    asked()
    db.execute("update users set active = false where id = %s", (me,))
    desk.work()
    assert desk.states() == [(None, "skipped", "person_left")]
    assert express.claim_cards() == []


class TestAnAddressThatTakesNothing:
    """Blocked bots and deleted chats: the address is stopped and everything on its way there moves at once."""

    def test_the_next_messenger_takes_over_at_once(self, desk, reachable, asked, express, telegram, one, me):
        reachable("telegram", "express")
        outbox_id = asked()
        desk.work()
        (card,) = telegram.claim_cards()
        telegram.failed(card["id"], 1, permanent=True, no_address=True, reason="blocked")
        assert desk.work() == [outbox_id]
        assert desk.states() == [("telegram", "moved", "blocked"), ("express", "waiting", None)]
        assert sent(express)
        assert desk.is_settled(outbox_id)
        stopped = one("select * from identities where provider = 'telegram' and user_id = %s", me)
        assert (stopped["stopped_at"] is not None, stopped["stop_reason"]) == (True, "blocked")
        assert telegram.claim_cards() == []

    def test_all_that_waits_for_that_chat_moves_in_its_order(self, desk, reachable, asked, express, telegram):
        reachable("telegram", "express")
        ids = [asked() for _ in range(3)]
        desk.work()
        (card,) = telegram.claim_cards()
        telegram.failed(card["id"], 1, permanent=True, no_address=True, reason="blocked")
        assert desk.work() == ids
        assert telegram.claim_cards() == []
        for _ in ids:
            sent(express)
        assert all(map(desk.is_settled, ids))

    def test_without_another_address_it_is_dead_and_the_next_ones_too(self, desk, reachable, asked, telegram):
        reachable("telegram")
        asked()
        desk.work()
        (card,) = telegram.claim_cards()
        telegram.failed(card["id"], 1, permanent=True, no_address=True, reason="blocked")
        desk.work()
        asked()
        desk.work()
        assert desk.states() == [("telegram", "dead", "blocked"), (None, "dead", "blocked")]

    def test_whatever_the_chat_says_opens_it_again(self, desk, reachable, asked, telegram, one, me):
        reachable("telegram")
        asked()
        desk.work()
        (card,) = telegram.claim_cards()
        telegram.failed(card["id"], 1, permanent=True, no_address=True, reason="blocked")
        telegram.tell("update-1", chat=telegram.chat)
        address = one("select * from identities where provider = 'telegram' and user_id = %s", me)
        assert (address["stopped_at"], address["stop_reason"]) == (None, None)
        asked()
        desk.work()
        assert desk.states()[-1] == ("telegram", "waiting", None)

    def test_a_message_that_only_this_messenger_refuses_does_not_stop_the_address(
        self, desk, reachable, asked, express, telegram, one, me
    ):
        reachable("telegram", "express")
        asked()
        desk.work()
        (card,) = telegram.claim_cards()
        telegram.failed(card["id"], 1, permanent=True, reason="refused")
        desk.work()
        assert desk.states() == [("telegram", "moved", "refused"), ("express", "waiting", None)]
        assert one("select * from identities where provider = 'telegram' and user_id = %s", me)["stopped_at"] is None

    def test_a_message_that_was_taken_and_then_lost_for_good_moves_too(self, desk, reachable, asked, express, telegram):
        reachable("express", "telegram")
        outbox_id = asked()
        desk.work()
        sent(express)
        assert desk.is_settled(outbox_id)
        assert express.callback("m-1", "error", "chat_not_found")
        assert not desk.is_settled(outbox_id)
        assert desk.work() == [outbox_id]
        assert desk.states() == [("express", "moved", "chat_not_found"), ("telegram", "waiting", None)]


class TestATemporaryFailure:
    def test_it_is_counted_and_nothing_moves(self, desk, reachable, asked, express, one):
        reachable("express", "telegram")
        asked()
        desk.work()
        (card,) = express.claim_cards()
        express.failed(card["id"], 1)
        assert desk.states() == [("express", "waiting", "botx_unavailable")]
        assert one("select attempts from deliveries")["attempts"] == 1
        assert desk.work() == []

    def test_after_a_while_the_other_messenger_takes_over_and_only_it(
        self, desk, reachable, asked, db, express, telegram
    ):
        reachable("express", "telegram")
        outbox_id = asked()
        desk.work()
        (card,) = express.claim_cards()
        express.failed(card["id"], 1)
        assert moved(db, desk) == 0, "not before its time"
        age(db)
        assert moved(db, desk) == 1
        assert desk.work() == [outbox_id]
        assert desk.states() == [("express", "moved", "late"), ("telegram", "waiting", None)]
        db.execute("update cards set due_at = clock_timestamp()")
        assert express.claim_cards() == []
        age(db)
        assert moved(db, desk) == 0, "there is no third one, and no way back"
        assert sent(telegram)
        assert desk.is_settled(outbox_id)

    def test_a_message_that_is_being_sent_stays_where_it_is(self, desk, reachable, asked, db, express):
        reachable("express", "telegram")
        asked()
        desk.work()
        (card,) = express.claim_cards()
        age(db)
        assert moved(db, desk) == 0
        express.shown(card["id"], 1, "m-1")
        assert (moved(db, desk), desk.states()) == (0, [("express", "shown", None)])

    def test_with_one_messenger_it_waits_for_as_long_as_it_takes(self, desk, reachable, asked, db, express):
        reachable("express")
        asked()
        desk.work()
        age(db)
        assert moved(db, desk) == 0
        assert sent(express)


def age(db) -> None:
    db.execute("update deliveries set waiting_since = waiting_since - interval '20 minutes' where state = 'waiting'")


def moved(db, desk) -> int:
    with db.transaction():
        return keeping.move_overdue(db, seconds=900, channels=desk.channels)


class TestTheStatusCard:
    """One message of an application that says how it stands."""

    def test_filing_in_the_app_makes_it_and_changes_rewrite_it_silently(self, desk, reachable, api, express, rows):
        reachable("express")
        employee = api.as_("employee")
        number = employee.submit().json["number"]
        desk.work()
        assert number in sent(express)
        employee.post(f"/api/smartapp/applications/{number}/withdraw", {"version": 1}, key="withdraw-it-now")
        desk.work()
        (edit,) = express.claim_cards()
        assert edit["external_id"] == "m-1"
        express.shown(edit["id"], edit["rev"], "m-1")
        assert rows("cards") == 1
        assert [state for _, state, _ in desk.states()] == ["shown", "shown"]

    def test_filing_twice_the_same_is_one_message(self, desk, reachable, api, express, rows):
        reachable("express")
        employee = api.as_("employee")
        employee.submit()
        employee.submit()
        desk.work()
        sent(express)
        assert (rows("cards"), rows("deliveries")) == (1, 1)

    def test_without_it_a_change_says_nothing(self, desk, reachable, api, express):
        employee = api.as_("employee")
        number = employee.submit().json["number"]
        desk.work()
        reachable("express")
        employee.post(f"/api/smartapp/applications/{number}/withdraw", {"version": 1}, key="withdraw-it-now")
        desk.work()
        assert desk.states()[-1] == (None, "skipped", "no_status_card")
        assert express.claim_cards() == []

    def test_a_decision_comes_in_a_new_message_and_the_card_points_to_it(self, desk, reachable, api, express, db, me):
        reachable("express")
        api.as_("employee").submit()
        desk.work()
        sent(express)
        application = db.execute("select max(id) as id from applications").fetchone()["id"]
        db.execute(
            "update applications set status = 'approved', decision = %s where id = %s",
            (
                '{"outcome": "approved", "reason_code": "ok", "reason": {"ru": "места есть"},'
                ' "decided_at": "2026-12-10T10:00:00+03:00"}',
                application,
            ),
        )
        outbox.promise(db, Event.DECIDED, user_id=me, at=NOW, details={"applications": [application]})
        desk.work()
        (news,) = express.claim_cards()
        assert news["external_id"] is None
        express.shown(news["id"], 1, "m-2")
        (pointer,) = express.claim_cards()
        assert (pointer["external_id"], "см. ниже" in pointer["view"]["text"]) == ("m-1", True)

    def test_an_application_filed_in_the_conversation_has_its_receipt_there(self, desk, reachable, app, express, me):
        reachable("express")
        headers = {"Idempotency-Key": "filed-in-the-chat", "X-Door": "dialog"}
        answer = Api(app, service_token(act=str(me), channel="express")).post(
            "/api/smartapp/submit",
            {"form": "flight", "answers": {"direction": "vvo", "date": "2027-01-15"}},
            headers=headers,
        )
        assert answer.status_code == 201
        desk.work()
        assert desk.states() == [(None, "skipped", "said_in_dialog")]
        assert express.claim_cards() == []

    def test_nobody_else_can_say_that_it_was_filed_there(self, desk, reachable, api, express):
        reachable("express")
        answer = api.as_("employee").post(
            "/api/smartapp/submit",
            {"form": "flight", "answers": {"direction": "vvo", "date": "2027-01-15"}},
            headers={"Idempotency-Key": "filed-in-the-app", "X-Door": "dialog"},
        )
        assert answer.status_code == 201
        desk.work()
        assert sent(express)


def test_a_defect_that_does_not_go_away_is_dead_and_not_silent(desk, reachable, asked, db):
    reachable("express")
    outbox_id = asked()
    desk.relay()
    with db.transaction():
        keeping.give_up(db, outbox_id, "defect: KeyError")
    assert desk.states() == [(None, "dead", "defect: KeyError")]
    assert desk.is_settled(outbox_id)
