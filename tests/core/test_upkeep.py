"""What every database starts with, and what keeps it in order: safe to repeat, safe to run twice at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest

from express_bot.core.db.session import connect
from express_bot.core.demo.seed import ensure_open_period, seed_demo
from express_bot.core.setup import install_defaults
from express_bot.settings import Settings
from express_bot.worker import upkeep
from tests.conftest import NOW, Api
from tests.core.looking import digest
from tests.core.messenger import Messenger, card


@pytest.fixture
def keeper(settings: Settings, dsn: str) -> Settings:
    """The worker's settings on this test's database."""
    return settings.model_copy(update={"database_url": type(settings.service_key)(dsn)})


def _without_version(db: Any) -> dict[str, Any]:
    return {name: state for name, state in digest(db).items() if name != "reference_version"}


def test_defaults_and_demo_put_in_a_second_time_change_nothing(db: Any) -> None:
    before = _without_version(db)
    install_defaults(db, NOW)
    seed_demo(db, NOW)
    assert _without_version(db) == before


def test_what_the_organisation_made_of_the_defaults_stays(db: Any) -> None:
    db.execute('update directory_items set names = \'{"ru": "Владик", "en": "Vladik"}\' where code = \'vvo\'')
    db.execute("update directory_items set retired_at = now() where code = 'uus'")
    db.execute("update period_rules set rule = jsonb_set(rule, '{limit}', '2')")
    before = _without_version(db)
    install_defaults(db, NOW)
    assert _without_version(db) == before


def test_the_coming_periods_are_written_down_once_whoever_does_it(keeper: Settings, rows: Any, travel: Any) -> None:
    before = rows("periods")
    travel("2027-02-10T12:00:00+03:00")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(upkeep.make_periods, [keeper] * 4))
    made = rows("periods")
    assert made > before
    upkeep.make_periods(keeper)
    assert rows("periods") == made
    assert rows("periods", "form_id = 'flight' and opens_at = '2027-02-20T09:00:00+03:00'") == 1


def _states(api: Api) -> list[str]:
    api.app.extensions["house"].reference._current = None
    return [period["state"] for period in api.as_("employee").get("/api/smartapp/periods").json["periods"]]


def test_the_demo_takes_applications_on_any_day(db: Any, api: Api, travel: Any) -> None:
    for moment in ("2027-02-10T12:00:00+03:00", "2027-03-19T12:00:00+03:00", "2028-02-29T12:00:00+03:00"):
        travel(moment)
        ensure_open_period(db, datetime.fromisoformat(moment))
        assert "open" in _states(api), moment


def test_the_demo_sees_to_it_today(keeper: Settings, api: Api, travel: Any) -> None:
    travel(None)
    upkeep.make_periods(keeper)
    assert "open" in _states(api)


def test_who_travels_to_a_closed_door_finds_it_closed(keeper: Settings, api: Api, travel: Any) -> None:
    travel("2027-02-10T12:00:00+03:00")
    upkeep.make_periods(keeper)
    assert _states(api) == ["closed", "upcoming"]


def test_production_makes_periods_by_the_rule_only(keeper: Settings, rows: Any, travel: Any) -> None:
    production = keeper.model_copy(update={"mode": "production"})
    upkeep.make_periods(production)
    assert rows("periods", "made_by = 'demo'") == 0


def test_sessions_long_over_and_drafts_long_untouched_are_forgotten(
    keeper: Settings, api: Api, db: Any, rows: Any
) -> None:
    tokens = [api.as_("employee").token for _ in range(3)]
    ids = [row["id"] for row in db.execute("select id from sessions order by id").fetchall()]
    for number, days in zip(ids[:2], (29, 31), strict=True):
        db.execute("update sessions set expires_at = now() - make_interval(days => %s) where id = %s", (days, number))
    for persona, days in (("employee", 59), ("dispatcher", 61)):
        caller = api.as_(persona)
        caller.put("/api/smartapp/draft", {"form": "flight", "answers": {}, "client_key": "draft-to-keep"})
        person = caller.get("/api/smartapp/me").json["user"]["id"]
        db.execute(
            "update drafts set updated_at = now() - make_interval(days => %s) where user_id = %s", (days, person)
        )
    before = rows("sessions")
    upkeep.prune(keeper)
    assert (rows("sessions"), rows("sessions", f"id = {ids[1]}")) == (before - 1, 0)
    assert rows("drafts") == 1
    assert Api(api.app, tokens[2]).get("/api/smartapp/draft?form=flight").json["draft"] is not None


def test_events_and_cards_are_kept_for_a_month_and_untouched_dialogs_for_two_weeks(
    keeper: Settings, app: Any, db: Any, rows: Any
) -> None:
    express = Messenger(app)
    for name, days in (("old", 31), ("young", 29), ("dead", 31), ("waiting", 31)):
        express.tell(name, chat=None)
        if name == "dead":
            express.claim_events()
            express.fail(name, permanent=True)
        elif name != "waiting":
            express.done(name)
        ago = "clock_timestamp() - make_interval(days => %s)"
        db.execute(
            f"update inbox set received_at = {ago}, finished_at = case when state <> 'waiting' then {ago} end"
            " where event_id = %s",
            (days, days, name),
        )
    cards = {days: card() for days in (13, 15, 31)}
    for days, card_id in cards.items():
        express.step((card_id, "text"), chat=f"chat-{days}")
        ago = f"clock_timestamp() - interval '{days} days'"
        db.execute(f"update dialogs set updated_at = {ago} where chat = 'chat-{days}'")
        db.execute(f"update cards set wanted_at = {ago} where id = %s", (card_id,))
    upkeep.prune(keeper)
    assert {row["event_id"] for row in db.execute("select event_id from inbox")} == {"young", "waiting"}
    assert [row["chat"] for row in db.execute("select chat from dialogs")] == ["chat-13"]
    assert {str(row["id"]) for row in db.execute("select id from cards")} == {cards[13], cards[15]}
    forgotten = {"user_id": None, "state": {}, "version": 0, "at": None, "cards": [], "others": []}
    assert express.dialog("chat-15") == forgotten
    assert express.step(chat="chat-15").json == {"version": 1}


def test_a_database_that_goes_away_is_said_to_be_away_and_taken_again(api: Api, dsn: str, server: Any) -> None:
    employee = api.as_("employee")
    with connect(dsn) as db:
        everybody = "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
        db.execute(f"{everybody} and pid <> pg_backend_pid()")
    answers = [employee.get("/api/smartapp/me") for _ in range(6)]
    assert {answer.status_code for answer in answers} <= {200, 503}
    for answer in answers:
        if answer.status_code == 503:
            assert (answer.json["code"], answer.headers["Retry-After"]) == ("database_unavailable", "2")
    assert answers[-1].status_code == 200
