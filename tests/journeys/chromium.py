"""The browser of this machine, started once per process of the test run; nothing is downloaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Playwright, sync_playwright

#: The engine without windows, menus and the services of a person's browser: the same pages for half of the processor.
SHELL = "chromium-headless-shell"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: A test browser talks to the product and to nobody else.
QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless browser; its contexts are as many separate devices."""
    with sync_playwright() as driver, launched(driver, executable()) as running:
        yield running


@contextmanager
def launched(driver: Playwright, program: str) -> Iterator[Browser]:
    """That browser, headless, until the end of the ``with``; a process has one driver."""
    running = driver.chromium.launch(executable_path=program, args=arguments())
    yield running
    running.close()


def lightest() -> str:
    """The shell of the system's Chromium if it is there, else the whole."""
    return shutil.which(SHELL) or executable()


def executable() -> str:
    """The system's Chromium under one of its names."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    assert found, f"the journeys need a browser: install one of {', '.join(NAMES)}"
    return found


def arguments() -> list[str]:
    """Root may not use the browser's own sandbox."""
    return [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
