"""A person whom a messenger has proven is one person here, however often and from wherever they come."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

from express_bot.contracts.demo import DEMO_PERSONAS
from express_bot.core.app import create_app
from express_bot.settings import Settings
from tests.conftest import Api
from tests.core.looking import digest, trail
from tests.core.messenger import Messenger
from tests.core.proofs import service_token

HUID = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
VORONTSOVA = str(DEMO_PERSONAS[0].huid)


def test_an_unknown_person_becomes_an_employee(express: Messenger, one: Any, db: Any) -> None:
    told = {"full_name": "Иванов Иван", "locale": "en", "chat": "chat-1", "host_profile": {"position": "инструктор"}}
    person = express.meet(HUID, **told)
    user_id = person.pop("user_id")
    assert person == {
        "created": True,
        "active": True,
        "full_name": "Иванов Иван",
        "locale": "en",
        "roles": ["employee"],
        "profile_complete": False,
        "chat": "chat-1",
    }
    row = one("select host_profile, profile, personnel_number from users where id = %s", user_id)
    assert row == {"host_profile": {"position": "инструктор"}, "profile": {}, "personnel_number": None}
    assert trail(db, user_id) == ["user.create"]
    assert one("select actor_id, actor_role from audit_log where object_id = %s", user_id)["actor_role"] == "service"


def test_the_new_person_may_file_at_once_through_the_service(express: Messenger) -> None:
    user_id = express.meet(HUID, full_name="Иванов Иван")["user_id"]
    person = Api(express.api.app, service_token(act=user_id, channel="express"))
    facts = {"location": "msk", "unit": "msk-oke-1", "position": "bp", "personnel_number": "771100"}
    filed = person.submit(full_name="Иванов Иван Иванович", **facts)
    assert (filed.status_code, filed.json["channel"]) == (201, "express")
    again = express.meet(HUID)
    assert (again["user_id"], again["created"], again["profile_complete"]) == (user_id, False, True)


def test_a_person_who_is_told_nothing_of_has_the_house_language_and_no_name_yet(express: Messenger) -> None:
    person = express.meet(HUID)
    assert (person["full_name"], person["locale"], person["chat"]) == ("", "ru", None)
    assert express.meet(HUID, full_name="Иванов Иван")["full_name"] == "Иванов Иван"


def test_32_calls_at_once_make_one_person(express: Messenger, rows: Any) -> None:
    users, identities = rows("users"), rows("identities")
    with ThreadPoolExecutor(16) as pool:
        people = list(pool.map(lambda _: express.meet(HUID, full_name="Иванов Иван", chat="chat-1"), range(32)))
    assert len({person["user_id"] for person in people}) == 1
    assert sum(person["created"] for person in people) == 1
    assert {(person["chat"], tuple(person["roles"])) for person in people} == {("chat-1", ("employee",))}
    assert (rows("users"), rows("identities")) == (users + 1, identities + 1)
    assert rows("audit_log", "act = 'user.create'") == 1


def test_a_known_person_is_found_and_nothing_is_written(express: Messenger, api: Api, db: Any) -> None:
    employee = api.as_("employee").get("/api/smartapp/me").json["user"]
    express.meet(VORONTSOVA, chat="chat-7")
    before = digest(db)
    person = express.meet(VORONTSOVA, chat="chat-7", full_name="А. Воронцова", locale="en")
    assert (person["user_id"], person["created"], person["chat"]) == (employee["id"], False, "chat-7")
    assert (person["full_name"], person["locale"]) == ("Воронцова Анна Сергеевна", "ru"), "what the person set stays"
    assert person["profile_complete"] is True
    assert digest(db) == before


def test_the_chat_is_kept_and_follows_the_person(express: Messenger, one: Any) -> None:
    assert express.meet(VORONTSOVA)["chat"] is None
    assert express.meet(VORONTSOVA, chat="chat-1")["chat"] == "chat-1"
    assert express.meet(VORONTSOVA)["chat"] == "chat-1"
    assert express.meet(VORONTSOVA, chat="chat-2")["chat"] == "chat-2"
    row = one("select chat from identities where provider = 'express' and subject = %s", VORONTSOVA)
    assert row == {"chat": "chat-2"}


def test_another_messenger_is_another_identity_with_a_chat_of_its_own(express: Messenger, app: Flask) -> None:
    person = express.meet(HUID, chat="chat-1")
    stranger = Messenger(app, "telegram").meet(HUID, chat="chat-2")
    assert stranger["created"]
    assert stranger["user_id"] != person["user_id"]
    assert express.meet(HUID)["chat"] == "chat-1"


def test_an_unknown_person_of_telegram_is_a_guest_who_may_do_nothing(app: Flask, one: Any, rows: Any) -> None:
    guest = Messenger(app, "telegram").meet("7001", full_name="Анна", chat="7001")
    assert (guest["created"], guest["active"], guest["roles"]) == (True, True, [])
    assert one("select details from audit_log where object_id = %s", guest["user_id"])["details"]["roles"] == []
    person = Api(app, service_token(act=guest["user_id"], channel="telegram"))
    assert person.submit().json["code"] == "forbidden"
    assert person.patch("/api/smartapp/me", {"locale": "en"}).status_code == 403
    assert rows("applications", f"applicant_id = '{guest['user_id']}'") == 0
    info = person.get("/api/smartapp/info").json
    assert (info["user"]["roles"], info["forms"], info["user"]["full_name"]) == ([], [], "Анна")
    assert Messenger(app, "telegram").meet("7001")["roles"] == [], "coming again makes nobody more"


def test_where_the_organisation_welcomes_telegram_an_unknown_person_is_an_employee(
    settings: Settings, dsn: str, rows: Any
) -> None:
    core = create_app(settings.model_copy(update={"telegram_newcomers": "welcome"}), dsn)
    assert Messenger(core, "telegram").meet("7001")["roles"] == ["employee"]
    core.extensions["house"].pool.close()


def test_nobody_is_found_by_name(express: Messenger, api: Api) -> None:
    stranger = express.meet(HUID, full_name="Воронцова Анна Сергеевна")
    assert stranger["created"]
    assert stranger["user_id"] != api.as_("employee").get("/api/smartapp/me").json["user"]["id"]


def test_a_person_who_has_left_is_told_to_be_inactive_and_kept_as_they_were(express: Messenger, db: Any) -> None:
    user_id = express.meet(HUID, full_name="Иванов Иван", chat="chat-1")["user_id"]
    db.execute("update users set active = false, version = version + 1 where id = %s", (user_id,))
    before = digest(db)
    person = express.meet(HUID, chat="chat-2", host_profile={"position": "bp"})
    assert (person["user_id"], person["created"], person["active"], person["chat"]) == (user_id, False, False, "chat-1")
    assert digest(db) == before


@pytest.mark.parametrize(
    ("told", "offered"),
    [
        ({"position": "Бортпроводник"}, {"position": "bp"}),
        ({"position": "СТАРШИЙ БОРТПРОВОДНИК"}, {"position": "sbe"}),
        ({"position": "ipb"}, {"position": "ipb"}),
        ({"position": "Генеральный директор"}, None),
        ({"full_name": "Иванов Иван", "department": "ОКЭ"}, {"full_name": "Иванов Иван"}),
        ({"full_name": "<b>", "location": "Питер"}, {"location": "spb"}),
        ({"location": "Сочи", "unit": "ОКЭ 1"}, {"location": "aer"}),
    ],
)
def test_what_the_messenger_says_is_offered_in_the_words_of_the_form(
    express: Messenger, told: dict[str, str], offered: Any
) -> None:
    user_id = express.meet(HUID, host_profile=told)["user_id"]
    me = Api(express.api.app, service_token(act=user_id)).get("/api/smartapp/me").json
    assert (me["suggestion"], me["profile"]) == (offered, {})


@pytest.mark.parametrize("subject", ["x" * 201, "a b", "Анна"])
def test_an_odd_id_is_refused(express: Messenger, rows: Any, subject: str) -> None:
    before = rows("users")
    assert express.put(f"identities/express/{subject}", {}).status_code == 422
    assert rows("users") == before


@pytest.mark.parametrize("provider", ["local", "demo", "icq"])
def test_a_way_in_that_is_no_messenger_is_refused(express: Messenger, rows: Any, provider: str) -> None:
    before = rows("identities")
    assert express.put(f"identities/{provider}/admin", {}).status_code == 422
    assert rows("identities") == before
