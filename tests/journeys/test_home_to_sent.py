"""From home to «Заявка отправлена»: the main job, counted in taps."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import DESKTOP, OpenDevice
from tests.journeys.device import Device
from tests.journeys.house import House, Traveller

Record = Callable[[str, object], None]


@pytest.fixture
def count(record_property: Record) -> Callable[[str, Device], None]:
    """Puts the counters of a device into the report."""

    def tell(journey: str, device: Device) -> None:
        record_property("taps", f"{journey}: {device.taps} taps, {device.typed_fields} typed fields")

    return tell


def choose_and_go_on(device: Device, option: str) -> None:
    """Answers a question with rows."""
    device.tap(device.radio(option)).go_on()


class TestReturningPerson:
    """UX-101: a seeded returning person needs three taps."""

    def test_chip_day_and_send_are_three_taps(self, phone: Device, stack: House, anna: Traveller, count) -> None:
        phone.tap(phone.link("Владивосток", exact=True))
        phone.heading("Январь 2027").wait_for()
        phone.tap(phone.day(15)).tap(phone.button("Отправить: Владивосток, 15 января"))
        sent = phone.heading("Заявка отправлена")
        expect(sent).to_be_focused()
        count("UX-101 home → sent, returning person", phone)
        assert (phone.taps, phone.typed_fields) == (3, 0)

        (kept,) = stack.applications_of(anna)
        phone.see(phone.text(kept["number"]), phone.heading("Что дальше"), phone.text("15 января 2027, пятница"))
        assert (kept["direction"], str(kept["target_date"]), kept["status"]) == ("vvo", "2027-01-15", "submitted")
        assert stack.sql("select 1 from drafts where user_id = %s", (anna.id,)) == []

    def test_a_repeat_chip_puts_the_focus_on_the_month(self, phone: Device) -> None:
        """E3: entering from a repeat chip preselects the direction; the calendar is next."""
        phone.tap(phone.link("Магадан", exact=True))
        expect(phone.heading("Январь 2027")).to_be_focused()
        expect(phone.page.get_by_role("radio", name="Магадан")).to_be_checked()

    def test_the_button_says_what_it_does_and_is_never_disabled(self, phone: Device) -> None:
        """Rule 3 and E3: the label repeats the choice; pressed early it leads to what is missing."""
        phone.tap(phone.link("Подать заявку"))
        expect(phone.button("Отправить заявку")).to_be_enabled()
        phone.tap(phone.radio("Хабаровск"))
        expect(phone.button("Отправить: выберите дату")).to_be_enabled()
        phone.tap(phone.day(20))
        expect(phone.button("Отправить: Хабаровск, 20 января")).to_be_enabled()

    def test_wishes_travel_with_the_application(self, phone: Device, stack: House, anna: Traveller) -> None:
        """E6: a collapsed addition, with its counter from 240 characters on."""
        phone.tap(phone.link("Магадан", exact=True)).tap(phone.day(12)).tap(phone.button("Добавить пожелания"))
        phone.type("Пожелания", "Утренний вылет, если получится")
        phone.tap(phone.button("Отправить: Магадан, 12 января"))
        phone.heading("Заявка отправлена").wait_for()
        assert stack.applications_of(anna)[0]["answers"]["wishes"] == "Утренний вылет, если получится"

    def test_own_words_for_a_direction_are_read_once_more_before_sending(
        self, phone: Device, stack: House, anna: Traveller
    ) -> None:
        """E7: a free-text direction goes through the check page."""
        phone.tap(phone.link("Подать заявку")).tap(phone.button("Другое…"))
        phone.type("Своё направление", "Тикси").tap(phone.day(15))
        phone.tap(phone.button("Проверить: Тикси, 15 января"))
        phone.heading("Проверьте и отправьте").wait_for()
        phone.see(phone.text("Тикси"), phone.link("Изменить: Куда"), phone.text("Не указано").first)
        phone.ensure_good_looks().shot("check").tap(phone.button("Отправить заявку"))
        phone.heading("Заявка отправлена").wait_for()
        assert stack.applications_of(anna)[0]["answers"]["direction"] == {"other": "Тикси"}

    def test_a_desktop_does_the_same_with_a_mouse(self, devices: OpenDevice, stack: House, anna: Traveller) -> None:
        desktop = devices(DESKTOP).sign_in("employee")
        desktop.tap(desktop.link("Владивосток", exact=True).first).tap(desktop.day(15))
        desktop.tap(desktop.button("Отправить: Владивосток, 15 января"))
        desktop.heading("Заявка отправлена").wait_for()
        assert len(stack.applications_of(anna)) == 1


class TestFirstOpen:
    """UX-102 and E1: what is known is never asked."""

    def test_a_person_of_the_staff_list_confirms_one_screen_and_files(
        self, devices: OpenDevice, stack: House, count
    ) -> None:
        maria = stack.fresh("matched")
        phone = devices().sign_in("matched")
        phone.heading("Проверьте данные").wait_for()
        phone.see(phone.text("Соколова Мария Павловна"), phone.text("100417")).shot("first-confirm")
        phone.tap(phone.button("Всё верно"))
        phone.heading("Куда хотите лететь").wait_for()
        assert phone.taps == 1, "one confirmation screen, then the form"

        choose_and_go_on(phone, "Сочи")
        phone.tap(phone.day(15)).go_on()
        phone.asked("Есть пожелания").go_on().tap(phone.button("Отправить заявку"))
        phone.heading("Заявка отправлена").wait_for()
        count("UX-102 first open → sent, profile known", phone)
        assert phone.taps <= 9
        assert phone.typed_fields == 0
        assert [kept["direction"] for kept in stack.applications_of(maria)] == ["aer"]

    def test_a_newcomer_on_the_staff_list_types_one_number(self, devices: OpenDevice, stack: House, count) -> None:
        """E1: the number is checked against the list; base, unit and position are filled and skipped."""
        ilya = stack.fresh("newcomer")
        stack.put_on_staff_list(ilya, "Лебедев Илья Андреевич", location="msk", unit="msk-oke-2", position="bp")
        phone = devices().sign_in("newcomer")
        phone.tap(phone.button("Да, это я"))
        phone.asked("Ваш табельный номер").type("Табельный номер", ilya.personnel_number).go_on()

        phone.asked("Куда хотите лететь")
        choose_and_go_on(phone, "Магадан")
        phone.tap(phone.day(15)).go_on()
        phone.asked("Есть пожелания").go_on().tap(phone.button("Отправить заявку"))
        phone.heading("Заявка отправлена").wait_for()
        count("table A, first-ever application of a newcomer on the staff list", phone)
        assert phone.taps <= 9
        assert phone.typed_fields <= 1
        (kept,) = stack.applications_of(ilya)
        assert (kept["direction"], kept["unit"]) == ("gdx", "msk-oke-2")

    def test_a_newcomer_nobody_knows_is_asked_one_thing_per_screen(
        self, devices: OpenDevice, stack: House, count
    ) -> None:
        ilya = stack.fresh("newcomer")
        phone = devices().sign_in("newcomer")
        phone.see(phone.text("Шаг 1 из 5")).shot("is-it-you").tap(phone.button("Да, это я"))
        phone.asked("Ваш табельный номер").type("Табельный номер", ilya.personnel_number).go_on()
        choose_and_go_on(phone.asked("Ваша база"), "МСК")
        choose_and_go_on(phone.asked("Ваше подразделение"), "ОКЭ 2")
        expect(phone.asked("Ваша должность").page.locator("input[type=radio]:checked")).to_have_value("bp")
        phone.tap(phone.button("Сохранить"))

        choose_and_go_on(phone.asked("Куда хотите лететь"), "Магадан")
        phone.tap(phone.day(15)).go_on()
        phone.asked("Есть пожелания").go_on().tap(phone.button("Отправить заявку"))
        phone.heading("Заявка отправлена").wait_for()
        count("E1, newcomer of whom nothing is known but name and position", phone)
        assert phone.typed_fields == 1
        assert phone.taps <= 13, "one tap per answer, one to go on (WCAG 3.2.2): no more than that"
        assert [kept["direction"] for kept in stack.applications_of(ilya)] == ["gdx"]

    def test_answers_about_oneself_survive_a_reload(self, devices: OpenDevice, stack: House) -> None:
        """Rule 4, from the very first screen on."""
        ilya = stack.fresh("newcomer")
        phone = devices().sign_in("newcomer")
        phone.tap(phone.button("Да, это я"))
        phone.asked("Ваш табельный номер").type("Табельный номер", ilya.personnel_number).go_on()
        choose_and_go_on(phone.asked("Ваша база"), "МСК")
        phone.asked("Ваше подразделение").page.reload()
        phone.heading("Ваше подразделение").wait_for()
        phone.tap(phone.button("Назад"))
        expect(phone.page.get_by_role("radio", name="МСК")).to_be_checked()

    @pytest.mark.parametrize(
        ("number", "message"),
        [
            ("12345", "В табельном номере 6 цифр, сейчас 5"),
            ("100102", "номер"),
        ],
    )
    def test_a_number_that_cannot_be_is_told_beside_the_field(
        self, devices: OpenDevice, stack: House, number: str, message: str
    ) -> None:
        """Too short by the form's rule; the other one belongs to a colleague."""
        stack.fresh("newcomer")
        phone = devices().sign_in("newcomer").expects("409", "422")
        phone.tap(phone.button("Да, это я"))
        phone.asked("Ваш табельный номер").type("Табельный номер", number).go_on()
        phone.see(phone.page.locator(".field-error", has_text=message))
        expect(phone.page.get_by_label("Табельный номер")).to_have_value(number)
        phone.ensure_good_looks()
