"""A message that was sent says what it should, or is sent again."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.core.dialogs.looking import CARD
from tests.core.messenger import Messenger, card
from tests.core.refusals import NOBODY, assert_refused


def test_a_card_that_changed_while_it_was_sent_is_offered_again_as_an_edit(express: Messenger) -> None:
    card_id = card()
    express.step((card_id, "one"))
    express.claim_cards()
    express.step((card_id, "two"))
    assert express.claim_cards() == [], "the first send is still under way"
    express.shown(card_id, 1, "m-1")
    (edit,) = express.claim_cards()
    assert (edit["external_id"], edit["view"], edit["rev"]) == ("m-1", {"text": "two"}, 2)


def test_told_twice_it_is_shown_once(express: Messenger, sent: str, one: Any) -> None:
    first = one(CARD, sent)
    assert express.shown(sent, 1, "m-1").status_code == 204
    assert one(CARD, sent) == first


def test_an_older_word_takes_nothing_back(express: Messenger, sent: str, one: Any) -> None:
    express.step((sent, "two"))
    express.claim_cards()
    express.shown(sent, 2, "m-1")
    assert express.shown(sent, 1, "m-0").status_code == 204
    row = one(CARD, sent)
    assert (row["shown_rev"], row["external_id"]) == (2, "m-1")


def test_what_nobody_wanted_cannot_be_shown(express: Messenger, sent: str, one: Any) -> None:
    refused = express.shown(sent, 2, "m-1")
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "rev")
    assert one(CARD, sent)["shown_rev"] == 1


def test_a_message_that_had_to_be_sent_anew_has_the_new_id(express: Messenger, sent: str) -> None:
    express.step((sent, "two"))
    express.claim_cards()
    express.shown(sent, 2, "m-9")
    assert express.get("cards/express/by-external/m-9").json["id"] == sent
    assert express.get("cards/express/by-external/m-1").status_code == 404


def test_a_card_is_found_by_the_messages_id(express: Messenger, app: Flask, sent: str) -> None:
    express.step((sent, "two"))
    found = express.get("cards/express/by-external/m-1")
    assert found.json == {
        "id": sent,
        "chat": "chat-1",
        "external_id": "m-1",
        "wanted": {"text": "two"},
        "wanted_rev": 2,
        "shown_rev": 1,
    }
    for address in ("express/by-external/m-2", "telegram/by-external/m-1"):
        assert_refused(express.api, "GET", f"/api/service/cards/{address}", 404, "not_found")


@pytest.mark.parametrize(
    ("what", "body"),
    [("shown", {"external_id": "m-1"}), ("failed", {"reason": "why", "permanent": True})],
)
def test_an_unknown_card_is_not_found(express: Messenger, what: str, body: Any) -> None:
    address = f"/api/service/cards/{NOBODY}/{what}"
    assert_refused(express.api, "POST", address, 404, "not_found", body=body | {"rev": 1})
