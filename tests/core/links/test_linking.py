"""A code from either side makes a guest's messenger another way to the person, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from tests.conftest import Api
from tests.core.links.conftest import Side
from tests.core.looking import digest, trail
from tests.core.messenger import Messenger, card

Meet = Callable[..., Side]


def test_a_guest_enters_the_code_of_the_person(anna: Side, guest: Side, rows: Any, one: Any) -> None:
    users = rows("users")
    answer = guest.enter(anna.code())
    assert answer.status_code == 200, answer.text
    assert [(link["provider"], link["removable"]) for link in answer.json["links"]] == [
        ("express", True),
        ("telegram", True),
    ]
    assert answer.json["session"] is None, "our service goes on by itself"
    person = guest.who()
    assert (person["user_id"], person["created"], person["roles"]) == (anna.user_id, False, ["employee"])
    assert person["chat"] == "7001"
    assert rows("users") == users - 1
    assert one("select details from outbox where event = 'channel_linked'")["details"] == {
        "provider": "telegram",
        "channel": "express",
    }


def test_the_person_enters_the_code_of_a_guest(anna: Side, guest: Side, db: Any) -> None:
    assert anna.enter(guest.code()).status_code == 200
    assert (guest.who()["user_id"], anna.links()) == (anna.user_id, ["express", "telegram"])
    assert trail(db, anna.user_id)[-1] == "link.add"
    told = db.execute("select user_id::text, details from outbox where event = 'channel_linked'").fetchall()
    assert told == [{"user_id": anna.user_id, "details": {"provider": "telegram", "channel": "telegram"}}]


def test_a_code_may_be_typed_with_blanks(anna: Side, guest: Side) -> None:
    code = anna.code()
    assert guest.enter(f" {code[:3]} {code[3:]} ").status_code == 200


@pytest.mark.parametrize("code", ["12345", "1234567", "12345x", "１２３４５６", "", "12 34 5", "-12345"])
def test_what_is_no_code_is_refused_and_is_no_try(guest: Side, rows: Any, code: str) -> None:
    assert guest.enter(code).json["code"] == "invalid_body"
    assert rows("link_tries") == 0


def test_no_code_is_stored_as_it_is(anna: Side, db: Any) -> None:
    code = anna.code()
    stored = db.execute("select row_to_json(c)::text as row from link_codes c").fetchall()
    assert len(stored) == 1
    assert code not in stored[0]["row"].replace(anna.user_id, "")


def test_a_code_works_once(anna: Side, guest: Side, meet: Meet) -> None:
    code = anna.code()
    assert guest.enter(code).status_code == 200
    stranger = meet("telegram", "7002")
    assert stranger.enter(code).json["code"] == "code_wrong"
    assert stranger.who()["roles"] == []


def test_a_code_lives_ten_minutes(anna: Side, guest: Side, db: Any, one: Any) -> None:
    code = anna.code()
    life = one("select extract(epoch from expires_at - clock_timestamp())::float as left from link_codes")["left"]
    assert 590 < life <= 600
    db.execute("update link_codes set expires_at = clock_timestamp()")
    refused = guest.enter(code)
    assert (refused.status_code, refused.json["code"]) == (409, "code_expired")
    assert guest.who()["roles"] == []


def test_a_new_code_ends_the_one_before(anna: Side, guest: Side) -> None:
    first, second = anna.code(), anna.code()
    assert guest.enter(first).json["code"] == "code_expired"
    assert guest.enter(second).status_code == 200


def test_asked_for_with_the_same_key_the_same_code_is_shown(anna: Side, rows: Any) -> None:
    answers = [anna.ask("the-same-key") for _ in range(3)]
    assert len({(answer.json["code"], answer.json["expires_at"]) for answer in answers}) == 1
    assert rows("link_codes") == 1
    assert rows("audit_log", "act = 'link.code'") == 1


def test_the_own_code_belongs_to_the_other_side(anna: Side, guest: Side) -> None:
    code = anna.code()
    assert anna.enter(code).json["code"] == "code_own"
    assert guest.enter(code).status_code == 200, "it still works"


def test_two_guests_cannot_make_each_other_somebody(guest: Side, meet: Meet, db: Any) -> None:
    other = meet("telegram", "7002")
    before = digest(db)
    assert other.enter(guest.code()).json["code"] == "nobody_to_link"
    assert (guest.who()["roles"], other.who()["roles"]) == ([], [])
    assert guest.who()["user_id"] != other.who()["user_id"]
    assert digest(db) != before, "the try and the refusal are written down"


def test_a_second_id_of_the_same_messenger_is_refused(anna: Side, guest: Side, meet: Meet) -> None:
    assert guest.enter(anna.code()).status_code == 200
    second = meet("telegram", "7002")
    refused = second.enter(anna.code())
    assert (refused.status_code, refused.json["code"], refused.json["messenger"]) == (409, "already_linked", "Telegram")
    assert "Telegram" in refused.json["detail"]
    assert second.who()["roles"] == []


def test_two_people_with_data_are_never_merged(anna: Side, meet: Meet, db: Any, rows: Any) -> None:
    boris = meet("telegram", "7003")
    for side in (anna, boris):
        db.execute("insert into roles values (%s, 'employee') on conflict do nothing", (side.user_id,))
        facts = {"location": "msk", "unit": "msk-oke-1", "position": "bp", "personnel_number": f"77{side.user_id[:4]}"}
        facts["personnel_number"] = "770001" if side is anna else "770002"
        assert side.api.submit(full_name="Иванов Иван Иванович", **facts).status_code == 201
    users, filed = rows("users"), rows("applications")
    refused = boris.enter(anna.code())
    assert (refused.status_code, refused.json["code"]) == (409, "already_linked")
    assert anna.enter(boris.code()).json["code"] == "already_linked"
    assert (rows("users"), rows("applications")) == (users, filed)
    assert boris.who()["user_id"] == boris.user_id


@pytest.mark.parametrize("data", ["profile", "draft", "role", "login"])
def test_whoever_would_lose_anything_is_not_moved(anna: Side, meet: Meet, db: Any, rows: Any, data: str) -> None:
    boris = meet("telegram", "7003")
    db.execute("insert into roles values (%s, 'employee')", (boris.user_id,))
    db.execute('update users set profile = \'{"position": "bp"}\' where id = %s', (anna.user_id,))
    change = {
        "profile": 'update users set profile = \'{"position": "bp"}\' where id = %s',
        "draft": "insert into drafts values (%s, 'flight', '{\"direction\": \"vvo\"}', 'key-of-draft', 1, 'x', now())",
        "role": "insert into roles values (%s, 'dispatcher')",
        "login": "insert into identities (provider, subject, user_id) values ('local', 'boris', %s)",
    }[data]
    db.execute(change, (boris.user_id,))
    users = rows("users")
    assert boris.enter(anna.code()).json["code"] == "already_linked"
    assert rows("users") == users


def test_a_welcomed_person_without_any_data_is_moved(anna: Side, meet: Meet, db: Any) -> None:
    boris = meet("telegram", "7003")
    db.execute("insert into roles values (%s, 'employee')", (boris.user_id,))
    db.execute('update users set profile = \'{"position": "bp"}\' where id = %s', (anna.user_id,))
    assert anna.enter(boris.code()).status_code == 200
    assert boris.who()["user_id"] == anna.user_id


def test_the_guests_conversation_goes_on_as_the_persons(anna: Side, guest: Side, app: Flask) -> None:
    telegram = Messenger(app, "telegram", "7001")
    telegram.step((card(), "Введите код"), state={"n": 1}, user_id=guest.user_id)
    assert guest.enter(anna.code()).status_code == 200
    dialog = telegram.dialog()
    assert (dialog["user_id"], dialog["state"], dialog["version"]) == (anna.user_id, {"n": 1}, 1)
    assert telegram.step(state={"n": 2}, user_id=anna.user_id).status_code == 200


def test_what_is_remembered_of_either_is_void(anna: Side, guest: Side, one: Any) -> None:
    before = one("select version from users where id = %s", anna.user_id)["version"]
    assert guest.enter(anna.code()).status_code == 200
    assert one("select version from users where id = %s", anna.user_id)["version"] > before
    assert guest.api.get("/api/smartapp/me").status_code == 401, "the guest is gone"
    assert anna.api.get("/api/smartapp/me").status_code == 200


def test_a_guest_of_the_mini_app_goes_on_with_a_new_session(anna: Side, guest: Side, app: Flask, rows: Any) -> None:
    opened = Messenger(app).post("sessions", {"user_id": guest.user_id, "provider": "telegram", "seconds": 600}).json
    mini = Api(app, opened["access_token"])
    assert mini.get("/api/smartapp/info").json["user"]["roles"] == []
    answer = mini.post("/api/smartapp/links", {"code": anna.code()}, key="from-the-mini-app")
    session = answer.json["session"]
    assert session["user"]["id"] == anna.user_id
    assert mini.get("/api/smartapp/me").status_code == 401
    mine = Api(app, session["access_token"])
    facts = {"location": "msk", "unit": "msk-oke-1", "position": "bp", "personnel_number": "771100"}
    filed = mine.submit(full_name="Воронцова Анна Сергеевна", **facts)
    assert (filed.status_code, filed.json["channel"]) == (201, "telegram")


def test_a_person_keeps_the_session_in_which_a_code_was_entered(guest: Side, api: Api) -> None:
    anna = api.as_("employee")
    answer = anna.post("/api/smartapp/links", {"code": guest.code()}, key="from-a-browser")
    assert (answer.status_code, answer.json["session"]) == (200, None)
    assert anna.get("/api/smartapp/me").status_code == 200


def test_for_a_code_shown_in_the_app_the_messenger_that_knew_the_person_hears_of_it(
    guest: Side, api: Api, one: Any
) -> None:
    shown = api.as_("employee").post("/api/smartapp/link-code", key="shown-in-a-browser").json
    assert guest.enter(shown["code"]).status_code == 200
    told = one("select details from outbox where event = 'channel_linked'")["details"]
    assert told == {"provider": "telegram", "channel": "express"}


def test_the_same_call_again_is_answered_the_same(anna: Side, guest: Side, rows: Any) -> None:
    code = guest.code()
    first = anna.enter(code, "the-same-key")
    again = anna.enter(code, "the-same-key")
    assert (again.status_code, again.json) == (200, first.json)
    assert rows("outbox", "event = 'channel_linked'") == 1
    assert rows("audit_log", "act = 'link.add'") == 1
    assert (
        anna.enter("000000" if code != "000000" else "000001", "the-same-key").json["code"] == "idempotency_key_reused"
    )


def test_the_event_that_linked_comes_again_as_the_person(anna: Side, guest: Side) -> None:
    """The bot was killed between the linking and its answer: the messenger's id leads to the person by then."""
    code = anna.code()
    assert guest.enter(code, "telegram-event-1").status_code == 200
    again = Side(guest.app, "telegram", guest.subject, guest.who()["user_id"])
    assert again.enter(code, "telegram-event-1").status_code == 200
    assert again.links() == ["express", "telegram"]


