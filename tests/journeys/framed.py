"""A messenger's client with the app open inside it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Self

from playwright.sync_api import Page

from tests.journeys.device import SHOTS, Device
from tests.journeys.looks import axe, geometry, height_of


class Framed:
    """The client's page around, and in ``app`` the page inside: a device whose fingers reach into it."""

    def __init__(self, device: Device) -> None:
        self.app = device
        self.outer: Page = device.page

    def ensure_good_looks(self) -> Self:
        """axe and geometry of the page inside as it stands, in a window so high that no bar lies over anything."""
        size = self.outer.viewport_size
        assert size is not None, "a device has a screen"
        self.outer.set_viewport_size({"width": size["width"], "height": height_of(self.app.page)})
        found = axe(self.app.page) + geometry(self.app.page)
        self.outer.set_viewport_size(size)
        assert found == []
        return self

    def shot(self, name: str) -> Self:
        """A picture, if somebody wants to look."""
        if folder := os.environ.get(SHOTS):
            self.outer.screenshot(path=Path(folder) / f"{name}.png")
        return self
