"""Periods as people live through them, and the clock that moves only in demo and test mode."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from express_bot.core.clock import Clock
from tests.conftest import Api
from tests.core.proofs import service_token

BEFORE, NOW_OPEN, AFTER = ("декабрь 2026", "closed"), ("январь 2027", "open"), ("февраль 2027", "upcoming")
PERIODS = "/api/smartapp/periods"
CLOCK = "/api/demo/clock"


def _states(caller: Api) -> list[tuple[str, str]]:
    return [(period["title"], period["state"]) for period in caller.get(PERIODS).json["periods"]]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (
            "2026-11-20T09:00:00+03:00",
            [BEFORE, NOW_OPEN, AFTER],
        ),
        (
            "2026-12-05T17:59:59+03:00",
            [BEFORE, NOW_OPEN, AFTER],
        ),
        ("2026-12-05T18:00:00+03:00", [("январь 2027", "closed"), ("февраль 2027", "upcoming")]),
        ("2026-12-20T08:59:59+03:00", [("январь 2027", "closed"), ("февраль 2027", "upcoming")]),
        ("2026-12-20T09:00:00+03:00", [("январь 2027", "closed"), ("февраль 2027", "open")]),
    ],
)
def test_periods_open_and_close_to_the_second_of_moscow(
    api: Api, travel: Any, moment: str, expected: list[tuple[str, str]]
) -> None:
    travel(moment)
    assert _states(api.as_("employee"))[-len(expected) :] == expected


def test_an_application_goes_into_the_month_of_the_period_that_is_open(api: Api, travel: Any, one: Any) -> None:
    travel("2026-12-20T09:00:00+03:00")
    employee = api.as_("employee")
    assert employee.submit(key="january-key", date="2027-01-15").json["errors"][0]["code"] == "too_early"
    filed = employee.submit(key="february-key", date="2027-02-28").json
    assert (filed["period"]["title"], filed["target_date"]) == ("февраль 2027", "2027-02-28")
    row = one("select target_month::text as month from applications where number = %s", filed["number"])
    assert row == {"month": "2027-02-01"}


def test_one_application_for_each_month(api: Api, travel: Any) -> None:
    employee = api.as_("employee")
    assert employee.submit(key="january-key").status_code == 201
    travel("2026-12-20T09:00:00+03:00")
    assert employee.submit(key="february-key", date="2027-02-15").status_code == 201
    assert employee.submit(key="february-again", date="2027-02-16").json["code"] == "limit_reached"


def test_the_last_second_counts_and_the_next_does_not(api: Api, travel: Any, rows: Any) -> None:
    employee, count = api.as_("employee"), rows("applications")
    travel("2026-12-05T18:00:00+03:00")
    assert employee.submit(key="a-second-late").json["code"] == "period_not_open"
    travel("2026-12-05T17:59:58+03:00")
    assert employee.submit(key="just-in-time").status_code == 201
    assert rows("applications") == count + 1


def test_a_draft_goes_from_one_period_into_the_next(api: Api, travel: Any) -> None:
    employee = api.as_("employee")
    employee.put("/api/smartapp/draft", {"form": "flight", "answers": {"wishes": "утро"}, "client_key": "draft-key-1"})
    travel("2026-12-20T09:00:00+03:00")
    assert employee.get("/api/smartapp/draft?form=flight").json["draft"]["answers"] == {"wishes": "утро"}


def test_what_i_have_filed_is_counted_in_its_period(api: Api) -> None:
    employee = api.as_("employee")
    employee.submit()
    assert [p["filed"] for p in employee.get(PERIODS).json["periods"] if p["state"] == "open"] == [1]
    assert [p["filed"] for p in api.as_("newcomer").get(PERIODS).json["periods"] if p["state"] == "open"] == [0]


def test_a_form_without_periods_has_none(api: Api) -> None:
    assert api.as_("employee").get(f"{PERIODS}?form=certificate").json["periods"] == []


def _now(caller: Api) -> datetime:
    return datetime.fromisoformat(caller.get("/api/smartapp/info").json["server_time"])


@pytest.mark.parametrize("who", ["admin", "service"])
def test_the_clock_is_moved_and_goes_on_running(api: Api, who: str) -> None:
    mover = api.as_("admin") if who == "admin" else Api(api.app, service_token())
    moved = mover.put(CLOCK, {"now": "2027-03-01T12:00:00+03:00"})
    assert moved.status_code == 200
    assert moved.json["now"].startswith("2027-03-01T09:00:0")
    employee = api.as_("employee")
    first = _now(employee)
    assert timedelta(0) < _now(employee) - first < timedelta(seconds=5)


def test_the_clock_returns_to_the_real_time(api: Api) -> None:
    admin = api.as_("admin")
    admin.put(CLOCK, {"now": "2027-03-01T12:00:00+03:00"})
    admin.put(CLOCK, {"now": None})
    assert abs(_now(admin) - datetime.now(_now(admin).tzinfo)) < timedelta(seconds=5)


@pytest.mark.parametrize("who", ["employee", "dispatcher", "newcomer"])
def test_the_clock_is_not_for_everybody(api: Api, who: str) -> None:
    caller = api.as_(who)
    before = _now(caller)
    refused = caller.put(CLOCK, {"now": "2027-03-01T12:00:00+03:00"})
    assert (refused.status_code, refused.json["code"]) == (403, "forbidden")
    assert _now(caller) - before < timedelta(seconds=5)


@pytest.mark.parametrize(
    "moment",
    ["", "tomorrow", "2027-03-01", "2027-03-01T12:00:00", "1999-12-31T23:59:59Z", "2101-01-01T00:00:00Z", "9" * 40],
)
def test_the_clock_takes_only_a_moment_with_its_zone(api: Api, moment: str) -> None:
    refused = api.as_("admin").put(CLOCK, {"now": moment})
    assert (refused.status_code, refused.json["errors"][0]["field"]) == (422, "now")


def test_all_processes_share_the_moved_clock(api: Api, second_core: Api, travel: Any) -> None:
    travel("2027-03-01T12:00:00+03:00")
    assert _now(second_core.as_("employee")).isoformat().startswith("2027-03-01T09:00:0")


def test_a_clock_moved_twice_in_a_moment_stands_at_the_second(tmp_path: Any) -> None:
    writer, reader = Clock(tmp_path / "clock.json"), Clock(tmp_path / "clock.json")
    for year in range(2027, 2077):
        writer.move(datetime.fromisoformat(f"{year}-03-01T12:00:00+00:00"))
        assert reader.now().year == year


def test_the_clock_of_production_cannot_be_moved() -> None:
    with pytest.raises(RuntimeError):
        Clock().move(datetime.fromisoformat("2027-03-01T12:00:00+00:00"))
