"""One person's device with the app open: what fingers do, what is seen, and what nobody may see (console errors)."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, expect

from tests.journeys.looks import axe, geometry, height_of

#: Pictures of what the journeys saw, for people to look at: a folder's name in the environment.
SHOTS = "JOURNEY_SHOTS"
PERSONAS = {
    "employee": "Сотрудник",
    "newcomer": "Новичок",
    "matched": "Новичок из списка сотрудников",
    "dispatcher": "Диспетчер",
}


class Device:
    """A phone (or a desktop) of one person; every context of the browser is one device with its own storage."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context = context
        self.url = url
        self.taps = 0
        self.typed_fields = 0
        self.calls: list[Request] = []
        #: Console errors and warnings, and what was thrown.
        self.heard: list[str] = []
        self._expected: list[str] = []
        context.set_default_timeout(10_000)
        context.on("page", self._watch)
        self.page: Page = context.new_page()

    def _watch(self, page: Page) -> None:
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.heard.append(f"thrown: {error}"))
        page.on("request", lambda call: self.calls.append(call))  # a function of our own: playwright writes on it

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.heard.append(f"{message.type}: {message.text} ({message.location.get('url', '')})")

    # ── coming in ──

    def open(self, route: str = "/") -> Device:
        """Opens the app at a route."""
        self.page.goto(f"{self.url}/#{route}")
        return self

    def sign_in(self, persona: str = "employee") -> Device:
        """The demo's sign-in page; these taps are not part of any journey."""
        self.open()
        name = self.page.get_by_text(PERSONAS[persona], exact=True)
        self.page.locator("button").filter(has=name).click()
        self.page.locator("#content:not([aria-busy]) h1").first.wait_for()
        self.page.get_by_role("heading", name="Вход", exact=True).wait_for(state="detached")
        return self

    def another_tab(self) -> Device:
        """The same device, one more tab; this object goes on with the new one."""
        self.page = self.context.new_page()
        return self

    # ── what is there ──

    def button(self, name: str | re.Pattern[str], **more: Any) -> Locator:
        return self.page.get_by_role("button", name=name, **more)

    def link(self, name: str | re.Pattern[str], **more: Any) -> Locator:
        return self.page.get_by_role("link", name=name, **more)

    def radio(self, name: str) -> Locator:
        """A row or chip of a list: the label is what fingers hit."""
        return self.page.locator("label").filter(has=self.page.get_by_role("radio", name=name))

    def heading(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("heading", name=name)

    def text(self, words: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_text(words)

    def day(self, number: int) -> Locator:
        """The calendar's button of a day of the shown month."""
        return self.page.locator(f"button[data-day$='-{number:02d}']")

    def selected_day(self) -> str | None:
        """The chosen day of the calendar, ISO."""
        chosen = self.page.locator("td[aria-selected='true'] button")
        return chosen.get_attribute("data-day") if chosen.count() else None

    def toast(self, words: str) -> Locator:
        return self.page.locator(".toasts").get_by_text(words)

    def focused(self) -> str:
        """The name of what has the focus, or its text."""
        name: str = self.page.evaluate(
            "() => { const it = document.activeElement; const label = it.labels?.[0]?.textContent;"
            " return (it.getAttribute('aria-label') ?? label ?? it.textContent).replace(/\\s+/g, ' ').trim() }"
        )
        return name

    # ── what fingers do ──

    def tap(self, target: Locator, *, anyway: bool = False) -> Device:
        """One tap, counted; ``anyway`` also on what says that it cannot be chosen (``aria-disabled``)."""
        self.taps += 1
        target.tap(force=anyway) if self.has_touch else target.click(force=anyway)
        return self

    def type(self, label: str, words: str) -> Device:
        """One typed field, counted; key by key, as people do."""
        self.typed_fields += 1
        self.page.get_by_label(label).first.press_sequentially(words)
        return self

    @property
    def has_touch(self) -> bool:
        touch: bool = self.page.evaluate("() => navigator.maxTouchPoints > 0")
        return touch

    def asked(self, question: str) -> Device:
        """The page with this question has arrived: it takes the focus to its heading."""
        expect(self.heading(question)).to_be_focused()
        return self

    def go_on(self) -> Device:
        """«Продолжить» of a page with one question."""
        return self.tap(self.button("Продолжить"))

    # ── what was asked of the server ──

    def calls_to(self, method: str, path: str) -> list[Request]:
        """The calls to ``/api/smartapp/<path>`` since the device was unpacked."""
        wanted = re.compile(rf"/api/smartapp/{path}(\?|$)")
        return [call for call in self.calls if call.method == method and wanted.search(call.url)]

    def settled(self, condition: Callable[[], Any], otherwise: str, timeout: float = 8_000) -> Any:
        """Waits until something is true outside the page (a row, a call), with the page running."""
        waited = 0
        while not (found := condition()):
            assert waited < timeout, otherwise
            self.page.wait_for_timeout(50)
            waited += 50
        return found

    # ── what nobody may see ──

    def expects(self, *patterns: str) -> Device:
        """Complaints that belong to this test: a refused call writes a line of its own into the console."""
        self._expected += patterns
        return self

    def complaints(self) -> list[str]:
        """Console errors and warnings, thrown errors, broken content security policy."""
        return [line for line in self.heard if not any(re.search(each, line) for each in self._expected)]

    def ensure_good_looks(self) -> Device:
        """axe and geometry of the page as it stands, in a window so high that no bar lies over anything."""
        size = self.page.viewport_size
        assert size is not None, "a device has a screen"
        self.page.set_viewport_size({"width": size["width"], "height": height_of(self.page)})
        found = axe(self.page) + geometry(self.page)
        self.page.set_viewport_size(size)
        assert found == []
        return self

    def shot(self, name: str) -> Device:
        """A picture, if somebody wants to look."""
        if folder := os.environ.get(SHOTS):
            self.page.screenshot(path=Path(folder) / f"{name}.png")
        return self

    def see(self, *targets: Locator) -> Device:
        """All of it is visible."""
        for target in targets:
            expect(target).to_be_visible()
        return self
