"""Messages are sent in order, by one at a time, and again when a sender went away."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

from flask import Flask

from express_bot.core.db.session import Connection
from express_bot.core.dialogs import repository
from tests.core.dialogs.looking import CARD, let_leases_end
from tests.core.messenger import Messenger, card


def test_a_new_card_is_sent_as_a_new_message(express: Messenger) -> None:
    card_id = card()
    express.step((card_id, "Куда?"))
    (due,) = express.claim_cards()
    assert due.pop("lease_until")
    assert due == {
        "id": card_id,
        "chat": "chat-1",
        "external_id": None,
        "view": {"text": "Куда?"},
        "rev": 1,
        "attempts": 0,
        "doubts": 0,
    }
    assert express.claim_cards() == []


def test_a_shown_card_is_not_sent_again(express: Messenger, sent: str, one: Any) -> None:
    assert express.claim_cards() == []
    row = one(CARD, sent)
    assert (row["shown_rev"], row["external_id"], row["lease_until"]) == (1, "m-1", None)
    assert row["shown_at"] is not None


def test_a_changed_card_is_sent_as_an_edit(express: Messenger, sent: str) -> None:
    express.step((sent, "two"))
    (edit,) = express.claim_cards()
    assert (edit["id"], edit["external_id"], edit["view"], edit["rev"]) == (sent, "m-1", {"text": "two"}, 2)
    express.shown(sent, 2, "m-1")
    assert express.claim_cards() == []


def test_only_the_latest_wish_is_sent(express: Messenger) -> None:
    card_id = card()
    for text in ("one", "two", "three"):
        express.step((card_id, text))
    assert [(due["view"]["text"], due["rev"]) for due in express.claim_cards()] == [("three", 3)]
    express.shown(card_id, 3, "m-1")
    assert express.claim_cards() == []


def test_a_chat_gets_its_messages_one_after_another(express: Messenger) -> None:
    first, second = card(), card()
    express.step((first, "a-1"), (second, "a-2"), chat="a")
    express.step((card(), "b-1"), chat="b")
    assert express.claimed_texts() == ["a-1", "b-1"]
    assert express.claimed_texts() == []
    express.shown(first, 1, "m-1")
    assert express.claimed_texts() == ["a-2"]


def test_those_wanted_first_come_first(express: Messenger) -> None:
    for number in range(8):
        express.step((card(), f"{number}"), chat=f"chat-{7 - number}")
    texts = [due["view"]["text"] for due in express.claim_cards(limit=5)]
    assert texts == ["0", "1", "2", "3", "4"]


def test_an_answer_goes_before_a_mailing_with_whatever_its_chat_was_owed(express: Messenger, db: Connection) -> None:
    for number in range(9):
        repository.wish(db, "express", f"chat-{number}", UUID(card()), {"text": f"notice {number}"})
    answer = card()
    express.step((answer, "answer"), chat="chat-7")
    (owed,) = express.claim_cards(limit=1)
    assert owed["view"]["text"] == "notice 7"
    express.shown(owed["id"], 1, "m-7")
    first, second = express.claim_cards(limit=2)
    assert (first["view"]["text"], second["view"]["text"]) == ("answer", "notice 0")


def test_a_card_that_was_awaited_once_is_a_notice_like_others_later(express: Messenger, db: Connection) -> None:
    answer, notice = card(), card()
    express.step((answer, "answer"), chat="a")
    express.claim_cards()
    express.shown(answer, 1, "m-1")
    repository.wish(db, "express", "b", UUID(notice), {"text": "notice"})
    repository.wish(db, "express", "a", UUID(answer), {"text": "settled"})
    assert express.claimed_texts() == ["notice", "settled"]


def test_a_waiting_card_keeps_its_place_when_it_changes(express: Messenger) -> None:
    first, second = card(), card()
    express.step((first, "question"))
    express.step((second, "answer"))
    express.step((first, "question again"))
    assert express.claimed_texts() == ["question again"]
    express.shown(first, 2, "m-1")
    assert express.claimed_texts() == ["answer"]


def test_a_shown_card_that_changes_stands_at_the_end_of_the_line(express: Messenger, sent: str) -> None:
    second = card()
    express.step((second, "new"))
    express.step((sent, "changed"))
    assert express.claimed_texts() == ["new"]
    express.shown(second, 1, "m-2")
    assert express.claimed_texts() == ["changed"]


def test_claimers_at_once_share_the_cards_and_the_chats(express: Messenger) -> None:
    for number in range(20):
        express.step(*((card(), f"{number}-{n}") for n in range(3)), chat=f"chat-{number}")
    with ThreadPoolExecutor(8) as pool:
        shares = list(pool.map(lambda _: express.claim_cards(limit=4), range(16)))
    claimed = [due for share in shares for due in share]
    assert len(claimed) == 20
    assert len({due["chat"] for due in claimed}) == 20
    assert {due["view"]["text"] for due in claimed} == {f"{number}-0" for number in range(20)}


def test_senders_at_once_send_each_card_once_and_in_order(express: Messenger) -> None:
    for number in range(8):
        express.step(*((card(), f"{n}") for n in range(8)), chat=f"chat-{number}")
    said: list[dict[str, Any]] = []

    def send(_: int) -> None:
        while cards := express.claim_cards(limit=2):
            said.extend(cards)
            for due in cards:
                express.shown(due["id"], due["rev"], f"m-{due['id']}")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(send, range(6)))
    send(0)  # the last senders may have met chats that were just being written to
    for number in range(8):
        texts = [due["view"]["text"] for due in said if due["chat"] == f"chat-{number}"]
        assert texts == [f"{n}" for n in range(8)]


def test_a_card_in_the_middle_of_a_step_is_skipped_not_waited_for(express: Messenger, db: Any) -> None:
    card_id = card()
    express.step((card_id, "a"), chat="a")
    express.step((card(), "b"), chat="b")
    with db.transaction():
        db.execute("select 1 from cards where id = %s for update", (card_id,))
        assert express.claimed_texts() == ["b"]
    assert express.claimed_texts() == ["a"]


def test_a_lease_that_ran_out_is_offered_again(express: Messenger, db: Any) -> None:
    express.step((card(), "one"))
    assert express.claimed_texts() == ["one"]
    let_leases_end(db)
    assert express.claimed_texts() == ["one"]
    assert express.claimed_texts() == []


def test_a_card_that_is_still_being_sent_is_offered_to_nobody(express: Messenger, one: Any) -> None:
    express.step((card(), "one"))
    (due,) = express.claim_cards(lease=10)
    assert [express.extend_card(due, 50), express.extend_card(due, 50)] == [True, True]
    left = one("select extract(epoch from lease_until - clock_timestamp()) as left from cards")["left"]
    assert 55 < left <= 60
    assert express.claimed_texts() == []


def test_a_sender_that_asks_for_more_time_waits_for_the_claim_before_it(express: Messenger, db: Any) -> None:
    express.step((card(), "one"))
    (due,) = express.claim_cards()
    with ThreadPoolExecutor(1) as pool:
        with db.transaction():
            repository.take_turn(db, "express")
            later = pool.submit(express.extend_card, due, 30)
            time.sleep(0.3)
            assert not later.done()
        assert later.result() is True


def test_a_sender_that_lost_its_lease_does_not_get_it_back(express: Messenger, db: Any, one: Any) -> None:
    express.step((card(), "one"))
    (mine,) = express.claim_cards()
    let_leases_end(db)
    ended = one("select lease_until from cards")
    assert express.extend_card(mine | {"lease_until": ended["lease_until"].isoformat()}, 30) is False
    (theirs,) = express.claim_cards()
    before = one("select lease_until from cards")
    assert express.extend_card(mine, 30) is False
    assert one("select lease_until from cards") == before
    assert express.extend_card(theirs, 30) is True


def test_a_shown_card_and_one_that_never_was_are_in_nobodys_hand(express: Messenger, one: Any) -> None:
    express.step((card(), "one"))
    (due,) = express.claim_cards()
    express.shown(due["id"], 1, "m-1")
    assert express.extend_card(due, 30) is False
    assert express.extend_card(due | {"id": card()}, 30) is False
    assert one("select lease_until from cards") == {"lease_until": None}


def test_another_messenger_has_its_own_line(express: Messenger, app: Flask) -> None:
    telegram = Messenger(app, "telegram")
    express.step((card(), "to express"))
    telegram.step((card(), "to telegram"), user_id=express.meet()["user_id"])
    assert telegram.claimed_texts() == ["to telegram"]
    assert express.claimed_texts() == ["to express"]
