"""UX-103: every state of every screen, for every eye: axe without a finding, nothing cut, nothing too small."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys import built
from tests.journeys.gallery import Gallery
from tests.journeys.looks import axe, geometry

#: E2's table of home, and the names of its rows in the gallery.
ROWS_OF_E2 = {
    "loading": "home.loading",
    "first visit, no requests": "home.first-visit",
    "no open period": "home.closed",
    "opens later today": "home.opens-today",
    "limit reached": "home.limit",
    "not eligible": "home.not-eligible",
    "offline": "home.offline",
    "load error": "home.load-error",
    "queued item": "home.queued",
    "unseen decision": "home.unseen",
}
LOCALES = ("ru", "en")
#: The other screens share their parts: each state is seen in both languages, themes and widths, not in all products.
LOOKS_OF_OTHERS = {"ru": (("light", 390), ("dark", 320)), "en": (("dark", 390), ("light", 320))}
STATES = Path(__file__).parents[2] / "frontend" / "src" / "testing" / "states"


def states_of(*files: str) -> list[str]:
    """Names of the states in these files, read from the sources: pytest wants them before a browser runs."""
    text = "\n".join((STATES / f"{name}.ts").read_text(encoding="utf-8") for name in files)
    return [line.split(":")[0].strip().strip('"') for line in text.splitlines() if _begins_a_state(line)]
