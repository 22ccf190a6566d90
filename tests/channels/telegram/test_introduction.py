"""What Telegram is told about the bot at the start, and that nothing of it stops a gateway."""

from __future__ import annotations

import pytest

from express_bot.channels.telegram import introduction
from tests.channels.telegram.conftest import SECRET, SITE, message
from tests.waiting import until


def test_telegram_learns_where_updates_go_which_commands_there_are_and_what_the_menu_opens(gateway, double):
    gateway(telegram_mini_app="app")
    until(lambda: double.menu and len(double.commands) == 6)
    assert double.webhook["url"] == f"{SITE}/webhook/telegram"
    assert double.webhook["secret_token"] == SECRET
    assert double.webhook["allowed_updates"] == '["message", "callback_query", "my_chat_member", "edited_message"]'
    assert double.menu == {"type": "web_app", "text": "Заявки", "web_app": {"url": f"{SITE}/"}}
    english = {each["command"]: each["description"] for each in double.commands["all_private_chats", "en"]}
    assert list(english) == ["start", "new", "my", "stats", "rules", "profile", "help", "cancel"]
    assert english["new"].isascii()
    assert not double.commands["all_private_chats", "ru"][0]["description"].isascii()
    assert double.commands["all_private_chats", ""] == double.commands["all_private_chats", "ru"]
    assert [each["command"] for each in double.commands["all_group_chats", "ru"]] == ["start", "help"]


@pytest.mark.parametrize("method", ["setWebhook", "setMyCommands", "setChatMenuButton"])
def test_what_fails_is_said_again_while_the_gateway_serves(gateway, double, core, monkeypatch, method):
    monkeypatch.setattr(introduction, "PAUSES", (0.05,))
    double.fail(method, 400, "Bad Request: not today", times=3)
    door = gateway()
    assert door.bring(message(7)).status_code == 200
    until(lambda: len(double.called(method)) >= 4)
    until(lambda: double.menu and double.webhook and len(double.commands) == 6)
    until(lambda: door.client.get("/health").json()["components"]["telegram"] == "ok")


def test_a_webhook_that_is_refused_shows_in_health(gateway, double):
    double.fail("setWebhook", 400, "Bad Request: bad webhook: IP address 10.0.0.1 is reserved", times=1000)
    door = gateway()
    until(lambda: door.client.get("/health").json()["components"]["telegram"] == "down")
    assert door.client.get("/health/ready").status_code == 200


def test_a_telegram_that_is_away_at_the_start_stops_nothing(gateway, double):
    double.close()
    door = gateway()
    until(lambda: door.client.get("/health").json()["components"]["telegram"] == "down")
    assert door.bring(message(7)).status_code == 200
