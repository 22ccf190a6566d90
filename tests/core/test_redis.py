"""Redis, where it is configured, makes instances one; where it is lost, each goes on alone and nobody notices."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from flask import Flask
from structlog.testing import capture_logs

from express_bot.core.app import create_app
from express_bot.settings import Settings
from tests.conftest import NOW, Api
from tests.core.redis_server import RedisServer
from tests.waiting import until

DESK, ME = "/api/desk/statistics?by=direction&from=2027-01-01&to=2027-01-31", "/api/smartapp/me"


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    yield server.start()
    server.kill()


@pytest.fixture
def cores(redis: RedisServer, settings: Settings, dsn: str) -> Iterator[list[Flask]]:
    """Two instances that share a Redis and allow a person seven reads an hour."""
    shared = settings.model_copy(
        update={"redis_url": Settings(redis_url=redis.url).redis_url, "rate_limits": "reading=7/1h"}
    )
    both = [create_app(shared, dsn) for _ in range(2)]
    both[0].extensions["house"].clock.move(NOW)
    for core in both:
        until(lambda core=core: _is_up(core), seconds=20)
    yield both
    for core in both:
        core.extensions["house"].pool.close()


def _page(core: Flask) -> str:
    return Api(core).get("/metrics").text


def _is_up(core: Flask) -> bool:
    return "express_bot_core_redis 1.0" in _page(core)


def test_a_person_is_counted_over_all_instances(cores: list[Flask]) -> None:
    first = Api(cores[0]).as_("employee")
    callers = (first, Api(cores[1], first.token))
    statuses = [callers[number % 2].get(ME).status_code for number in range(8)]
    assert statuses == [200] * 7 + [429]
    refused = callers[1].get(ME)
    assert (refused.json["code"], 0 < int(refused.headers["Retry-After"]) <= 3600) == ("too_many_calls", True)
    assert Api(cores[0]).as_("dispatcher").get(ME).status_code == 200


def test_wrong_passwords_are_counted_over_all_instances(cores: list[Flask]) -> None:
    body = {"provider": "local", "login": "anna", "password": "not-hers-at-all"}
    statuses = [Api(cores[number % 2]).post("/api/smartapp/session", body).status_code for number in range(11)]
    assert statuses == [401] * 10 + [429]


def test_what_one_instance_has_counted_the_other_does_not_count_again(cores: list[Flask]) -> None:
    first = Api(cores[0]).as_("dispatcher").get(DESK)
    second = Api(cores[1]).as_("dispatcher").get(DESK)
    assert {**second.json, "as_of": None} == {**first.json, "as_of": None}
    assert 'cache_lookups_total{cache="statistics",outcome="shared"} 1.0' in _page(cores[1])
    assert 'cache_lookups_total{cache="statistics",outcome="miss"}' not in _page(cores[1])
    Api(cores[0]).as_("employee").submit()
    assert Api(cores[1]).as_("dispatcher").get(DESK).json["total"] == first.json["total"] + 1


@pytest.mark.parametrize("how", ["kill", "freeze"])
def test_a_lost_redis_refuses_nobody_is_told_once_and_comes_back_by_itself(
    cores: list[Flask], redis: RedisServer, how: str
) -> None:
    employee, dispatcher = Api(cores[0]).as_("employee"), Api(cores[0]).as_("dispatcher")
    employee.get(ME)
    structlog.configure(cache_logger_on_first_use=False)
    with capture_logs() as lines:
        getattr(redis, how)()
        assert [employee.get(ME).status_code for _ in range(8)] == [200] * 7 + [429], "from here it counts alone"
        assert dispatcher.get(DESK).status_code == 200
        assert employee.submit().status_code == 201
        assert not _is_up(cores[0])
        redis.start() if how == "kill" else redis.thaw()
        until(lambda: _is_up(cores[0]), seconds=20)
    assert [line["event"] for line in lines if "redis" in line["event"]] == [
        "redis lost, each instance is on its own",
        "redis found",
    ]
    assert "express_bot_core_redis_failures_total 1.0" in _page(cores[0])
    assert dispatcher.get(ME).status_code == 200
    assert redis_keys(cores[0])


def redis_keys(core: Flask) -> list[Any]:
    return list(core.extensions["house"].rates._shared.client.scan_iter())


def test_without_redis_nothing_of_it_is_imported() -> None:
    look = "import express_bot.core.app, sys; print({'redis', 'limits'} & set(sys.modules))"
    source = {"PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    said = subprocess.run([sys.executable, "-c", look], env=os.environ | source, capture_output=True, text=True)
    assert said.stdout.strip() == "set()", said.stderr


@pytest.mark.parametrize("wrong", ["redis", "http://localhost", "redis://"])
def test_an_address_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="redis_url"):
        Settings(mode="test", redis_url=wrong)
