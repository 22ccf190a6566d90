"""UX-206 in a browser: every keyboard of the chat, as the page has received it.

One walk through both shipped forms, their lists and months, the profile and what was filed; what the bot has put under
its messages on the way is collected from the page's own stream and measured in the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from express_bot.channels.dialogs.keyboard import PAGE
from express_bot.core.db.session import connect
from tests.journeys.chatting import Chat
from tests.journeys.conftest import DESKTOP, ELSEWHERE
from tests.journeys.house import NOW
from tests.journeys.messenger import MessengerPage, ensure_built
from tests.stack import Stack

#: As long as the directories take them; with these the list of Moscow has a second page.
LONGEST_CODE = "x" * 40
LONG_ITEMS = {
    LONGEST_CODE: "Петропавловск-Камчатский и все посёлки вокруг него",
    "y" * 40: "Южно-Курильск и остров Кунашир",
    "z" * 40: "Ямбург и Новый Уренгой через Сургут",
}
#: What the bot sent, message by message, in the page's own words.
LISTEN = """after => {
  window.heard = [];
  new EventSource(`/emulator/events?after=${after}`).onmessage = ({ data }) => {
    const { message } = JSON.parse(data);
    if (message?.bubble.length) window.heard.push({ body: message.body, rows: message.bubble });
  };
}"""


@pytest.fixture(scope="module")
def whole() -> Iterator[Stack]:
    """A house whose directory has items as long as they may be."""
    ensure_built()
    with Stack(express=True, now=NOW, durable=False) as running:
        with connect(running.settings.dsn()) as db:
            for code, name in LONG_ITEMS.items():
                db.execute(
                    "insert into directory_items (directory, code, names, parents)"
                    " values ('direction', %s, jsonb_build_object('ru', %s::text, 'en', %s::text), '{msk}')",
                    (code, name, name),
                )
        yield running


@pytest.fixture
def chat(whole: Stack, browser: Browser) -> Iterator[Chat]:
    """Anna's chat; the page notes every keyboard that comes."""
    context = browser.new_context(**(ELSEWHERE | DESKTOP))
    page = MessengerPage(context, whole.messenger)
    chat = Chat(page.open(), whole.messenger, "employee").hears("Приём на январь 2027")
    page.page.evaluate(LISTEN, whole.messenger.state()["seq"])
    yield chat
    context.close()
    assert page.heard == []


def test_no_keyboard_is_too_big_for_a_messenger(chat: Chat) -> None:
    """UX-206."""
    walk_through_the_flight(chat)
    walk_through_the_certificate(chat)
    walk_through_the_rest(chat)
    heard: list[dict[str, Any]] = chat.page.page.evaluate("window.heard")
    ensure_all_were_there(heard)
    for keyboard in heard:
        ensure_it_fits(keyboard)


def walk_through_the_flight(chat: Chat) -> None:
    """The long list to its end, an own answer, a typed one, the longest option, wishes, and every way to change one."""
    chat.press("Подать заявку").hears("Шаг 1 из 3").press("›").sees("2/2").press("Своё направление").hears("Напишите")
    chat.press("Показать все").hears("Шаг 1 из 3").say("Норильск").hears("Ничего не нашли").press("Показать все")
    chat.hears("Шаг 1 из 3").press("Петропавловск-Камчатский и…").hears("Шаг 2 из 3")
    chat.press("15").hears("Проверьте и отправьте").press("Пожелания").hears("Напишите").press("Назад").hears(
        "Проверьте"
    )
    chat.press("Изменить дату").hears("Сейчас: 15 января").press("16").hears("16 января").press("Изменить направление")
    chat.hears("Сейчас: Петропавловск").press("Магадан").hears("Магадан, 16 января").press("Отменить").hears("отложена")
    chat.press("Вернуть").hears("Проверьте").press("Отправить").hears("отправлена").press("Изменить").hears(
        "Изменить заявку"
    )
    chat.press("Изменить дату").hears("Сейчас: 16 января").press("17").hears("17 января").press("Сохранить")
    chat.hears("Изменения сохранены").press("Отозвать").hears("Заявка отозвана").press("Меню").hears("Приём на январь")


