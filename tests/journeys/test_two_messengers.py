"""One person in eXpress and in Telegram, in the whole running product: linked by a code, one draft, one application."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.journeys.house import NOW
from tests.stack import Stack
from tests.stack.chats import Chats, labels
from tests.stack.telegram import Phone

CODE = re.compile(r"Код: \**(\d{3})\s(\d{3})")
SENT = re.compile(r"Заявка №\s\d{4}-\d{4,} отправлена")


@pytest.fixture(scope="module")
def whole() -> Iterator[Stack]:
    """Both messengers, on a day when applications are taken."""
    with Stack(express=True, telegram=True, now=NOW, durable=False) as running:
        yield running


def test_a_guest_is_linked_and_the_questions_go_where_the_person_is(whole: Stack) -> None:
    express, phone = Chats(whole), Phone(whole, "Аня")
    phone.start().hears("в Telegram мы вас пока не узнали")
    phone.write("/my").hears("в Telegram мы вас пока не узнали")
    express.text("/профиль")
    shown = CODE.search(express.press("Подключить Telegram")["body"])
    assert shown
    phone.write(f"{shown[1]}{shown[2]}").hears("Telegram подключён").hears("Приём на январь 2027")
    assert express.settled()["body"].startswith("Telegram подключён")

    phone.press("Подать заявку").hears("Шаг 1 из 3").press("Хабаровск").hears("Шаг 2 из 3")
    assert "Хабаровск" in express.text("/заявка")["body"]
    phone.settle()
    phone.hears("Продолжили в eXpress").press("Забрать сюда").hears("Хабаровск").hears("Шаг 2 из 3")
    left = express.settled()
    assert (left["body"], labels(left)) == ("Продолжили в Telegram", ["Забрать сюда"])
    phone.press("15").press("Отправить").hears(SENT)
    assert SENT.search(express.settled()["body"]), "sent in one, sent in both"

    express.text("/профиль")
    assert "Telegram отключён" in express.press("Отключить Telegram")["body"]
    phone.write("/my").hears("в Telegram мы вас пока не узнали")
    assert whole.count("applications where channel = 'telegram'") == 1
