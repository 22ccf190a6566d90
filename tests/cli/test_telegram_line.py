"""``doctor`` and ``status`` tell how Telegram stands to our bot: the token, the way of updates, the last trouble."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from express_bot.cli import doctor, status, telegram
from express_bot.settings import Settings
from tests.telegram_double import TOKEN, TelegramDouble

OURS = "https://flights.example.ru"
Findings = Callable[..., dict[str, str]]


@pytest.fixture
def double() -> Iterator[TelegramDouble]:
    serving = TelegramDouble()
    yield serving
    serving.close()


@pytest.fixture
def settings(double: TelegramDouble, tmp_path: Any) -> Callable[..., Settings]:
    def make(**more: Any) -> Settings:
        given = {"telegram_bot_token": TOKEN, "telegram_api_url": double.url, "public_url": OURS}
        return Settings(mode="test", var_dir=tmp_path / "var", **(given | more))

    return make


def found(settings: Settings) -> dict[str, str]:
    return {finding.code: finding.status for finding in doctor._telegram(settings)}


def hook(double: TelegramDouble, url: str = f"{OURS}/webhook/telegram") -> None:
    double.webhook = {"url": url}


def test_without_a_token_nobody_is_asked(double, settings):
    assert found(settings(telegram_bot_token=None)) == {}
    assert double.calls == []


def test_a_good_token_and_a_webhook_of_ours_are_two_good_points(double, settings):
    hook(double)
    assert found(settings()) == {"telegram": "ok", "telegram_webhook": "ok"}


def test_a_webhook_of_somebody_else_takes_our_updates_away(double, settings):
    hook(double, "https://other.example.ru/bot/secret-word")
    findings = list(doctor._telegram(settings()))
    assert [(it.code, it.status) for it in findings][1] == ("telegram_foreign", "error")
    said = findings[1].words("what")
    assert "other.example.ru" in said
    assert "secret-word" not in said


@pytest.mark.parametrize(
    ("given", "code", "state"),
    [
        ({"public_url": "http://localhost:5006"}, "telegram_will_poll", "ok"),
        ({"telegram_polling": "on"}, "telegram_will_poll", "ok"),
        ({"telegram_polling": "off"}, "telegram_nobody", "error"),
        ({}, "telegram_nobody", "error"),
    ],
)
def test_without_a_webhook_somebody_has_to_fetch(settings, given, code, state):
    assert found(settings(**given)) == {"telegram": "ok", code: state}


@pytest.mark.parametrize(
    ("age", "waiting", "is_told"),
    [(60, 0, True), (7_200, 0, False), (7_200, 3, True)],
    ids=["fresh", "over", "goes on"],
)
def test_the_last_error_of_the_webhook_is_told_until_it_is_over(double, settings, age, waiting, is_told):
    hook(double)
    double.waiting = [{"update_id": number} for number in range(waiting)]
    double.webhook_error = {
        "last_error_date": int(time.time()) - age,
        "last_error_message": "Wrong response from the webhook: 502 Bad Gateway",
    }
    findings = {finding.code: finding for finding in doctor._telegram(settings())}
    assert ("telegram_error" in findings) is is_told
    if is_told:
        assert findings["telegram_error"].status == "attention"
        assert "502 Bad Gateway" in findings["telegram_error"].words("what")
        assert all(findings["telegram_error"].words(part) for part in ("why", "how"))


def test_a_refused_token_and_a_silent_telegram_are_told_apart(double, settings):
    assert found(settings(telegram_bot_token=f"{TOKEN}x")) == {"telegram_refused": "error"}
    double.fail("getMe", 500)
    assert found(settings()) == {"telegram_away": "error"}
    double.disturb("getMe", drop=True)
    assert found(settings()) == {"telegram_away": "error"}
    double.close()
    assert telegram.ask(settings()).state == "away"


def test_the_line_of_status_says_the_same_and_never_the_token(double, settings, capsys):
    for word in (telegram.ask(settings()), telegram.Word("away"), telegram.Word("refused")):
        status._print_telegram(word.record())
    hook(double)
    double.webhook_error = {"last_error_date": int(time.time()), "last_error_message": "Connection refused"}
    status._print_telegram(telegram.ask(settings()).record())
    said = capsys.readouterr().out
    assert [line.strip().split(",")[0] for line in said.splitlines()][:4] == [
        "Telegram: @zayavki_test_bot",
        "Telegram: не отвечает",
        "Telegram: токен не подходит; подробности: express-bot doctor",
        "Telegram: @zayavki_test_bot",
    ]
    assert "Connection refused" in said
    assert TOKEN not in said
