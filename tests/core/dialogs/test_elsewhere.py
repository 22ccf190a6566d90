"""A step in one chat leaves something behind in the person's other one: in one transaction, and only as it was read."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from express_bot.core.app import create_app
from express_bot.settings import Settings
from tests.core.looking import digest
from tests.core.messenger import BOTH_MESSENGERS, Messenger, card
from tests.core.refusals import NOBODY


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A house that speaks both messengers."""
    return settings.model_copy(update=BOTH_MESSENGERS)


@pytest.fixture
def telegram(app: Flask, express: Messenger) -> Messenger:
    """The same person's chat in the other messenger, one step old."""
    messenger = Messenger(app, "telegram", "7001")
    assert messenger.step((card(), "Когда?"), state={"n": 1}, user_id=express.meet()["user_id"]).status_code == 200
    return messenger


def beside(messenger: Messenger, *cards: tuple[str, str], **said: Any) -> dict[str, Any]:
    wanted = [{"id": card_id, "view": {"text": text}} for card_id, text in cards]
    known = {"channel": messenger.channel, "chat": messenger.chat, "version": messenger.dialog()["version"]}
    return known | {"state": {"away": "express"}, "cards": wanted} | said


def test_the_persons_other_conversations_are_told_if_asked(express: Messenger, telegram: Messenger) -> None:
    person = express.meet()["user_id"]
    express.step(state={"n": 2})
    express.step(chat="a-group", state={})
    assert express.dialog()["others"] == []
    told = express.get(f"dialogs/express/chat-1?user_id={person}").json["others"]
    assert told == [
        {"channel": "telegram", "chat": "7001", "state": {"n": 1}, "version": 1, "at": "2026-11-24T07:00:00+00:00"}
    ]
    assert express.get(f"dialogs/express/chat-1?user_id={NOBODY}").json["others"] == []
    assert express.get("dialogs/express/chat-1?user_id=x").status_code == 422


def test_a_messenger_that_is_not_spoken_any_more_is_left_alone(
    settings: Settings, dsn: str, express: Messenger, telegram: Messenger
) -> None:
    person = express.meet()["user_id"]
    core = create_app(settings.model_copy(update={"telegram_bot_token": None}), dsn)
    assert Messenger(core).get(f"dialogs/express/chat-1?user_id={person}").json["others"] == []
    core.extensions["house"].pool.close()


def test_both_are_written_in_one_step(express: Messenger, telegram: Messenger) -> None:
    [known] = telegram.dialog()["cards"]
    left = beside(telegram, (known["id"], "Продолжили в eXpress"))
    assert express.step((card(), "Когда?"), elsewhere=[left]).json == {"version": 1}
    dialog = telegram.dialog()
    assert (dialog["state"], dialog["version"]) == ({"away": "express"}, 2)
    assert dialog["at"] == "2026-11-24T07:00:00+00:00", "the person's own last step there"
    assert telegram.claimed_texts() == ["Продолжили в eXpress"]


@pytest.mark.parametrize("wrong", [{"version": 2}, {"chat": "nowhere"}, {"channel": "express"}])
def test_what_has_moved_on_meanwhile_stops_the_whole_step(
    express: Messenger, telegram: Messenger, db: Any, wrong: dict[str, Any]
) -> None:
    express.tell("e-1")
    express.claim_events()
    left = beside(telegram, (card(), "text"), **wrong)
    person, before = express.meet()["user_id"], digest(db)
    refused = express.step((card(), "text"), user_id=person, version=0, event_id="e-1", elsewhere=[left])
    assert (refused.status_code, refused.json["code"], refused.json["version"]) == (412, "version_conflict", 0)
    assert digest(db) == before


def test_another_persons_chat_is_never_written(express: Messenger, telegram: Messenger, db: Any) -> None:
    stranger = express.meet("0a9e6679-7425-40de-944b-e07fc1f90ae7")["user_id"]
    left = beside(telegram)
    before = digest(db)
    refused = express.step((card(), "text"), user_id=stranger, version=0, elsewhere=[left])
    assert refused.json["code"] == "version_conflict"
    assert digest(db) == before


def test_a_card_of_a_third_chat_cannot_be_taken_over(express: Messenger, telegram: Messenger, db: Any) -> None:
    foreign = card()
    express.step((foreign, "mine"), chat="chat-3")
    person, before = express.meet()["user_id"], digest(db)
    refused = express.step(user_id=person, version=0, elsewhere=[beside(telegram, (foreign, "taken"))])
    assert [error["field"] for error in refused.json["errors"]] == ["elsewhere.0.cards.0.id"]
    assert digest(db) == before


def test_two_chats_that_step_at_once_wait_for_no_one_forever(express: Messenger, telegram: Messenger) -> None:
    """Each writes the other one down: of each round one is taken, and none hangs."""
    person = express.meet()["user_id"]
    express.step(user_id=person, state={"n": 0})
    for _ in range(6):
        steps = [
            (here, here.dialog()["version"], beside(there))
            for here, there in ((express, telegram), (telegram, express))
        ]
        with ThreadPoolExecutor(2) as pool:
            answers = list(
                pool.map(
                    lambda step: step[0].step(user_id=person, version=step[1], elsewhere=[step[2]]).status_code, steps
                )
            )
        assert sorted(answers) == [200, 412]


def test_an_event_that_was_handled_before_leaves_nothing_behind(
    express: Messenger, telegram: Messenger, db: Any
) -> None:
    express.tell("e-1")
    express.claim_events()
    express.step(event_id="e-1")
    left, person, before = beside(telegram), express.meet()["user_id"], digest(db)
    assert express.step(user_id=person, version=1, event_id="e-1", elsewhere=[left]).status_code == 200
    assert digest(db) == before
