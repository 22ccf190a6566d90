"""What the core reports about itself: figures of what waits, and nothing about anybody."""

from __future__ import annotations

from typing import Any

from flask import Flask

from express_bot.core.reference import load
from express_bot.core.statistics import upkeep
from tests.conftest import NOW, Api
from tests.core.messenger import Messenger, card


def _details(api: Api) -> dict[str, int]:
    answer = api.get("/health")
    assert (answer.status_code, answer.json["status"]) == (200, "ok")
    return dict(answer.json["details"])


def test_where_nothing_waits_the_figures_are_zero(api: Api, db: Any) -> None:
    assert _details(api)["statistics_pending"] > 0
    upkeep.fold(db, load(db))
    details = _details(api)
    assert {"inbox_waiting", "oldest_card_seconds", "notifications_waiting", "notifications_dead"} < set(details)
    assert set(details.values()) == {0}


def test_promises_are_counted_with_their_age_but_not_those_held_for_the_morning(api: Api, db: Any) -> None:
    for minutes, held in ((1, None), (10, None), (60, NOW)):
        db.execute(
            "insert into outbox (event, user_id, created_at, due_at, held_until)"
            " values ('channel_linked', gen_random_uuid(), now(), now() - make_interval(mins => %s), %s)",
            (minutes, held),
        )
    details = _details(api)
    assert details["notifications_waiting"] == 2
    assert 600 <= details["notifications_oldest_seconds"] < 610


def test_events_not_handled_and_cards_not_sent_are_counted_with_their_age(app: Flask, api: Api, db: Any) -> None:
    express, first, second = Messenger(app), card(), card()
    for number in range(4):
        express.tell(f"e-{number}", chat=f"chat-{number}")
    express.done("e-0")
    express.claim_events(limit=1)
    express.step((first, "one"))
    express.step((second, "two"), chat="chat-2")
    db.execute("update inbox set received_at = clock_timestamp() - interval '90 seconds' where event_id = 'e-1'")
    db.execute("update inbox set received_at = clock_timestamp() - interval '1 day' where event_id = 'e-0'")
    db.execute("update cards set wanted_at = clock_timestamp() - interval '1 hour' where id = %s", (first,))
    details = _details(api)
    assert details["inbox_waiting"] == 3
    assert 90 <= details["inbox_oldest_seconds"] < 100
    assert 3600 <= details["oldest_card_seconds"] < 3610
    express.claim_cards()
    express.shown(first, 1, "m-1")
    express.failed(second, 1, permanent=True)
    assert _details(api)["oldest_card_seconds"] == 0, "what is sent, and what is given up, waits no more"


def test_readiness_asks_for_no_figures(api: Api) -> None:
    assert api.get("/health/ready").json["details"] == {}


def test_a_schema_that_is_behind_is_reported_without_figures(api: Api, db: Any) -> None:
    db.execute("alter table cards rename to gone")
    answer = api.get("/health")
    assert (answer.status_code, answer.json["status"], answer.json["details"]) == (200, "ok", {})


def test_counters_tell_operations_and_statuses_and_take_no_word_from_callers(api: Api) -> None:
    employee = api.as_("employee")
    assert employee.submit().status_code == 201
    assert employee.get("/api/smartapp/applications/2027-9999").status_code == 404
    assert employee.get("/invented-by-a-stranger").status_code == 404
    page = api.get("/metrics").text
    assert 'express_bot_core_answers_total{route="submit",status="201"} 1.0' in page
    assert 'express_bot_core_seconds_count{route="submit"} 1.0' in page
    assert 'express_bot_core_answers_total{route="none",status="404"} 1.0' in page
    assert "2027-9999" not in page  # times have nines of their own
    assert "invented" not in page


def test_the_times_of_all_operations_add_up(app: Flask, api: Api) -> None:
    for _ in range(3):
        api.get("/health/live")
    times = app.extensions["house"].metrics.times()
    assert list(times.values()) == sorted(times.values()), "each bound counts what the smaller ones count"
    assert times[float("inf")] == 3


def test_counters_are_not_for_those_who_come_through_a_proxy(api: Api) -> None:
    for header in ("X-Forwarded-For", "CF-Connecting-IP", "Forwarded", "X-Real-IP"):
        assert api.get("/metrics", headers={header: "10.0.0.1"}).json["code"] == "not_found"
