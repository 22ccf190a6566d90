"""What Telegram, and whoever claims to be Telegram, may expect of our one door."""

from __future__ import annotations

import pytest

from express_bot.domain.parsing import MAX_DEPTH
from tests.channels.express.conftest import INDEX
from tests.channels.express.fake_core import KEY
from tests.channels.telegram.conftest import HEADER, SECRET, message
from tests.gateway.serving import running_gateway
from tests.guards.storm import blow, over_http
from tests.telegram_double import TOKEN
from tests.waiting import until


def test_an_update_is_taken_after_it_was_stored(door, core):
    answer = door.bring(message(7))
    assert (answer.status_code, answer.json()) == (200, {"ok": True})
    row = core.inbox["7"]
    assert (row.facts["kind"], row.chat, row.facts["payload"]["message"]["text"]) == ("message", "42", "/start")


def test_the_same_update_again_is_taken_and_stored_once(door, core):
    assert [door.bring(message(7)).status_code for _ in range(3)] == [200] * 3
    assert len(core.inbox) == 1


@pytest.mark.parametrize("secret", [None, "", "x", SECRET[:-1], SECRET + "x", SECRET.upper()])
def test_without_the_secret_nothing_is_read(door, core, secret):
    answer = door.bring(None, secret=secret, content=b"x" * (2 << 20))  # larger than any body: it is not even looked at
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert core.inbox == {}
    assert 'express_bot_telegram_events_total{kind="call",outcome="unverified"} 1.0' in door.metrics()


def test_the_secret_twice_is_no_proof(door, core):
    headers = [("X-Telegram-Bot-Api-Secret-Token", SECRET)] * 2
    assert door.client.post("/webhook/telegram", json=message(), headers=headers).status_code == 401
    assert core.inbox == {}


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 400, "json_malformed"),
        (b"[]", 400, "json_malformed"),
        (b"{}", 400, "json_malformed"),
        (b'{"update_id": "1"}', 400, "json_malformed"),
        (b'{"update_id": -1}', 400, "json_malformed"),
        (b'{"update_id": true}', 400, "json_malformed"),
        (b'{"update_id": 1, "message": 5}', 400, "json_malformed"),
        (b'{"update_id": 1, "message": {"chat": {"id": "x"}}}', 400, "json_malformed"),
        (b'{"update_id": 1, "update_id": 2}', 400, "json_duplicate_key"),
        (b'{"update_id": 1, "message": {"text": "\\u0000"}}', 400, "text_not_storable"),
        (b"[" * (MAX_DEPTH + 1), 400, "json_too_deep"),
        (b'"' + b"x" * (1 << 20) + b'"', 413, "body_too_large"),
    ],
)
def test_what_no_update_can_be_is_refused_cleanly(door, core, content, status, code):
    answer = door.bring(None, content=content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert core.inbox == {}


@pytest.mark.parametrize(
    ("update", "kind"),
    [
        ({"update_id": 1}, "unknown"),
        ({"update_id": 1, "poll": {}}, "unknown"),
        ({"update_id": 1, "channel_post": {"text": "/start"}}, "unknown"),
        ({"update_id": 1, "edited_message": message()["message"]}, "edited_message"),
    ],
)
def test_what_asks_for_nothing_is_counted_and_not_kept(door, core, update, kind):
    assert door.bring(update).status_code == 200
    assert core.inbox == {}
    assert f'express_bot_telegram_events_total{{kind="{kind}",outcome="ignored"}} 1.0' in door.metrics()


@pytest.mark.parametrize("away", [True, 503])
def test_while_the_core_is_away_an_update_must_come_again(door, core, away):
    core.away = away
    answer = door.bring(message(7))
    assert (answer.status_code, answer.json()["code"]) == (503, "core_unavailable")
    core.away = False
    assert core.inbox == {}
    assert door.bring(message(7)).status_code == 200


def test_what_the_core_will_never_keep_does_not_come_for_ever(door, core):
    core.away = 422
    assert door.bring(message(7)).status_code == 200
    core.away = False
    assert 'express_bot_telegram_events_total{kind="message",outcome="refused"} 1.0' in door.metrics()


def test_a_gateway_that_leaves_takes_nothing_more(gateway, core, monkeypatch):
    monkeypatch.setattr("express_bot.gateway.drain.Drain.leaving", True, raising=False)
    monkeypatch.setattr("express_bot.gateway.drain.Drain.__init__", lambda self, notice=0: None)
    answer = gateway().bring(message(7))
    assert (answer.status_code, answer.json()["code"]) == (503, "shutting_down")
    assert core.inbox == {}


def test_what_others_said_is_not_kept(door, core):
    quoted = {"message_id": 3, "text": "чужие слова", "chat": {"id": 42, "type": "private"}, "date": 1}
    door.bring(message(7, reply_to_message=quoted, quote={"text": "чужие слова"}))
    press = {
        "id": "1",
        "from": message()["message"]["from"],
        "data": "-",
        "message": message(text="слова бота")["message"],
    }
    door.bring({"update_id": 8, "callback_query": press})
    kept = str([row.facts for row in core.inbox.values()])
    assert len(core.inbox) == 2
    assert "чужие слова" not in kept
    assert "слова бота" not in kept


def test_without_a_bot_there_is_no_door(gateway, core, double):
    door = gateway(telegram_bot_token=None)
    assert door.bring(message(7)).status_code in (404, 405)
    assert (core.inbox, double.calls) == ({}, [])


def test_health_says_how_telegram_is(gateway, double):
    double.fail("setWebhook", 500, times=1)
    door = gateway()
    until(lambda: double.called("setWebhook"))
    until(lambda: door.client.get("/health").json()["components"]["telegram"] == "ok")


def test_a_refused_token_is_seen_from_outside(gateway):
    door = gateway(telegram_bot_token="123456:another-token-of-another-bot")
    until(lambda: door.client.get("/health").json()["components"]["telegram"] == "down")
    assert door.client.get("/health").json()["status"] == "degraded"
    assert door.bring(message(7)).status_code == 200


def test_no_call_meets_an_answer_that_is_not_described(core, double, tmp_path):
    (tmp_path / "spa").mkdir()
    (tmp_path / "spa" / "index.html").write_bytes(INDEX)
    with running_gateway(
        core.port, tmp_path, TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=double.url, TELEGRAM_WEBHOOK_SECRET=SECRET,
        CORE_SERVICE_KEY=KEY, FLASK_API_URL=core.url,
    ) as gateway:  # fmt: skip
        address = f"http://127.0.0.1:{gateway.port}"
        storm = over_http(address, token=None, examples=3, headers={HEADER: SECRET})
        weather = blow(storm.include(path="/webhook/telegram"))
    assert weather.failures == [], "\n\n".join(weather.failures[:5])
    assert weather.operations == {"POST /webhook/telegram"}
    assert weather.statuses[400] > 0
