"""Forms as doors read them: languages, options, ETags."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Api
from tests.core.conftest import Standing

FORM = "/api/smartapp/form"


def _field(form: dict[str, Any], name: str) -> dict[str, Any]:
    return next(field for field in form["fields"] if field["name"] == name)


def test_a_form_comes_in_the_callers_language(untouched: Standing) -> None:
    employee = untouched.as_("employee")
    russian, english = (employee.in_(locale).get(FORM).json["form"] for locale in ("ru", "en"))
    assert (russian["title"], english["title"]) == ("Заявка на рейс", "Flight request")
    assert (russian["locale"], english["locale"]) == ("ru", "en")
    options = [[option["code"] for option in _field(form, "unit")["options"]] for form in (russian, english)]
    assert options[0] == options[1]


def test_a_form_knows_the_bounds_and_given_out_days_of_its_period(untouched: Standing) -> None:
    answer = untouched.as_("employee").get(FORM).json
    field = _field(answer["form"], "date")
    assert (field["min"], field["max"]) == ("2027-01-01", "2027-01-31")
    assert [(span["from"], span["to"]) for span in field["excluded"]] == [("2027-01-01", "2027-01-03")]
    assert (answer["period"]["title"], answer["period"]["state"], answer["period"]["filed"]) == (
        "январь 2027",
        "open",
        0,
    )


def test_the_second_form_has_no_period(untouched: Standing) -> None:
    answer = untouched.as_("employee").get(f"{FORM}?form=certificate").json
    assert (answer["period"], answer["form"]["id"]) == (None, "certificate")
    assert _field(answer["form"], "needed_by")["min"] == "2026-11-25"


@pytest.mark.parametrize("form", ["flight", "certificate"])
def test_what_has_not_changed_is_not_sent_again(untouched: Standing, form: str) -> None:
    employee = untouched.as_("employee")
    first = employee.get(f"{FORM}?form={form}")
    again = employee.get(f"{FORM}?form={form}", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert first.headers["Cache-Control"] == "private, no-cache"


def test_another_language_is_another_version(untouched: Standing) -> None:
    employee = untouched.as_("employee")
    etag = employee.get(FORM).headers["ETag"]
    assert employee.in_("en").get(FORM, headers={"If-None-Match": etag}).status_code == 200
    assert "Accept-Language" in employee.get(FORM).headers["Vary"]


@pytest.mark.parametrize("moment", ["2026-12-05T18:00:00+03:00", "2026-12-21T10:00:00+03:00"])
def test_a_period_that_closed_or_opened_is_another_version(api: Api, travel: Any, moment: str) -> None:
    employee = api.as_("employee")
    etag = employee.get(FORM).headers["ETag"]
    travel(moment)
    assert employee.get(FORM, headers={"If-None-Match": etag}).status_code == 200


def test_an_application_of_mine_is_another_version(api: Api) -> None:
    employee = api.as_("employee")
    etag = employee.get(FORM).headers["ETag"]
    employee.submit()
    fresh = employee.get(FORM, headers={"If-None-Match": etag})
    assert (fresh.status_code, fresh.json["period"]["filed"]) == (200, 1)


def test_the_day_moves_the_bounds_of_a_form_without_a_period(api: Api, travel: Any) -> None:
    employee = api.as_("employee")
    etag = employee.get(f"{FORM}?form=certificate").headers["ETag"]
    travel("2026-11-25T00:00:01+03:00")
    fresh = employee.get(f"{FORM}?form=certificate", headers={"If-None-Match": etag})
    assert (fresh.status_code, _field(fresh.json["form"], "needed_by")["min"]) == (200, "2026-11-26")


def test_what_the_form_says_is_what_the_submit_judges_by(api: Api) -> None:
    employee = api.as_("employee")
    form = employee.get(FORM).json["form"]
    mine = [option for option in _field(form, "direction")["options"] if "msk" in option["parents"]]
    assert len(mine) == 14
    last = _field(form, "date")["max"]
    assert employee.submit(direction=mine[-1]["code"], date=last).status_code == 201


def test_the_launch_answer_lists_the_forms_and_the_time(untouched: Standing) -> None:
    info = untouched.as_("employee").get("/api/smartapp/info").json
    assert [(form["id"], form["has_period"]) for form in info["forms"]] == [("flight", True), ("certificate", False)]
    assert info["server_time"].startswith("2026-11-24T07:")
    assert (info["app"]["mode"], info["unseen"], info["user"]["short_name"]) == ("test", 0, "Воронцова А. С.")


def test_what_a_door_noticed_leaves_only_a_log_line(untouched: Standing) -> None:
    events = [{"kind": "error", "name": "client_error", "code": "x", "value": 1.5, "build": "1", "host": "browser"}]
    assert untouched.as_("employee").post("/api/smartapp/telemetry", {"events": events}).status_code == 204


@pytest.mark.parametrize("count", [0, 21])
def test_telemetry_comes_in_small_batches(untouched: Standing, count: int) -> None:
    events = [{"kind": "load", "name": "start"}] * count
    refused = untouched.as_("employee").post("/api/smartapp/telemetry", {"events": events})
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "events")
