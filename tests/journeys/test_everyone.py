"""For everybody: by keyboard only, in both languages, light and dark, and on a wide screen."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESKTOP, PHONE, OpenDevice
from tests.journeys.device import Device
from tests.journeys.house import House, Traveller

#: Is the focus seen: an outline of its own, inside the window, with nothing lying over its middle.
_FOCUS = """() => {
  const it = document.activeElement;
  const shown = it.matches("input[type=radio]") ? it.closest("label") : it;
  const box = shown.getBoundingClientRect();
  const rings = [it, ...shown.querySelectorAll("*"), shown].map((each) => getComputedStyle(each));
  const ring = rings.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
  const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1);
  const y = box.top + box.height / 2;
  const top = document.elementFromPoint(x, y);
  const free = y > 0 && y < innerHeight && (shown.contains(top) || top?.contains(shown));
  const words = it.getAttribute("aria-label") ?? it.labels?.[0]?.textContent ?? it.textContent;
  return { name: words.replace(/\\s+/g, " ").trim(), ring, free };
}"""


#: Adds up how much of the window has jumped, as browsers measure it (CLS).
SUM_OF_SHIFTS = """
window.shifts = 0;
new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.shifts += entry.value; }))
  .observe({ type: "layout-shift", buffered: true });
"""


def tab_to(page: Page, name: str, *, key: str = "Tab", within: int = 40) -> None:
    """Presses Tab until the focus is there; at every stop it must be seen."""
    for _ in range(within):
        page.keyboard.press(key)
        stop = page.evaluate(_FOCUS)
        assert stop["ring"], f"no ring around «{stop['name']}»"
        assert stop["free"], f"«{stop['name']}» has the focus and lies under something"
        if stop["name"].startswith(name):
            return
    raise AssertionError(f"«{name}» was not reached by {key}")


def stops(page: Page, count: int) -> list[str]:
    """Names of the first stops of the Tab key on a page that was just loaded."""
    page.reload()
    page.locator("#content:not([aria-busy]) h1").wait_for()
    names = []
    for _ in range(count):
        page.keyboard.press("Tab")
        names.append(page.evaluate(_FOCUS)["name"])
    return names


class TestKeyboardOnly:
    """G: every journey without a pointer; the focus is always seen and never under a bar."""

    def test_from_home_to_sent(self, phone: Device, stack: House, anna: Traveller) -> None:
        page = phone.page
        tab_to(page, "Подать заявку")
        page.keyboard.press("Enter")
        phone.heading("Новая заявка").wait_for()
        expect(phone.heading("Новая заявка")).to_be_focused()
        tab_to(page, "Владивосток")
        page.keyboard.press("Space")
        tab_to(page, "4 января")
        page.keyboard.type("15")
        page.keyboard.press("Enter")
        tab_to(page, "Отправить: Владивосток, 15 января")
        page.keyboard.press("Enter")
        expect(phone.heading("Заявка отправлена")).to_be_focused()
        assert len(stack.applications_of(anna)) == 1
        tab_to(page, "На главную")
        page.keyboard.press("Enter")
        phone.link("Открыть мою заявку").wait_for()

    def test_the_list_of_directions(self, phone: Device) -> None:
        page = phone.page
        phone.open("/new?form=flight").heading("Новая заявка").wait_for()
        tab_to(page, "Все направления (14)")
        page.keyboard.press("Enter")
        page.get_by_role("dialog", name="Куда").wait_for()
        tab_to(page, "Город или код")
        page.keyboard.type("хаб")
        tab_to(page, "Хабаровск")
        page.keyboard.press("Enter")
        expect(page.get_by_role("radio", name="Хабаровск")).to_be_checked()

    def test_the_skip_link_leads_past_the_top(self, phone: Device) -> None:
        phone.open("/me").heading("Профиль").wait_for()
        assert stops(phone.page, 1) == ["К содержанию"]
        phone.page.keyboard.press("Enter")
        expect(phone.heading("Профиль")).to_be_focused()

    def test_f6_reaches_the_toast(self, phone: Device) -> None:
        """B9."""
        phone.tap(phone.link("Подать заявку")).tap(phone.radio("Хабаровск"))
        phone.page.go_back()
        phone.tap(phone.button("Удалить"))
        phone.page.locator(".toast").wait_for()
        phone.page.keyboard.press("F6")
        assert phone.focused() == "Отменить"
        phone.page.keyboard.press("Enter")
        phone.see(phone.heading("Черновик: Хабаровск"))


class TestTabOrder:
    """G: tab order is reading order."""

    def test_of_a_page_with_one_question(self, phone: Device) -> None:
        """Back, help, the question's control as one stop, its way out, and on."""
        phone.open("/new?form=certificate").heading("Какая справка нужна").wait_for()
        assert stops(phone.page, 6) == [
            "К содержанию",
            "Назад",
            "Справка",
            "С места работы",
            "Другая…",
            "Продолжить",
        ]

    def test_of_a_page_with_a_calendar(self, phone: Device) -> None:
        phone.open("/new?form=certificate&q=needed_by").heading("К какому дню нужна").wait_for()
        names = stops(phone.page, 8)
        assert names[:3] == ["К содержанию", "Назад", "Справка"]
        assert names[-3:] == ["24 ноября, вторник", "Ввести дату", "Продолжить"], "the calendar is one stop"

    def test_of_the_compact_form(self, phone: Device) -> None:
        phone.open("/new?form=flight").heading("Новая заявка").wait_for()
        assert stops(phone.page, 12) == [
            "К содержанию",
            "Назад",
            "Справка",
            "Изменить мои данные",
            "Владивосток",
            "Все направления (14)",
            "Другое…",
            "4 января, понедельник, праздник",
            "Ввести дату",
            "Добавить пожелания",
            "Прикрепить файл",
            "Отправить заявку",
        ]


