"""One step of a conversation is one transaction: state, wanted cards, the event that caused them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from tests.core.looking import digest
from tests.core.messenger import Messenger, card
from tests.core.refusals import NOBODY

BEGUN = {"step": "direction", "answers": {"location": "msk"}}


def test_where_nothing_was_said_there_is_an_empty_dialog(express: Messenger) -> None:
    assert express.dialog("nowhere") == {
        "user_id": None,
        "state": {},
        "version": 0,
        "at": None,
        "cards": [],
        "others": [],
    }


def test_a_step_keeps_state_cards_and_event_together(express: Messenger, one: Any) -> None:
    person, first, second = express.meet(), card(), card()
    express.tell("e-1")
    express.claim_events()
    taken = express.step((first, "Куда?"), (second, "Когда?"), state=BEGUN, event_id="e-1")
    assert (taken.status_code, taken.json) == (200, {"version": 1})
    dialog = express.dialog()
    assert (dialog["user_id"], dialog["state"], dialog["version"]) == (person["user_id"], BEGUN, 1)
    assert dialog["at"] == "2026-11-24T07:00:00+00:00"
    waiting = {"external_id": None, "wanted_rev": 1, "shown_rev": 0}
    assert dialog["cards"] == [{"id": second} | waiting, {"id": first} | waiting]
    assert one("select state, lease_until from inbox") == {"state": "done", "lease_until": None}


def test_the_next_step_stands_upon_the_one_before(express: Messenger) -> None:
    express.step(state={"n": 1})
    assert express.step(state={"n": 2}, version=1).json == {"version": 2}
    assert express.dialog()["state"] == {"n": 2}


@pytest.mark.parametrize("version", [0, 1, 3, 99])
def test_a_step_upon_another_version_writes_nothing_at_all(express: Messenger, db: Any, version: int) -> None:
    known = card()
    express.step((known, "one"))
    express.step((known, "two"))
    express.tell("e-1")
    express.claim_events()
    before = digest(db)
    person = express.meet()["user_id"]
    refused = express.step(
        (known, "three"), (card(), "new"), user_id=person, version=version, state={"lost": 1}, event_id="e-1"
    )
    assert (refused.status_code, refused.json["code"], refused.json["version"]) == (412, "version_conflict", 2)
    assert digest(db) == before


def test_a_step_upon_a_dialog_that_is_gone_is_refused_too(express: Messenger, rows: Any) -> None:
    refused = express.step((card(), "text"), version=7)
    assert (refused.status_code, refused.json["version"]) == (412, 0)
    assert (rows("dialogs"), rows("cards")) == (0, 0)


@pytest.mark.parametrize("version", [0, 1])
def test_of_16_steps_at_once_upon_one_version_one_is_taken(express: Messenger, rows: Any, version: int) -> None:
    person = express.meet()["user_id"]
    if version:
        express.step(user_id=person)

    def take(number: int) -> int:
        said = {"state": {"n": number}, "version": version, "user_id": person}
        return express.step((card(), f"{number}"), **said).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(take, range(16)))
    assert sorted(answers) == [200] + [412] * 15
    assert rows("cards") == 1
    assert express.dialog()["version"] == version + 1


def test_an_event_that_was_handled_before_takes_no_second_step(express: Messenger, db: Any) -> None:
    """Its handler had outlived the lease, and another one reads the dialog as the first one left it."""
    express.tell("e-1")
    express.claim_events()
    express.step((card(), "Когда?"), state={"n": 1}, event_id="e-1")
    before = digest(db)
    again = express.step((card(), "Сколько?"), state={"n": 2}, event_id="e-1")
    assert (again.status_code, again.json) == (200, {"version": 1})
    assert digest(db) == before


def test_one_event_handled_8_times_at_once_is_one_step(express: Messenger, rows: Any) -> None:
    person = express.meet()["user_id"]
    express.tell("e-1")
    express.claim_events()

    def take(number: int) -> int:
        said = {"state": {"n": number}, "version": 0, "user_id": person, "event_id": "e-1"}
        return express.step((card(), f"{number}"), **said).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(take, range(8)))
    assert set(answers) == {200}
    assert (express.dialog()["version"], rows("cards"), rows("inbox", "state = 'done'")) == (1, 1, 1)


def test_an_event_of_another_messenger_is_left_alone(express: Messenger, app: Flask, rows: Any) -> None:
    Messenger(app, "telegram").tell("e-1")
    assert express.step(event_id="e-1").status_code == 200
    assert rows("inbox", "state = 'waiting'") == 1


def test_a_step_for_nobody_is_refused(express: Messenger, rows: Any) -> None:
    express.tell("e-1")
    refused = express.step((card(), "text"), user_id=NOBODY, event_id="e-1")
    assert (refused.status_code, refused.json["code"]) == (422, "invalid_body")
    assert [error["field"] for error in refused.json["errors"]] == ["user_id"]
    assert (rows("dialogs"), rows("cards"), rows("inbox", "state = 'done'")) == (0, 0, 0)


@pytest.mark.parametrize(("channel", "chat"), [("express", "another"), ("telegram", "chat-1")])
def test_a_card_of_another_chat_cannot_be_taken_over(
    express: Messenger, app: Flask, db: Any, channel: str, chat: str
) -> None:
    known = card()
    express.step((known, "mine"))
    person, before = express.meet()["user_id"], digest(db)
    refused = Messenger(app, channel, chat).step((card(), "new"), (known, "taken"), user_id=person)
    assert (refused.status_code, [error["field"] for error in refused.json["errors"]]) == (422, ["cards.1.id"])
    assert digest(db) == before


def test_the_twenty_newest_cards_of_two_weeks_are_told(express: Messenger, db: Any) -> None:
    ids = [card() for _ in range(24)]
    for start in (0, 12):
        express.step(*((card_id, "text") for card_id in ids[start : start + 12]))
    express.step((card(), "elsewhere"), chat="chat-2")
    assert [known["id"] for known in express.dialog()["cards"]] == ids[:3:-1]
    db.execute("update cards set wanted_at = clock_timestamp() - interval '15 days' where id = %s", (ids[23],))
    assert [known["id"] for known in express.dialog()["cards"]] == ids[22:2:-1]


@pytest.mark.parametrize(
    "at",
    ["2026-11-24T10:00:00", "2026-11-24", "yesterday", "1999-12-31T23:59:59Z", "2101-01-01T00:00:00Z", "", 1, None],
)
def test_a_moment_without_a_place_on_the_clock_is_refused(express: Messenger, rows: Any, at: Any) -> None:
    refused = express.step(at=at)
    assert (refused.status_code, [error["field"] for error in refused.json["errors"]]) == (422, ["at"])
    assert rows("dialogs") == 0


def test_more_than_twenty_cards_in_one_step_are_refused(express: Messenger, rows: Any) -> None:
    assert express.step(*((card(), "text") for _ in range(21))).status_code == 422
    assert (rows("dialogs"), rows("cards")) == (0, 0)
