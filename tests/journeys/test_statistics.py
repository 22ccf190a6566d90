"""Statistics (ux.md E11, B10): good to everybody in every state, and true on the running product."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.conftest import DESKTOP, OpenDevice
from tests.journeys.device import Device
from tests.journeys.gallery import Gallery, named_in
from tests.journeys.house import House, Traveller
from tests.journeys.looks import axe, geometry
from tests.journeys.test_everyone import SUM_OF_SHIFTS

#: Charts are many small things: a desktop and a phone, both themes, both languages and big letters, none of it twice.
LOOKS = {"ru": (("light", 390, 200), ("dark", 1440, 100)), "en": (("dark", 320, 100), ("light", 1440, 100))}
QUESTIONS = 8


@pytest.mark.parametrize("locale", ["ru", "en"])
@pytest.mark.parametrize("state", named_in("statistics"))
def test_a_screen_is_good_to_everybody(gallery: Gallery, state: str, locale: str) -> None:
    gallery.show(state, locale)
    found = {}
    for theme, width, letters in LOOKS[locale]:
        gallery.look(theme=theme, width=width, letters=letters)
        found[theme, width, letters] = axe(gallery.page) + geometry(gallery.page)
    assert {look: lines for look, lines in found.items() if lines} == {}


def test_letters_and_bars_are_seen_in_forced_colours(gallery: Gallery) -> None:
    """A bar keeps a colour of the person's own palette; so does the ring around the one that has the focus."""
    gallery.page.emulate_media(forced_colors="active")
    gallery.show("desk-statistics.all", "ru")
    found = gallery.page.evaluate(
        """() => {
          const own = document.createElement("i");
          document.body.append(own);
          const named = (name) => { own.style.color = name; return getComputedStyle(own).color; };
          const [text, ring] = [named("CanvasText"), named("Highlight")];
          const fill = (selector) => getComputedStyle(document.querySelector(selector)).fill;
          return [fill(".chart .bar.solid") === text, fill(".chart .picture text") === text,
            getComputedStyle(document.activeElement.querySelector(".hit")).stroke === ring];
        }"""
    )
    gallery.page.emulate_media(forced_colors="none")
    assert found == [True, True, True]


class TestEmployee:
    """E11: own figures, and no way to those of others."""

    def test_own_figures_and_nobody_elses(self, phone: Device, stack: House, anna: Traveller) -> None:
        phone.tap(phone.link("Статистика"))
        numbers = phone.page.locator(".numbers li")
        numbers.first.wait_for()
        mine = stack.sql(
            "select count(*) as filed, count(*) filter (where status in ('approved', 'completed')) as approved"
            " from applications where applicant_id = %s and form_id = 'flight'",
            (anna.id,),
        )[0]
        assert [int(text.split()[0]) for text in numbers.all_inner_texts()[:2]] == [mine["filed"], mine["approved"]]
        phone.see(phone.text("Владивосток").first, phone.heading("Что повышает шанс"))
        assert not phone.link(re.compile("Статистика всех заявок")).count()
        phone.ensure_good_looks().shot("statistics-own")
        phone.open("/desk/statistics").heading("Эта страница для диспетчеров").wait_for()
        fetched = [call.url for call in phone.calls]
        assert not any("/api/desk/" in url for url in fetched), "nobody asks for what is not theirs"
        status = phone.page.evaluate(
            "async () => (await fetch('/api/desk/statistics/questions', {headers: {Authorization: 'Bearer '"
            " + sessionStorage.getItem('express-bot:token')}})).status"
        )
        phone.expects("40[13]")
        assert status in (401, 403)


