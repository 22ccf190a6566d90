"""The browser of this machine, started once per process of the test run; nothing is downloaded."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

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
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable(), args=arguments())
        yield running
        running.close()


def executable() -> str:
    """The system's Chromium under one of its names."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    assert found, f"the journeys need a browser: install one of {', '.join(NAMES)}"
    return found


def arguments() -> list[str]:
    """Root may not use the browser's own sandbox."""
    return [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
