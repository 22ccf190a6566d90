"""Sending and drafts over the bridge, with HTTP behind it (UX-101, UX-110, UX-111)."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.house import House, Traveller
from tests.journeys.in_express.phone import Phone
from tests.journeys.in_express.words import SEND


class TestSending:
    """Three taps; the messenger carries it; one application whatever gets lost."""

    def test_three_taps_from_home_over_the_bridge(self, phone: Phone, stack: House, anna: Traveller) -> None:
        app = phone.open().home().app
        app.tap(app.link("Магадан", exact=True)).tap(app.day(15)).tap(app.button(SEND))
        app.heading("Заявка отправлена").wait_for()
        (kept,) = stack.applications_of(anna)
        app.see(app.text(kept["number"]))
        assert app.taps == 3
        assert [event["handler"] for event in phone.events("submit")] == ["botx"]
        assert phone.http_calls() == []
        phone.shot("express-sent")

    def test_a_network_cut_between_press_and_answer_is_one_application(
        self, ready: Phone, stack: House, anna: Traveller
    ) -> None:
        app = ready.app
        ready.lose("submit")
        app.tap(app.button(SEND))
        app.settled(lambda: stack.applications_of(anna), "the server has it")
        ready.connect("disconnected")
        app.heading("Заявка ждёт отправки").wait_for()
        app.see(app.text("Нет сети. Можно заполнить заявку, отправим позже."))
        ready.shot("express-queued").heal()
        ready.connect("connected")
        app.heading("Заявка отправлена").wait_for()
        (kept,) = stack.applications_of(anna)
        app.see(app.text(kept["number"]))
        keys = {event["payload"]["client_key"] for event in ready.events("submit")}
        assert (len(ready.events("submit")), len(keys)) == (2, 1)
        assert ready.http_calls() == []

    def test_a_silent_bridge_gives_way_to_http_with_the_same_key(
        self, ready: Phone, stack: House, anna: Traveller
    ) -> None:
        app = ready.app
        ready.lose("submit")
        app.tap(app.button(SEND))
        app.heading("Заявка отправлена").wait_for(timeout=20_000)
        (kept,) = stack.applications_of(anna)
        app.see(app.text(kept["number"]))
        (over_bridge,) = ready.events("submit")
        (over_http,) = app.calls_to("POST", "submit")
        assert over_http.headers["idempotency-key"] == over_bridge["payload"]["client_key"]
        assert over_http.headers["authorization"].startswith("Bearer ")

    def test_pressed_five_times_it_is_one_event(self, ready: Phone, stack: House, anna: Traveller) -> None:
        ready.app.button(SEND).evaluate("button => { for (let press = 0; press < 5; press += 1) button.click() }")
        ready.app.heading("Заявка отправлена").wait_for()
        assert len(ready.events("submit")) == 1
        assert len(stack.applications_of(anna)) == 1

    def test_the_servers_no_is_told_in_its_own_words(self, ready: Phone, stack: House, anna: Traveller) -> None:
        item = "directory = 'direction' and code = 'gdx'"
        change = f"update directory_items set retired_at = now() where {item}"
        with stack.reference(change, undo=f"update directory_items set retired_at = null where {item}"):
            ready.app.tap(ready.app.button(SEND))
            ready.app.see(ready.app.page.locator(".field-error", has_text="Такого направления нет в списке"))
        assert stack.applications_of(anna) == []
        assert ready.http_calls() == []


class TestDraft:
    """What is typed stays, although the browser keeps nothing at all for a foreign frame."""

    def test_it_is_in_the_clients_own_store(self, phone: Phone, stack: House, anna: Traveller) -> None:
        app = phone.open().home().app
        phone.swallow("draft.save")
        app.tap(app.link("Магадан", exact=True)).tap(app.day(15))
        app.settled(lambda: any("2027-01-15" in each for each in phone.stored().values()), "the store has the date")
        assert stack.sql("select 1 from drafts where user_id = %s", (anna.id,)) == []
        phone.open()
        app.see(app.heading("Черновик: Магадан, 15 января"))
        app.tap(app.link("Продолжить"))
        expect(app.button(SEND)).to_be_visible()

    def test_it_goes_to_the_server_over_the_bridge(self, phone: Phone, stack: House, anna: Traveller) -> None:
        app = phone.open().home().app
        app.tap(app.link("Магадан", exact=True)).tap(app.day(15))
        kept = "select 1 from drafts where user_id = %s and answers ->> 'date' = '2027-01-15'"
        app.settled(lambda: stack.sql(kept, (anna.id,)), "the draft is on the server")
        assert phone.http_calls() == []

    def test_without_a_network_home_shows_what_the_device_knows(self, phone: Phone) -> None:
        app = phone.open().home().app
        app.see(app.text("Владивосток, 14 декабря"))
        phone.connect("disconnected")
        app.see(app.text("Нет сети. Можно заполнить заявку, отправим позже."), app.text(re.compile("Данные на")))
        app.see(app.text("Владивосток, 14 декабря"))
        phone.shot("express-offline").connect("connected")
        expect(app.text("Нет сети.")).to_have_count(0)
