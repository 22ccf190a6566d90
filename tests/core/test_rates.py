"""Nobody calls more often than they may; people who do what people do never notice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from prometheus_client import CollectorRegistry

from express_bot.contracts import errors
from express_bot.core.app import create_app
from express_bot.core.caches.counters import Counters
from express_bot.core.http import PUBLIC
from express_bot.core.rates import Rates
from express_bot.domain.rates import OF_PROOFS, SHIPPED, Rate, table
from express_bot.settings import Settings
from tests.conftest import NOW, Api
from tests.core.proofs import service_token

Limited = Callable[[str], Flask]


@pytest.fixture
def limited(settings: Settings, dsn: str) -> Iterator[Limited]:
    """A core with rates of the test's own."""
    made: list[Flask] = []

    def start(rates: str) -> Flask:
        core = create_app(settings.model_copy(update={"rate_limits": rates}), dsn)
        core.extensions["house"].clock.move(NOW)
        made.append(core)
        return core

    yield start
    for core in made:
        core.extensions["house"].pool.close()


def test_whoever_calls_too_often_is_told_when_there_is_room_again(limited: Limited, rows: Any) -> None:
    employee = Api(limited("filing=2/1h")).as_("employee")
    assert employee.submit(key="first-of-the-day").status_code == 201
    assert employee.submit(key="second-of-the-day").json["code"] == "limit_reached"
    refused = employee.in_("en").submit(key="third-of-the-day")
    assert (refused.status_code, refused.json["code"]) == (429, "too_many_calls")
    wait = int(refused.headers["Retry-After"])
    assert 3500 < wait <= 3600
    assert refused.json["retry_after"] == wait
    assert refused.json["detail"] == f"You are asking too often. Try again in {wait} seconds."
    assert employee.get("/api/smartapp/me").status_code == 200, "other rates are untouched"
    assert rows("applications", "client_key like '%of-the-day'") == 1


def test_each_person_is_counted_alone_though_all_come_from_one_address(limited: Limited) -> None:
    app = limited("reading=3/1h")
    people = [Api(app).as_(persona) for persona in ("employee", "dispatcher", "newcomer")]
    assert {person.get("/api/smartapp/me").status_code for _ in range(3) for person in people} == {200}
    assert {person.get("/api/smartapp/me").status_code for person in people} == {429}


def test_a_person_is_one_person_in_the_app_and_in_the_chat(limited: Limited) -> None:
    app = limited("reading=3/1h")
    employee = Api(app).as_("employee")
    me = employee.get("/api/smartapp/me").json["user"]["id"]
    in_chat = Api(app, service_token(act=me, channel="express"))
    assert [in_chat.get("/api/smartapp/me").status_code for _ in range(3)] == [200, 200, 429]
    assert employee.get("/api/smartapp/me").status_code == 429


def test_our_own_services_are_not_counted(limited: Limited) -> None:
    service = Api(limited("reading=1/1h changing=1/1h"), service_token())
    claim = {"channel": "express", "limit": 1, "lease_seconds": 30}
    assert {service.post("/api/service/inbox/claim", claim).status_code for _ in range(3)} == {200}


def test_refusals_are_counted_by_rate(limited: Limited) -> None:
    employee = Api(limited("telemetry=1/1h")).as_("employee")
    statuses = [employee.post("/api/smartapp/telemetry", {"events": []}).status_code for _ in range(3)]
    assert statuses[1:] == [429, 429]
    assert 'express_bot_core_rate_refusals_total{rate="telemetry"} 2.0' in employee.get("/metrics").text


def test_two_thousand_people_in_a_hurry_pass_by_the_shipped_rates() -> None:
    """Each looks at the form, saves a draft ten times, attaches five files in parts, and files twice to be sure."""
    rates = Rates(table(""), Counters(CollectorRegistry()))
    doings = {"reading": 40, "saving": 10, "uploads": 5 * 22, "filing": 2, "telemetry": 5, "statistics": 4}
    for person in (uuid4().hex for _ in range(2_000)):
        for name, times in doings.items():
            for _ in range(times):
                rates.ensure(name, person)


def test_every_shipped_rate_has_an_end() -> None:
    rates = Rates(table(""), Counters(CollectorRegistry()))
    for name, rate in table("").items():
        for _ in range(rate.count):
            rates.ensure(name, "machine")
        with pytest.raises(errors.TooManyCalls):
            rates.ensure(name, "machine")


def test_every_rate_counts_something_and_every_change_is_counted(app: Flask) -> None:
    views = app.view_functions
    named = {rate for view in views.values() if (rate := getattr(view, "rate", None))}
    assert named | {"reading", "changing", *OF_PROOFS} == set(SHIPPED)
    public = [view for view in views.values() if getattr(view, "permission", None) == PUBLIC]
    assert public
    assert [view for view in public if getattr(view, "rate", None)] == []


@pytest.mark.parametrize("wrong", ["exports", "exports=0/m", "exports=5", "exports=5/w", "export=5/m", "exports=5/m;"])
def test_a_rate_that_says_nothing_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        table(wrong)


def test_an_organisation_changes_single_rates() -> None:
    changed = table("exports=5/10m telemetry=off")
    assert changed["exports"] == Rate("exports", 5, 600)
    assert set(SHIPPED) - set(changed) == {"telemetry"}
    assert changed["filing"] == table("")["filing"]


def test_machines_that_test_are_held_by_the_rates_of_proofs_alone(settings: Settings) -> None:
    assert set(settings.rates) == set(OF_PROOFS)
    assert set(Settings(mode="production", service_key="k" * 40).rates) == set(SHIPPED)
    assert replace(settings.rates["account"]) == Rate("account", 10, 300)
