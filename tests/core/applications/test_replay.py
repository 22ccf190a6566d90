"""A repeated submit gets the answer it was once given, whatever has changed meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Api
from tests.core.applications.conftest import Mine
from tests.core.looking import digest

SAME = ("number", "status", "version", "answers", "title", "filed_at", "updated_at", "target_date", "display")


def _same(first: Any, again: Any) -> None:
    assert (again.status_code, again.headers.get("Idempotency-Replayed")) == (201, "true")
    assert {name: again.json[name] for name in SAME} == {name: first.json[name] for name in SAME}


def test_after_the_deadline(api: Api, travel: Any, rows: Any) -> None:
    employee = api.as_("employee")
    first, count = employee.submit(), rows("applications")
    travel("2026-12-05T18:00:01+03:00")
    _same(first, employee.submit())
    travel("2026-12-21T10:00:00+03:00")
    _same(first, employee.submit())
    assert rows("applications") == count


def test_after_it_was_edited_and_withdrawn(api: Api, rows: Any) -> None:
    employee = api.as_("employee")
    first, count = employee.submit(key="filed-once"), rows("applications")
    mine = Mine(employee, first.json["number"])
    mine.edit(direction="khv", date="2027-01-20")
    mine.withdraw()
    _same(first, employee.submit(key="filed-once"))
    assert (rows("applications"), mine.view()["status"]) == (count, "withdrawn")


def test_after_its_direction_was_retired(api: Api, db: Any, app: Any) -> None:
    employee = api.as_("employee")
    first = employee.submit()
    db.execute("update directory_items set retired_at = now() where directory = 'direction' and code = 'vvo'")
    app.extensions["house"].reference._current = None
    assert employee.submit(key="new-intent-1", date="2027-01-20").json["errors"][0]["code"] == "unknown_option"
    _same(first, employee.submit())


def test_after_the_profile_changed(api: Api) -> None:
    employee = api.as_("employee")
    first = employee.submit()
    assert employee.patch("/api/smartapp/me", {"profile": {"unit": "msk-oke-3"}}).status_code == 200
    _same(first, employee.submit())


def test_from_another_session_and_another_instance(api: Api, second_core: Api, rows: Any) -> None:
    first, count = api.as_("employee").submit(), rows("applications")
    _same(first, second_core.as_("employee").submit())
    assert rows("applications") == count


def test_the_answer_of_a_repetition_is_in_the_language_of_its_call(api: Api) -> None:
    employee = api.as_("employee")
    employee.submit()
    assert employee.in_("en").submit().json["title"] == "Vladivostok, 15 January"


def test_the_order_of_members_makes_no_other_body(api: Api) -> None:
    employee = api.as_("employee")
    answers = [("direction", "vvo"), ("date", "2027-01-15"), ("wishes", "утро")]
    bodies = [{"form": "flight", "answers": dict(answers)}, {"answers": dict(answers[::-1]), "form": "flight"}]
    replies = [employee.post("/api/smartapp/submit", body, key="same-intent") for body in bodies]
    assert [reply.status_code for reply in replies] == [201, 201]
    assert replies[0].json["number"] == replies[1].json["number"]


@pytest.mark.parametrize("other", [{"wishes": "утро"}, {"date": "2027-01-16"}, {"direction": {"other": "Рим"}}])
def test_another_body_under_the_key_changes_nothing(api: Api, db: Any, other: dict[str, Any]) -> None:
    employee = api.as_("employee")
    number = employee.submit().json["number"]
    before = digest(db)["applications"][0]
    refused = employee.submit(**other)
    assert (refused.status_code, refused.json["code"], refused.json["number"]) == (
        422,
        "idempotency_key_reused",
        number,
    )
    assert digest(db)["applications"][0] == before


def test_one_key_of_two_people_is_two_intents(api: Api) -> None:
    numbers = {api.as_(persona).submit(key="a-key-of-both").json["number"] for persona in ("employee", "dispatcher")}
    assert len(numbers) == 2


def test_a_key_that_was_refused_may_be_used_for_the_mended_answers(api: Api) -> None:
    employee = api.as_("employee")
    assert employee.submit(date="2026-01-01").status_code == 422
    assert employee.submit().status_code == 201


def test_a_repetition_writes_so_that_it_waits_for_the_replica(api: Api, one: Any) -> None:
    employee = api.as_("employee")
    number = employee.submit().json["number"]
    employee.submit()
    row = one("select replayed_at is not null as replayed, version from applications where number = %s", number)
    assert row == {"replayed": True, "version": 1}
