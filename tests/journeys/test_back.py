"""Back in a browser (UX-113, table B8): closes what is open, keeps what was typed, never sends again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import OpenDevice
from tests.journeys.device import Device
from tests.journeys.house import House, Traveller


class TestSheet:
    """A sheet is an entry of the stack: Back closes it, and the focus returns to its opener."""

    @pytest.fixture
    def sheet(self, phone: Device) -> Device:
        phone.tap(phone.link("Подать заявку"))
        phone.button("Все направления (14)").focus()
        phone.page.keyboard.press("Enter")
        phone.page.get_by_role("dialog", name="Куда").wait_for()
        return phone

    def ensure_closed(self, device: Device) -> None:
        expect(device.page.get_by_role("dialog")).to_have_count(0)
        expect(device.button("Все направления (14)")).to_be_focused()
        device.see(device.heading("Новая заявка"))

    def test_back_closes_it(self, sheet: Device) -> None:
        sheet.page.go_back()
        self.ensure_closed(sheet)

    def test_escape_closes_it(self, sheet: Device) -> None:
        sheet.page.keyboard.press("Escape")
        self.ensure_closed(sheet)

    def test_its_button_closes_it_and_back_is_home_then(self, sheet: Device) -> None:
        sheet.tap(sheet.button("Закрыть"))
        self.ensure_closed(sheet)
        sheet.page.go_back()
        sheet.see(sheet.heading("Заявки на рейсы"))

    def test_a_choice_closes_it_and_leaves_no_entry_behind(self, sheet: Device) -> None:
        sheet.tap(sheet.page.locator("dialog").get_by_role("button", name="Анадырь"))
        expect(sheet.page.get_by_role("radio", name="Анадырь")).to_be_checked()
        sheet.page.go_back()
        sheet.see(sheet.heading("Заявки на рейсы"))

    def test_forward_does_not_open_it_again_over_another_page(self, sheet: Device) -> None:
        sheet.page.go_back()
        sheet.page.go_back()
        sheet.see(sheet.heading("Заявки на рейсы"))
        sheet.page.go_forward()
        sheet.see(sheet.heading("Новая заявка"))
        expect(sheet.page.get_by_role("dialog")).to_have_count(0)


class TestForms:
    """One question back; a changed compact form goes home and says that it is kept."""

    def test_a_guided_step_goes_one_question_back_with_its_answers(self, phone: Device) -> None:
        phone.tap(phone.link("Заявка на справку"))
        phone.tap(phone.radio("О доходах")).go_on()
        phone.asked("Сколько экземпляров").type("Сколько экземпляров", "2").go_on()
        phone.asked("К какому дню нужна")
        phone.page.go_back()
        expect(phone.page.get_by_label("Сколько экземпляров")).to_have_value("2")
        phone.page.go_back()
        expect(phone.page.get_by_role("radio", name="О доходах")).to_be_checked()
        phone.page.go_forward()
        phone.see(phone.heading("Сколько экземпляров"))

    def test_the_pages_own_back_link_does_the_same(self, phone: Device) -> None:
        phone.tap(phone.link("Заявка на справку"))
        phone.tap(phone.radio("О доходах")).go_on()
        phone.tap(phone.button("Назад"))
        phone.see(phone.heading("Какая справка нужна"))
        phone.tap(phone.button("Назад"))
        phone.see(phone.heading("Заявки на рейсы"), phone.heading("Черновик: О доходах"))

    def test_a_changed_compact_form_goes_home_and_says_it_is_kept(self, phone: Device) -> None:
        phone.tap(phone.link("Подать заявку")).tap(phone.radio("Хабаровск"))
        phone.page.go_back()
        phone.see(phone.heading("Заявки на рейсы"), phone.toast("Черновик сохранён"))
        phone.see(phone.heading("Черновик: Хабаровск"))

    def test_a_form_that_was_only_looked_at_leaves_nothing(self, phone: Device, stack: House, anna: Traveller) -> None:
        phone.tap(phone.link("Подать заявку"))
        phone.heading("Новая заявка").wait_for()
        phone.page.go_back()
        phone.heading("Заявки на рейсы").wait_for()
        expect(phone.page.locator(".toast")).to_have_count(0)
        assert stack.sql("select 1 from drafts where user_id = %s", (anna.id,)) == []


class TestAfterSending:
    """Home is one step back; the form is gone from the stack."""

    @pytest.fixture
    def sent(self, phone: Device) -> Device:
        phone.tap(phone.link("Магадан", exact=True)).tap(phone.day(15))
        phone.tap(phone.button("Отправить: Магадан, 15 января"))
        phone.heading("Заявка отправлена").wait_for()
        return phone

    def test_back_is_home_and_nothing_is_sent_again(self, sent: Device, stack: House, anna: Traveller) -> None:
        sent.page.go_back()
        sent.see(sent.heading("Заявки на рейсы"), sent.link("Открыть мою заявку"))
        sent.page.go_forward()
        sent.page.wait_for_load_state("networkidle")
        expect(sent.heading("Новая заявка")).to_have_count(0)
        assert len(sent.calls_to("POST", "submit")) == 1
        assert len(stack.applications_of(anna)) == 1

    def test_a_reload_shows_the_present_state_not_the_celebration(self, sent: Device, stack: House) -> None:
        """E8."""
        sent.page.reload()
        sent.heading("Магадан, 15 января").wait_for()
        sent.see(sent.text("Отправлена").first, sent.link("Изменить"), sent.button("Отозвать"))
        expect(sent.heading("Заявка отправлена")).to_have_count(0)
        assert len(sent.calls_to("POST", "submit")) == 1


class TestEnds:
    """The bottom of the stack, and deep links."""

    def test_from_home_back_leaves_the_app(self, devices: OpenDevice, anna: Traveller) -> None:
        phone = devices()
        phone.page.goto("about:blank")
        phone.sign_in()
        phone.link("Подать заявку").wait_for()
        phone.page.go_back()
        assert phone.page.url == "about:blank"

    def test_a_deep_link_has_home_under_it(self, phone: Device, stack: House, anna: Traveller) -> None:
        """UX-114 in the browser: opens from cold in one step, and Back never leaves by surprise."""
        number = stack.sql("select number from applications where applicant_id = %s order by id", (anna.id,))[0]
        phone.another_tab().open(f"/r/{number['number']}")
        phone.heading("Магадан, 20 октября").wait_for()
        phone.page.go_back()
        phone.see(phone.heading("Заявки на рейсы"))