class TestDispatcher:
    """B10 on the running product: table = chart = rows."""

    def test_from_the_sections_to_the_rows_behind_a_bar(self, devices: OpenDevice, stack: House) -> None:
        desktop = devices(DESKTOP).sign_in("dispatcher")
        assert not _charts(desktop), "who reads no charts fetches none"
        desktop.tap(desktop.link("Статистика")).tap(desktop.link(re.compile("Статистика всех заявок")))
        figures = desktop.page.get_by_role("figure")
        expect(figures).to_have_count(QUESTIONS)
        assert _charts(desktop)
        desktop.ensure_good_looks().shot("statistics-desk")

        asked = _requested_by_day(stack)
        assert asked, "the demo has applications for the open period"
        demand = desktop.page.locator(".question.demand")
        drawn = _drawn(demand)
        desktop.tap(demand.get_by_role("button", name=re.compile("^Показать таблицей")))
        assert _printed(demand) == drawn, "the table says what the chart says"
        assert {day: count for day, count in _requested(desktop).items() if count} == asked, "and both what is stored"
        desktop.tap(demand.get_by_role("button", name=re.compile("^Показать графиком")))

        most = max(asked, key=lambda day: asked[day])
        desktop.page.locator(f"[data-mark='{most}'] .mark").focus()
        desktop.page.keyboard.press("ArrowLeft")
        desktop.page.keyboard.press("ArrowRight")
        desktop.page.keyboard.press("Enter")
        expect(desktop.heading("Заявки за цифрой")).to_be_focused()
        rows = desktop.page.locator(".list > li")
        expect(rows.first).to_be_visible()
        assert int(desktop.page.locator("#content [role=status]").inner_text().split()[0]) == asked[most]
        assert rows.count() == min(asked[most], 20)
        desktop.ensure_good_looks().shot("statistics-rows")
        desktop.page.go_back()
        expect(desktop.page.get_by_role("figure")).to_have_count(QUESTIONS)

    def test_nothing_jumps_while_the_figures_come(self, devices: OpenDevice) -> None:
        desktop = devices(DESKTOP).sign_in("dispatcher").another_tab()
        desktop.page.add_init_script(SUM_OF_SHIFTS)
        desktop.open("/desk/statistics")
        expect(desktop.page.get_by_role("figure")).to_have_count(QUESTIONS)
        desktop.page.wait_for_load_state("networkidle")
        assert desktop.page.evaluate("() => window.shifts") <= 0.02


def _charts(device: Device) -> list[str]:
    return [call.url for call in device.calls if re.search(r"/assets/charts-.*\.js", call.url)]


def _requested_by_day(stack: House) -> dict[str, int]:
    """A recount: what was asked for in January 2027, the withdrawn and the probes aside."""
    rows: list[dict[str, Any]] = stack.sql(
        "select a.target_date, count(*) as count from applications a join users u on u.id = a.applicant_id"
        " where a.form_id = 'flight' and a.status <> 'withdrawn' and not u.probe"
        " and a.target_date between '2027-01-01' and '2027-01-31' group by 1",
        (),
    )
    return {row["target_date"].isoformat(): row["count"] for row in rows}


def _requested(device: Device) -> dict[str, int]:
    """What the table of the first question prints, by the day its rows are of."""
    lines = device.page.locator(".question.demand tbody tr")
    days = lines.evaluate_all(
        "rows => rows.map(row => [row.querySelector('a')?.getAttribute('href') ?? '', row.children[1].textContent])"
    )
    found = {match[1]: int(count) for link, count in days if (match := re.search(r"from=([\d-]+)", link))}
    assert len([count for _, count in days if count != "0"]) == len(found), "each bar has its rows"
    return found


def _drawn(question: Locator) -> list[tuple[str, list[float]]]:
    """Names of the bars, and their numbers measured: bar by bar as part of the highest."""
    question.locator(".mark").first.wait_for()
    bars: list[list[Any]] = question.locator("[data-mark]").evaluate_all(
        "marks => marks.map(mark => [mark.querySelector('.mark').getAttribute('aria-label'),"
        " Number(mark.querySelector('.picture .bar').getAttribute('height'))])"
    )
    highest = max(height for _, height in bars)
    return [(name, [round(height / highest, 3)]) for name, height in bars]


def _printed(question: Locator) -> list[tuple[str, list[float]]]:
    """The same from the table."""
    question.locator("table").wait_for()
    heads = question.locator("thead th").all_inner_texts()[1:]
    lines: list[list[str]] = question.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.children].map(cell => cell.textContent))"
    )
    highest = max(int(line[1]) for line in lines)
    return [(_name(line, heads), [round(int(line[1]) / highest, 3)]) for line in lines]


def _name(line: list[str], heads: list[str]) -> str:
    facts = ", ".join(f"{head} {value}" for head, value in zip(heads, line[1:], strict=True))
    return f"{line[0]}: {facts}"
