"""Who disconnects a messenger is unknown there again; nobody locks themselves out."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from tests.conftest import Api
from tests.core.links.conftest import Side
from tests.core.looking import digest, trail
from tests.core.messenger import Messenger, card


@pytest.fixture
def linked(anna: Side, guest: Side) -> Side:
    """Anna, known in both messengers."""
    assert guest.enter(anna.code()).status_code == 200
    return anna


def test_whoever_writes_from_a_disconnected_messenger_is_a_guest_again(linked: Side, guest: Side, db: Any) -> None:
    answer = linked.unlink("telegram")
    assert [(link["provider"], link["removable"]) for link in answer.json["links"]] == [("express", False)]
    person = guest.who()
    assert (person["created"], person["roles"]) == (True, [])
    assert person["user_id"] != linked.user_id
    assert trail(db, linked.user_id)[-1] == "link.remove"


def test_it_can_be_linked_again(linked: Side, guest: Side) -> None:
    linked.unlink("telegram")
    again = Side(guest.app, "telegram", guest.subject, guest.who()["user_id"])
    assert again.enter(linked.code()).status_code == 200
    assert linked.links() == ["express", "telegram"]


def test_the_last_messenger_stays(anna: Side, db: Any) -> None:
    before = digest(db)
    refused = anna.unlink("express")
    assert (refused.status_code, refused.json["code"]) == (409, "last_link")
    assert digest(db) == before


def test_a_guest_cannot_take_themselves_away(guest: Side) -> None:
    assert guest.unlink("telegram").json["code"] == "last_link"


def test_taken_away_twice_is_taken_away_once(linked: Side, db: Any) -> None:
    assert linked.unlink("telegram").status_code == 200
    before = digest(db)
    assert linked.unlink("telegram").status_code == 200
    assert digest(db) == before


@pytest.mark.parametrize("provider", ["local", "demo", "icq"])
def test_a_way_in_that_is_no_messenger_is_not_the_persons_to_take_away(api: Api, db: Any, provider: str) -> None:
    caller = api.as_("employee")
    before = digest(db)
    assert caller.delete(f"/api/smartapp/links/{provider}").status_code == 422
    assert digest(db) == before


def test_sessions_of_that_messenger_end_and_others_go_on(linked: Side, app: Flask) -> None:
    tokens = {}
    for provider in ("telegram", "express"):
        body = {"user_id": linked.user_id, "provider": provider, "seconds": 600}
        tokens[provider] = Messenger(app).post("sessions", body).json["access_token"]
    linked.unlink("telegram")
    answers = {provider: Api(app, token).get("/api/smartapp/me").status_code for provider, token in tokens.items()}
    assert answers == {"telegram": 401, "express": 200}


def test_what_waited_for_the_chat_is_not_sent_any_more(linked: Side, app: Flask, one: Any) -> None:
    telegram, express = Messenger(app, "telegram", "7001"), Messenger(app)
    telegram.step((card(), "Решение"), user_id=linked.user_id)
    express.step((card(), "Меню"), user_id=linked.user_id)
    linked.unlink("telegram")
    assert telegram.claim_cards() == []
    assert telegram.dialog()["version"] == 0
    assert [owed["view"]["text"] for owed in express.claim_cards()] == ["Меню"]
    assert one("select reason from cards where channel = 'telegram'")["reason"] == "unlinked"


def test_a_notice_cannot_make_the_chat_known_again(linked: Side, guest: Side, one: Any) -> None:
    linked.unlink("telegram")
    assert one("select count(*) as n from identities where user_id = %s", linked.user_id)["n"] == 1
