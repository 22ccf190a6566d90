"""E0 inside Telegram: nobody is asked; three taps to a filed application; Telegram's looks are the app's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, OpenDevice
from tests.journeys.house import House, Traveller
from tests.journeys.in_telegram.account import DAY, NIGHT, Account
from tests.journeys.in_telegram.client import AGAIN, HOME, Telegram

Record = Callable[[str, object], None]


def numbers_of(stack: House, person: Traveller) -> list[str]:
    found = stack.sql("select number from applications where applicant_id = %s order by id", (person.id,))
    return [row["number"] for row in found]


class TestFiling:
    def test_a_returning_person_needs_three_taps(
        self, telegram: Telegram, stack: House, anna: Traveller, record_property: Record
    ) -> None:
        """UX-101 in Telegram."""
        app = telegram.open().home().app
        app.tap(app.link("Владивосток", exact=True)).heading("Январь 2027").wait_for()
        app.tap(app.day(15)).tap(app.button("Отправить: Владивосток, 15 января"))
        app.heading("Заявка отправлена").wait_for()
        record_property("taps", f"UX-101 home → sent in Telegram: {app.taps} taps, {app.typed_fields} typed fields")
        assert (app.taps, app.typed_fields) == (3, 0)
        (kept,) = stack.applications_of(anna)
        assert (kept["direction"], str(kept["target_date"]), kept["channel"]) == ("vvo", "2027-01-15", "telegram")
        success = {"type": "notification", "notification_type": "success"}
        assert telegram.calls("web_app_trigger_haptic_feedback") == [success]
        telegram.shot("telegram-sent")

    def test_the_question_whether_the_bot_may_write_comes_once_and_after_the_first_application(
        self, ready: Telegram
    ) -> None:
        app, asked = ready.app, "web_app_request_write_access"
        assert ready.calls(asked) == []
        app.tap(app.button("Отправить: Магадан, 15 января")).heading("Заявка отправлена").wait_for()
        app.settled(lambda: len(ready.calls(asked)) == 1, "nobody was asked")
        ready.push("write_access_requested", {"status": "cancelled"})
        assert ready.calls(asked) == [None]

    def test_a_phone_speaks_by_its_own_object(self, mobile: Telegram) -> None:
        """The same page in a WebView: no frame, no messages."""
        phone = mobile.open().home()
        assert phone.calls("web_app_ready") == [None]
        assert phone.calls("web_app_setup_swipe_behavior") == [{"allow_vertical_swipe": False}]
        phone.app.tap(phone.app.link("Профиль")).heading("Профиль").wait_for()
        assert phone.shows_back()
        phone.push("safe_area_changed", {"top": 47, "bottom": 34, "left": 0, "right": 0})
        phone.push("content_safe_area_changed", {"top": 46, "bottom": 0, "left": 0, "right": 0})
        padding = "() => parseFloat(getComputedStyle(document.querySelector('.ribbon')).paddingTop)"
        phone.app.settled(lambda: phone.app.page.evaluate(padding) >= 93, "the page keeps clear of Telegram's buttons")
        phone.back()
        phone.app.see(phone.app.heading(HOME))


class TestProof:
    def test_what_was_signed_is_exchanged_once_and_kept_nowhere(self, mobile: Telegram) -> None:
        app = mobile.open().home().app
        assert len(app.calls_to("POST", "session")) == 1
        launch = mobile.launch()
        assert (launch["initData"], launch["account"]) == (None, mobile.account.subject)
        assert "tgWebApp" not in app.page.url
        kept = app.page.evaluate("() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")
        assert "auth_date" not in kept

    def test_a_page_loaded_again_goes_on_with_its_session(self, mobile: Telegram) -> None:
        app = mobile.open().home().app
        app.tap(app.link("Профиль")).heading("Профиль").wait_for()
        app.page.reload()
        app.see(app.heading("Профиль"), app.text("Воронцова Анна Сергеевна"))
        assert len(app.calls_to("POST", "session")) == 1

    @pytest.mark.parametrize("age", [timedelta(hours=2), timedelta(minutes=-30)])
    def test_data_out_of_its_time_asks_to_open_the_app_again(self, telegram: Telegram, age: timedelta) -> None:
        app = telegram.app.expects("401")
        telegram.open(age=age)
        app.see(app.heading(AGAIN), app.text("Сеанс закончился. Всё, что вы ввели, сохранено."))
        telegram.ensure_good_looks().shot("telegram-over")
        app.tap(app.button("Закрыть"))
        app.settled(lambda: telegram.calls("web_app_close"), "Telegram was asked to close the app")
        telegram.open().home()

    def test_data_used_before_opens_nothing_on_another_device(
        self, telegram: Telegram, devices: OpenDevice, around: str
    ) -> None:
        signed = telegram.account.init_data()
        telegram.open(init_data=signed).home()
        other = Telegram(devices(), telegram.account, around)
        other.app.expects("401")
        other.open(init_data=signed)
        other.app.see(other.app.heading(AGAIN))
        expect(other.app.link("Подать заявку")).to_have_count(0)

    def test_data_signed_by_somebody_else_opens_nothing(self, telegram: Telegram) -> None:
        telegram.app.expects("401")
        telegram.open(init_data=telegram.account.init_data(token="7000000009:TEST-token-of-another-bot-0123456789"))
        telegram.app.see(telegram.app.heading(AGAIN))

    def test_a_session_that_has_ended_asks_to_open_the_app_again_and_loses_nothing(
        self, telegram: Telegram, stack: House, anna: Traveller
    ) -> None:
        app = telegram.open().home().app
        app.tap(app.link("Подать заявку")).tap(app.radio("Хабаровск"))
        draft = "select 1 from drafts where user_id = %s and answers ->> 'direction' = 'khv'"
        app.settled(lambda: stack.sql(draft, (anna.id,)), "the draft is on the server")
        stack.sql("update sessions set revoked_at = clock_timestamp() where user_id = %s returning 1", (anna.id,))
        app.expects("401")
        app.tap(app.day(15))
        app.see(app.heading(AGAIN))
        telegram.open()
        app.see(app.heading("Черновик: Хабаровск"))


class TestLooks:
    def test_the_adapter_is_fetched_in_telegram_alone(self, telegram: Telegram, devices: OpenDevice) -> None:
        telegram.open().home()
        browser = devices().sign_in()
        browser.page.wait_for_load_state("networkidle")
        fetched = [
            [call.url for call in each.calls if "/assets/telegram-" in call.url] for each in (telegram.app, browser)
        ]
        assert [len(files) for files in fetched] == [1, 0]

    @pytest.mark.parametrize(("theme", "name", "page"), [(DAY, "light", "#efeff4"), (NIGHT, "dark", "#232e3c")])
    def test_colours_are_telegrams_and_go_back_to_its_bars(
        self, telegram: Telegram, theme: dict[str, str], name: str, page: str
    ) -> None:
        telegram.open(theme=theme).home()
        expect(telegram.app.page.locator("html")).to_have_attribute("data-theme", name)
        assert telegram.token_of("--bg") == page
        assert telegram.calls("web_app_set_header_color") == [{"color": page}]
        assert telegram.calls("web_app_set_bottom_bar_color")[-1] == {"color": theme["section_bg_color"]}
        telegram.ensure_good_looks().shot(f"telegram-home-{name}")
        telegram.app.tap(telegram.app.link("Подать заявку")).heading("Новая заявка").wait_for()
        telegram.ensure_good_looks().shot(f"telegram-new-{name}")

    def test_a_change_of_the_theme_is_followed_at_once(self, telegram: Telegram) -> None:
        telegram.open(theme=DAY).home()
        telegram.paint(NIGHT)
        expect(telegram.app.page.locator("html")).to_have_attribute("data-theme", "dark")
        assert telegram.token_of("--surface") == NIGHT["section_bg_color"]
        assert telegram.calls("web_app_set_header_color")[-1] == {"color": "#232e3c"}
        telegram.ensure_good_looks()

    def test_the_language_is_telegrams(self, devices: OpenDevice, around: str, stack: House, anna: Traveller) -> None:
        account = Account("Anna", language="en")
        stack.introduce(anna, account.subject, provider="telegram")
        english = Telegram(devices(), account, around).open()
        english.app.heading("Flight requests").wait_for()

    def test_a_desktop_has_two_panes(
        self, devices: OpenDevice, around: str, stack: House, anna: Traveller, hers: Account
    ) -> None:
        desktop = Telegram(devices(DESKTOP), hers, around).open(start=f"r_{numbers_of(stack, anna)[0]}", theme=NIGHT)
        desktop.app.heading("Магадан, 20 октября").wait_for()
        desktop.app.see(desktop.app.page.locator(".panes .side")).page.wait_for_timeout(100)
        desktop.shot("telegram-desktop-dark")


class TestLinks:
    """UX-114 in Telegram."""

    def test_ones_own_application_opens_in_one_step(self, telegram: Telegram, stack: House, anna: Traveller) -> None:
        number = numbers_of(stack, anna)[0]
        app = telegram.open(start=f"r_{number}").app
        app.heading("Магадан, 20 октября").wait_for()
        assert telegram.shows_back()
        telegram.back()
        app.see(app.heading(HOME))
        telegram.app.settled(lambda: not telegram.shows_back(), "Telegram's Back is gone")

    def test_a_button_of_the_bot_leads_to_its_place(self, telegram: Telegram, stack: House, anna: Traveller) -> None:
        """The buttons under messages carry the place in the address (channels/telegram/drawing.py)."""
        telegram.open(query=f"?to=r&id={numbers_of(stack, anna)[0]}")
        telegram.app.heading("Магадан, 20 октября").wait_for()

    @pytest.mark.parametrize(
        ("start", "heading"),
        [
            ("new", "Новая заявка"),
            ("me", "Профиль"),
            ("help", "Справка"),
            ("desktop_1", HOME),
            ("desk_1", "Эта страница для диспетчеров"),
        ],
    )
    def test_a_place_has_a_name(self, telegram: Telegram, start: str, heading: str) -> None:
        telegram.open(start=start)
        telegram.app.see(telegram.app.heading(heading))

    def test_a_foreign_number_gives_the_neutral_page(self, telegram: Telegram, stack: House, anna: Traveller) -> None:
        foreign = stack.sql("select number from applications where applicant_id <> %s limit 1", (anna.id,))
        telegram.app.expects("404", "403")
        telegram.open(start=f"r_{foreign[0]['number']}")
        telegram.app.see(telegram.app.heading("Такой заявки нет среди ваших"))

    def test_a_link_to_an_application_can_be_passed_on(self, telegram: Telegram, stack: House, anna: Traveller) -> None:
        number = numbers_of(stack, anna)[0]
        telegram.outer.context.grant_permissions(["clipboard-read", "clipboard-write"])
        app = telegram.open(start=f"r_{number}").app
        app.tap(app.button("Скопировать ссылку"))
        app.see(app.toast("Ссылка скопирована"))
        copied = telegram.outer.evaluate("() => navigator.clipboard.readText()")
        assert copied == f"https://t.me/zayavki_test_bot/app?startapp=r_{number}"

    def test_the_chat_with_the_bot_is_one_press_away(self, telegram: Telegram) -> None:
        app = telegram.open(start="help").app
        app.tap(app.button("Открыть чат с ботом"))
        app.settled(lambda: telegram.calls("web_app_open_tg_link"), "Telegram was asked for the chat")
        assert telegram.calls("web_app_open_tg_link") == [{"path_full": "/zayavki_test_bot"}]

    def test_outside_of_telegram_the_address_opens_nothing(
        self, devices: OpenDevice, hers: Account, stack: House
    ) -> None:
        device = devices()
        device.page.goto(f"{stack.url}/#{hers.launch(hers.init_data())}")
        device.see(device.heading("Откройте приложение из eXpress или Telegram"))
        assert device.calls_to("POST", "session") == []
