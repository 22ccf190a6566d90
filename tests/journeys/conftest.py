"""A browser and a house per process of the test run; fresh people and fresh devices per test."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Playwright, expect, sync_playwright

from express_bot.gateway import spa
from tests.journeys import built, chromium
from tests.journeys.device import Device
from tests.journeys.gallery import Gallery
from tests.journeys.house import NOW, House, Traveller

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
#: Far from Moscow on purpose: deadlines are the server's, whatever the device believes.
ELSEWHERE = {"locale": "ru-RU", "timezone_id": "Asia/Vladivostok", "reduced_motion": "reduce"}

#: How long something may take to be seen, in milliseconds: a machine that is busy with other tests is no failure.
expect.set_options(timeout=15_000)

PICTURES = Path(__file__).parents[2] / "var" / "test" / "journeys"
FAILED = pytest.StashKey[bool]()

OpenDevice = Callable[..., Device]


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    """What moves the browsers."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(driver: Playwright) -> Iterator[Browser]:
    """The system's Chromium, in its lightest form."""
    with chromium.launched(driver, chromium.lightest()) as running:
        yield running


@pytest.fixture(scope="session")
def stack() -> Iterator[House]:
    """PostgreSQL, core and gateway, standing at ``NOW``."""
    assert (spa.FOLDER / "index.html").exists(), "the web app is not built: ./manage_all.sh test builds it"
    with House() as house:
        yield house


@pytest.fixture
def devices(browser: Browser, stack: House, request: pytest.FixtureRequest) -> Iterator[OpenDevice]:
    """Unpacks a device: a phone unless told otherwise. At the end none of them may have complained."""
    opened: list[Device] = []

    def unpack(size: dict[str, Any] = PHONE, **more: Any) -> Device:
        opened.append(Device(browser.new_context(**(ELSEWHERE | size | more)), stack.url))
        return opened[-1]

    yield unpack
    complaints = [line for device in opened for line in device.complaints()]
    if complaints or request.node.stash.get(FAILED, False):
        _leave_pictures(opened, request.node.name)
    for device in opened:
        device.context.close()
    assert complaints == []


def _leave_pictures(opened: list[Device], test: str) -> None:
    """What a failing journey had on its screens."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[^\w.-]+", "_", test)
    for number, page in enumerate(page for device in opened for page in device.context.pages):
        with suppress(Error):  # a page that was killed has no picture
            page.screenshot(path=PICTURES / f"{name}-{number}.png", timeout=3_000)


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


@pytest.fixture(scope="session")
def gallery(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gallery]:
    """The page with every state of every screen."""
    folder = tmp_path_factory.mktemp("gallery")
    built.build_gallery(folder)
    context = browser.new_context(**(ELSEWHERE | PHONE))
    context.set_default_timeout(15_000)
    with built.served(folder) as address:
        yield Gallery(context.new_page(), address)
    context.close()


@pytest.fixture
def travel(stack: House) -> Iterator[Callable[[str], None]]:
    """Moves the business clock for one test: ``travel("2026-12-05T18:00:00+03:00")``."""
    yield lambda moment: stack.stand_at(datetime.fromisoformat(moment))
    stack.stand_at(NOW)


# ── The report: pictures of failures, counted taps ──


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Lets fixtures know that their test has failed."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """What the journeys have counted: taps (UX-101, UX-102, table A) and seconds until an answer (UX-203).

    And why one was walked a second time (docs/decisions/0015): pytest names it, and no more.
    """
    told = [said for report in terminalreporter.stats.get("passed", []) for said in report.user_properties]
    for kind in ("taps", "seconds"):
        lines = [str(words) for name, words in told if name == kind]
        if lines:
            terminalreporter.section(kind, sep="-")
        for line in lines:
            terminalreporter.line(line)
    again = terminalreporter.stats.get("rerun", [])
    if again:
        terminalreporter.section("walked twice", sep="-")
    for report in again:
        crash = getattr(report.longrepr, "reprcrash", None)
        terminalreporter.line(f"{report.nodeid}, {report.when}: {crash.message if crash else report.longreprtext}")
