"""When something breaks (UX-118): a page with a code, one report, a way out; addresses that lead nowhere."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.device import Device
from tests.journeys.house import Traveller

THROWN = "Экран не открылся"


def broken_list(route: Route) -> None:
    """An answer that no screen is made for: drawing it throws."""
    route.fulfill(json={"items": {"broken": True}, "next_cursor": None})


def errors_told(device: Device) -> list[dict[str, str]]:
    """Events of the kind «error» that went to ``/telemetry``."""
    batches = [json.loads(call.post_data or "{}")["events"] for call in device.calls_to("POST", "telemetry")]
    return [event for batch in batches for event in batch if event["kind"] == "error"]


class TestThrownError:
    """UX-118."""

    @pytest.fixture
    def broken(self, phone: Device) -> Device:
        phone.page.wait_for_load_state("networkidle")
        phone.expects(r"^thrown: ", r"^error: .*(TypeError|Uncaught)")
        phone.page.route(re.compile(r"/api/smartapp/applications\?"), broken_list)
        phone.tap(phone.link("Все заявки"))
        phone.heading(THROWN).wait_for()
        return phone

    def test_it_shows_a_page_with_a_code_and_a_time(self, broken: Device) -> None:
        broken.see(broken.text("Мы уже получили сообщение об ошибке. Ничего не потеряно."))
        broken.see(broken.text(re.compile(r"EB-0001 · \d\d:\d\d")))
        expect(broken.heading(THROWN)).to_be_focused()
        expect(broken.page).to_have_title(re.compile(THROWN))
        broken.ensure_good_looks().shot("thrown")

    def test_it_is_told_exactly_once_and_without_names(self, broken: Device) -> None:
        broken.tap(broken.button("Повторить"))
        broken.tap(broken.button("Повторить"))
        broken.settled(lambda: errors_told(broken), "the error was reported")
        broken.page.wait_for_timeout(3_500)
        (told,) = errors_told(broken)
        assert (told["code"], told["route"]) == ("EB-0001", "/all")
        assert not re.search(r"[А-Яа-я]|\d{6}", told["message"])

    def test_trying_again_works_once_the_cause_is_gone(self, broken: Device) -> None:
        broken.page.unroute_all()
        broken.tap(broken.button("Повторить"))
        broken.see(broken.heading("Мои заявки"), broken.text("Владивосток, 14 декабря"))

    def test_there_is_always_a_way_out(self, broken: Device) -> None:
        """In a messenger the chat; in a browser help and home."""
        broken.tap(broken.link("Справка"))
        broken.see(broken.heading("Справка"), broken.link("coordinator@example.org"))
        broken.page.go_back()
        broken.page.unroute_all()
        broken.tap(broken.link("На главную").or_(broken.link("Заявки")).first)
        broken.see(broken.heading("Заявки на рейсы"))

    def test_a_support_line_can_be_copied_and_tells_nothing_personal(self, broken: Device, anna: Traveller) -> None:
        broken.context.grant_permissions(["clipboard-read", "clipboard-write"])
        broken.tap(broken.button("Сообщить"))
        broken.see(broken.toast("Скопировано. Отправьте эту строку координатору."))
        line = broken.page.evaluate("() => navigator.clipboard.readText()")
        assert "EB-0001" in line
        assert not re.search("[А-Яа-я]", line)
        assert anna.personnel_number not in line


class TestServerAway:
    """The gateway has nobody to ask: the sentence, what the device knows, and back again by one press."""

    def test_home_says_so_and_recovers(self, phone: Device) -> None:
        phone.expects("503")
        phone.page.route("**/api/smartapp/**", lambda route: route.fulfill(status=503, body=""))
        phone.page.reload()
        phone.see(phone.text(re.compile("Не удалось обновить. Показываем данные на")))
        phone.see(phone.text("Владивосток, 14 декабря")).shot("server-away")
        phone.page.unroute_all()
        phone.tap(phone.button("Повторить"))
        expect(phone.text("Не удалось обновить")).to_have_count(0)


class TestAddresses:
    """Routes that nobody answers to."""

    def test_an_unknown_address_offers_home(self, phone: Device) -> None:
        phone.open("/nowhere")
        phone.see(phone.heading("Такой страницы нет"), phone.text(re.compile("EB-0404")))
        phone.tap(phone.link("На главную"))
        phone.see(phone.heading("Заявки на рейсы"))

    def test_an_unknown_form_is_no_dead_end(self, phone: Device) -> None:
        phone.expects("404").open("/new?form=unknown")
        phone.see(phone.heading(re.compile("Такой страницы нет|Такой формы нет")))
        phone.tap(phone.link("На главную"))
        phone.see(phone.heading("Заявки на рейсы"))

    @pytest.mark.parametrize("odd", ["/r/%00", "/r/..%2F..%2Fme", "/sent/%F0%9F%98%80", "/new?form=flight&d=<script>"])
    def test_odd_addresses_break_nothing(self, phone: Device, odd: str) -> None:
        phone.expects("404", "400").open(odd)
        phone.page.wait_for_load_state("networkidle")
        expect(phone.page.locator("h1").first).to_be_visible()
