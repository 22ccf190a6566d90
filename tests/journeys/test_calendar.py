"""The calendar of B2: days that cannot be chosen, keys, dates typed by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.device import Device
from tests.journeys.house import House

LEAVE = """[{"from": "2027-01-18", "to": "2027-01-24", "reason": "vacation",
             "text": {"ru": "18–24 января у вас отпуск", "en": "You are on leave 18 to 24 January"}}]"""
OPEN = "form_id = 'flight' and opens_at = '2026-11-20T06:00:00Z'"


@pytest.fixture
def form(phone: Device) -> Device:
    """The compact form with Магадан chosen and no day."""
    phone.tap(phone.link("Магадан", exact=True))
    phone.heading("Январь 2027").wait_for()
    return phone


@pytest.fixture(scope="class")
def leave(stack: House) -> Iterator[None]:
    """Days 18 to 24 cannot be chosen, by a reason of one's own."""
    before = stack.sql(f"select excluded::text as days from periods where {OPEN}")[0]["days"]
    change = f"update periods set excluded = '{LEAVE}' where {OPEN}"
    with stack.reference(change, undo=f"update periods set excluded = '{before}' where {OPEN}"):
        yield


def reason(device: Device) -> Locator:
    """The status line under the grid."""
    return device.page.locator(".cal-wrap [role=status]")


@pytest.mark.usefixtures("leave")
class TestUnavailableDay:
    """UX-104: why, and what is near and free; nothing changes."""

    def test_it_says_why_and_offers_the_nearest_days(self, form: Device) -> None:
        form.see(form.text(re.compile("Можно выбрать 1.*31.января, кроме 18.*24.января")))
        form.tap(form.day(20), anyway=True)
        expect(reason(form)).to_have_text("18–24 января у вас отпуск. Ближайшие свободные: 17 и 25 января.")
        expect(form.button("Отправить: выберите дату")).to_be_visible()
        assert form.selected_day() is None
        form.ensure_good_looks().shot("day-on-leave")

    def test_the_choice_made_before_stays(self, form: Device) -> None:
        form.tap(form.day(15)).tap(form.day(24), anyway=True)
        expect(reason(form)).to_contain_text("Ближайшие свободные: 17 и 25 января.")
        assert form.selected_day() == "2027-01-15"
        expect(form.button("Отправить: Магадан, 15 января")).to_be_visible()

    def test_its_name_says_that_it_cannot_be_chosen(self, form: Device) -> None:
        day = form.day(18)
        expect(day).to_have_attribute("aria-disabled", "true")
        expect(day).to_have_accessible_name("18 января, понедельник, недоступно: отпуск")
        assert day.get_attribute("disabled") is None, "it stays reachable, so that its reason can be heard"


class TestDaysGivenOut:
    """UX-104 with what the demo's organisation has decided."""

    def test_the_reason_is_the_organisations_own(self, form: Device) -> None:
        """The first three days of the month: free days lie on one side only."""
        form.tap(form.day(2), anyway=True)
        expect(reason(form)).to_have_text("Рейсы на эти дни уже распределены. Ближайшая свободная: 4 января.")


