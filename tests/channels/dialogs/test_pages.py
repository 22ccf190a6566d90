"""Rules, help, the person's data, the menu's other pages, and the commands that lead to them (ux.md C1.12)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.channels.dialogs.chatting import Chat

Open = Callable[..., Chat]


def test_the_rules_are_those_of_this_period(chat: Open) -> None:
    assert chat().write("/правила").text.split("\n") == [
        "**Правила**",
        "**Заявка на рейс**",
        "Заявки на январь 2027 принимаются с 20 ноября, 09:00 (МСК) до 5 декабря, 18:00 (МСК).",
        "Дата: с 1 января по 31 января.",
        "Можно подать 1\u00a0заявку.",
        "Решение: до 12 декабря.",
        "Заказ рейса\u00a0— возможность, а не гарантия. Решение за центром планирования.",
        "**Заявка на справку**",
        "Справку готовят до трёх рабочих дней.",
    ]


def test_help_tells_how_and_whom_to_ask(chat: Open, app) -> None:
    anna = chat().write("/помощь")
    assert anna.text.startswith("**Как это работает**\n")
    assert "Координатор" not in anna.text
    app.extensions["house"].settings.__dict__["coordinator_contact"] = "Ольга Петрова, 12-34"
    assert anna.write("/помощь").text.endswith("Координатор: Ольга Петрова, 12-34")


def test_a_newcomer_may_begin_from_the_help(chat: Open) -> None:
    ilya = chat("newcomer").hello().press("Как это работает")
    assert ilya.press("Начать").text.startswith("**Вы\u00a0— Лебедев Илья Андреевич")


def test_the_persons_data_are_shown_and_each_can_be_changed(chat: Open) -> None:
    anna = chat().write("/профиль")
    assert anna.text.split("\n")[:3] == ["**Мои данные**", "База: МСК", "Подразделение: ОКЭ 2"]
    anna.press("Должность")
    assert "Сейчас: БП" in anna.text
    assert anna.press("СБЭ").text.startswith("Данные сохранены.\n**Мои данные**")
    assert "Должность: СБЭ" in anna.text
    assert anna.press("Должность").press("Назад").text.startswith("**Мои данные**")


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        ("/start", "**Приём на январь"),
        ("/заявка", "**Куда хотите лететь**"),
        ("/new", "**Куда хотите лететь**"),
        ("/мои", "**Мои заявки**"),
        ("/my", "**Мои заявки**"),
        ("/правила", "**Правила**"),
        ("/rules", "**Правила**"),
        ("/профиль", "**Мои данные**"),
        ("/profile", "**Мои данные**"),
        ("/помощь", "**Как это работает**"),
        ("/help", "**Как это работает**"),
        ("/отмена", "**Приём на январь"),
        ("/cancel", "**Приём на январь"),
    ],
)
def test_every_command_has_its_page_in_both_alphabets(chat: Open, command: str, shown: str) -> None:
    assert chat().write(command).text.startswith(shown)


def test_a_newcomer_who_asks_for_a_form_is_asked_who_they_are(chat: Open) -> None:
    assert chat("newcomer").write("/заявка").text.startswith("**Вы\u00a0— Лебедев Илья Андреевич")


def test_every_page_leads_on(chat: Open) -> None:
    anna = chat().write("/меню")
    for label in ("Ещё", "Правила", "Помощь", "Меню", "Мои заявки", "Меню"):
        anna.press(label)
    assert anna.text.startswith("**Приём на январь")
    assert len(anna.cards) == 1
