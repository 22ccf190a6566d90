"""One person's Telegram with the app open in it: the web client, or a phone's."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, cast
from urllib.parse import quote

from playwright.sync_api import Page

from tests.journeys.device import Device
from tests.journeys.framed import Framed
from tests.journeys.in_telegram.account import Account

HOME = "Заявки на рейсы"
#: The heading of the page that only a new opening helps.
AGAIN = "Откройте приложение ещё раз"

#: The object that the apps for phones put into their WebViews, which writes down what it is told.
_NATIVE = """window.telegram = { events: [],
  push: (name, data) => window.Telegram.WebView.receiveEvent(name, data) };
window.TelegramWebviewProxy = { postEvent: (method, params) =>
  window.telegram.events.push({ method, params: params ? JSON.parse(params) ?? null : null }) };"""


class Telegram(Framed):
    """The client around, and in ``app`` the page inside: a device whose fingers reach into it."""

    def __init__(self, device: Device, account: Account, origin: str | None) -> None:
        """``origin``: of the web client's page; none for a phone."""
        super().__init__(device)
        self.account = account
        self._origin = origin
        if origin is None:
            self.outer.add_init_script(_NATIVE)

    def open(
        self,
        *,
        age: timedelta = timedelta(0),
        init_data: str | None = None,
        start: str | None = None,
        query: str = "",
        **look: Any,
    ) -> Telegram:
        """Opens the app; ``start`` is what a link carries, ``query`` stands in the address of a button."""
        signed = init_data or self.account.init_data(age=age, **({"start_param": start} if start else {}))
        platform = {"platform": "weba" if self._origin else "android"}
        address = f"{self.app.url}/{query}#{self.account.launch(signed, start=start, **(platform | look))}"
        if self._origin is None:
            self.outer.goto("about:blank")
            self.outer.goto(address)
            return self
        self.outer.goto("about:blank")
        self.outer.goto(f"{self._origin}/page.html#{quote(address, safe='')}")
        return self.find()

    def find(self) -> Telegram:
        """The page in the frame is another one after each loading."""
        if self._origin is not None:
            frame = self.outer.frame(name="app")
            assert frame is not None, "the client has drawn its frame"
            self.app.page = cast(Page, frame)
        return self

    def home(self) -> Telegram:
        """Waits until home is drawn with what the server says."""
        self.app.link("Подать заявку").wait_for()
        return self

    # ── what the client does ──

    def push(self, event: str, data: dict[str, Any] | None = None) -> None:
        self.outer.evaluate("([event, data]) => telegram.push(event, data ?? undefined)", [event, data])

    def back(self) -> None:
        self.push("back_button_pressed")

    def paint(self, theme: dict[str, str]) -> None:
        """The person chooses another theme."""
        self.push("theme_changed", {"theme_params": theme})

    # ── what it has heard ──

    def calls(self, method: str) -> list[Any]:
        """Parameters of what the app has asked for, oldest first."""
        heard: list[Any] = self.outer.evaluate(
            "method => telegram.events.filter(each => each.method === method).map(each => each.params)", method
        )
        return heard

    def shows_back(self) -> bool:
        """Whether Telegram's own Back is there now."""
        return bool(self.calls("web_app_setup_back_button")[-1]["is_visible"])

    def tab(self) -> dict[str, str]:
        """What the page keeps as long as it is open."""
        values: dict[str, str] = self.app.page.evaluate("() => ({ ...sessionStorage })")
        return values

    def launch(self) -> dict[str, Any]:
        """What the page keeps of its launch."""
        known: dict[str, Any] = json.loads(self.tab()["telegram-launch"])
        return known

    def token_of(self, name: str) -> str:
        """A colour of the page."""
        colour: str = self.app.page.evaluate(
            "name => getComputedStyle(document.documentElement).getPropertyValue(name).trim().toLowerCase()", name
        )
        return colour