def test_of_guests_who_enter_one_code_at_once_one_is_linked(anna: Side, meet: Meet, rows: Any) -> None:
    guests, code = [meet("telegram", f"80{n:02}") for n in range(8)], anna.code()
    with ThreadPoolExecutor(8) as pool:
        answers = [answer.json.get("code", "linked") for answer in pool.map(lambda side: side.enter(code), guests)]
    assert sorted(answers) == ["code_wrong"] * 7 + ["linked"]
    assert rows("identities", f"user_id = '{anna.user_id}'") == 2


def test_both_sides_enter_each_others_code_at_once(anna: Side, guest: Side, rows: Any) -> None:
    codes = anna.code(), guest.code()
    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(lambda pair: pair[0].enter(pair[1]).status_code, zip((guest, anna), codes, strict=True))
        )
    assert answers.count(200) == 1
    assert rows("identities", f"user_id = '{anna.user_id}'") == 2
    assert rows("outbox", "event = 'channel_linked'") == 1


def test_codes_asked_for_while_the_guest_is_being_linked_break_nothing(anna: Side, guest: Side) -> None:
    code = anna.code()
    with ThreadPoolExecutor(5) as pool:
        asked = [pool.submit(guest.ask) for _ in range(4)]
        entered = pool.submit(guest.enter, code)
    assert entered.result().status_code == 200
    assert {answer.result().status_code for answer in asked} <= {200, 401}
