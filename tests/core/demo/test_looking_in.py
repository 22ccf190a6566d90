"""The demo shows where a person's own conversations and promises stand, and what the core has just done."""

from __future__ import annotations

from express_bot.core.app import create_app
from express_bot.settings import Settings

CARD = "11111111-1111-4111-8111-111111111111"


def test_a_person_sees_their_own_conversation_and_promises_and_nobody_elses(api, express, db):
    employee = api.as_("employee")
    number = employee.submit().json["number"]
    me = db.execute("select id from users where full_name like 'Воронцова%'").fetchone()["id"]
    stepped = express.step((CARD, "Куда?"), user_id=str(me), state={"misses": 2})
    assert stepped.status_code == 200
    inside = employee.get("/api/demo/inside").json
    (conversation,) = inside["conversations"]
    assert (conversation["channel"], conversation["state"]["misses"]) == ("express", 2)
    promise, *earlier = inside["outbox"]
    assert (promise["event"], promise["number"]) == ("application_submitted", number)
    assert (promise["state"], promise["settled_at"], promise["attempts"]) == (None, None, 0)
    other = api.as_("dispatcher").get("/api/demo/inside").json
    assert other["conversations"] == []
    mine = {row["id"] for row in db.execute("select id from outbox where user_id = %s", (me,))}
    assert {it["id"] for it in earlier} < mine
    assert not {it["id"] for it in other["outbox"]} & mine


def test_the_trail_names_what_was_done_how_long_it_took_and_nothing_of_what_it_said(api, express):
    admin, employee = api.as_("admin"), api.as_("employee")
    number = employee.submit().json["number"]
    express.claim_cards()
    employee.get("/api/smartapp/info")
    answer = admin.get("/api/demo/trail")
    lines = [line for line in answer.json["lines"] if line["name"] != "sign_in"]
    assert [(line["kind"], line["name"], line["rule"], line["status"]) for line in lines] == [
        ("core", "submit", "/api/smartapp/submit", 201)
    ]
    assert lines[0]["ms"] > 0
    assert number not in answer.text
    assert admin.get("/api/demo/trail").json == answer.json, "looking leaves no line, and a line keeps its id"


def test_what_became_of_a_notification_is_a_line_of_the_queue(api, db):
    api.as_("employee").submit()
    promise = db.execute("select max(id) as id from outbox").fetchone()["id"]
    db.execute(
        "insert into deliveries (outbox_id, channel, state, ended_at) values (%s, 'express', 'shown',"
        " clock_timestamp() + interval '2 seconds')",
        (promise,),
    )
    lines = api.as_("admin").get("/api/demo/trail").json["lines"]
    line = [line for line in lines if line["kind"] == "queue"][-1]
    assert (line["name"], line["event"], line["channel"]) == ("shown", "application_submitted", "express")
    assert line["ms"] >= 2000


def test_the_trail_is_for_administrators(api):
    assert api.as_("employee").get("/api/demo/trail").status_code == 403
    assert api.get("/api/demo/inside").status_code == 401


def test_in_production_nobody_can_look_in(dsn, tmp_path):
    settings = Settings.model_construct(
        **Settings(mode="test", var_dir=tmp_path, service_key="k" * 40).model_dump() | {"mode": "production"}
    )
    app = create_app(settings, dsn)
    for path in ("inside", "trail"):
        assert not app.url_map.bind("localhost").test(f"/api/demo/{path}", "GET")
    app.extensions["house"].pool.close()
