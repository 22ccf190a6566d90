"""What the caller has is not sent again, what has been made is not made again, and nobody gets what is not theirs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from express_bot.core.statistics import desk, questions
from tests.conftest import Api

FORM, PERIODS, INFO = "/api/smartapp/form", "/api/smartapp/periods", "/api/smartapp/info"
OWN, DESK = "/api/smartapp/statistics", "/api/desk/statistics?by=direction&from=2027-01-01&to=2027-01-31"
QUESTIONS = "/api/desk/statistics/questions"
KEPT = (FORM, PERIODS, INFO, OWN, DESK, QUESTIONS)


def _again(caller: Api, path: str, etag: str) -> Any:
    return caller.get(path, headers={"If-None-Match": etag})


@pytest.mark.parametrize("path", KEPT)
def test_whoever_has_it_is_told_so_and_gets_nothing_but_the_time(api: Api, path: str) -> None:
    dispatcher = api.as_("dispatcher")
    first = dispatcher.get(path)
    assert first.headers["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Accept-Language"} <= {*first.headers["Vary"].split(", ")}
    second = _again(dispatcher, path, first.headers["ETag"])
    assert (second.status_code, second.data) == (304, b"")
    assert second.headers["ETag"] == first.headers["ETag"]
    assert second.headers["Cache-Control"] == first.headers["Cache-Control"]


@pytest.mark.parametrize(("path", "member"), [(PERIODS, "server_time"), (INFO, "server_time"), (DESK, "as_of")])
def test_the_moment_of_asking_comes_along_although_nothing_has_changed(api: Api, path: str, member: str) -> None:
    dispatcher = api.as_("dispatcher")
    first = dispatcher.get(path)
    told = _again(dispatcher, path, first.headers["ETag"]).headers["X-Present"]
    present = Api(api.app).app.json.loads(told)
    assert set(present) == {member}
    assert datetime.fromisoformat(present[member]) > datetime.fromisoformat(first.json[member])


@pytest.mark.parametrize("path", KEPT)
def test_another_language_another_person_and_another_right_are_other_answers(api: Api, path: str) -> None:
    dispatcher, admin = api.as_("dispatcher"), api.as_("admin")
    etag = dispatcher.get(path).headers["ETag"]
    assert _again(dispatcher.in_("en"), path, etag).status_code == 200
    assert _again(admin, path, etag).status_code == 200
    refused = _again(api.as_("employee"), path, etag)
    assert refused.status_code == (403 if "/desk/" in path else 200)
    assert Api(api.app).get(path, headers={"If-None-Match": etag}).status_code == 401


def test_what_one_files_changes_what_depends_on_it_and_nothing_else(api: Api) -> None:
    employee, dispatcher = api.as_("employee"), api.as_("dispatcher")
    whose = {FORM: employee, PERIODS: employee, INFO: employee, OWN: employee, DESK: dispatcher, QUESTIONS: dispatcher}
    etags = {path: caller.get(path).headers["ETag"] for path, caller in whose.items()}
    others = {path: dispatcher.get(path).headers["ETag"] for path in (FORM, PERIODS, INFO)}
    assert employee.submit().status_code == 201
    changed = {path for path, etag in etags.items() if _again(whose[path], path, etag).status_code == 200}
    assert changed == {FORM, PERIODS, OWN, DESK, QUESTIONS}
    assert {_again(dispatcher, path, etag).status_code for path, etag in others.items()} == {304}


def test_figures_are_counted_once_for_all_who_ask_the_same(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    dispatcher, counted = api.as_("dispatcher"), []
    for module in (desk, questions):
        real = module.answer
        monkeypatch.setattr(module, "answer", lambda *a, real=real, **kw: counted.append(1) or real(*a, **kw))
    first, second, again = (api.as_("dispatcher").get(DESK) for _ in range(3))
    assert len(counted) == 1
    assert first.json["groups"] == second.json["groups"] == again.json["groups"]
    assert datetime.fromisoformat(again.json["as_of"]) > datetime.fromisoformat(first.json["as_of"])
    assert dispatcher.get(QUESTIONS).json.keys() == dispatcher.get(QUESTIONS).json.keys()
    assert len(counted) == 2
    api.as_("employee").submit()
    assert dispatcher.get(DESK).json["total"] == first.json["total"] + 1
    assert len(counted) == 3


def test_health_is_of_the_moment_though_the_other_seven_are_kept(api: Api, db: Any) -> None:
    dispatcher = api.as_("dispatcher")
    etag = dispatcher.get(QUESTIONS).headers["ETag"]
    db.execute(
        "insert into outbox (event, user_id, created_at, due_at)"
        " values ('channel_linked', gen_random_uuid(), now(), now() - interval '5 minutes')"
    )
    told = _again(dispatcher, QUESTIONS, etag)
    assert told.status_code == 200
    assert told.json["questions"]["health"]["oldest_undelivered_seconds"] >= 300


def test_lookups_are_counted_by_cache_and_outcome(api: Api) -> None:
    dispatcher = api.as_("dispatcher")
    etag = dispatcher.get(DESK).headers["ETag"]
    dispatcher.get(DESK)
    _again(dispatcher, DESK, etag)
    page = api.get("/metrics").text
    for outcome in ("miss", "hit", "unchanged"):
        assert f'express_bot_core_cache_lookups_total{{cache="statistics",outcome="{outcome}"}} 1.0' in page
    assert 'express_bot_core_cache_lookups_total{cache="reference",outcome="hit"}' in page
