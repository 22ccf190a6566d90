"""Filing an application through the door that people use."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.conftest import Api


def test_an_application_is_filed_and_found_again(api: Api, rows: Any) -> None:
    employee, before = api.as_("employee"), rows("applications")
    filed = employee.submit()
    assert (filed.status_code, filed.json["status"], filed.json["title"]) == (
        201,
        "submitted",
        "Владивосток, 15 января",
    )
    found = employee.get(f"/api/smartapp/applications/{filed.json['number']}")
    assert found.json["answers"]["direction"] == "vvo"
    assert rows("applications") == before + 1


def test_everything_that_belongs_to_it_is_written_with_it(api: Api, db: Any) -> None:
    number = api.as_("employee").submit().json["number"]
    events = db.execute(
        "select e.kind from application_events e join applications a on a.id = e.application_id where a.number = %s",
        (number,),
    ).fetchall()
    promised = db.execute(
        "select o.event from outbox o join applications a on a.id = o.application_id where a.number = %s", (number,)
    ).fetchall()
    audit = db.execute("select act from audit_log where object_id = %s", (number,)).fetchall()
    assert [events, promised, audit] == [
        [{"kind": "submitted"}],
        [{"event": "application_submitted"}],
        [{"act": "application.submit"}],
    ]


def test_the_same_key_and_body_give_the_same_answer_and_no_second_application(api: Api, rows: Any) -> None:
    employee = api.as_("employee")
    first, count = employee.submit(), rows("applications")
    again = employee.submit()
    assert (again.status_code, again.json) == (201, first.json)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert rows("applications") == count


def test_the_same_key_with_another_body_is_refused(api: Api, rows: Any) -> None:
    employee = api.as_("employee")
    employee.submit()
    count = rows("applications")
    other = employee.submit(date="2027-01-16")
    assert (other.status_code, other.json["code"]) == (422, "idempotency_key_reused")
    assert rows("applications") == count


def test_without_a_key_nothing_is_filed(api: Api, rows: Any) -> None:
    employee, count = api.as_("employee"), rows("applications")
    refused = employee.post("/api/smartapp/submit", {"form": "flight", "answers": {}})
    assert (refused.status_code, refused.json["code"]) == (400, "idempotency_key_missing")
    assert rows("applications") == count


def test_a_second_application_for_the_month_names_the_first(api: Api, rows: Any) -> None:
    employee = api.as_("employee")
    first, count = employee.submit(key="first-key").json["number"], rows("applications")
    second = employee.submit(key="second-key", date="2027-01-20")
    assert (second.status_code, second.json["code"], second.json["number"]) == (409, "limit_reached", first)
    assert rows("applications") == count


def test_sixty_four_parallel_submits_with_one_key_make_one_application(api: Api, rows: Any) -> None:
    employee, before = api.as_("employee"), rows("applications")
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: employee.submit(), range(64)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json["number"] for answer in answers}) == 1
    assert rows("applications") == before + 1


def test_sixty_four_parallel_submits_with_different_keys_leave_one_winner(api: Api, rows: Any) -> None:
    employee, before = api.as_("employee"), rows("applications")
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda n: employee.submit(key=f"different-{n}"), range(64)))
    codes = [answer.json.get("code", "filed") for answer in answers]
    assert (codes.count("filed"), codes.count("limit_reached")) == (1, 63)
    assert rows("applications") == before + 1
