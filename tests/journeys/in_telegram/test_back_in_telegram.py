"""Telegram's own Back (UX-113, table B8), and what it is told."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.house import House, Traveller
from tests.journeys.in_telegram.client import HOME, Telegram


class TestBack:
    """Table B8 (UX-113): Telegram's Back, and when it is there."""

    def test_it_is_not_there_on_home_and_is_there_beyond(self, telegram: Telegram) -> None:
        app = telegram.open().home().app
        assert not telegram.shows_back()
        app.tap(app.link("Профиль")).heading("Профиль").wait_for()
        assert telegram.shows_back()
        telegram.back()
        app.see(app.heading(HOME))
        app.settled(lambda: not telegram.shows_back(), "Telegram's Back is gone")

    def test_a_sheet_is_closed_and_its_opener_has_the_focus(self, telegram: Telegram) -> None:
        app = telegram.open().home().app
        app.tap(app.link("Подать заявку"))
        app.button("Все направления (14)").focus()
        app.tap(app.button("Все направления (14)"))
        app.page.get_by_role("dialog", name="Куда").wait_for()
        telegram.back()
        expect(app.page.get_by_role("dialog")).to_have_count(0)
        expect(app.button("Все направления (14)")).to_be_focused()
        app.see(app.heading("Новая заявка"))

    def test_a_guided_step_goes_one_question_back_with_its_answers(self, telegram: Telegram) -> None:
        app = telegram.open().home().app
        app.tap(app.link("Заявка на справку")).tap(app.radio("О доходах")).go_on()
        app.asked("Сколько экземпляров").type("Сколько экземпляров", "2").go_on()
        app.asked("К какому дню нужна")
        telegram.back()
        expect(app.page.get_by_label("Сколько экземпляров")).to_have_value("2")
        telegram.back()
        expect(app.page.get_by_role("radio", name="О доходах")).to_be_checked()

    def test_a_changed_form_goes_home_and_says_it_is_kept(self, telegram: Telegram) -> None:
        app = telegram.open().home().app
        app.tap(app.link("Подать заявку")).tap(app.radio("Хабаровск"))
        telegram.back()
        app.see(app.heading(HOME), app.toast("Черновик сохранён"), app.heading("Черновик: Хабаровск"))
        assert [told["is_visible"] for told in telegram.calls("web_app_setup_back_button")] == [False, True, False]

    def test_after_sending_it_is_home_and_nothing_is_sent_again(
        self, ready: Telegram, stack: House, anna: Traveller
    ) -> None:
        app = ready.app
        app.tap(app.button("Отправить: Магадан, 15 января")).heading("Заявка отправлена").wait_for()
        ready.back()
        app.see(app.heading(HOME), app.link("Открыть мою заявку"))
        assert len(app.calls_to("POST", "submit")) == 1
        assert len(stack.applications_of(anna)) == 1

    def test_two_presses_in_a_row_do_not_leave_telegrams_page(self, telegram: Telegram) -> None:
        app = telegram.open().home().app
        app.tap(app.link("Профиль")).heading("Профиль").wait_for()
        telegram.outer.evaluate("() => { telegram.push('back_button_pressed'); telegram.push('back_button_pressed') }")
        app.see(app.heading(HOME))
        app.settled(lambda: telegram.calls("web_app_close") or not telegram.shows_back(), "home is the bottom")
        assert telegram.outer.url.startswith("http://localhost"), "still Telegram"

    def test_nobody_is_kept_from_zooming(self, telegram: Telegram) -> None:
        telegram.open().home()
        content = telegram.app.page.locator("meta[name=viewport]").get_attribute("content") or ""
        assert "maximum-scale" not in content
        assert "user-scalable" not in content
