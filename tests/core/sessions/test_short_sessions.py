"""A short session for plain HTTP beside the messenger: opened by our own service, over for good when it is over."""

from __future__ import annotations

import time
from typing import Any

import pytest

from tests.conftest import Api
from tests.core.looking import trail
from tests.core.messenger import Messenger
from tests.core.refusals import NOBODY, assert_refused

ME = "/api/smartapp/me"


@pytest.fixture
def anna(api: Api) -> dict[str, Any]:
    return dict(api.as_("employee").get(ME).json["user"])


def _open(express: Messenger, person: dict[str, Any], seconds: int = 600) -> dict[str, Any]:
    answer = express.post("sessions", {"user_id": person["id"], "provider": "express", "seconds": seconds})
    assert answer.status_code == 200, answer.text
    return dict(answer.json)


def test_it_opens_what_the_person_may(express: Messenger, anna: dict[str, Any], db: Any) -> None:
    session = _open(express, anna)
    assert (session["token_type"], session["expires_in"], session["user"]) == ("Bearer", 600, anna)
    caller = Api(express.api.app, session["access_token"])
    assert caller.get(ME).json["user"] == anna
    assert caller.get("/api/service/dialogs/express/chat-1").status_code == 403
    assert "session.open" in trail(db, anna["id"])


def test_what_is_filed_in_it_came_by_the_messenger(express: Messenger, anna: dict[str, Any]) -> None:
    filed = Api(express.api.app, _open(express, anna)["access_token"]).submit()
    assert (filed.status_code, filed.json["channel"]) == (201, "express")


def test_it_ends_after_its_seconds_though_it_was_in_use(express: Messenger, anna: dict[str, Any]) -> None:
    caller = Api(express.api.app, _open(express, anna, seconds=2)["access_token"])
    deadline = time.monotonic() + 2
    assert caller.get(ME).status_code == 200
    time.sleep(1)
    assert caller.get(ME).status_code == 200
    time.sleep(max(0, deadline - time.monotonic()) + 0.3)
    for refused in (caller.get(ME), caller.submit()):
        assert (refused.status_code, refused.json["code"]) == (401, "token_expired")


def test_use_never_moves_its_end(express: Messenger, anna: dict[str, Any], db: Any, one: Any) -> None:
    caller = Api(express.api.app, _open(express, anna, seconds=300)["access_token"])
    mine = "provider = 'express'"
    # as if four of the five minutes were over: a sliding session would be moved on now
    db.execute(
        f"update sessions set expires_at = expires_at - interval '4 minutes', "
        f"ends_at = ends_at - interval '4 minutes' where {mine}"
    )
    before = one(f"select expires_at, ends_at from sessions where {mine}")
    assert before["expires_at"] == before["ends_at"]
    assert caller.get(ME).status_code == 200
    assert one(f"select expires_at, ends_at from sessions where {mine}") == before


def test_an_ordinary_session_still_slides_for_twelve_hours(api: Api, one: Any) -> None:
    api.as_("employee").get(ME)
    row = one("select extract(epoch from ends_at - created_at)::int as life from sessions")
    assert row["life"] == pytest.approx(12 * 3600, abs=5)


def test_it_can_be_ended_before(express: Messenger, anna: dict[str, Any]) -> None:
    caller = Api(express.api.app, _open(express, anna)["access_token"])
    assert caller.delete("/api/smartapp/session").status_code == 204
    assert caller.get(ME).status_code == 401


def test_nobody_and_those_who_have_left_get_none(express: Messenger, anna: dict[str, Any], db: Any, rows: Any) -> None:
    db.execute("update users set active = false, version = version + 1 where id = %s", (anna["id"],))
    before = rows("sessions")
    for person in (NOBODY, anna["id"]):
        body = {"user_id": person, "provider": "express", "seconds": 60}
        assert_refused(express.api, "POST", "/api/service/sessions", 404, "not_found", body=body)
    assert rows("sessions") == before


@pytest.mark.parametrize(("member", "value"), [("seconds", 0), ("seconds", 601), ("seconds", -5), ("provider", "demo")])
def test_a_longer_or_another_one_is_refused(
    express: Messenger, anna: dict[str, Any], rows: Any, member: str, value: Any
) -> None:
    before = rows("sessions")
    body = {"user_id": anna["id"], "provider": "express", "seconds": 60} | {member: value}
    refused = express.post("sessions", body)
    assert (refused.status_code, [error["field"] for error in refused.json["errors"]]) == (422, [member])
    assert rows("sessions") == before
