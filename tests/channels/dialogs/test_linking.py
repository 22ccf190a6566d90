"""A messenger in which nobody knows the person: a code from either side, and nothing else is possible there."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from express_bot.contracts.demo import DEMO_PERSONAS
from express_bot.core_client import CoreError
from express_bot.settings import Settings
from tests.channels.dialogs.two_sides import Side, together
from tests.core.messenger import BOTH_MESSENGERS

HUID = str(DEMO_PERSONAS[0].huid)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A house that speaks both messengers."""
    return settings.model_copy(update=BOTH_MESSENGERS)


@pytest.fixture
def express(app: Flask) -> Side:
    """Anna's chat in eXpress, where she is known."""
    return Side(app, "express", HUID, "chat-1")


@pytest.fixture
def telegram(app: Flask, express: Side) -> Side:
    """Her chat in Telegram, where she is not."""
    side = Side(app, "telegram", "7001", "7001")
    together(express, side)
    return side


def code_of(side: Side) -> str:
    found = re.search(r"\*\*(\d{3})\u00a0(\d{3})\*\*", side.text)
    assert found, side.text
    return found[1] + found[2]


@pytest.mark.parametrize("said", ["/start", "/new", "Сочи", "меню", "помощь", "/профиль", "12345", "1234567"])
def test_whatever_a_guest_says_leads_to_the_code(telegram: Side, said: str, rows: Any) -> None:
    telegram.write(said)
    assert telegram.text == (
        "Здравствуйте. Это бот заявок, в Telegram мы вас пока не узнали.\n"
        "Возьмите код в eXpress: «Мои данные», «Подключить Telegram». Напишите его сюда, 6 цифр."
    )
    assert telegram.labels == ["Получить код", "Проверить ещё раз", "Открыть приложение"]
    assert rows("drafts", "true") == 0


def test_a_code_from_express_is_written_in_telegram(express: Side, telegram: Side) -> None:
    express.write("/профиль").press("Подключить Telegram")
    assert express.text.startswith("**Подключить Telegram**\nКод: **")
    assert "действует до" in express.text
    telegram.write("/start").write(f"мой код {code_of(express)}, спасибо")
    assert telegram.text.startswith("Telegram подключён. Заявки здесь и там одни и те же.\n**Приём на январь 2027**")
    assert telegram.person().id == express.person().id
    # the message with the code says so by itself
    assert express.text == "Telegram подключён. Заявки здесь и там одни и те же."
    assert express.press("Мои данные").labels[-3:] == ["Отключить Telegram", "Language: English", "Меню"]


def test_a_link_brings_the_code_with_the_start(express: Side, telegram: Side) -> None:
    express.write("/профиль").press("Подключить Telegram")
    telegram.write(f"/start {code_of(express)}")
    assert telegram.text.startswith("Telegram подключён.")
    assert telegram.write("/start").text.startswith("**Приём на январь 2027**")


def test_a_code_from_telegram_is_written_in_express(express: Side, telegram: Side, rows: Any) -> None:
    telegram.write("/start").press("Получить код")
    code = code_of(telegram)
    telegram.press("Проверить ещё раз")
    assert telegram.text.startswith("Пока не подключено.\n")
    assert code_of(telegram) == code, "the code that is shown goes on being shown"
    express.write("/меню").write(f"{code[:3]} {code[3:]}")
    assert express.text.startswith("Telegram подключён.")
    # where the code was shown it is said at once, and the buttons there work
    assert telegram.text == "Telegram подключён. Заявки здесь и там одни и те же."
    assert telegram.press("Меню").text.startswith("**Приём на январь 2027**")
    assert rows("users", "full_name = ''") == 0, "the guest is gone"


def test_an_old_button_of_a_guest_who_is_known_by_now_goes_on(express: Side, telegram: Side) -> None:
    telegram.write("/start")
    first = telegram.last
    telegram.write("привет")
    express.write("/профиль").press("Подключить Telegram")
    telegram.write(code_of(express))
    shown = telegram.messages[first]
    assert shown.rows == (), "an older message has no buttons any more"


def test_a_wrong_code_says_so_and_the_next_step(telegram: Side) -> None:
    telegram.write("000000")
    assert telegram.text.startswith("Такого кода нет, или его уже ввели. Проверьте цифры или получите новый код.")
    assert telegram.labels[0] == "Получить код"
    for _ in range(4):
        telegram.write("000000")
    telegram.write("000000")
    assert telegram.text.startswith("Попыток было слишком много. Попробуйте через")


def test_six_digits_are_an_answer_where_one_is_written(express: Side, telegram: Side) -> None:
    telegram.write("/start").press("Получить код")
    express.write("/профиль").press("Табельный номер")
    express.write(code_of(telegram))
    assert telegram.person().is_guest, "that was a personnel number"
    assert "Данные сохранены" in express.text or "Мои данные" in express.text


def test_disconnected_it_is_unknown_again(express: Side, telegram: Side) -> None:
    express.write("/профиль").press("Подключить Telegram")
    telegram.write(code_of(express))
    express.write("/профиль").press("Отключить Telegram")
    assert express.text.startswith("Telegram отключён.\n**Мои данные**")
    assert "Подключить Telegram" in express.labels
    assert telegram.person().is_guest
    assert telegram.press("Мои заявки").text.startswith(
        "Здравствуйте. Это бот заявок, в Telegram мы вас пока не узнали."
    )


def test_in_telegram_the_other_side_is_express(express: Side, telegram: Side) -> None:
    express.write("/профиль").press("Подключить Telegram")
    telegram.write(code_of(express)).write("/profile")
    assert "Отключить eXpress" in telegram.labels
    telegram.press("Отключить eXpress")
    assert telegram.text.startswith("eXpress отключён.")
    assert "Подключить eXpress" in telegram.labels


def test_an_event_handled_for_a_guest_who_is_gone_comes_again(express: Side, telegram: Side) -> None:
    """The adapter asked who it is, and the code was entered elsewhere before the conversation went on."""
    telegram.write("/start").press("Получить код")
    late = telegram.event("text", text="привет")
    express.write(code_of(telegram))
    with pytest.raises(CoreError):
        telegram.handle(late)
    telegram.write("меню")
    assert telegram.text.startswith("**Приём на январь 2027**")


def test_in_english(app: Flask) -> None:
    side = Side(app, "telegram", "7002", "7002")
    side.messenger.meet("7002", locale="en")
    assert side.write("/start").text.startswith("Hello. This is the bot for requests, and in Telegram we do not know")
    assert side.labels == ["Get a code", "Check again", "Open the app"]
