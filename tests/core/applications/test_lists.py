"""What people find again: their own list, page by page, and the list of a person for those who may read it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from tests.conftest import Api
from tests.core.applications.conftest import Mine, fresh_key
from tests.core.conftest import Standing
from tests.core.proofs import service_token

CERTIFICATE = {"document": "income", "copies": 1, "needed_by": "2026-12-01", "delivery": "office"}


def test_the_list_is_newest_first_and_only_mine(api: Api) -> None:
    employee = api.as_("employee")
    number = employee.submit().json["number"]
    items = employee.get("/api/smartapp/applications").json["items"]
    assert [item["title"] for item in items] == [
        "Владивосток, 15 января",
        "Владивосток, 14 декабря",
        "Хабаровск, 3 ноября",
        "Магадан, 20 октября",
    ]
    assert items[0]["number"] == number
    assert [item["status"] for item in items] == ["submitted", "approved", "waitlisted", "rejected"]
    assert api.as_("newcomer").get("/api/smartapp/applications").json == {"items": [], "next_cursor": None}


def test_page_by_page_everything_comes_once(api: Api) -> None:
    employee = api.as_("employee")
    filed = [employee.submit(form="certificate", key=fresh_key(), **CERTIFICATE).json["number"] for _ in range(7)]
    seen: list[str] = []
    cursor, pages = None, 0
    while pages == 0 or cursor:
        query = f"form=certificate&limit=3{f'&cursor={cursor}' if cursor else ''}"
        page = employee.get(f"/api/smartapp/applications?{query}").json
        seen += [item["number"] for item in page["items"]]
        cursor, pages = page["next_cursor"], pages + 1
    assert (seen, pages) == (filed[::-1], 3)


def test_what_is_filed_meanwhile_does_not_shift_the_pages(api: Api) -> None:
    employee = api.as_("employee")
    filed = [employee.submit(form="certificate", key=fresh_key(), **CERTIFICATE).json["number"] for _ in range(4)]
    first = employee.get("/api/smartapp/applications?form=certificate&limit=2").json
    employee.submit(form="certificate", key=fresh_key(), **CERTIFICATE)
    rest = employee.get(f"/api/smartapp/applications?form=certificate&limit=2&cursor={first['next_cursor']}").json
    assert [item["number"] for item in (*first["items"], *rest["items"])] == filed[::-1]
    assert rest["next_cursor"] is None


def test_the_list_is_narrowed_by_form_and_status(untouched: Standing) -> None:
    employee = untouched.as_("employee")
    by_status = employee.get("/api/smartapp/applications?status=approved").json["items"]
    by_form = employee.get("/api/smartapp/applications?form=certificate").json["items"]
    assert ([item["status"] for item in by_status], by_form) == (["approved"], [])


def test_the_words_are_the_readers_language(untouched: Standing) -> None:
    item = untouched.as_("employee").in_("en").get("/api/smartapp/applications?status=waitlisted").json["items"][0]
    assert (item["title"], item["status_label"]) == ("Khabarovsk, 3 November", "On the reserve list")


def _id(api: Api) -> str:
    return str(api.get("/api/smartapp/me").json["user"]["id"])


def test_by_a_persons_id_the_own_list_is_read(untouched: Standing) -> None:
    dispatcher = untouched.as_("dispatcher")
    by_id = dispatcher.get(f"/api/smartapp/applications/{_id(dispatcher)}")
    assert by_id.status_code == 200
    assert by_id.json == dispatcher.get("/api/smartapp/applications").json


@pytest.mark.parametrize("reader", ["dispatcher", "admin"])
def test_who_may_read_all_reads_the_list_of_a_person(untouched: Standing, reader: str) -> None:
    employee = untouched.as_("employee")
    found = untouched.as_(reader).get(f"/api/smartapp/applications/{_id(employee)}")
    assert (found.status_code, found.json) == (200, employee.get("/api/smartapp/applications").json)


def test_who_may_read_all_reads_it_page_by_page(untouched: Standing) -> None:
    employee, dispatcher = untouched.as_("employee"), untouched.as_("dispatcher")
    address = f"/api/smartapp/applications/{_id(employee)}"
    first = dispatcher.get(f"{address}?limit=2").json
    rest = dispatcher.get(f"{address}?limit=2&cursor={first['next_cursor']}").json
    whole = employee.get("/api/smartapp/applications").json["items"]
    assert ([*first["items"], *rest["items"]], rest["next_cursor"]) == (whole, None)
    assert dispatcher.get(f"{address}?status=approved").json["items"] == whole[:1]


@pytest.mark.parametrize("reader", ["employee", "newcomer"])
def test_a_list_of_somebody_else_does_not_exist(untouched: Standing, reader: str) -> None:
    other = _id(untouched.as_("dispatcher"))
    refused = untouched.as_(reader).get(f"/api/smartapp/applications/{other}")
    unknown = untouched.as_(reader).get(f"/api/smartapp/applications/{uuid4()}")
    assert (refused.status_code, refused.json) == (404, unknown.json)


def test_a_service_for_a_person_reads_that_persons_list_and_no_other(untouched: Standing) -> None:
    employee, other = _id(untouched.as_("employee")), _id(untouched.as_("dispatcher"))
    service = Api(untouched.app, service_token(act=employee, channel="express"))
    assert len(service.get(f"/api/smartapp/applications/{employee}").json["items"]) == 3
    assert service.get(f"/api/smartapp/applications/{other}").status_code == 404


def test_a_dispatcher_does_not_open_anothers_application_by_number_here(untouched: Standing) -> None:
    number = untouched.as_("employee").get("/api/smartapp/applications").json["items"][0]["number"]
    assert untouched.as_("dispatcher").get(f"/api/smartapp/applications/{number}").status_code == 404


def test_a_decision_is_new_until_its_owner_opens_it(mine: Mine, decide: Any, travel: Any, db: Any) -> None:
    travel("2026-12-12T10:00:00+03:00")
    decide(mine.number, "approved")
    assert mine.owner.get("/api/smartapp/info").json["unseen"] == 1
    assert mine.view()["seen"] is False
    assert mine.owner.post(f"{mine.address}/seen").status_code == 204
    assert (mine.owner.get("/api/smartapp/info").json["unseen"], mine.view()["seen"]) == (0, True)
    decide(mine.number, "rejected", "2026-12-13T12:00:00+03:00")
    assert (mine.owner.get("/api/smartapp/info").json["unseen"], mine.view()["seen"]) == (1, False)


def test_looking_changes_neither_version_nor_history(mine: Mine, decide: Any, db: Any) -> None:
    decide(mine.number, "approved")
    before = mine.view()
    mine.owner.post(f"{mine.address}/seen")
    after = mine.view()
    assert (after["version"], after["timeline"], after["updated_at"]) == (
        before["version"],
        before["timeline"],
        before["updated_at"],
    )


def test_a_decision_is_told_with_its_reason_in_the_readers_language(mine: Mine, decide: Any) -> None:
    decide(mine.number, "approved")
    english = mine.owner.in_("en").get(mine.address).json["decision"]
    assert mine.view()["decision"]["reason"] == "Одобрена командиром."
    assert (english["outcome"], english["reason_code"], english["reason"]) == (
        "approved",
        "granted",
        "Approved by the captain.",
    )


def test_what_comes_next_is_told_with_its_moments(mine: Mine, travel: Any) -> None:
    upcoming = mine.view()["upcoming"]
    assert [(step["kind"], step["at"]) for step in upcoming] == [
        ("edit_until", "2026-12-05T15:00:00+00:00"),
        ("decision", mine.view()["period"]["decision_due_at"]),
    ]
    travel("2026-12-06T10:00:00+03:00")
    assert [step["kind"] for step in mine.view()["upcoming"]] == ["decision"]


def test_employees_see_roles_and_not_names(untouched: Standing) -> None:
    employee = untouched.as_("employee")
    number = employee.get("/api/smartapp/applications").json["items"][0]["number"]
    view = employee.get(f"/api/smartapp/applications/{number}")
    actors = [entry["actor"] for entry in view.json["timeline"]]
    assert actors == [{"role": "employee", "name": None}, {"role": "dispatcher", "name": None}]
    assert "Петрова" not in view.text


def test_numbers_are_of_the_year_of_travel_and_grow(api: Api) -> None:
    first = api.as_("employee").submit().json["number"]
    second = api.as_("dispatcher").submit().json["number"]
    assert first.startswith("2027-")
    assert int(second[5:]) == int(first[5:]) + 1
