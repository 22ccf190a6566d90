"""«Напомнить, когда откроется» and «Не в этом месяце»: one word of a person about one period."""

from __future__ import annotations

import pytest

from tests.core.looking import trail


@pytest.fixture
def employee(api):
    return api.as_("employee")


@pytest.fixture
def coming(employee) -> int:
    """The next period."""
    periods = employee.get("/api/smartapp/periods").json["periods"]
    return next(period["id"] for period in periods if period["state"] == "upcoming")


def seen(caller, period: int) -> str:
    """What the lists of periods say about one of them."""
    shown = {one["id"]: one["reminder"] for one in caller.get("/api/smartapp/periods").json["periods"]}
    return shown[period]


def test_a_choice_is_kept_shown_and_taken_back(employee, coming, db, rows):
    door = f"/api/smartapp/periods/{coming}/reminder"
    assert employee.get(door).json == {"period": coming, "choice": "none"}
    for choice in ("wanted", "declined", "declined"):
        assert employee.put(door, {"choice": choice}).json == {"period": coming, "choice": choice}
        assert (employee.get(door).json["choice"], seen(employee, coming)) == (choice, choice)
    assert rows("reminder_choices") == 1
    assert employee.put(door, {"choice": "none"}).json["choice"] == "none"
    assert (seen(employee, coming), rows("reminder_choices")) == ("none", 0)
    assert trail(db, str(coming)) == ["reminder.choose"] * 3  # saying the same again changes nothing


def test_a_choice_is_the_callers_alone(api, employee, coming):
    employee.put(f"/api/smartapp/periods/{coming}/reminder", {"choice": "wanted"})
    assert seen(api.as_("dispatcher"), coming) == "none"


def test_the_form_of_a_period_says_it_too_and_its_tag_changes(employee, db):
    before = employee.get("/api/smartapp/form?form=flight")
    period = before.json["period"]["id"]
    employee.put(f"/api/smartapp/periods/{period}/reminder", {"choice": "declined"})
    after = employee.get("/api/smartapp/form?form=flight", headers={"If-None-Match": before.headers["ETag"]})
    assert (after.status_code, after.json["period"]["reminder"]) == (200, "declined")


@pytest.mark.parametrize("number", ["999999", "9223372036854775807"])
def test_a_period_that_is_not_there_is_not_found(employee, rows, number):
    assert employee.put(f"/api/smartapp/periods/{number}/reminder", {"choice": "wanted"}).status_code == 404
    assert rows("reminder_choices") == 0
