"""Forms, directories and periods in memory: a change is seen within a second, and nothing is half old."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import Api

#: What is promised, and the time of a call.
A_SECOND = 1.5
FORM = "/api/smartapp/form"


def _within_a_second(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + A_SECOND
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False


def _codes(caller: Api, name: str) -> set[str]:
    fields = caller.get(FORM).json["form"]["fields"]
    return {option["code"] for field in fields if field["name"] == name for option in field["options"]}


@pytest.fixture
def change(db: Any) -> Callable[..., None]:
    """Changes reference data by plain SQL, as anybody may who keeps it."""

    def execute(statement: str) -> None:
        with db.transaction():
            db.execute(statement)

    return execute


def test_a_new_direction_is_offered_and_taken_within_a_second(api: Api, change: Any) -> None:
    employee = api.as_("employee")
    etag = employee.get(FORM).headers["ETag"]
    change(
        "insert into directory_items (directory, code, names, parents)"
        """ values ('direction', 'kgd', '{"ru": "Калининград", "en": "Kaliningrad"}', '{msk}')"""
    )
    assert _within_a_second(lambda: "kgd" in _codes(employee, "direction"))
    assert employee.get(FORM, headers={"If-None-Match": etag}).status_code == 200
    assert employee.submit(direction="kgd").json["title"] == "Калининград, 15 января"


def test_a_retired_direction_is_refused_within_a_second_but_still_has_its_name(api: Api, change: Any) -> None:
    employee = api.as_("employee")
    number = employee.submit().json["number"]
    change("update directory_items set retired_at = now() where code = 'vvo'")
    assert _within_a_second(lambda: "vvo" not in _codes(employee, "direction"))
    assert employee.submit(key="another-key").json["errors"][0]["code"] == "unknown_option"
    assert employee.get(f"/api/smartapp/applications/{number}").json["title"] == "Владивосток, 15 января"


def test_a_period_prolonged_after_it_closed_takes_applications_within_a_second(
    api: Api, change: Any, travel: Any
) -> None:
    travel("2026-12-06T10:00:00+03:00")
    employee = api.as_("employee")
    assert employee.submit().json["code"] == "period_not_open"
    change("update periods set closes_at = '2026-12-07T18:00:00+03:00' where target_from = '2027-01-01'")
    assert _within_a_second(lambda: employee.submit().status_code == 201)


def test_a_day_given_out_is_refused_within_a_second(api: Api, change: Any) -> None:
    employee = api.as_("employee")
    excluded = (
        '[{"from": "2027-01-15", "to": "2027-01-15", "reason": "closed", "text": {"ru": "Занято", "en": "Taken"}}]'
    )
    change(f"update periods set excluded = '{excluded}' where target_from = '2027-01-01'")

    def is_refused() -> bool:
        answer = employee.submit(key="a-refused-key", wishes="x" * 301)
        return any(error["code"] == "excluded_date" for error in answer.json["errors"])

    assert _within_a_second(is_refused)


def test_a_new_version_of_a_form_holds_within_a_second_and_old_ones_stay_readable(api: Api, change: Any) -> None:
    employee = api.as_("employee")
    number = employee.submit().json["number"]
    change(
        "insert into form_versions (form_id, version, definition) select form_id, 4,"
        " jsonb_set(jsonb_set(definition, '{version}', '4'), '{fields}', definition->'fields' || '[{"
        '"name": "bags", "kind": "number", "label": {"ru": "Багаж", "en": "Bags"},'
        ' "question": {"ru": "Сколько мест багажа", "en": "How many bags"}, "minimum": 0, "maximum": 3, "integer": true'
        "}]') from form_versions where form_id = 'flight';"
        " update forms set current_version = 4 where id = 'flight'"
    )
    assert _within_a_second(lambda: employee.get(FORM).json["form"]["version"] == 4)
    refused = api.as_("dispatcher").submit()
    assert [(e["field"], e["code"]) for e in refused.json["errors"]] == [("bags", "required")]
    old = employee.get(f"/api/smartapp/applications/{number}").json
    assert "bags" not in [row["field"] for row in old["display"]]


def test_both_instances_see_a_change(api: Api, second_core: Api, change: Any) -> None:
    callers = [api.as_("employee"), second_core.as_("employee")]
    change("update directory_items set retired_at = now() where code = 'vvo'")
    assert _within_a_second(lambda: all("vvo" not in _codes(caller, "direction") for caller in callers))


def test_nothing_is_asked_of_the_database_while_nothing_is_due(api: Api, app: Any, monkeypatch: Any) -> None:
    employee = api.as_("employee")
    employee.get(FORM)
    reference = app.extensions["house"].reference
    state = reference.get(None)
    assert all(reference.get(None) is state for _ in range(100))
