"""Sessions of people: signing in to the demo, sliding, ending, and ending at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from express_bot.core.app import create_app
from express_bot.core.demo.people import PERSONAS
from express_bot.core.sessions.service import hash_token
from express_bot.settings import Settings
from tests.conftest import Api
from tests.core.conftest import Standing
from tests.core.looking import digest
from tests.core.refusals import EVERY_DOOR, Door, assert_refused

READING = ["info", "me", "form", "periods", "applications", "applications/2027-0001", "draft?form=flight", "nothing"]


def _session(db: Any, token: str) -> dict[str, Any]:
    return db.execute("select * from sessions where token_hash = %s", (hash_token(token),)).fetchone()


def test_a_persona_of_the_demo_signs_in_and_is_told_who_they_are(api: Api, one: Any) -> None:
    answer = api.post("/api/smartapp/session", {"provider": "demo", "persona": "employee"})
    assert answer.status_code == 200
    assert (answer.json["token_type"], answer.json["expires_in"]) == ("Bearer", 3600)
    user = answer.json["user"]
    assert (user["full_name"], user["short_name"]) == ("Воронцова Анна Сергеевна", "Воронцова А. С.")
    assert (user["roles"], user["profile_complete"], user["locale"]) == (["employee"], True, "ru")
    row = one("select act, actor_id::text, details from audit_log where object_kind = 'user'")
    assert row == {"act": "session.open", "actor_id": user["id"], "details": {"provider": "demo"}}


def test_a_token_is_kept_as_a_hash_only(api: Api, db: Any) -> None:
    token = api.as_("employee").token
    assert token
    stored = db.execute("select * from sessions").fetchall()
    assert len(stored) == 1
    assert token not in str(stored)
    assert stored[0]["token_hash"] == hash_token(token)


def test_production_knows_no_demo_login_and_no_clock(dsn: str, tmp_path: Any) -> None:
    settings = Settings.model_construct(
        **Settings(mode="test", var_dir=tmp_path, service_key="k" * 40).model_dump() | {"mode": "production"}
    )
    app = create_app(settings, dsn)
    refused = Api(app).post("/api/smartapp/session", {"provider": "demo", "persona": "admin"})
    assert (refused.status_code, refused.json["code"]) == (401, "wrong_credentials")
    assert "/api/demo/clock" not in app.test_client().get("/openapi.json").json["paths"]
    app.extensions["house"].pool.close()


@pytest.mark.parametrize("token", [None, "x" * 43, "x", "", "нет".encode().decode("latin-1"), "a" * 100_000])
@pytest.mark.parametrize("path", READING)
def test_without_a_token_of_ours_nothing_is_read(untouched: Standing, path: str, token: str | None) -> None:
    assert_refused(Api(untouched.app, token), "GET", f"/api/smartapp/{path}", 401, "unauthenticated")


@pytest.mark.parametrize("door", [door for door in EVERY_DOOR if not door.public], ids=str)
@pytest.mark.parametrize("token", [None, "y" * 43], ids=["none", "forged"])
def test_without_a_token_of_ours_nothing_is_changed(untouched: Standing, door: Door, token: str | None) -> None:
    caller = Api(untouched.app, token)
    sent = {"body": door.body, "headers": door.headers()}
    assert_refused(caller, door.method, door.address(untouched), 401, "unauthenticated", **sent)


@pytest.mark.parametrize("end", ["expires_at = now() - interval '1 second'", "revoked_at = now()"])
@pytest.mark.parametrize("door", [door for door in EVERY_DOOR if door.persona in PERSONAS and not door.public], ids=str)
def test_an_ended_session_changes_nothing_even_where_it_was_just_remembered(
    standing: Standing, door: Door, end: str
) -> None:
    caller = Api(standing.app).as_(door.persona)
    assert caller.get("/api/smartapp/me").status_code == 200
    standing.db.execute(f"update sessions set {end} where token_hash = %s", (hash_token(caller.token or ""),))
    before = digest(standing.db)
    sent = {"body": door.body, "headers": door.headers()}
    assert_refused(caller, door.method, door.address(standing), 401, "token_expired", **sent)
    assert digest(standing.db) == before


def test_an_ended_session_hears_nothing_of_what_it_filed_before(api: Api, second_core: Api, rows: Any) -> None:
    employee = api.as_("employee")
    assert employee.submit().status_code == 201
    assert Api(second_core.app, employee.token).delete("/api/smartapp/session").status_code == 204
    before = rows("applications")
    for attempt in (employee.submit(), employee.submit(key="another-key"), employee.submit(key="k" * 9, date="x")):
        assert (attempt.status_code, attempt.json["code"]) == (401, "token_expired")
    assert rows("applications") == before


def test_signing_out_ends_this_session_and_no_other(api: Api, rows: Any) -> None:
    here, there = api.as_("employee"), api.as_("employee")
    assert here.delete("/api/smartapp/session").status_code == 204
    assert here.submit().status_code == 401
    assert (here.get("/api/smartapp/me").json["code"], rows("sessions", "revoked_at is not null")) == (
        "token_expired",
        1,
    )
    assert there.submit().status_code == 201


def test_a_person_who_has_left_is_out_at_once(api: Api, db: Any, rows: Any) -> None:
    employee, before = api.as_("employee"), rows("applications")
    person = employee.get("/api/smartapp/me").json["user"]["id"]
    db.execute("update users set active = false, version = version + 1 where id = %s", (person,))
    assert (employee.submit().status_code, employee.get("/api/smartapp/me").status_code) == (401, 401)
    again = api.post("/api/smartapp/session", {"provider": "demo", "persona": "employee"})
    assert (again.status_code, again.json["code"]) == (401, "wrong_credentials")
    assert rows("applications") == before


def test_a_right_taken_away_is_gone_with_the_next_call(api: Api, db: Any) -> None:
    admin = api.as_("admin")
    assert admin.put("/api/demo/clock", {"now": None}).status_code == 200
    person = admin.get("/api/smartapp/me").json["user"]["id"]
    db.execute("delete from roles where user_id = %s and role = 'admin'", (person,))
    db.execute("update users set version = version + 1 where id = %s", (person,))
    refused = admin.put("/api/demo/clock", {"now": None})
    assert (refused.status_code, refused.json["code"]) == (403, "forbidden")


def test_a_right_to_file_taken_away_stops_the_hot_path_too(api: Api, db: Any, rows: Any) -> None:
    employee, before = api.as_("employee"), rows("applications")
    person = employee.get("/api/smartapp/me").json["user"]["id"]
    db.execute("delete from roles where user_id = %s", (person,))
    db.execute("update users set version = version + 1 where id = %s", (person,))
    refused = employee.submit()
    assert (refused.status_code, refused.json["code"]) == (403, "forbidden")
    assert rows("applications") == before


def test_a_session_slides_while_it_is_used(api: Api, db: Any) -> None:
    employee = api.as_("employee")
    db.execute("update sessions set expires_at = now() + interval '5 minutes'")
    assert employee.get("/api/smartapp/me").status_code == 200
    row = _session(db, employee.token or "")
    left = row["expires_at"] - db.execute("select now() as now").fetchone()["now"]
    assert timedelta(minutes=59) < left <= timedelta(minutes=60)


def test_reading_again_a_moment_later_does_not_write_again(api: Api, db: Any) -> None:
    employee = api.as_("employee")
    before = _session(db, employee.token or "")
    employee.get("/api/smartapp/me")
    assert _session(db, employee.token or "") == before


def test_a_session_ends_after_twelve_hours_however_much_it_is_used(api: Api, db: Any) -> None:
    employee = api.as_("employee")
    row = _session(db, employee.token or "")
    assert row["ends_at"] - row["created_at"] == pytest.approx(timedelta(hours=12), abs=timedelta(seconds=5))
    db.execute("update sessions set expires_at = now() + interval '1 minute', ends_at = now() + interval '90 seconds'")
    assert employee.get("/api/smartapp/me").status_code == 200
    row = _session(db, employee.token or "")
    assert row["expires_at"] <= row["ends_at"]
    db.execute("update sessions set expires_at = least(expires_at, now()), ends_at = now()")
    refused = employee.get("/api/smartapp/me")
    assert (refused.status_code, refused.json["code"]) == (401, "token_expired")


def test_the_business_clock_of_the_demo_ends_no_session(api: Api, travel: Any) -> None:
    employee = api.as_("employee")
    travel("2027-11-24T10:00:00+03:00")
    assert employee.get("/api/smartapp/me").status_code == 200
