"""Nothing a person typed is ever lost (rule 4): killed pages, other devices, other windows."""

from __future__ import annotations

import re
import time
from contextlib import suppress

from playwright.sync_api import Error, expect

from tests.journeys.conftest import OpenDevice
from tests.journeys.device import Device
from tests.journeys.house import House, Traveller

WORDS = "Утренний вылет, если получится: к обеду ждут дома."


def begin_with_wishes(device: Device) -> None:
    device.tap(device.link("Магадан", exact=True)).tap(device.day(15)).tap(device.button("Добавить пожелания"))
    expect(device.page.get_by_label("Пожелания")).to_be_focused()


def type_for_seconds(device: Device, words: str) -> list[tuple[float, str]]:
    """Types letter by letter; tells what stood in the field at which moment."""
    moments = []
    for end in range(1, len(words) + 1):
        device.page.keyboard.type(words[end - 1])
        moments.append((time.monotonic(), words[:end]))
        device.page.wait_for_timeout(20)
    return moments


def kill(device: Device) -> None:
    """The page's process dies: no event, no goodbye."""
    with device.page.expect_event("crash"), suppress(Error):
        device.page.goto("chrome://crash")
    device.another_tab()


class TestKilledPage:
    """UX-112."""

    def test_at_most_a_second_of_typing_is_lost(self, phone: Device) -> None:
        begin_with_wishes(phone)
        moments = type_for_seconds(phone, WORDS)
        killed_at = time.monotonic()
        kill(phone)
        older_than_a_second = [words for at, words in moments if at <= killed_at - 1]
        assert older_than_a_second, "typing took longer than a second"

        phone.open("/new?form=flight")
        field = phone.page.get_by_label("Пожелания")
        field.wait_for()
        kept = field.input_value()
        assert WORDS.startswith(kept)
        assert len(kept) >= len(older_than_a_second[-1]), f"kept «{kept}»"
        assert phone.selected_day() == "2027-01-15"
        expect(phone.page.get_by_role("radio", name="Магадан")).to_be_checked()

    def test_everything_is_there_when_the_tab_is_closed_or_reloaded(self, phone: Device) -> None:
        """A polite end says goodbye: not even a second is lost."""
        begin_with_wishes(phone)
        phone.page.keyboard.type("Утренний вылет")
        phone.page.reload()
        expect(phone.page.get_by_label("Пожелания")).to_have_value("Утренний вылет")
        phone.page.get_by_label("Пожелания").focus()
        phone.page.keyboard.press("End")
        phone.page.keyboard.type(" или вечерний")
        phone.page.close()
        phone.another_tab().open("/new?form=flight")
        expect(phone.page.get_by_label("Пожелания")).to_have_value("Утренний вылет или вечерний")

    def test_home_shows_the_draft_and_what_is_missing(self, phone: Device) -> None:
        phone.tap(phone.link("Подать заявку")).tap(phone.radio("Хабаровск"))
        phone.page.wait_for_timeout(500)
        kill(phone)
        phone.open()
        phone.heading("Черновик: Хабаровск").wait_for()
        phone.see(phone.text(re.compile("Выберите дату вылета. Сохранён "))).ensure_good_looks()
        phone.shot("home-draft").tap(phone.link("Продолжить"))
        expect(phone.page.get_by_role("radio", name="Хабаровск")).to_be_checked()

    def test_a_thrown_away_draft_can_be_had_back(self, phone: Device) -> None:
        """Undo beats confirm."""
        phone.tap(phone.link("Подать заявку")).tap(phone.radio("Хабаровск"))
        phone.page.go_back()
        phone.tap(phone.button("Удалить"))
        expect(phone.heading(re.compile("Черновик"))).to_have_count(0)
        phone.tap(phone.page.locator(".toasts").get_by_role("button", name="Отменить"))
        phone.see(phone.heading("Черновик: Хабаровск"))


class TestOtherDevice:
    """The draft lives on the server too; one begun here is finished there."""

    def test_it_goes_on_where_it_stopped(
        self, phone: Device, devices: OpenDevice, stack: House, anna: Traveller
    ) -> None:
        begin_with_wishes(phone)
        phone.page.keyboard.type("Утренний вылет")
        stored = "select 1 from drafts where user_id = %s and answers ->> 'wishes' = 'Утренний вылет'"
        phone.settled(lambda: stack.sql(stored, (anna.id,)), "the draft is on the server")

        other = devices().sign_in()
        other.heading("Черновик: Магадан, 15 января").wait_for()
        other.tap(other.link("Продолжить"))
        expect(other.page.get_by_label("Пожелания")).to_have_value("Утренний вылет")
        other.tap(other.button("Отправить: Магадан, 15 января"))
        other.heading("Заявка отправлена").wait_for()

        phone.open().page.reload()
        phone.link("Открыть мою заявку").wait_for()
        expect(phone.heading(re.compile("Черновик"))).to_have_count(0)
        assert len(stack.applications_of(anna)) == 1

    def test_the_last_change_of_each_answer_stands_and_is_told(
        self, phone: Device, devices: OpenDevice, stack: House, anna: Traveller
    ) -> None:
        """B1: «Эта заявка открыта и в другом окне. Взяли последнюю правку.»"""
        phone.tap(phone.link("Подать заявку")).tap(phone.radio("Хабаровск"))
        on_server = "select answers from drafts where user_id = %s and answers ->> %s is not null"
        phone.settled(lambda: stack.sql(on_server, (anna.id, "direction")), "the draft is on the server")
        other = devices().sign_in()
        other.tap(other.link("Продолжить")).tap(other.day(20))
        other.settled(lambda: stack.sql(on_server, (anna.id, "date")), "the other device has saved")

        phone.tap(phone.radio("Магадан"))
        phone.see(phone.text("Эта заявка открыта и в другом окне. Взяли последнюю правку."))
        expect(phone.button("Отправить: Магадан, 20 января")).to_be_visible()
