"""A message that could not be sent is tried again for as long as that may help."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.dialogs.looking import CARD, about, let_pauses_end, pause_of
from tests.core.looking import digest
from tests.core.messenger import Messenger, card


def test_it_is_tried_again_after_a_growing_pause_for_as_long_as_it_takes(express: Messenger, db: Any, one: Any) -> None:
    card_id = card()
    express.step((card_id, "one"))
    pauses = []
    for attempt in range(12):
        (due,) = express.claim_cards()
        assert due["attempts"] == attempt
        assert express.failed(card_id, 1).status_code == 204
        assert express.claim_cards() == []
        pauses.append(pause_of(one, card_id))
        let_pauses_end(db)
    assert pauses == [about(seconds) for seconds in (1, 2, 5, 15, 30, *[60] * 7)]
    assert min(pauses) > 0
    assert express.claimed_texts() == ["one"]


@pytest.mark.parametrize(("asked", "waited"), [(120, 120), (0, 1), (None, 1)])
def test_the_messengers_own_wish_to_wait_is_kept(express: Messenger, one: Any, asked: int | None, waited: int) -> None:
    card_id = card()
    express.step((card_id, "one"))
    express.claim_cards()
    express.failed(card_id, 1, retry_after=asked)
    assert pause_of(one, card_id) == about(waited)


def test_told_twice_it_counts_once(express: Messenger, one: Any) -> None:
    card_id = card()
    express.step((card_id, "one"))
    express.claim_cards()
    assert {express.failed(card_id, 1).status_code for _ in range(3)} == {204}
    assert one(CARD, card_id)["attempts"] == 1


def test_a_word_that_comes_after_success_changes_nothing(express: Messenger, sent: str, db: Any) -> None:
    before = digest(db)
    assert express.failed(sent, 1, permanent=True).status_code == 204
    assert digest(db) == before


def test_those_behind_it_in_the_chat_wait_and_other_chats_go_on(express: Messenger, db: Any) -> None:
    first = card()
    express.step((first, "a-1"), (card(), "a-2"), chat="a")
    express.step((card(), "b-1"), chat="b")
    express.claim_cards()
    express.failed(first, 1)
    express.step((card(), "c-1"), chat="c")
    assert express.claimed_texts() == ["c-1"]
    let_pauses_end(db)
    assert express.claimed_texts() == ["a-1"]


def test_a_new_wish_does_not_end_the_pause(express: Messenger, one: Any) -> None:
    card_id = card()
    express.step((card_id, "one"))
    express.claim_cards()
    express.failed(card_id, 1, retry_after=30)
    express.step((card_id, "two"))
    assert express.claim_cards() == []
    assert pause_of(one, card_id) > 25


def test_a_permanent_failure_gives_the_card_up_and_the_chat_goes_on(express: Messenger, one: Any) -> None:
    first = card()
    express.step((first, "one"), (card(), "two"))
    express.claim_cards()
    express.failed(first, 1, permanent=True, reason="message_too_long")
    row = one(CARD, first)
    assert (row["failed_at"] is not None, row["reason"], row["shown_rev"]) == (True, "message_too_long", 0)
    assert express.claimed_texts() == ["two"]


def test_a_card_given_up_lives_again_when_something_new_is_wanted(express: Messenger, one: Any) -> None:
    card_id = card()
    express.step((card_id, "one"))
    express.claim_cards()
    express.failed(card_id, 1, permanent=True)
    express.step((card_id, "two"))
    (due,) = express.claim_cards()
    assert (due["view"], due["rev"], due["attempts"]) == ({"text": "two"}, 2, 0)
    row = one(CARD, card_id)
    assert (row["failed_at"], row["reason"]) == (None, None)


def test_what_was_refused_for_good_but_is_not_wanted_any_more_hinders_nothing(express: Messenger, one: Any) -> None:
    card_id = card()
    express.step((card_id, "too long"))
    express.claim_cards()
    express.step((card_id, "short"))
    express.failed(card_id, 1, permanent=True)
    assert express.claimed_texts() == ["short"]
    assert one(CARD, card_id)["failed_at"] is None


def test_what_nobody_wanted_cannot_fail(express: Messenger, one: Any) -> None:
    card_id = card()
    express.step((card_id, "one"))
    express.claim_cards()
    assert express.failed(card_id, 2).status_code == 422
    assert one(CARD, card_id)["attempts"] == 0
