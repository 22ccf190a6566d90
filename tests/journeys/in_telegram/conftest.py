"""A house that Telegram may frame, with a bot at a Bot API server of ours; a person's Telegram with the app in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journeys.conftest import OpenDevice
from tests.journeys.house import House, Traveller
from tests.journeys.in_telegram.account import Account
from tests.journeys.in_telegram.client import Telegram
from tests.journeys.in_telegram.server import served


@pytest.fixture(scope="session")
def around() -> Iterator[str]:
    """The origin of the web client that the product allows to frame it."""
    with served() as origin:
        yield origin


@pytest.fixture(scope="session")
def stack(around: str) -> Iterator[House]:
    """A house of its own: who may frame the app is said at its start."""
    with House(telegram=True, FRAME_ANCESTORS=around, TELEGRAM_MINI_APP="app") as house:
        yield house


@pytest.fixture
def hers(stack: House, anna: Traveller) -> Account:
    """Anna's account, linked."""
    account = Account("Анна")
    stack.introduce(anna, account.subject, provider="telegram")
    return account


@pytest.fixture
def telegram(devices: OpenDevice, around: str, hers: Account) -> Telegram:
    """Anna's Telegram in a browser; the app is not open yet."""
    return Telegram(devices(), hers, around)


@pytest.fixture
def mobile(devices: OpenDevice, hers: Account) -> Telegram:
    """Anna's Telegram on a phone: the page is in a WebView of its own."""
    return Telegram(devices(), hers, None)


@pytest.fixture
def ready(telegram: Telegram) -> Telegram:
    """Магадан on 15 January, one press away from being sent."""
    telegram.open().home()
    telegram.app.tap(telegram.app.link("Магадан", exact=True)).tap(telegram.app.day(15))
    telegram.app.button("Отправить: Магадан, 15 января").wait_for()
    return telegram
