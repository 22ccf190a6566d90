"""The second form, filed end to end: nothing in the app is wired to flights, it works without a line of its own."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.journeys.device import Device
from tests.journeys.house import House, Traveller


def answer_up_to_delivery(phone: Device) -> None:
    phone.tap(phone.link("Заявка на справку"))
    phone.see(phone.text("Шаг 1 из 6"))
    phone.tap(phone.radio("О доходах")).go_on()
    phone.asked("Сколько экземпляров").type("Сколько экземпляров", "2").go_on()
    phone.asked("К какому дню нужна").tap(phone.day(30)).go_on()
    phone.asked("Как хотите получить")


def test_a_certificate_is_filed_one_question_at_a_time(phone: Device, stack: House, anna: Traveller) -> None:
    answer_up_to_delivery(phone)
    phone.tap(phone.radio("По электронной почте"))
    expect(phone.text("Шаг 4 из 7")).to_be_visible()  # the total follows the answers silently
    phone.go_on().asked("На какой адрес отправить").type("На какой адрес отправить", "anna@example.ru").go_on()
    phone.asked("Что важно учесть").see(phone.text("(необязательно)").first).go_on()
    phone.heading("Проверьте и отправьте").wait_for()
    phone.see(phone.text("30 ноября 2026, понедельник"), phone.text("Справку готовят до трёх рабочих дней."))
    phone.ensure_good_looks().shot("certificate-check").tap(phone.button("Отправить заявку"))
    phone.heading("Заявка отправлена").wait_for()
    phone.ensure_good_looks().shot("certificate-sent")
    kept = next(one for one in stack.applications_of(anna) if one["form_id"] == "certificate")
    assert kept["answers"] == {
        "document": "income",
        "copies": 2,
        "needed_by": "2026-11-30",
        "delivery": "email",
        "email": "anna@example.ru",
    }


def test_an_answer_changed_on_the_check_page_returns_to_it(phone: Device) -> None:
    """E7: not through all steps; a question that the change has opened is asked on the way."""
    answer_up_to_delivery(phone)
    phone.tap(phone.radio("На бумаге в офисе своей базы")).go_on()
    phone.asked("Что важно учесть").go_on().tap(phone.link("Изменить: Количество"))
    phone.asked("Сколько экземпляров").page.get_by_label("Сколько экземпляров").fill("3")
    phone.go_on()
    phone.asked("Проверьте и отправьте")
    phone.tap(phone.link("Изменить: Как получить")).tap(phone.radio("Почтой")).go_on()
    phone.asked("На какой почтовый адрес").type(
        "На какой почтовый адрес", "101000, Москва, Мясницкая улица, 1, кв. 2"
    ).go_on()
    phone.heading("Проверьте и отправьте").wait_for()
    phone.see(phone.text("101000, Москва, Мясницкая улица, 1, кв. 2"))
    phone.page.go_back()
    phone.see(phone.heading("Что важно учесть"))


def test_a_wrong_answer_is_told_in_words_and_kept(phone: Device) -> None:
    phone.tap(phone.link("Заявка на справку")).go_on()
    phone.see(phone.page.locator(".field-error", has_text="Выберите вид справки или укажите свой"))
    phone.tap(phone.radio("О стаже")).go_on()
    phone.asked("Сколько экземпляров").type("Сколько экземпляров", "11").go_on()
    expect(phone.page.locator(".field-error")).to_be_visible()
    expect(phone.page.get_by_label("Сколько экземпляров")).to_have_value("11")
    phone.ensure_good_looks()


def test_flight_and_certificate_keep_drafts_of_their_own(phone: Device) -> None:
    phone.tap(phone.link("Подать заявку")).tap(phone.radio("Хабаровск"))
    phone.page.go_back()
    phone.tap(phone.link("Заявка на справку")).tap(phone.radio("О доходах"))
    phone.page.go_back()
    phone.see(phone.heading("Черновик: Хабаровск"), phone.heading("Черновик: О доходах"))
