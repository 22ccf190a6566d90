"""What was filed: changed, withdrawn, given back, read; never somebody else's."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import OpenDevice
from tests.journeys.device import Device
from tests.journeys.house import House, Traveller

NEUTRAL = "Такой заявки нет среди ваших"


@pytest.fixture
def filed(stack: House, anna: Traveller) -> str:
    """Anna's application for Владивосток on 15 January, filed through the API; its number."""
    client = stack.client(stack.sign_in("employee"))
    body = {"form": "flight", "answers": {"direction": "vvo", "date": "2027-01-15"}}
    answer = client.post("/api/smartapp/submit", body, key="filed-before")
    client.close()
    assert answer.status == 201, answer.body
    return str(answer.json["number"])


@pytest.fixture
def home(filed: str, devices: OpenDevice) -> Device:
    """Home of somebody who has filed for this month."""
    device = devices().sign_in()
    device.link("Открыть мою заявку").wait_for()
    return device


class TestHome:
    """E2, limit reached."""

    def test_it_offers_what_was_filed_instead_of_a_new_one(self, home: Device) -> None:
        home.see(home.text("Вы уже подали заявку на январь: Владивосток, 15 января."), home.link("Изменить"))
        expect(home.link("Подать заявку")).to_have_count(0)
        expect(home.heading("Быстро повторить")).to_have_count(0)
        home.ensure_good_looks().shot("home-filed")


class TestChange:
    """E10: another date within four taps, from the list."""

    def test_another_date_takes_four_taps(
        self, home: Device, stack: House, anna: Traveller, record_property: Any
    ) -> None:
        home.tap(home.link(re.compile("^Владивосток, 15 января"))).tap(home.link("Изменить"))
        home.heading("Изменить заявку").wait_for()
        home.ensure_good_looks().shot("edit")
        home.tap(home.day(16)).tap(home.button("Сохранить: Владивосток, 16 января"))
        home.see(home.heading("Владивосток, 16 января"), home.toast("Изменения сохранены"))
        record_property("taps", f"table A, change the date: {home.taps} taps")
        assert home.taps <= 4
        assert [str(kept["target_date"]) for kept in stack.applications_of(anna)] == ["2027-01-16"]
        home.see(home.text("Изменена")).shot("edited")

    def test_nothing_changed_is_nothing_sent(self, home: Device) -> None:
        home.tap(home.link("Изменить")).tap(home.button("Сохранить: Владивосток, 15 января"))
        home.see(home.toast("Ничего не изменилось"))
        assert home.calls_to("PATCH", r"applications/[\d-]+") == []

    def test_what_is_typed_in_an_edit_survives_a_reload(self, home: Device) -> None:
        home.tap(home.link("Изменить")).tap(home.day(20))
        home.page.reload()
        home.see(home.button("Сохранить: Владивосток, 20 января"))

    def test_a_change_made_elsewhere_is_shown_not_overwritten(
        self, home: Device, stack: House, anna: Traveller, filed: str
    ) -> None:
        """A stale version: what is typed here stays, what was changed there is marked."""
        home.expects("412").tap(home.link("Изменить")).tap(home.day(20))
        client = stack.client(stack.sign_in("employee"))
        answers = {"direction": "vvo", "date": "2027-01-22"}
        changed = client.call(
            "PATCH", f"/api/smartapp/applications/{filed}", {"version": 1, "answers": answers}, key="elsewhere"
        )
        client.close()
        assert changed.status == 200, changed.body
        home.tap(home.button("Сохранить: Владивосток, 20 января"))
        home.see(home.text("Не сохранили: данные изменились. Проверьте отмеченное.").first)
        home.see(home.text("Изменилось в другом окне: 22 января 2027, пятница").first).shot("edit-conflict")
        assert home.selected_day() == "2027-01-20"
        assert [str(kept["target_date"]) for kept in stack.applications_of(anna)] == ["2027-01-22"]
        home.tap(home.button("Сохранить: Владивосток, 20 января"))
        home.heading("Владивосток, 20 января").wait_for()
        assert [str(kept["target_date"]) for kept in stack.applications_of(anna)] == ["2027-01-20"]


