"""Who may frame the app and who may speak to it (trust A9); an error inside the messenger (UX-118)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.in_express.phone import Phone
from tests.journeys.in_express.server import Messenger, served
from tests.journeys.in_express.words import BOT, HOME


class TestStrangers:
    """trust A9: nobody else frames the app, and nobody else is believed."""

    @pytest.fixture
    def stranger(self) -> Iterator[Messenger]:
        with served() as messenger:
            yield messenger

    def test_a_foreign_page_around_it_gets_nothing(self, phone: Phone, stranger: Messenger) -> None:
        phone.app.expects("frame-ancestors|ERR_BLOCKED_BY_RESPONSE|chromewebdata")
        phone.show(stranger.origin)
        phone.outer.wait_for_timeout(1_000)
        assert phone.outer.evaluate("() => messenger.events") == []
        assert phone.http_calls() == []

    def test_a_page_beside_it_is_not_heard(self, phone: Phone, stranger: Messenger) -> None:
        phone.open(layout="half").home()
        phone.app.tap(phone.app.link("Профиль")).heading("Профиль").wait_for()
        phone.outer.evaluate(
            """address => new Promise((spoken) => {
              addEventListener("message", ({ data }) => data === "spoken" && spoken());
              const frame = Object.assign(document.createElement("iframe"), { name: "stranger", src: address });
              document.body.append(frame);
            })""",
            f"{stranger.origin}/stranger.html",
        )
        phone.app.page.wait_for_timeout(300)
        phone.app.see(phone.app.heading("Профиль"))
        expect(phone.app.page.locator("html")).to_have_attribute("data-layout", "half")
        phone.back()
        phone.app.see(phone.app.heading(HOME))


class TestTrouble:
    """UX-118: an error is told once, with its host, and the chat is one press away."""

    def test_a_thrown_error_is_reported_and_the_chat_button_works(self, phone: Phone) -> None:
        app = phone.open().home().app
        app.expects(r"^thrown: ", r"^error: .*(TypeError|Uncaught)")
        phone.outer.evaluate(
            """() => addEventListener("message", (event) => {
              if (event.data?.payload?.method !== "applications.list") return;
              event.stopImmediatePropagation();
              const body = { items: { broken: true }, next_cursor: null };
              const data = { type: "smartapp_rpc", status: "ok", result: { status: 200, body } };
              event.source.postMessage({ ref: event.data.payload.ref, data, files: [] }, event.origin);
            }, true)"""
        )
        app.tap(app.link("Все заявки")).heading("Экран не открылся").wait_for()
        app.tap(app.button("Подать в чате"))
        app.settled(lambda: phone.events("create_personal_chat"), "the chat was opened")
        assert phone.events("create_personal_chat")[0]["payload"] == {"huid": BOT}
        app.settled(lambda: phone.events("telemetry"), "the error was reported")
        told = [each for call in phone.events("telemetry") for each in call["payload"]["body"]["events"]]
        errors = [each for each in told if each["kind"] == "error"]
        assert [(each["code"], each["host"]) for each in errors] == [("EB-0001", "express")]
