"""The messenger's page in a browser: opened, looked at, and the SmartApp inside it reached."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, ConsoleMessage, Frame, Locator, Page, expect

from express_bot.emulator import page_files
from tests.emulator.serving import Emulator
from tests.journeys.looks import axe

#: The SmartApp's frame is another origin: axe looks into it in the app's own journeys, and here knows neither it nor
#: the heading before the one after it.
NOT_OURS = ("incomplete frame-tested", "incomplete heading-order")
HIGH = 6_000
_UNROLL = "() => document.querySelectorAll('.log, pre').forEach((it) => (it.style.maxHeight = 'none'))"


class MessengerPage:
    """One browser window with the messenger's page."""

    def __init__(self, context: BrowserContext, emulator: Emulator) -> None:
        self.emulator = emulator
        self.heard: list[str] = []
        context.set_default_timeout(10_000)
        self.page: Page = context.new_page()
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.heard.append(f"thrown: {error}"))

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and message.location.get("url", "").startswith(self.emulator.url):
            self.heard.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    def open(self, query: str = "") -> MessengerPage:
        """The page, once it knows the messenger."""
        self.page.goto(f"{self.emulator.url}/{query}")
        self.page.locator(".person").first.wait_for(state="attached")
        return self

    # ── what is there ──

    @property
    def messages(self) -> Locator:
        return self.page.locator(".messages .m")

    @property
    def last(self) -> Locator:
        return self.messages.last

    def key(self, label: str) -> Locator:
        """A button of the bot, the newest of that label."""
        return self.page.locator(".kb .key").filter(has_text=re.compile(f"^{re.escape(label)}$")).last

    def chip(self, label: str) -> Locator:
        return self.page.get_by_role("button", name=label, exact=True)

    def app(self, at: str = "platform=") -> Frame:
        """The SmartApp's frame, once there is one whose address has this in it."""
        for _ in range(300):
            frames = [frame for frame in self.page.frames if frame is not self.page.main_frame]
            if frames and at in frames[-1].url:
                return frames[-1]
            self.page.wait_for_timeout(50)
        raise AssertionError(f"the app did not open with {at}")

    # ── what hands do ──

    def say(self, text: str) -> MessengerPage:
        field = self.page.get_by_label("Сообщение боту")
        field.fill(text)
        field.press("Enter")
        return self

    def become(self, name: str) -> MessengerPage:
        self.page.locator(".person").filter(has_text=name).click()
        return self

    def ensure_good_looks(self) -> MessengerPage:
        """axe, and no sideways scroll, in a window so high and lists so long that nothing is cut in the middle."""
        size = self.page.viewport_size
        assert size is not None, "a window has a size"
        self.page.set_viewport_size({"width": size["width"], "height": HIGH})
        self.page.evaluate(_UNROLL)
        self.page.wait_for_timeout(100)
        found = [line for line in axe(self.page) if not line.startswith(NOT_OURS)]
        assert found == [], "\n".join(found)
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        self.page.set_viewport_size(size)
        assert wide <= 0, f"the page scrolls sideways by {wide}"
        return self

    def shows(self, *words: str) -> MessengerPage:
        for each in words:
            expect(self.page.get_by_text(each).last).to_be_visible()
        return self


def ensure_built() -> None:
    assert (page_files.FOLDER / "emulator.html").exists(), "the messenger's page is not built: npm run build"
