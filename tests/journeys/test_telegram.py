"""Filing in Telegram, in the whole running product: UX-201 to UX-206 against a Bot API server of ours.

The library and everything of ours is real; the other side of the wire is ``tests/telegram_double``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.journeys.house import NOW
from tests.stack import Stack
from tests.stack.telegram import Phone

SENT = re.compile(r"Заявка №\s\d{4}-\d{4,} отправлена")


@pytest.fixture(scope="module")
def whole() -> Iterator[Stack]:
    """The product on a day when applications are taken, with updates brought to it."""
    with Stack(telegram=True, now=NOW) as running:
        yield running


@pytest.fixture
def anna(whole: Stack) -> Phone:
    """A person with a complete profile, linked, with nothing filed for the open month."""
    return Phone.of_employee(whole)


def test_a_returning_person_files_with_three_presses_in_two_messages(whole: Stack, anna: Phone) -> None:
    """UX-201."""
    anna.start().hears("Подать заявку")
    anna.press("Подать заявку").hears("Шаг 1 из 3").press("Магадан").hears("Шаг 2 из 3")
    anna.press("15").hears("Проверьте").press("Отправить").hears(SENT)
    (kept,) = anna.filed()
    assert (kept["channel"], kept["direction"], kept["day"]) == ("telegram", "gdx", "2027-01-15")
