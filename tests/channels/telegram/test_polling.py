"""Fetching updates: by one instance at a time, and none is let go before the core has it."""

from __future__ import annotations

import pytest

from express_bot.channels.telegram import polling
from tests.channels.telegram.conftest import message
from tests.waiting import until

pytestmark = pytest.mark.filterwarnings("ignore:Please use 'Bot.getUpdates'")

LOCAL = "http://localhost:5006"


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    """Pauses fit for a test."""
    monkeypatch.setattr(polling, "WAITING_SECONDS", 0.05)
    monkeypatch.setattr(polling, "FAILURE_SECONDS", 0.05)
    monkeypatch.setattr(polling, "POLL_SECONDS", 1)


@pytest.fixture
def poller(gateway, conversation):
    """Starts a gateway that Telegram cannot reach."""
    return lambda: gateway(public_url=LOCAL)


def test_updates_are_fetched_where_telegram_cannot_bring_them(poller, double, anna, conversation, core):
    anna.write("до начала")
    poller()
    anna.write("потом")
    until(lambda: [incoming.text for incoming in conversation.heard] == ["до начала", "потом"])
    until(lambda: double.waiting == [])
    assert len(core.inbox) == 2
    assert double.webhook == {}
    assert until(lambda: double.menu) == {"type": "commands"}


def test_what_was_not_stored_is_fetched_again(poller, double, anna, conversation, core):
    poller()
    anna.write("раз")
    until(lambda: len(conversation.heard) == 1)
    keep, core._store = core._store, lambda *_: (503, {"code": "database_unavailable"})
    anna.write("два")
    seen = len(double.called("getUpdates"))
    until(lambda: len(double.called("getUpdates")) > seen + 2)
    assert len(core.inbox) == 1
    assert [update["message"]["text"] for update in double.waiting][-1] == "два"
    core._store = keep
    until(lambda: [incoming.text for incoming in conversation.heard] == ["раз", "два"])


def test_while_the_core_is_away_nothing_is_fetched_and_nothing_lost(poller, double, anna, conversation, core):
    poller()
    until(lambda: double.called("getUpdates"))
    core.away = 503
    anna.write("раз")
    until(lambda: double.waiting)
    core.away = False
    until(lambda: [incoming.text for incoming in conversation.heard] == ["раз"])


def test_what_nobody_can_store_does_not_stop_the_others(poller, double, anna, conversation, core):
    for odd in ("\ud800", "\u0000"):
        double.update(message=message(text=odd)["message"])
    double.update(message={"chat": 5})
    double.update(poll={"id": "1"})
    anna.write("дальше")
    poller()
    until(lambda: [incoming.text for incoming in conversation.heard] == ["дальше"])
    until(lambda: double.waiting == [])
    assert len(core.inbox) == 1


def test_one_of_several_instances_fetches_and_another_takes_over(poller, double, anna, conversation, core):
    first = poller()
    until(lambda: core.leases)
    holder = core.leases[polling.LEASE][0]
    second = poller()
    anna.write("раз")
    until(lambda: len(conversation.heard) == 1)
    assert core.leases[polling.LEASE][0] == holder
    assert second.client.get("/health").json()["components"]["telegram"] == "ok"
    assert double.conflicts == 0
    first.close()
    until(lambda: core.leases and core.leases[polling.LEASE][0] != holder)
    anna.write("два")
    until(lambda: len(conversation.heard) == 2)
    assert len(core.inbox) == 2


def test_a_webhook_of_old_is_taken_away(poller, double, anna, conversation):
    double.webhook = {"url": "https://old.example.test"}
    double.is_silent = True
    double.fail("deleteWebhook", 500)  # the introduction says it once, the poller says it itself
    anna.write("раз")
    poller()
    until(lambda: conversation.heard)
    assert double.webhook == {}


def test_somebody_else_who_fetches_is_seen_in_health(poller, double):
    sentence = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    double.fail("getUpdates", 409, sentence, times=10_000)
    door = poller()
    until(lambda: door.client.get("/health").json()["components"]["telegram"] == "down")
    double.faults.clear()
    until(lambda: door.client.get("/health").json()["components"]["telegram"] == "ok")


@pytest.mark.parametrize(
    ("changes", "fetches"),
    [
        ({"public_url": LOCAL}, True),
        ({"public_url": "https://bot.example.test"}, False),
        ({"public_url": "https://bot.example.test", "telegram_polling": "on"}, True),
        ({"public_url": LOCAL, "telegram_polling": "off"}, False),
        ({"public_url": LOCAL, "webhook_url": "https://hooks.example.test/webhook"}, False),
    ],
)
def test_the_settings_say_who_moves_updates(configured, changes, fetches):
    assert configured(**changes).polls_telegram is fetches


def test_where_telegram_is_told_to_bring_them(configured):
    assert configured().telegram_webhook_url == "https://bot.example.test/webhook/telegram"
    assert configured(webhook_url="https://h.test/webhook/").telegram_webhook_url == "https://h.test/webhook/telegram"
