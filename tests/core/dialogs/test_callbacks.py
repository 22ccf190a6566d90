"""The messenger's later word: early, late, twice, good and bad."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from express_bot.core.dialogs import repository
from tests.core.dialogs.looking import CARD, about, let_pauses_end, pause_of
from tests.core.looking import digest
from tests.core.messenger import Messenger, card


def test_a_good_word_marks_it_delivered(express: Messenger, sent: str, one: Any) -> None:
    assert express.callback("m-1") is True
    assert one(CARD, sent)["delivered_at"] is not None
    assert express.claim_cards() == []


def test_told_twice_or_otherwise_later_it_changes_nothing_more(express: Messenger, sent: str, db: Any) -> None:
    express.callback("m-1")
    before = digest(db)
    assert express.callback("m-1") is True
    assert express.callback("m-1", "error", "chat_not_found") is True
    assert digest(db) == before


def test_an_early_word_is_not_known_yet(express: Messenger, db: Any) -> None:
    card_id = card()
    express.step((card_id, "one"))
    express.claim_cards()
    before = digest(db)
    assert express.callback("m-1") is False
    assert digest(db) == before
    express.shown(card_id, 1, "m-1")
    assert express.callback("m-1") is True


def test_a_word_of_another_messenger_is_not_known(express: Messenger, app: Flask, sent: str) -> None:
    assert Messenger(app, "telegram").callback("m-1") is False


@pytest.mark.parametrize("reason", ["chat_not_found", "bot_is_not_a_chat_member"])
def test_where_nobody_can_be_reached_the_card_is_given_up(express: Messenger, sent: str, one: Any, reason: str) -> None:
    assert express.callback("m-1", "error", reason) is True
    row = one(CARD, sent)
    assert (row["failed_at"] is not None, row["reason"], row["shown_rev"]) == (True, reason, 0)
    assert express.claim_cards() == []


def test_when_the_chat_is_back_the_card_comes_as_a_new_message(express: Messenger, sent: str) -> None:
    express.callback("m-1", "error", "bot_is_not_a_chat_member")
    express.step((sent, "two"))
    (due,) = express.claim_cards()
    assert (due["external_id"], due["view"]) == (None, {"text": "two"})
    express.shown(sent, 2, "m-2")
    assert express.callback("m-2") is True


def test_a_message_lost_on_its_way_is_sent_anew_after_apause_of(
    express: Messenger, sent: str, db: Any, one: Any
) -> None:
    assert express.callback("m-1", "error", "error_from_messaging_service") is True
    assert express.claim_cards() == []
    assert 0 < pause_of(one, sent) <= 1.2
    let_pauses_end(db)
    (due,) = express.claim_cards()
    assert (due["id"], due["external_id"], due["view"]) == (sent, None, {"text": "one"})


def test_of_a_lost_message_nothing_more_is_believed(express: Messenger, sent: str, db: Any) -> None:
    express.callback("m-1", "error", "unexpected_error")
    before = digest(db)
    assert express.callback("m-1", "error", "unexpected_error") is True
    assert express.callback("m-1") is True
    assert express.shown(sent, 1, "m-1").status_code == 204
    assert digest(db) == before


def test_a_lost_message_is_not_sent_beside_the_next_one_of_its_chat(express: Messenger, sent: str, db: Any) -> None:
    second = card()
    express.step((second, "two"))
    with ThreadPoolExecutor(1) as pool:
        with db.transaction():
            repository.take_turn(db, "express")
            assert len(repository.claim(db, "express", limit=5, lease_seconds=60)) == 1
            express.callback("m-1", "error", "unexpected_error")
            time.sleep(1.25)  # its pause
            later = pool.submit(express.claim_cards)
            time.sleep(0.3)
            assert not later.done()
        assert later.result() == []
    express.shown(second, 1, "m-2")
    assert express.claimed_texts() == ["one"]


def test_a_message_lost_eight_times_is_given_up(express: Messenger, sent: str, db: Any, one: Any) -> None:
    pauses = []
    for number in range(1, 9):
        assert express.callback(f"m-{number}", "error", "unexpected_error") is True
        pauses.append(pause_of(one, sent))
        let_pauses_end(db)
        for due in express.claim_cards():
            express.shown(due["id"], due["rev"], f"m-{number + 1}")
    assert pauses[:7] == [about(seconds) for seconds in (1, 2, 5, 15, 30, 60, 60)]
    row = one(CARD, sent)
    assert (row["failed_at"] is not None, row["losses"], row["reason"]) == (True, 8, "unexpected_error")
    assert express.claim_cards() == []


def test_the_messengers_outage_before_does_not_count_as_losses(express: Messenger, db: Any, one: Any) -> None:
    card_id = card()
    express.step((card_id, "one"))
    for _ in range(12):
        express.claim_cards()
        express.failed(card_id, 1)
        let_pauses_end(db)
    express.claim_cards()
    express.shown(card_id, 1, "m-1")
    express.callback("m-1", "error", "unexpected_error")
    row = one(CARD, card_id)
    assert (row["failed_at"], row["losses"]) == (None, 1)
