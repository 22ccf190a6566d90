"""A house that a messenger may frame, and a person's messenger with the app in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journeys.conftest import OpenDevice
from tests.journeys.house import House, Traveller
from tests.journeys.in_express.phone import Phone
from tests.journeys.in_express.server import Messenger, served
from tests.journeys.in_express.words import BOT, SEND


@pytest.fixture(scope="session")
def around() -> Iterator[Messenger]:
    """The messenger whose address the product allows to frame it."""
    with served() as messenger:
        yield messenger


@pytest.fixture(scope="session")
def stack(around: Messenger) -> Iterator[House]:
    """A house of its own: who may frame the app is said at its start."""
    account = {
        "EXPRESS_BOT_ID": BOT,
        "EXPRESS_SECRET_KEY": "secret-of-a-bot-that-nobody-has-registered",
        "EXPRESS_BOTX_URL": around.origin,
    }
    with House(FRAME_ANCESTORS=around.origin, **account) as house:
        around.house = house
        yield house


@pytest.fixture
def phone(devices: OpenDevice, around: Messenger, anna: Traveller) -> Phone:
    """Anna's messenger; the app is not open yet."""
    around.forget()
    return Phone(devices(), around)


@pytest.fixture
def ready(phone: Phone) -> Phone:
    """Магадан on 15 January, one press away from being sent."""
    phone.open().home()
    phone.app.tap(phone.app.link("Магадан", exact=True)).tap(phone.app.day(15))
    phone.app.button(SEND).wait_for()
    return phone
