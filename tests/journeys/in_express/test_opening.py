"""E0 inside the messenger: nobody is asked, and its looks are the app's; what is said when nobody is in."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, OpenDevice
from tests.journeys.house import House, Traveller
from tests.journeys.in_express.phone import Phone
from tests.journeys.in_express.server import Messenger
from tests.journeys.in_express.words import numbers_of


class TestOpening:
    """E0: nobody is asked, and the messenger's looks are the app's."""

    def test_home_comes_over_the_bridge_alone(self, phone: Phone) -> None:
        phone.open().home()
        phone.app.see(phone.app.text("Владивосток, 14 декабря"))
        assert phone.http_calls() == []
        assert len(phone.events("auth.session")) == 1
        assert phone.outer.evaluate("() => messenger.events[0].method") == "ready"
        assert phone.locations() == ["root"]

    def test_the_adapter_is_fetched_in_the_messenger_alone(self, phone: Phone, devices: OpenDevice) -> None:
        phone.open().home()
        browser = devices().sign_in()
        browser.page.wait_for_load_state("networkidle")
        fetched = [[call.url for call in each.calls if "/assets/express-" in call.url] for each in (phone.app, browser)]
        assert [len(files) for files in fetched] == [1, 0]

    @pytest.mark.parametrize(("theme", "background"), [("dark", "rgb(15, 20, 27)"), ("light", "rgb(243, 245, 248)")])
    def test_theme_and_language_are_those_of_the_address(self, phone: Phone, theme: str, background: str) -> None:
        phone.open(theme=theme, locale="en")
        phone.app.heading("Flight requests").wait_for()
        expect(phone.app.page.locator("html")).to_have_attribute("data-theme", theme)
        expect(phone.app.page.locator("html")).to_have_attribute("lang", "en")
        expect(phone.app.page.locator("body")).to_have_css("background-color", background)

    def test_a_language_chosen_in_the_app_is_stronger_next_time(self, phone: Phone) -> None:
        phone.open().home()
        phone.app.tap(phone.app.link("Профиль")).tap(phone.app.radio("English"))
        phone.app.heading("Profile").wait_for()
        phone.open(locale="ru")
        phone.app.heading("Flight requests").wait_for()

    def test_the_room_it_has_is_known_and_followed(self, phone: Phone) -> None:
        phone.open(layout="half").home()
        root = phone.app.page.locator("html")
        expect(root).to_have_attribute("data-layout", "half")
        phone.push("layout_type", layout_type="full")
        expect(root).to_have_attribute("data-layout", "full")

    def test_the_whole_window_of_a_desktop_has_two_panes(
        self, devices: OpenDevice, around: Messenger, stack: House, anna: Traveller
    ) -> None:
        around.forget()
        desktop = Phone(devices(DESKTOP), around)
        desktop.open(to={"to": "r", "id": numbers_of(stack, anna)[0]}, layout="full")
        desktop.app.heading("Магадан, 20 октября").wait_for()
        desktop.app.see(desktop.app.page.locator(".panes .side")).page.wait_for_timeout(100)
        desktop.shot("express-desktop")

    def test_nothing_of_the_session_is_left_on_the_device(self, phone: Phone, stack: House, anna: Traveller) -> None:
        phone.open().home()
        phone.app.settled(lambda: "session" in phone.stored(), "the person is remembered")
        token = stack.sql("select count(*) as n from sessions where user_id = %s", (anna.id,))
        assert token[0]["n"] >= 1, "there was a token"
        assert "access_token" not in str(phone.stored())
        assert "token" not in phone.stored()

    def test_another_account_sees_nothing_of_the_one_before(self, phone: Phone, stack: House) -> None:
        phone.open().home()
        phone.app.settled(lambda: "session" in phone.stored(), "the person is remembered")
        stack.fresh("newcomer")
        phone.open("newcomer")
        phone.app.heading(re.compile("Это вы|Проверьте данные")).wait_for()
        expect(phone.app.text("Владивосток, 14 декабря")).to_have_count(0)

    def test_a_closed_account_is_told_so_and_offered_the_chat(
        self, phone: Phone, stack: House, anna: Traveller
    ) -> None:
        stack.sql("update users set active = false where id = %s returning id", (anna.id,))
        app = phone.open().app
        app.see(app.heading("Войти не получилось"), app.button("Повторить"), app.button("Подать в чате"))
        expect(app.page.get_by_role("textbox")).to_have_count(0)
        phone.ensure_good_looks().shot("express-refused")
        stack.sql("update users set active = true where id = %s returning id", (anna.id,))
        app.tap(app.button("Повторить"))
        phone.home()

    def test_without_a_messenger_the_page_says_where_to_open_it(self, devices: OpenDevice, stack: House) -> None:
        device = devices()
        device.page.goto(f"{stack.url}/?platform=web")
        device.see(device.heading("Откройте приложение из eXpress")).ensure_good_looks()
        device.tap(device.link("Войти в браузере"))
        device.see(device.heading("Вход"))
