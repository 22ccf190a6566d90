"""The messenger's own Back (UX-113, table B8), and what it is told."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.house import House, Traveller
from tests.journeys.in_express.phone import Phone
from tests.journeys.in_express.words import HOME, SEND


class TestBack:
    """Table B8 (UX-113): the messenger's Back, and what it is told."""

    def test_a_sheet_is_closed_and_its_opener_has_the_focus(self, phone: Phone) -> None:
        app = phone.open().home().app
        app.tap(app.link("Подать заявку"))
        app.button("Все направления (14)").focus()
        app.tap(app.button("Все направления (14)"))
        app.page.get_by_role("dialog", name="Куда").wait_for()
        phone.back()
        expect(app.page.get_by_role("dialog")).to_have_count(0)
        expect(app.button("Все направления (14)")).to_be_focused()
        app.see(app.heading("Новая заявка"))

    def test_a_guided_step_goes_one_question_back_with_its_answers(self, phone: Phone) -> None:
        app = phone.open().home().app
        app.tap(app.link("Заявка на справку")).tap(app.radio("О доходах")).go_on()
        app.asked("Сколько экземпляров").type("Сколько экземпляров", "2").go_on()
        app.asked("К какому дню нужна")
        phone.back()
        expect(app.page.get_by_label("Сколько экземпляров")).to_have_value("2")
        phone.back()
        expect(app.page.get_by_role("radio", name="О доходах")).to_be_checked()

    def test_a_changed_form_goes_home_and_says_it_is_kept(self, phone: Phone) -> None:
        app = phone.open().home().app
        app.tap(app.link("Подать заявку")).tap(app.radio("Хабаровск"))
        phone.back()
        app.see(app.heading(HOME), app.toast("Черновик сохранён"), app.heading("Черновик: Хабаровск"))
        assert phone.locations() == ["root", "nested", "root"]

    def test_after_sending_it_is_home_and_nothing_is_sent_again(
        self, ready: Phone, stack: House, anna: Traveller
    ) -> None:
        app = ready.app
        app.tap(app.button(SEND)).heading("Заявка отправлена").wait_for()
        ready.back()
        app.see(app.heading(HOME), app.link("Открыть мою заявку"))
        assert len(ready.events("submit")) == 1
        assert len(stack.applications_of(anna)) == 1

    def test_from_home_the_messenger_closes_the_app(self, phone: Phone) -> None:
        phone.open().home()
        phone.back()
        phone.app.settled(lambda: phone.events("close_smart_app"), "the messenger was asked to close the app")
        phone.app.see(phone.app.heading(HOME))

    def test_two_presses_in_a_row_do_not_leave_the_messengers_page(self, phone: Phone) -> None:
        phone.open().home()
        phone.app.tap(phone.app.link("Профиль")).heading("Профиль").wait_for()
        phone.outer.evaluate("() => { messenger.push('back_pressed'); messenger.push('back_pressed') }")
        phone.app.see(phone.app.heading(HOME))
        phone.app.page.wait_for_timeout(300)
        assert phone.outer.url.startswith("http://localhost"), "still the messenger"
        phone.app.see(phone.app.heading(HOME))

    def test_move_to_root_is_home_from_any_depth_with_the_draft_kept(
        self, phone: Phone, stack: House, anna: Traveller
    ) -> None:
        app = phone.open().home().app
        app.tap(app.link("Подать заявку")).tap(app.radio("Хабаровск"))
        app.tap(app.button("Все направления (14)")).page.get_by_role("dialog", name="Куда").wait_for()
        phone.push("move_to_root")
        app.see(app.heading(HOME), app.heading("Черновик: Хабаровск"))
        kept = "select 1 from drafts where user_id = %s and answers ->> 'direction' is not null"
        app.settled(lambda: stack.sql(kept, (anna.id,)), "the draft is on the server")
        app.settled(lambda: phone.locations()[-1] == "root", "Back leaves the app from here")
