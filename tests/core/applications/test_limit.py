"""The limit of active applications per person and month holds under races, whatever it is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.conftest import Api
from tests.core.applications.conftest import Mine, fresh_key
from tests.core.proofs import service_token


@pytest.fixture
def limit(db: Any, app: Any) -> Any:
    """Sets the limit of the open period: ``limit(3)``."""

    def set_limit(number: int) -> None:
        db.execute("update periods set application_limit = %s where target_from = '2027-01-01'", (number,))
        app.extensions["house"].reference._current = None

    return set_limit


def _race(employee: Api, callers: int = 16, tries: int = 48) -> list[Any]:
    with ThreadPoolExecutor(callers) as pool:
        return list(
            pool.map(lambda n: employee.submit(key=f"race-{n:04}", date=f"2027-01-{10 + n % 20}"), range(tries))
        )


def _slots(db: Any) -> list[int]:
    rows = db.execute(
        "select limit_slot from applications where target_month = '2027-01-01' and status = 'submitted'"
        " and applicant_id = (select user_id from identities where subject = 'vorontsova') order by 1"
    )
    return [row["limit_slot"] for row in rows]


@pytest.mark.parametrize("number", [1, 3, 12])
def test_sixteen_threads_get_exactly_as_many_places_as_there_are(api: Api, limit: Any, db: Any, number: int) -> None:
    limit(number)
    answers = _race(api.as_("employee"))
    codes = [answer.json.get("code", "filed") for answer in answers]
    assert (codes.count("filed"), codes.count("limit_reached")) == (number, 48 - number)
    assert _slots(db) == list(range(1, number + 1))


def test_two_instances_of_the_core_share_one_limit(api: Api, second_core: Api, limit: Any, db: Any) -> None:
    limit(3)
    employee = api.as_("employee")
    doors = [employee, Api(second_core.app, employee.token)]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda n: doors[n % 2].submit(key=f"instance-{n}"), range(32)))
    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 29
    assert _slots(db) == [1, 2, 3]


def test_twenty_people_at_once_are_all_kept(api: Api, db: Any, rows: Any) -> None:
    people = db.execute(
        "select user_id from identities where subject like 'crew-%' order by subject limit 20"
    ).fetchall()
    db.execute("update applications set status = 'withdrawn' where target_month = '2027-01-01'")
    before = rows("applications")
    callers = [Api(api.app, service_token(act=str(person["user_id"]))) for person in people]

    def file(caller: Api) -> Any:
        return caller.submit(key="same-key-for-all", direction={"other": "Владивосток"})

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(file, callers))
    assert [answer.status_code for answer in answers] == [201] * 20
    assert len({answer.json["number"] for answer in answers}) == 20
    assert rows("applications") == before + 20


def test_a_place_given_back_is_taken_again_and_the_gap_is_filled(api: Api, limit: Any, db: Any) -> None:
    limit(3)
    employee = api.as_("employee")
    filed = [employee.submit(key=fresh_key()).json["number"] for _ in range(3)]
    Mine(employee, filed[1]).withdraw()
    assert _slots(db) == [1, 3]
    assert employee.submit(key=fresh_key()).status_code == 201
    assert _slots(db) == [1, 2, 3]


def test_an_undo_takes_another_place_when_its_own_is_gone(api: Api, limit: Any, db: Any) -> None:
    limit(3)
    employee = api.as_("employee")
    mine = Mine(employee, employee.submit(key=fresh_key()).json["number"])
    mine.withdraw()
    assert employee.submit(key=fresh_key()).status_code == 201
    assert mine.restore().status_code == 200
    assert _slots(db) == [1, 2]


def test_undoes_at_once_take_no_more_places_than_there_are(api: Api, limit: Any, db: Any) -> None:
    limit(3)
    employee = api.as_("employee")
    mine = []
    for _ in range(8):
        mine.append(Mine(employee, employee.submit(key=fresh_key()).json["number"]))
        mine[-1].withdraw()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda application: application.restore(), mine))
    codes = [
        answer.json.get("code", answer.json["status"]) if answer.status_code != 200 else "back" for answer in answers
    ]
    assert sorted(codes) == ["back"] * 3 + ["limit_reached"] * 5
    assert _slots(db) == [1, 2, 3]


def test_the_limit_is_told_with_its_figure_and_month(api: Api, limit: Any) -> None:
    limit(2)
    employee = api.as_("employee")
    first = employee.submit(key=fresh_key()).json["number"]
    employee.submit(key=fresh_key())
    full = employee.submit(key=fresh_key())
    assert (full.json["limit"], full.json["month"], full.json["number"]) == (2, "январь 2027", first)


def test_a_limit_lowered_later_takes_nothing_away(api: Api, limit: Any, db: Any) -> None:
    limit(3)
    employee = api.as_("employee")
    for _ in range(3):
        employee.submit(key=fresh_key())
    limit(1)
    assert employee.submit(key=fresh_key()).json["code"] == "limit_reached"
    assert _slots(db) == [1, 2, 3]


def test_other_peoples_applications_take_no_place_of_mine(api: Api, limit: Any) -> None:
    assert api.as_("dispatcher").submit(key=fresh_key()).status_code == 201
    assert api.as_("employee").submit(key=fresh_key()).status_code == 201


def test_a_form_without_periods_has_no_limit(api: Api, rows: Any) -> None:
    employee, before = api.as_("employee"), rows("applications")
    answers = {"document": "income", "copies": 1, "needed_by": "2026-12-01", "delivery": "office"}
    filed = [employee.submit(form="certificate", key=fresh_key(), **answers) for _ in range(5)]
    assert {answer.status_code for answer in filed} == {201}
    assert rows("applications") == before + 5