class TestKeys:
    """UX-105: the keyboard map of B2."""

    @pytest.fixture
    def grid(self, form: Device) -> Device:
        form.tap(form.day(15))
        form.day(15).focus()
        return form

    def at(self, device: Device) -> str:
        """The day that has the focus."""
        day: str = device.page.evaluate("() => document.activeElement.dataset.day?.slice(8)")
        return day

    @pytest.mark.parametrize(
        ("keys", "day"),
        [
            ("ArrowRight", "16"),
            ("ArrowLeft", "14"),
            ("ArrowDown", "22"),
            ("ArrowUp", "08"),
            ("Home", "11"),
            ("End", "17"),
            ("PageDown", "15"),
            ("PageUp", "15"),
            ("Shift+PageDown", "15"),
            ("2 3", "23"),
            ("7", "07"),
        ],
    )
    def test_a_key_moves_the_focus(self, grid: Device, keys: str, day: str) -> None:
        """The period is one month long, so months and years have nowhere to go."""
        for key in keys.split():
            grid.page.keyboard.press(key)
        assert self.at(grid) == day
        assert grid.selected_day() == "2027-01-15", "moving is not choosing"

    def test_focus_never_leaves_the_range(self, grid: Device) -> None:
        for _ in range(6):
            grid.page.keyboard.press("ArrowDown")
        assert self.at(grid) == "29"
        for _ in range(5):
            grid.page.keyboard.press("ArrowRight")
        assert self.at(grid) == "31"

    @pytest.mark.parametrize("key", ["Enter", "Space"])
    def test_enter_and_space_choose(self, grid: Device, key: str) -> None:
        grid.page.keyboard.press("ArrowRight")
        grid.page.keyboard.press(key)
        expect(grid.button("Отправить: Магадан, 16 января")).to_be_visible()
        assert (grid.selected_day(), self.at(grid)) == ("2027-01-16", "16")

    def test_it_is_one_tab_stop(self, grid: Device) -> None:
        assert grid.page.locator("table[role=grid] button[tabindex='0']").count() == 1
        grid.page.keyboard.press("Tab")
        assert grid.focused() == "Ввести дату"
        grid.page.keyboard.press("Shift+Tab")
        assert self.at(grid) == "15"

    def test_what_a_screen_reader_hears(self, grid: Device) -> None:
        """A grid with full weekday names; one selected cell; names that begin with the visible number."""
        page = grid.page
        expect(page.get_by_role("grid", name="Январь 2027")).to_be_visible()
        assert page.locator("th").evaluate_all("all => all.map((th) => th.abbr)")[:2] == ["понедельник", "вторник"]
        assert page.locator("td[aria-selected='true']").count() == 1
        spoken = "all => all.map((day) => day.ariaLabel.replace(/\\s/g, ' '))"
        names = page.locator("button[data-day]").evaluate_all(spoken)
        assert len(names) == 31
        assert all(name.startswith(f"{number} января, ") for number, name in enumerate(names, start=1))
        assert "праздник" in names[6], "7 January is a holiday in Russia"

    def test_months_turn_where_there_are_several(self, phone: Device) -> None:
        """The certificate's date reaches over three months: PageDown and the arrows go to them, never beyond."""
        phone.open("/new?form=certificate&q=needed_by")
        phone.heading("Ноябрь 2026").wait_for()
        phone.page.locator("table button[tabindex='0']").focus()
        for month in ("Декабрь 2026", "Январь 2027", "Январь 2027"):
            phone.page.keyboard.press("PageDown")
            expect(phone.heading(month)).to_be_visible()
        phone.page.keyboard.press("PageUp")
        phone.page.keyboard.press("PageUp")
        phone.page.keyboard.press("PageUp")
        expect(phone.heading("Ноябрь 2026")).to_be_visible()
        phone.tap(phone.button("Декабрь 2026"))
        expect(phone.heading("Декабрь 2026")).to_be_visible()


class TestTypedDate:
    """UX-106: the grid is never the only way."""

    @pytest.fixture
    def field(self, form: Device) -> Locator:
        form.tap(form.button("Ввести дату"))
        return form.page.get_by_label("Дата числами или словами")

    @pytest.mark.parametrize(
        "words",
        ["15", "15.01", "15.1.27", "15 января", "2027-01-15", " 15.01.2027 ", "15 янв", "15/01", "15 января 2027 г."],
    )
    def test_every_way_of_writing_gives_the_day(self, form: Device, field: Locator, words: str) -> None:
        field.press_sequentially(words)
        form.see(form.page.locator(".typed [role=status]", has_text="15 января 2027, пятница"))
        field.press("Enter")
        expect(form.button("Отправить: Магадан, 15 января")).to_be_visible()
        assert form.selected_day() == "2027-01-15"

    @pytest.mark.parametrize("words", ["31.02", "завтра", "15.13", "0", "2027-01-32"])
    def test_what_is_no_date_gets_the_sentence(self, form: Device, field: Locator, words: str) -> None:
        field.press_sequentially(words)
        field.press("Enter")
        form.see(form.text("Не поняли дату. Напишите, например, 15.01"))
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_value(words)
        assert form.selected_day() is None

    def test_the_message_goes_with_the_first_valid_keystroke(self, form: Device, field: Locator) -> None:
        """B4 (2)."""
        field.press_sequentially("31.02")
        field.press("Enter")
        form.see(form.text("Не поняли дату."))
        field.press("Backspace")
        field.press_sequentially("1")
        expect(form.text("Не поняли дату.")).to_have_count(0)

    def test_a_day_that_cannot_be_chosen_tells_why(self, form: Device, field: Locator) -> None:
        field.press_sequentially("2 января")
        field.press("Enter")
        form.see(form.page.locator(".typed").get_by_text("Рейсы на эти дни уже распределены"))
        assert form.selected_day() is None
