"""Profiles: asked once, proposed to newcomers, one personnel number for one person."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Api
from tests.core.looking import digest

ME = "/api/smartapp/me"
FACTS = {
    "location": "spb",
    "unit": "spb-oke-4",
    "position": "sbe",
    "full_name": "Соколова Мария Павловна",
    "personnel_number": "100417",
}


def test_a_complete_profile_is_shown_in_words(api: Api) -> None:
    me = api.as_("employee").get(ME).json
    assert me["profile"] == {
        "location": "msk",
        "unit": "msk-oke-2",
        "position": "bp",
        "full_name": "Воронцова Анна Сергеевна",
        "personnel_number": "100234",
    }
    assert (me["display"]["location"], me["display"]["unit"], me["display"]["position"]) == ("МСК", "ОКЭ 2", "БП")
    assert (me["profile_complete"], me["suggestion"], me["staff_match"]) == (True, None, False)


def test_a_newcomer_is_offered_what_the_messenger_says(api: Api) -> None:
    me = api.as_("newcomer").get(ME).json
    assert (me["profile"], me["profile_complete"], me["staff_match"]) == ({}, False, False)
    assert me["suggestion"] == {"full_name": "Лебедев Илья Андреевич", "position": "bp"}


def test_a_person_of_the_staff_list_is_offered_everything(api: Api, rows: Any) -> None:
    me = api.as_("matched").get(ME).json
    assert (me["staff_match"], me["suggestion"], me["profile"]) == (True, FACTS, {})
    assert rows("users", "personnel_number = '100417'") == 0


def test_a_confirmed_suggestion_is_the_profile(api: Api) -> None:
    matched = api.as_("matched")
    me = matched.patch(ME, {"profile": matched.get(ME).json["suggestion"]}).json
    assert (me["profile"], me["profile_complete"], me["suggestion"]) == (FACTS, True, None)
    assert matched.submit(direction="aer").status_code == 201


def test_number_and_surname_of_the_staff_list_fill_the_rest(api: Api) -> None:
    newcomer = api.as_("newcomer")
    given = {"full_name": "Соколова Мария", "personnel_number": "100417"}
    profile = newcomer.patch(ME, {"profile": given}).json["profile"]
    assert profile == FACTS | given


@pytest.mark.parametrize("name", ["Соколов Мария", "Лебедев Илья"])
def test_a_number_alone_tells_nothing_about_anybody(api: Api, name: str) -> None:
    given = {"full_name": name, "personnel_number": "100417"}
    profile = api.as_("newcomer").patch(ME, {"profile": given}).json["profile"]
    assert profile == given


def test_facts_are_changed_one_by_one_and_the_rest_stays(api: Api, one: Any) -> None:
    employee = api.as_("employee")
    before = employee.get(ME).json["profile"]
    after = employee.patch(ME, {"profile": {"position": "sbe"}}).json["profile"]
    assert after == before | {"position": "sbe"}
    row = one("select act, details, actor_role from audit_log where act = 'profile.change'")
    assert row == {"act": "profile.change", "details": {"fields": ["position"]}, "actor_role": "employee"}


def test_a_fact_is_taken_out_and_the_profile_is_no_longer_complete(api: Api) -> None:
    employee = api.as_("employee")
    me = employee.patch(ME, {"profile": {"personnel_number": None}}).json
    assert ("personnel_number" in me["profile"], me["profile_complete"]) == (False, False)
    refused = employee.submit()
    assert [(e["field"], e["code"]) for e in refused.json["errors"]] == [("personnel_number", "required")]


def test_a_number_given_back_may_be_taken_by_somebody_else(api: Api) -> None:
    api.as_("employee").patch(ME, {"profile": {"personnel_number": None}})
    taken = api.as_("newcomer").patch(ME, {"profile": {"personnel_number": "100234"}})
    assert taken.status_code == 200


def test_a_number_of_somebody_else_is_not_taken(api: Api, rows: Any) -> None:
    refused = api.as_("newcomer").patch(ME, {"profile": {"personnel_number": "100234"}})
    assert (refused.status_code, refused.json["code"]) == (409, "personnel_number_taken")
    assert [e["field"] for e in refused.json["errors"]] == ["personnel_number"]
    assert (rows("users", "personnel_number = '100234'"), rows("audit_log", "act = 'profile.change'")) == (1, 0)


def test_ones_own_number_is_no_conflict(api: Api) -> None:
    assert api.as_("employee").patch(ME, {"profile": {"personnel_number": "100 234"}}).status_code == 200


def test_the_name_of_the_profile_is_the_name_everywhere(api: Api) -> None:
    employee = api.as_("employee")
    user = employee.patch(ME, {"profile": {"full_name": "ВОРОНЦОВА-петрова анна сергеевна"}}).json["user"]
    assert (user["full_name"], user["short_name"]) == ("Воронцова-Петрова Анна Сергеевна", "Воронцова-Петрова А. С.")


def test_the_language_is_remembered_and_used_where_none_is_asked_for(api: Api) -> None:
    employee = api.as_("employee")
    assert employee.patch(ME, {"locale": "en"}).json["user"]["locale"] == "en"
    silent = Api(api.app, employee.token, locale="")
    assert silent.get("/api/smartapp/form").json["form"]["title"] == "Flight request"
    assert employee.get("/api/smartapp/form").json["form"]["title"] == "Заявка на рейс"


@pytest.mark.parametrize("locale", ["de", "RU", "", "en-GB"])
def test_only_languages_of_the_product_are_kept(api: Api, db: Any, locale: str) -> None:
    employee = api.as_("employee")
    before = digest(db)
    refused = employee.patch(ME, {"locale": locale})
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "locale")
    assert digest(db) == before


def test_another_base_needs_another_unit(api: Api) -> None:
    employee = api.as_("employee")
    refused = employee.patch(ME, {"profile": {"location": "spb"}})
    assert [(e["field"], e["code"]) for e in refused.json["errors"]] == [("unit", "wrong_parent")]
    moved = employee.patch(ME, {"profile": {"location": "spb", "unit": "spb-oke-4"}})
    assert moved.json["profile"]["unit"] == "spb-oke-4"


def test_an_application_keeps_the_facts_it_was_filed_with(api: Api) -> None:
    employee = api.as_("employee")
    number = employee.submit().json["number"]
    employee.patch(ME, {"profile": {"position": "sbe"}})
    assert employee.get(f"/api/smartapp/applications/{number}").json["answers"]["position"] == "bp"


def test_a_changed_profile_holds_at_once_on_the_hot_path(api: Api) -> None:
    employee = api.as_("employee")
    employee.get(ME)
    employee.patch(ME, {"profile": {"unit": "msk-oke-3"}})
    assert employee.submit().json["answers"]["unit"] == "msk-oke-3"


def test_a_change_of_another_instance_holds_at_once_too(api: Api, second_core: Api) -> None:
    here = api.as_("employee")
    there = Api(second_core.app, here.token)
    assert there.get(ME).status_code == 200
    here.patch(ME, {"profile": {"unit": "msk-oke-3"}})
    assert there.submit().json["answers"]["unit"] == "msk-oke-3"