def walk_through_the_certificate(chat: Chat) -> None:
    """Numbers as keys, a calendar of three months, both kinds of delivery that ask for more."""
    chat.press("Заказать справку").hears("Шаг 1 из 5").press("Другая справка").hears("Напишите").press("Показать все")
    chat.hears("Шаг 1 из 5").press("О доходах").hears("Шаг 2 из 5").press("10").hears("Шаг 3 из 5")
    chat.press("›").sees("Декабрь 2026").press("›").sees("Январь 2027").press("‹").sees("Декабрь 2026").press("24")
    chat.hears("Шаг 4 из 5").press("По электронной почте").hears("На какой адрес").press("Назад").hears("Как хотите")
    chat.press("Почтой").hears("На какой почтовый адрес").press("Назад").hears("Как хотите")
    chat.press("На бумаге в офисе своей базы").hears("Проверьте").press("Комментарий").hears("Напишите").press("Назад")
    for number in range(4):  # enough for a second page of what was filed
        chat.hears("Проверьте").press("Отправить").hears("отправлена").press("Меню").hears("Приём на январь")
        if number < 3:
            file_certificate(chat)


def file_certificate(chat: Chat) -> None:
    chat.press("Заказать справку").hears("Какая справка").press("О стаже").hears("Сколько").press("1").hears(
        "К какому дню"
    )
    chat.press("30").hears("Как хотите").press("На бумаге в офисе своей базы")


def walk_through_the_rest(chat: Chat) -> None:
    """What was filed by pages, one of it, the profile with every fact, and the quiet pages."""
    chat.press("Мои заявки").hears("5. ").press("›").hears("6. ").press("‹").hears("1. О стаже").press("1. О стаже")
    chat.hears("№").press("Меню").hears("Приём на январь").press("Ещё").hears("Ещё").press("Мои данные").hears(
        "Мои данные"
    )
    for fact, question in (
        ("База", "Ваша база"),
        ("Подразделение", "Ваше подразделение"),
        ("Должность", "Ваша должность"),
    ):
        chat.press(fact).hears(question).press("Назад").hears("Мои данные")
    chat.press("Меню").hears("Приём").press("Ещё").hears("Ещё").press("Правила").hears("Правила").press("Помощь")
    chat.hears("Как это работает").press("Меню").hears("Приём на январь")


def ensure_all_were_there(heard: list[dict[str, Any]]) -> None:
    """The walk has seen what it is about: a page of a long list, the longest option, calendars, every kind of row."""
    verbs = {token_of(button).split(".", 3)[3].partition(":")[0] for button in buttons(heard) if token_of(button)}
    assert verbs >= {
        *("go", "page", "other", "all", "own", "month", "fix", "back", "cancel", "send", "-", "older", "newer"),
        *("new", "app", "edit", "drop", "undo", "mine", "menu", "more", "rules", "help", "profile", "lang", "on"),
    }
    assert any(token_of(button).endswith(f".go:{LONGEST_CODE}") for button in buttons(heard))
    assert max(len(keyboard["rows"]) for keyboard in heard) > PAGE // 2
    assert len([keyboard for keyboard in heard if is_calendar(keyboard)]) >= 5


def ensure_it_fits(keyboard: dict[str, Any]) -> None:
    """Limits of both messengers (ux.md C1.4, C3): 64 bytes, 100 buttons, 28 signs, seven days beside each other."""
    rows = keyboard["rows"]
    assert sum(map(len, rows)) <= 100, keyboard["body"]
    for row in rows:
        assert 1 <= len(row) <= 7, row
        for button in row:
            assert len(token_of(button).encode()) <= 64, button
            assert 0 < len(button["label"]) <= (4 if len(row) == 7 else 28), button


def is_calendar(keyboard: dict[str, Any]) -> bool:
    return any(len(row) == 7 for row in keyboard["rows"])


def buttons(heard: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [button for keyboard in heard for row in keyboard["rows"] for button in row]


def token_of(button: dict[str, Any]) -> str:
    """What a press brings back; a link or a day that only explains itself brings nothing."""
    return str((button.get("data") or {}).get("token", ""))