class TestWithdraw:
    """E10: at once, with ten seconds to think again."""

    def test_it_takes_two_taps_and_one_gives_it_back(
        self, home: Device, stack: House, anna: Traveller, record_property: Any
    ) -> None:
        home.tap(home.link(re.compile("^Владивосток, 15 января"))).tap(home.button("Отозвать"))
        home.see(home.toast("Заявка отозвана"))
        assert home.taps == 2
        assert [kept["status"] for kept in stack.applications_of(anna)] == ["withdrawn"]
        home.shot("withdrawn").tap(home.page.locator(".toasts").get_by_role("button", name="Отменить"))
        home.see(home.toast("Заявка возвращена"), home.button("Отозвать"))
        record_property("taps", f"table A, withdraw and take back: 2 taps and {home.taps - 2}")
        assert [kept["status"] for kept in stack.applications_of(anna)] == ["submitted"]

    def test_then_another_one_may_be_filed(self, home: Device, stack: House, anna: Traveller) -> None:
        home.tap(home.link("Открыть мою заявку")).tap(home.button("Отозвать"))
        home.tap(home.link("Подать ещё раз")).tap(home.radio("Магадан")).tap(home.day(20))
        home.tap(home.button("Отправить: Магадан, 20 января"))
        home.heading("Заявка отправлена").wait_for()
        assert [kept["status"] for kept in stack.applications_of(anna)] == ["withdrawn", "submitted"]

    def test_after_the_deadline_it_becomes_a_request_with_a_reason(
        self, home: Device, stack: House, anna: Traveller, travel: Any, filed: str
    ) -> None:
        travel("2026-12-06T10:00:00+03:00")
        home.open(f"/r/{filed}").page.reload()
        home.tap(home.button("Попросить отозвать"))
        sheet = home.page.get_by_role("dialog", name="Почему отзываете?")
        home.tap(sheet.get_by_role("button", name="Отправить просьбу"))
        home.see(sheet.get_by_text("Напишите причину"))
        sheet.get_by_label("Причина").fill("Заболела")
        home.tap(sheet.get_by_role("button", name="Отправить просьбу"))
        home.see(home.toast("Просьба отправлена диспетчеру"), home.button("Не отзывать"))
        home.see(home.text("Вы попросили отозвать заявку. Ждём ответа диспетчера.")).shot("withdrawal-asked")
        (kept,) = stack.applications_of(anna)
        assert kept["status"] == "submitted"
        assert kept["withdrawal_requested_at"] is not None


class TestOthers:
    """UX-114: a number of somebody else tells nothing, not even that it exists."""

    def test_a_foreign_number_and_one_that_never_was_look_the_same(
        self, phone: Device, stack: House, anna: Traveller
    ) -> None:
        foreign = stack.sql("select number from applications where applicant_id <> %s limit 1", (anna.id,))[0]["number"]
        phone.expects("404")
        seen = []
        for number in (foreign, "2027-999999"):
            phone.open(f"/r/{number}")
            phone.heading(NEUTRAL).wait_for()
            seen.append(phone.page.locator("#content").inner_text())
            phone.page.goto("about:blank")
        assert seen[0] == seen[1]

    def test_its_edit_page_is_as_neutral(self, phone: Device, stack: House, anna: Traveller) -> None:
        foreign = stack.sql("select number from applications where applicant_id <> %s limit 1", (anna.id,))[0]["number"]
        phone.expects("404").open(f"/r/{foreign}/edit")
        phone.see(phone.heading(NEUTRAL), phone.link("Справка")).ensure_good_looks().shot("foreign")
        phone.tap(phone.link("Мои заявки"))
        phone.see(phone.heading("Мои заявки"), phone.text("Владивосток, 14 декабря"))


class TestReading:
    """The list, one application, a decision with its reason."""

    def test_a_decision_is_new_until_it_is_opened(self, devices: OpenDevice, stack: House, anna: Traveller) -> None:
        newest = "(select max(id) from applications where applicant_id = %s)"
        stack.sql(f"update applications set seen_at = null where id = {newest} returning id", (anna.id,))
        phone = devices().sign_in()
        phone.see(phone.link(re.compile("^Новое решение: Владивосток")), phone.link(re.compile("1 новое решение")))
        phone.shot("home-unseen").tap(phone.link(re.compile("^Новое решение")))
        phone.see(phone.heading("Решение и причина"))
        phone.page.go_back()
        expect(phone.link(re.compile("новое решение"))).to_have_count(0)

    def test_a_rejection_tells_its_reason_in_one_tap(self, phone: Device) -> None:
        phone.tap(phone.link(re.compile("^Магадан, 20 октября")))
        phone.see(phone.text("На 20-е число 3 места и 5 заявок, вы были 4-й").first)
        phone.ensure_good_looks().shot("rejected")

    def test_the_list_filters_by_status(self, phone: Device) -> None:
        phone.tap(phone.link("Все заявки"))
        expect(phone.page.locator("#content ul.list > li")).to_have_count(3)
        phone.page.get_by_label("Статус").select_option("В резерве")
        expect(phone.page.locator("#content ul.list > li")).to_have_count(1)
        phone.see(phone.text("Хабаровск, 3 ноября")).ensure_good_looks().shot("all")
