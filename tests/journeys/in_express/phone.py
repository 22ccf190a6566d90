"""One person's messenger with the app open in it."""

from __future__ import annotations

import json
from typing import Any, cast
from urllib.parse import urlencode

from playwright.sync_api import Page

from tests.journeys.device import Device
from tests.journeys.framed import Framed
from tests.journeys.in_express.server import Messenger

ACCOUNT = {"employee": "7b0f", "newcomer": "11eb"}


class Phone(Framed):
    """The page around, and in ``app`` the frame: a device whose fingers reach into it."""

    def __init__(self, device: Device, messenger: Messenger) -> None:
        super().__init__(device)
        self._origin = messenger.origin

    def open(self, persona: str = "employee", *, to: dict[str, str] | None = None, **more: str) -> Phone:
        """Opens the app in the messenger; ``to`` is what a deep link carries, ``more`` goes into the address."""
        initial = {"initiator": "deeplink", "meta": to} if to else None
        account = ACCOUNT.get(persona, persona)
        self.show(self._origin, persona=persona, account=account, initial=json.dumps(initial), **more)
        frame = self.outer.frame(name="app")  # another one after each opening
        assert frame is not None, "the messenger has drawn its frame"
        self.app.page = cast(Page, frame)
        return self

    def show(self, origin: str, **more: str) -> None:
        """The messenger's page, or one of another origin that does as if."""
        asked = {"platform": "web", "theme": "light", "locale": "ru", "app": f"{self.app.url}/"}
        self.outer.goto(f"{origin}/page.html?{urlencode(asked | more)}")

    def home(self) -> Phone:
        """Waits until home is drawn with what the server says."""
        self.app.link("Подать заявку").wait_for()
        return self

    # ── what the messenger does ──

    def push(self, kind: str, **fields: Any) -> None:
        """An event that the app has not asked for."""
        self.outer.evaluate("([kind, fields]) => messenger.push(kind, fields)", [kind, fields])

    def back(self) -> None:
        self.push("back_pressed")

    def connect(self, status: str) -> None:
        """The messenger's own network goes or comes."""
        self.outer.evaluate("status => messenger.connect(status)", status)

    def lose(self, *methods: str) -> None:
        """Answers to these never arrive, although the server has given them."""
        self.outer.evaluate("methods => methods.forEach(each => messenger.lost.add(each))", methods)

    def swallow(self, *methods: str) -> None:
        """These calls never leave the phone."""
        self.outer.evaluate("methods => methods.forEach(each => messenger.unsent.add(each))", methods)

    def heal(self) -> None:
        self.outer.evaluate("() => { messenger.lost.clear(); messenger.unsent.clear() }")

    # ── what it has heard ──

    def events(self, method: str) -> list[dict[str, Any]]:
        """What the app has asked for, oldest first."""
        heard: list[dict[str, Any]] = self.outer.evaluate(
            "method => messenger.events.filter(each => each.method === method)", method
        )
        return heard

    def locations(self) -> list[str]:
        """What the app has told about Back: root or nested."""
        return [event["payload"]["location"] for event in self.events("routing_changes")]

    def stored(self) -> dict[str, str]:
        """The client's store for the app."""
        values: dict[str, str] = self.outer.evaluate("() => messenger.stored")
        return values

    def http_calls(self) -> list[str]:
        """Calls of the API that did not take the way over the messenger."""
        return [call.url for call in self.app.calls if "/api/smartapp/" in call.url]
