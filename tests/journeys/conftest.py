"""A browser and a house per process of the test run; fresh people and fresh devices per test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.journeys import chromium
from tests.journeys.device import Device
from tests.journeys.house import NOW, House, Traveller

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
#: Far from Moscow on purpose: deadlines are the server's, whatever the device believes.
ELSEWHERE = {"locale": "ru-RU", "timezone_id": "Asia/Vladivostok", "reduced_motion": "reduce"}

OpenDevice = Callable[..., Device]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    with chromium.browser() as running:
        yield running


@pytest.fixture(scope="session")
def stack() -> Iterator[House]:
    """PostgreSQL, core and gateway, standing at ``NOW``."""
    with House() as house:
        yield house


@pytest.fixture
def devices(browser: Browser, stack: House) -> Iterator[OpenDevice]:
    """Unpacks a device: a phone unless told otherwise. At the end none of them may have complained."""
    opened: list[Device] = []

    def unpack(size: dict[str, Any] = PHONE, **more: Any) -> Device:
        opened.append(Device(browser.new_context(**(ELSEWHERE | size | more)), stack.url))
        return opened[-1]

    yield unpack
    complaints = [line for device in opened for line in device.complaints()]
    for device in opened:
        device.context.close()
    assert complaints == []


@pytest.fixture
def anna(stack: House) -> Traveller:
    """Воронцова Анна Сергеевна: complete profile, three decided applications, nothing filed for January."""
    return stack.fresh("employee")


@pytest.fixture
def phone(devices: OpenDevice, anna: Traveller) -> Device:
    """Anna's phone with home on it."""
    device = devices().sign_in("employee")
    device.link("Подать заявку").wait_for()
    return device


@pytest.fixture
def travel(stack: House) -> Iterator[Callable[[str], None]]:
    """Moves the business clock for one test: ``travel("2026-12-05T18:00:00+03:00")``."""
    yield lambda moment: stack.stand_at(datetime.fromisoformat(moment))
    stack.stand_at(NOW)


# ── Counted taps, in the report ──


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """The tap counters of the journeys (UX-101, UX-102, table A)."""
    passed = terminalreporter.stats.get("passed", [])
    counted = [(name, words) for report in passed for name, words in report.user_properties if name == "taps"]
    if counted:
        terminalreporter.section("taps", sep="-")
        for _, words in counted:
            terminalreporter.line(str(words))
