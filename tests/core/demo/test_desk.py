"""The first morning at the desk of the demo."""

from __future__ import annotations

from typing import Any

from express_bot.core.demo.desk import seed_desk
from tests.conftest import NOW, Api
from tests.core.looking import digest


def test_a_question_and_a_place_are_on_the_screens_and_nobody_was_told(api: Api, db: Any, rows: Any) -> None:
    seed_desk(db, NOW)
    desk, orlov = api.as_("dispatcher"), api.as_("admin")
    [asked] = orlov.get("/api/smartapp/applications").json["items"]
    question = orlov.get(f"/api/smartapp/applications/{asked['number']}").json["question"]
    assert question["proposal"]["changes"][0]["field"] == "date"
    [reserved] = desk.get("/api/smartapp/applications").json["items"]
    assert desk.get(f"/api/smartapp/applications/{reserved['number']}").json["can"]["take"] is True
    page = desk.get("/api/desk/applications?limit=100").json
    assert (page["drafts"], sum(item["unread"] for item in page["items"])) == (2, 1)
    assert rows("outbox", "settled_at is null") == 0


def test_it_comes_once_though_it_is_seeded_at_every_start(db: Any) -> None:
    seed_desk(db, NOW)
    before = digest(db)
    seed_desk(db, NOW)
    assert digest(db) == before


def test_a_demo_that_was_played_with_is_left_as_it_is(api: Api, db: Any) -> None:
    assert api.as_("dispatcher").submit().status_code == 201
    before = digest(db)
    seed_desk(db, NOW)
    assert digest(db) == before
