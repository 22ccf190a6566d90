"""What a messenger told us is kept once, handled in order, by one at a time, and never lost."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from express_bot.core.db.session import connect
from express_bot.core.inbox import repository
from tests.core.dialogs.looking import about
from tests.core.messenger import Messenger
from tests.core.refusals import assert_refused

STATE = "select state, attempts, reason, lease_until, finished_at from inbox where event_id = %s"


def _let_leases_end(db: Any) -> None:
    db.execute("update inbox set lease_until = clock_timestamp() - interval '1 second' where lease_until is not null")


def _let_pauses_end(db: Any) -> None:
    db.execute("update inbox set due_at = clock_timestamp() where state = 'waiting'")


class TestKeeping:
    def test_a_new_event_is_kept_as_it_came(self, express: Messenger, one: Any) -> None:
        kept = express.tell("e-1", chat="chat-7", kind="press", token="v1.x", text="Да")
        assert (kept.status_code, kept.json) == (201, {"fresh": True})
        row = one("select channel, kind, chat, payload, state, attempts from inbox where event_id = 'e-1'")
        assert row["payload"] == {"token": "v1.x", "text": "Да"}
        assert (row["channel"], row["kind"], row["chat"], row["state"]) == ("express", "press", "chat-7", "waiting")

    def test_the_same_event_again_is_known_and_stays_as_it_was(self, express: Messenger, one: Any) -> None:
        express.tell("e-1", text="first")
        again = express.tell("e-1", chat="another", kind="press", text="second")
        assert (again.status_code, again.json) == (200, {"fresh": False})
        row = one("select kind, chat, payload from inbox")
        assert row == {"kind": "text", "chat": "chat-1", "payload": {"text": "first"}}

    def test_one_event_32_times_at_once_is_one_row_and_fresh_once(self, express: Messenger, rows: Any) -> None:
        with ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda _: express.tell("e-1", text="x"), range(32)))
        assert sorted(answer.status_code for answer in answers) == [200] * 31 + [201]
        assert sum(answer.json["fresh"] for answer in answers) == 1
        assert rows("inbox") == 1

    def test_an_event_that_is_done_is_not_fresh_again(self, express: Messenger) -> None:
        express.tell("e-1")
        express.done("e-1")
        assert express.tell("e-1").json == {"fresh": False}
        assert express.claimed_ids() == []

    def test_two_messengers_may_use_the_same_id(self, app: Flask, express: Messenger, rows: Any) -> None:
        telegram = Messenger(app, "telegram")
        assert express.tell("1").json["fresh"]
        assert telegram.tell("1").json["fresh"]
        assert rows("inbox") == 2
        assert telegram.claimed_ids() == ["1"]
        assert express.claimed_ids() == ["1"]

    @pytest.mark.parametrize("event_id", ["x" * 201, "a b", "событие", "a%0Ab"])
    def test_an_odd_id_is_refused(self, express: Messenger, rows: Any, event_id: str) -> None:
        refused = express.tell(event_id)
        assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "event_id")
        assert rows("inbox") == 0

    def test_an_id_of_200_characters_is_kept(self, express: Messenger) -> None:
        longest = "x" * 200
        assert express.tell(longest).status_code == 201
        assert express.claimed_ids() == [longest]

    def test_an_unknown_messenger_is_refused(self, express: Messenger, rows: Any) -> None:
        refused = express.put("inbox/icq/e-1", {"kind": "text", "chat": None, "payload": {}})
        assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "channel")
        assert rows("inbox") == 0


class TestClaiming:
    def test_an_event_tells_all_that_is_known_of_it(self, express: Messenger) -> None:
        express.tell("e-1", text="Привет")
        (event,) = express.claim_events()
        assert event.pop("received_at") < event.pop("lease_until")
        assert event == {
            "channel": "express",
            "event_id": "e-1",
            "kind": "text",
            "chat": "chat-1",
            "payload": {"text": "Привет"},
            "attempts": 0,
        }

    def test_of_each_chat_the_oldest_comes_and_the_next_only_when_it_is_done(self, express: Messenger) -> None:
        for event_id, chat in (("a-1", "a"), ("b-1", "b"), ("a-2", "a"), ("b-2", "b"), ("c-1", "c")):
            express.tell(event_id, chat=chat)
        assert express.claimed_ids() == ["a-1", "b-1", "c-1"]
        assert express.claimed_ids() == []
        express.done("b-1")
        assert express.claimed_ids() == ["b-2"]
        express.done("a-1")
        assert express.claimed_ids() == ["a-2"]

    def test_events_without_a_chat_wait_for_nobody(self, express: Messenger) -> None:
        for number in range(5):
            express.tell(f"e-{number}", chat=None)
        assert express.claimed_ids(limit=3) == ["e-0", "e-1", "e-2"]
        assert express.claimed_ids() == ["e-3", "e-4"]

    def test_no_more_come_than_are_asked_for_and_the_oldest_first(self, express: Messenger) -> None:
        for number in range(8):
            express.tell(f"e-{number}", chat=f"chat-{number}")
        assert express.claimed_ids(limit=5) == [f"e-{number}" for number in range(5)]

    def test_claimers_at_once_share_the_events_and_the_chats(self, express: Messenger, rows: Any) -> None:
        for number in range(60):
            express.tell(f"e-{number}", chat=f"chat-{number % 20}")
        with ThreadPoolExecutor(8) as pool:
            shares = list(pool.map(lambda _: express.claim_events(limit=4), range(16)))
        claimed = [event for share in shares for event in share]
        assert len(claimed) == 20
        assert len({event["event_id"] for event in claimed}) == 20
        assert len({event["chat"] for event in claimed}) == 20
        assert rows("inbox", "lease_until is not null") == 20

    def test_claimers_that_finish_at_once_handle_each_event_once_and_in_order(self, express: Messenger) -> None:
        for number in range(80):
            express.tell(f"{number:02}", chat=f"chat-{number % 8}")
        handled: list[dict[str, Any]] = []

        def work(_: int) -> None:
            while events := express.claim_events(limit=2):
                handled.extend(events)
                for event in events:
                    express.done(event["event_id"])

        with ThreadPoolExecutor(6) as pool:
            list(pool.map(work, range(6)))
        work(0)  # the last claimers may have met chats that were just being handled
        assert sorted(event["event_id"] for event in handled) == [f"{number:02}" for number in range(80)]
        for chat in {event["chat"] for event in handled}:
            ids = [event["event_id"] for event in handled if event["chat"] == chat]
            assert ids == sorted(ids), chat

    def test_while_an_older_one_appears_late_the_chat_is_still_handled_one_by_one(
        self, express: Messenger, db: Any
    ) -> None:
        express.tell("second")
        db.execute("update inbox set id = 2 + id where event_id = 'second'")
        assert express.claimed_ids() == ["second"]
        express.tell("first")
        db.execute("update inbox set id = 1 where event_id = 'first'")
        assert express.claimed_ids() == []
        express.done("second")
        assert express.claimed_ids() == ["first"]

    def test_a_claim_waits_for_the_claim_before_it_and_sees_what_that_took(
        self, express: Messenger, db: Any, dsn: str
    ) -> None:
        express.tell("second")
        db.execute("update inbox set id = 2 + id")
        with ThreadPoolExecutor(1) as pool, connect(dsn) as other:
            with db.transaction():
                repository.take_turn(db, "express")
                assert len(repository.claim(db, "express", limit=5, lease_seconds=60)) == 1
                express.tell("first")
                other.execute("update inbox set id = 1 where event_id = 'first'")
                later = pool.submit(express.claimed_ids)
                time.sleep(0.3)
                assert not later.done()
            assert later.result() == []

    def test_an_event_that_is_being_written_to_is_skipped_not_waited_for(self, express: Messenger, db: Any) -> None:
        express.tell("a-1", chat="a")
        express.tell("b-1", chat="b")
        with db.transaction():
            db.execute("select 1 from inbox where event_id = 'a-1' for update")
            assert express.claimed_ids() == ["b-1"]
        assert express.claimed_ids() == ["a-1"]

    def test_a_lease_that_ran_out_is_offered_again_and_counts_as_no_failure(self, express: Messenger, db: Any) -> None:
        express.tell("e-1")
        for _ in range(10):
            (event,) = express.claim_events()
            assert (event["event_id"], event["attempts"]) == ("e-1", 0)
            assert express.claim_events() == []
            _let_leases_end(db)
        assert express.claimed_ids() == ["e-1"]

    def test_a_lease_lasts_as_long_as_was_asked_for_by_the_real_clock(self, express: Messenger, one: Any) -> None:
        express.tell("e-1")
        express.claim_events(lease=90)
        row = one("select extract(epoch from lease_until - clock_timestamp()) as left from inbox")
        assert 85 < row["left"] <= 90


class TestExtending:
    def test_work_that_goes_on_is_offered_to_nobody_until_its_new_end(self, express: Messenger, one: Any) -> None:
        express.tell("e-1")
        (event,) = express.claim_events(lease=10)
        assert express.extend(event, 50) is True
        row = one("select extract(epoch from lease_until - clock_timestamp()) as left, attempts from inbox")
        assert 55 < row["left"] <= 60
        assert row["attempts"] == 0
        assert express.claimed_ids() == []

    def test_the_same_extension_told_twice_is_one(self, express: Messenger, one: Any) -> None:
        express.tell("e-1")
        (event,) = express.claim_events(lease=10)
        assert [express.extend(event, 5), express.extend(event, 5)] == [True, True]
        row = one("select extract(epoch from lease_until - clock_timestamp()) as left from inbox")
        assert 10 < row["left"] <= 15

    def test_the_next_extension_counts_from_the_end_before_it(self, express: Messenger) -> None:
        express.tell("e-1")
        (event,) = express.claim_events(lease=10)
        assert express.extend(event, 3) is True
        later = datetime.fromisoformat(event["lease_until"]) + timedelta(seconds=3)
        assert express.extend(event | {"lease_until": later.isoformat()}, 3) is True
        assert express.extend(event, 3) is False, "its end was moved twice since"

    def test_a_lease_that_ran_out_is_not_brought_back(self, express: Messenger, db: Any, one: Any) -> None:
        express.tell("e-1")
        (event,) = express.claim_events()
        _let_leases_end(db)
        ended = one("select lease_until from inbox")
        assert express.extend(event | {"lease_until": ended["lease_until"].isoformat()}, 30) is False
        assert one("select lease_until from inbox") == ended
        assert express.claimed_ids() == ["e-1"]

    def test_nobody_prolongs_what_somebody_else_has_taken_meanwhile(
        self, express: Messenger, db: Any, one: Any
    ) -> None:
        express.tell("e-1")
        (mine,) = express.claim_events()
        _let_leases_end(db)
        (theirs,) = express.claim_events()
        before = one("select lease_until from inbox")
        assert express.extend(mine, 30) is False
        assert one("select lease_until from inbox") == before
        assert express.extend(theirs, 30) is True

    def test_what_is_done_put_off_or_was_never_there_is_nobodys(self, express: Messenger, one: Any) -> None:
        express.tell("e-1", chat="a")
        express.tell("e-2", chat="b")
        done, failed = express.claim_events()
        express.done("e-1")
        express.fail("e-2")
        assert [express.extend(event, 30) for event in (done, failed, done | {"event_id": "e-9"})] == [False] * 3
        assert one("select count(*) as n from inbox where lease_until is not null")["n"] == 0

    def test_an_extension_waits_for_the_claim_before_it(self, express: Messenger, db: Any) -> None:
        express.tell("e-1")
        (event,) = express.claim_events()
        with ThreadPoolExecutor(1) as pool:
            with db.transaction():
                repository.take_turn(db, "express")
                later = pool.submit(express.extend, event, 30)
                time.sleep(0.3)
                assert not later.done()
            assert later.result() is True


class TestFinishing:
    def test_done_is_done_however_often_it_is_said(self, express: Messenger, one: Any) -> None:
        express.tell("e-1")
        express.claim_events()
        assert express.done("e-1").status_code == 204
        first = one(STATE, "e-1")
        assert (first["state"], first["lease_until"]) == ("done", None)
        assert express.done("e-1").status_code == 204
        assert express.fail("e-1", permanent=True).status_code == 204
        assert one(STATE, "e-1") == first
        assert express.claimed_ids() == []

    def test_work_that_outlived_its_lease_is_still_done(self, express: Messenger, db: Any) -> None:
        express.tell("e-1")
        express.claim_events()
        _let_leases_end(db)
        assert express.done("e-1").status_code == 204
        assert express.claimed_ids() == []

    def test_a_failure_is_offered_again_after_a_growing_pause(self, express: Messenger, db: Any, one: Any) -> None:
        express.tell("e-1")
        pauses = []
        for attempt in range(7):
            (event,) = express.claim_events()
            assert event["attempts"] == attempt
            assert express.fail("e-1").status_code == 204
            assert express.claimed_ids() == []
            left = one("select extract(epoch from due_at - clock_timestamp())::float as left from inbox")["left"]
            pauses.append(left)
            _let_pauses_end(db)
        assert pauses == [about(seconds) for seconds in (1, 2, 5, 15, 30, 60, 60)]
        assert min(pauses) > 0

    def test_failures_of_our_own_house_bury_nothing(self, express: Messenger, db: Any, one: Any) -> None:
        """The core or the database was away, a hundred times: that says nothing about the event."""
        express.tell("e-1")
        for _ in range(100):
            assert express.claimed_ids() == ["e-1"]
            express.fail("e-1", house=True)
            db.execute("update inbox set due_at = clock_timestamp()")
        row = one("select * from inbox")
        assert (row["state"], row["attempts"], row["reason"]) == ("waiting", 0, "core_unavailable")
        express.claim_events()
        express.fail("e-1")
        assert one("select attempts from inbox")["attempts"] == 1

    def test_the_first_pause_ends_by_itself(self, express: Messenger) -> None:
        express.tell("e-1")
        express.claim_events()
        express.fail("e-1")
        assert express.claimed_ids() == []
        time.sleep(1.25)
        assert express.claimed_ids() == ["e-1"]

    def test_the_eighth_failure_is_the_last(self, express: Messenger, db: Any, one: Any) -> None:
        express.tell("e-1")
        express.tell("e-2")
        for _ in range(8):
            assert express.claimed_ids() == ["e-1"]
            express.fail("e-1", reason="core_unavailable")
            _let_pauses_end(db)
        row = one(STATE, "e-1")
        assert (row["state"], row["attempts"], row["reason"]) == ("dead", 8, "core_unavailable")
        assert row["finished_at"] is not None
        assert express.claimed_ids() == ["e-2"], "what stood behind it goes on"

    def test_a_permanent_failure_is_the_last(self, express: Messenger, one: Any) -> None:
        express.tell("e-1")
        express.claim_events()
        express.fail("e-1", permanent=True, reason="unknown_kind")
        row = one(STATE, "e-1")
        assert (row["state"], row["attempts"], row["reason"]) == ("dead", 1, "unknown_kind")
        assert express.claimed_ids() == []
        assert express.tell("e-1").json == {"fresh": False}

    def test_a_failure_told_twice_counts_once(self, express: Messenger, db: Any, one: Any) -> None:
        express.tell("e-1")
        express.claim_events()
        assert {express.fail("e-1").status_code for _ in range(3)} == {204}
        assert one(STATE, "e-1")["attempts"] == 1

    def test_nobody_fails_at_an_event_that_nobody_took(self, express: Messenger, one: Any) -> None:
        express.tell("e-1")
        assert express.fail("e-1", permanent=True).status_code == 204
        assert one(STATE, "e-1")["state"] == "waiting"
        assert express.claimed_ids() == ["e-1"]

    def test_while_one_waits_for_its_next_try_the_chat_waits_too(self, express: Messenger, db: Any) -> None:
        express.tell("a-1", chat="a")
        express.tell("a-2", chat="a")
        express.tell("b-1", chat="b")
        assert express.claimed_ids() == ["a-1", "b-1"]
        express.fail("a-1")
        express.done("b-1")
        assert express.claimed_ids() == []
        _let_pauses_end(db)
        assert express.claimed_ids() == ["a-1"]

    @pytest.mark.parametrize(("what", "body"), [("done", {}), ("failed", {"reason": "why", "permanent": True})])
    def test_an_event_never_stored_is_not_found(self, express: Messenger, what: str, body: Any, rows: Any) -> None:
        assert_refused(express.api, "POST", f"/api/service/inbox/express/e-9/{what}", 404, "not_found", body=body)
        assert rows("inbox") == 0
