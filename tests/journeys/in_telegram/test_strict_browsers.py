"""Browsers that keep nothing for frames of other sites, as a whole Chromium does in a private window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.journeys import chromium
from tests.journeys.in_telegram.client import AGAIN, Telegram


@pytest.fixture(scope="module")
def browser(driver: Playwright) -> Iterator[Browser]:
    """The shell of it asks nobody what a site may keep."""
    with chromium.launched(driver, chromium.executable()) as running:
        yield running


def test_a_frame_that_may_keep_nothing_asks_for_another_opening(telegram: Telegram) -> None:
    """Never a form for a password."""
    app = telegram.open().home().app
    refused = app.page.evaluate("() => { try { return !sessionStorage } catch (why) { return why.name } }")
    assert refused == "SecurityError"
    app.page.evaluate("() => location.reload()")
    app.see(app.heading(AGAIN))
    expect(app.page.get_by_role("textbox")).to_have_count(0)