class TestLanguages:
    """Chosen in the profile: at once, in every word, and on the server for the other doors."""

    def test_english_is_one_tap_away_and_stays(self, phone: Device, stack: House, anna: Traveller) -> None:
        phone.tap(phone.link("Профиль")).tap(phone.radio("English"))
        phone.heading("Profile").wait_for()
        expect(phone.page.locator("html")).to_have_attribute("lang", "en")
        phone.settled(
            lambda: stack.sql("select 1 from users where id = %s and locale = 'en'", (anna.id,)), "the server knows"
        )
        phone.tap(phone.link("Requests"))
        phone.see(phone.heading("Flight requests"), phone.heading("Requests for January 2027"))
        phone.see(phone.link("New request"), phone.text("Until 5 December, 18:00 (MSK), 12 days left"))
        words = phone.page.locator("#content").inner_text()
        assert re.findall("[А-Яа-яЁё]+", words) == [], "no Russian word is left"
        phone.page.reload()
        phone.see(phone.heading("Flight requests"))

    def test_an_english_device_files_in_english(self, devices: OpenDevice, stack: House) -> None:
        person = stack.fresh("employee")
        stack.sql("update users set locale = 'en' where id = %s returning id", (person.id,))
        phone = devices(locale="en-GB").open()
        phone.page.get_by_text("Employee", exact=True).click()
        phone.tap(phone.link("Vladivostok", exact=True)).tap(phone.day(15))
        phone.tap(phone.button("Send: Vladivostok, 15 January"))
        phone.heading("Request sent").wait_for()
        phone.see(phone.text("15 January 2027")).ensure_good_looks().shot("sent-en")
        assert len(stack.applications_of(person)) == 1


class TestThemes:
    """B7: follows the device, also while it runs."""

    def test_dark_follows_the_device(self, devices: OpenDevice, anna: Traveller) -> None:
        phone = devices(color_scheme="dark").sign_in()
        phone.link("Подать заявку").wait_for()
        background = "() => getComputedStyle(document.body).backgroundColor"
        assert phone.page.evaluate(background) == "rgb(15, 20, 27)"
        phone.ensure_good_looks().shot("home-dark")
        phone.page.emulate_media(color_scheme="light", reduced_motion="reduce")
        expect(phone.page.locator("html")).to_have_attribute("data-theme", "light")
        assert phone.page.evaluate(background) == "rgb(243, 245, 248)"

    def test_the_launch_may_ask_for_a_theme(self, phone: Device) -> None:
        phone.page.goto(f"{phone.url}/?theme=dark#/")
        phone.link("Подать заявку").wait_for()
        expect(phone.page.locator("html")).to_have_attribute("data-theme", "dark")


class TestWidths:
    """H: one design, three widths; zoom is never forbidden."""

    def test_a_wide_screen_shows_list_and_application_side_by_side(self, devices: OpenDevice, anna: Traveller) -> None:
        desktop = devices(DESKTOP).sign_in()
        desktop.tap(desktop.link(re.compile("^Владивосток, 14 декабря")).first)
        desktop.see(
            desktop.heading("Решение и причина"), desktop.page.locator("aside").get_by_text("Магадан, 20 октября")
        )
        expect(desktop.page.locator("aside a[aria-current=page]")).to_contain_text("Владивосток, 14 декабря")
        desktop.ensure_good_looks().shot("desktop")

    def test_four_hundred_per_cent_zoom_needs_no_sideways_scroll(self, devices: OpenDevice, anna: Traveller) -> None:
        """WCAG 1.4.10: 1280 px at 400 % is a window of 320."""
        phone = devices(PHONE | {"viewport": {"width": 320, "height": 256}}).sign_in()
        for route in ("/", "/new?form=flight", "/me", "/help"):
            phone.open(route).page.locator("#content h1").first.wait_for()
            phone.page.wait_for_load_state("networkidle")
            assert phone.page.evaluate("() => document.documentElement.scrollWidth") <= 320, route

    def test_zoom_is_allowed(self, phone: Device) -> None:
        """UX-113: no ``maximum-scale``, no ``user-scalable=no``."""
        viewport = phone.page.locator("meta[name=viewport]").get_attribute("content") or ""
        assert "maximum-scale" not in viewport
        assert "user-scalable" not in viewport


class TestNothingJumps:
    """G: CLS at most 0.02 when a link is opened from cold: skeletons have the heights of what comes."""

    @pytest.mark.parametrize("route", ["/", "/new?form=flight", "/r/{number}", "/all", "/me", "/help"])
    def test_a_page_stands_still_while_it_loads(self, phone: Device, stack: House, anna: Traveller, route: str) -> None:
        newest = "select number from applications where applicant_id = %s order by id desc limit 1"
        number = stack.sql(newest, (anna.id,))[0]["number"]
        phone.another_tab().page.add_init_script(SUM_OF_SHIFTS)
        phone.open(route.format(number=number)).page.wait_for_load_state("networkidle")
        phone.page.locator("#content:not([aria-busy]) h1").wait_for()
        phone.page.wait_for_timeout(200)
        assert phone.page.evaluate("() => window.shifts") <= 0.02


class TestContentSecurityPolicy:
    """The page runs its own files and nothing else; every journey fails on a violation, here is one on purpose."""

    def test_an_inline_script_does_not_run(self, phone: Device) -> None:
        phone.expects("Content Security Policy")
        phone.page.evaluate(
            "() => { const bad = document.createElement('script'); bad.textContent = 'window.ran = true';"
            " document.body.append(bad); }"
        )
        assert phone.page.evaluate("() => window.ran") is None
        assert any("Content Security Policy" in line for line in phone.heard), "and it would have been noticed"
