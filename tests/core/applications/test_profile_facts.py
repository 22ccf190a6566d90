"""Profile facts come with the first application, once; nothing is remembered of one that was not filed."""

from __future__ import annotations

from typing import Any

from tests.conftest import Api
from tests.core.applications.conftest import fresh_key

FACTS = {
    "location": "spb",
    "unit": "spb-oke-4",
    "position": "bp",
    "full_name": "Лебедев Илья Андреевич",
    "personnel_number": "100555",
}


def _me(caller: Api) -> dict[str, Any]:
    return dict(caller.get("/api/smartapp/me").json)


def test_facts_given_with_the_first_application_are_remembered(api: Api, one: Any) -> None:
    newcomer = api.as_("newcomer")
    filed = newcomer.submit(**FACTS, direction="aer")
    assert (filed.status_code, filed.json["answers"]["unit"]) == (201, "spb-oke-4")
    me = _me(newcomer)
    assert (me["profile"], me["profile_complete"], me["suggestion"]) == (FACTS, True, None)
    row = one("select personnel_number, full_name from users where personnel_number = '100555'")
    assert row == {"personnel_number": "100555", "full_name": FACTS["full_name"]}
    audit = one("select details from audit_log where act = 'profile.change'")
    assert audit["details"] == {"fields": sorted(FACTS)}


def test_the_next_application_needs_them_no_more(api: Api) -> None:
    newcomer = api.as_("newcomer")
    first = newcomer.submit(**FACTS, direction="aer").json["number"]
    newcomer.post(f"/api/smartapp/applications/{first}/withdraw", {}, key=fresh_key())
    again = newcomer.submit(key=fresh_key(), direction="aer")
    assert (again.status_code, again.json["answers"]["personnel_number"]) == (201, "100555")


def test_facts_are_kept_clean(api: Api) -> None:
    newcomer = api.as_("newcomer")
    messy = FACTS | {"full_name": "  ЛЕБЕДЕВ   илья ", "personnel_number": "100 555"}
    assert newcomer.submit(**messy, direction="aer").status_code == 201
    profile = _me(newcomer)["profile"]
    assert (profile["full_name"], profile["personnel_number"]) == ("Лебедев Илья", "100555")


def test_nothing_is_remembered_of_an_application_that_broke_a_rule(api: Api, rows: Any) -> None:
    newcomer = api.as_("newcomer")
    assert newcomer.submit(**FACTS, direction="aer", date="2026-01-01").status_code == 422
    assert (_me(newcomer)["profile"], rows("audit_log", "act = 'profile.change'")) == ({}, 0)


def test_nothing_is_remembered_of_an_application_over_the_limit(api: Api, rows: Any, one: Any) -> None:
    employee = api.as_("employee")
    before = _me(employee)
    employee.submit()
    refused = employee.submit(key=fresh_key(), position="sbe", unit="msk-oke-3")
    assert (refused.status_code, refused.json["code"]) == (409, "limit_reached")
    assert (_me(employee), rows("audit_log", "act = 'profile.change'")) == (before, 0)


def test_nothing_is_remembered_and_nothing_filed_with_a_number_of_somebody_else(api: Api, rows: Any) -> None:
    newcomer, before = api.as_("newcomer"), rows("applications")
    refused = newcomer.submit(**FACTS | {"personnel_number": "100234"}, direction="aer")
    assert (refused.status_code, refused.json["code"]) == (409, "personnel_number_taken")
    assert (_me(newcomer)["profile"], rows("applications")) == ({}, before)


def test_an_application_repeated_with_its_facts_remembers_them_once(api: Api, rows: Any) -> None:
    newcomer = api.as_("newcomer")
    first, again = (newcomer.submit(**FACTS, direction="aer") for _ in range(2))
    assert (again.status_code, again.json["number"]) == (201, first.json["number"])
    assert rows("audit_log", "act = 'profile.change'") == 1


def test_an_instance_that_remembers_the_old_profile_looks_again_before_it_refuses(api: Api, second_core: Api) -> None:
    here = api.as_("newcomer")
    there = Api(second_core.app, here.token)
    assert there.submit(direction="aer").json["errors"][0]["code"] == "required"
    assert here.patch("/api/smartapp/me", {"profile": FACTS}).status_code == 200
    assert there.submit(direction="aer").status_code == 201


def test_two_people_at_once_do_not_get_one_number(api: Api, rows: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor

    callers = [api.as_("newcomer"), api.as_("matched")]
    with ThreadPoolExecutor(2) as pool:
        statuses = sorted(r.status_code for r in pool.map(lambda c: c.submit(**FACTS, direction="aer"), callers))
    assert statuses == [201, 409]
    assert rows("users", "personnel_number = '100555'") == 1
