"""The location selector of B3: bases with and without a list, search as people type, a change above."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import OpenDevice
from tests.journeys.device import Device
from tests.journeys.house import House

SPB = {"location": "spb", "unit": "spb-oke-4"}
SOCHI = {"location": "aer", "unit": "aer-oke"}


class TestBaseWithoutAList:
    """UX-107, first half."""

    def test_it_asks_for_the_direction_in_words(self, devices: OpenDevice, stack: House) -> None:
        person = stack.fresh("employee", **SOCHI)
        phone = devices().sign_in()
        phone.tap(phone.link("Подать заявку"))
        phone.see(phone.text("Для базы Сочи списка нет, напишите направление"))
        expect(phone.button(re.compile("Все направления"))).to_have_count(0)
        phone.type("Куда", "Минеральные Воды").tap(phone.day(15))
        phone.ensure_good_looks().tap(phone.button("Проверить: Минеральные Воды, 15 января"))
        phone.tap(phone.button("Отправить заявку"))
        phone.heading("Заявка отправлена").wait_for()
        assert stack.applications_of(person)[0]["answers"]["direction"] == {"other": "Минеральные Воды"}

    @pytest.mark.parametrize(
        ("words", "message"),
        [
            ("Я", "Напишите направление, хотя бы 2 буквы"),
            ("Очень" * 12 + "!", "Сократите направление на 1 символ"),
        ],
    )
    def test_words_of_one_or_sixty_one_letters_are_refused_beside_the_field(
        self, devices: OpenDevice, stack: House, words: str, message: str
    ) -> None:
        """B4 (1): told on leaving the field; what was typed stays."""
        stack.fresh("employee", **SOCHI)
        phone = devices().sign_in()
        phone.tap(phone.link("Подать заявку")).page.get_by_label("Куда").fill(words)
        expect(phone.text(message)).to_have_count(0)
        phone.page.keyboard.press("Tab")
        phone.see(phone.text(message))
        expect(phone.page.get_by_label("Куда")).to_have_value(words)


class TestBaseChanges:
    """UX-107, second half: an impossible value is never kept silently (E4)."""

    def test_the_direction_goes_with_a_notice(self, phone: Device, stack: House) -> None:
        phone.tap(phone.link("Магадан", exact=True)).tap(phone.day(15))
        phone.tap(phone.link("Изменить мои данные"))
        phone.heading("Мои данные").wait_for()
        phone.tap(phone.radio("Красноярск")).tap(phone.radio("ОКЭ Красноярск")).tap(phone.button("Сохранить"))
        phone.heading("Новая заявка").wait_for()
        phone.see(phone.text("Для базы Красноярск направления Магадан нет в списке, выберите направление заново"))
        assert phone.page.locator("input[type=radio]:checked").count() == 0
        assert phone.selected_day() == "2027-01-15", "what is still possible stays"
        phone.ensure_good_looks().shot("base-changed")
        phone.tap(phone.radio("Санья"))
        expect(phone.button("Отправить: Санья, 15 января")).to_be_visible()
        expect(phone.text("выберите направление заново")).to_have_count(0)


class TestSearch:
    """UX-108: layout slip, transliteration, code, beginning of the name."""

    @pytest.fixture(scope="class")
    def eighth_direction(self, stack: House) -> Iterator[None]:
        """Санкт-Петербург has Сочи among seven; from eight on there is a list with a search."""
        code = "directory = 'direction' and code = 'vvo'"
        more = f"update directory_items set parents = array_append(parents, 'spb') where {code}"
        with stack.reference(more, undo=more.replace("array_append", "array_remove")):
            yield

    @pytest.fixture
    def sheet(self, devices: OpenDevice, stack: House, eighth_direction: None) -> Device:
        """The list of a base that has Сочи, open."""
        stack.fresh("employee", **SPB)
        phone = devices().sign_in()
        phone.tap(phone.link("Подать заявку")).tap(phone.button("Все направления (8)"))
        phone.page.get_by_role("dialog", name="Куда").wait_for()
        return phone

    @pytest.mark.parametrize("typed", ["cjxb", "sochi", "AER", "aer", "соч", "СОЧИ", " сочи "])
    def test_all_of_these_find_sochi(self, sheet: Device, typed: str) -> None:
        sheet.page.get_by_label("Город или код").fill(typed)
        rows = sheet.page.locator("dialog button.row")
        expect(rows).to_have_count(1)
        expect(rows.first).to_contain_text("Сочи")
        sheet.tap(rows.first)
        expect(sheet.page.get_by_role("radio", name="Сочи")).to_be_checked()

    def test_a_search_without_a_find_offers_the_typed_words(self, sheet: Device) -> None:
        """E4."""
        sheet.page.get_by_label("Город или код").fill("Тикси")
        sheet.see(sheet.text("Ничего не нашли по запросу «Тикси»")).ensure_good_looks()
        sheet.tap(sheet.button("Указать своё направление: Тикси"))
        expect(sheet.page.get_by_label("Своё направление")).to_have_value("Тикси")

    def test_the_search_is_not_focused_by_itself(self, sheet: Device) -> None:
        """On a phone the keyboard would cover the list."""
        assert sheet.page.evaluate("() => document.activeElement.tagName") == "H2"


class TestFewDirections:
    """B3: up to seven options are rows."""

    def test_seven_directions_need_no_search(self, devices: OpenDevice, stack: House) -> None:
        stack.fresh("employee", **SPB)
        phone = devices().sign_in()
        phone.tap(phone.link("Подать заявку"))
        expect(phone.page.locator("label.row")).to_have_count(7)
        phone.see(phone.radio("Сочи"), phone.button("Другое…"))
