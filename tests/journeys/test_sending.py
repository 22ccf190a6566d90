"""Sending: what is missing, what is refused, and exactly one application however it is pressed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.journeys.device import Device
from tests.journeys.house import House, Traveller

SEND = "Отправить: Магадан, 15 января"
#: Presses at 0, 60, … 240 ms, as an impatient finger makes them.
FIVE_PRESSES = """button => new Promise((done) => {
  for (const wait of [0, 60, 120, 180, 240]) setTimeout(() => button.click(), wait);
  setTimeout(done, 300);
})"""


@pytest.fixture
def ready(phone: Device) -> Device:
    """Магадан on 15 January, one press away from being sent."""
    phone.tap(phone.link("Магадан", exact=True)).tap(phone.day(15))
    phone.button(SEND).wait_for()
    return phone


def slowly(route: Route) -> None:
    """An answer that takes half a second: everything can be pressed meanwhile."""
    answer = route.fetch()
    route.request.frame.page.wait_for_timeout(500)
    route.fulfill(response=answer)


class TestPressedTooEarly:
    """UX-109."""

    def test_two_missing_answers_make_a_summary_with_the_same_words(self, phone: Device) -> None:
        phone.tap(phone.link("Подать заявку")).tap(phone.button("Отправить заявку"))
        summary = phone.page.locator(".summary")
        expect(summary).to_be_focused()
        phone.see(phone.heading("Проверьте ответы"))
        expect(phone.page).to_have_title(re.compile("^Ошибка: Новая заявка"))
        for words in ("Выберите направление или укажите своё", "Выберите дату вылета"):
            expect(summary.get_by_role("link", name=words)).to_be_visible()
            expect(phone.page.locator(".field-error", has_text=words)).to_be_visible()
        assert phone.calls_to("POST", "submit") == []
        phone.ensure_good_looks().shot("pressed-empty")

    def test_a_line_of_the_summary_goes_to_its_field(self, phone: Device) -> None:
        phone.tap(phone.link("Подать заявку")).tap(phone.button("Отправить заявку"))
        phone.tap(phone.page.locator(".summary").get_by_role("link", name="Выберите дату вылета"))
        expect(phone.page.locator("button[data-day]:focus")).to_have_count(1)

    def test_one_missing_answer_needs_no_summary(self, phone: Device) -> None:
        phone.tap(phone.link("Магадан", exact=True)).tap(phone.button("Отправить: выберите дату"))
        expect(phone.page.locator("button[data-day]:focus")).to_have_count(1)
        expect(phone.page.locator(".summary")).to_have_count(0)
        phone.see(phone.text("Выберите дату вылета"))
        expect(phone.page).to_have_title(re.compile("^Ошибка: "))

    def test_the_marks_go_with_the_answer(self, phone: Device) -> None:
        """B4 (2): with the first valid answer the message goes, with the last one the title's prefix."""
        phone.tap(phone.link("Магадан", exact=True)).tap(phone.button("Отправить: выберите дату")).tap(phone.day(15))
        expect(phone.text("Выберите дату вылета")).to_have_count(0)
        expect(phone.page).to_have_title(re.compile("^Новая заявка"))

    def test_wishes_beyond_the_limit_say_how_much_to_cut(self, phone: Device) -> None:
        phone.tap(phone.link("Магадан", exact=True)).tap(phone.day(15)).tap(phone.button("Добавить пожелания"))
        phone.page.get_by_label("Пожелания").fill("я" * 324)
        phone.tap(phone.button(SEND))
        phone.see(phone.page.locator(".field-error", has_text="Сократите пожелания на 24 символа"))
        expect(phone.page.get_by_label("Пожелания")).to_be_focused()
        assert phone.calls_to("POST", "submit") == []


def wait_for_draft(device: Device, stack: House, person: Traveller) -> None:
    """The whole draft is on the server: what another tab opens is what this one shows."""
    whole = "select 1 from drafts where user_id = %s and answers ->> 'date' is not null"
    device.settled(lambda: stack.sql(whole, (person.id,)), "the draft is on the server")


class TestPressedManyTimes:
    """UX-110: five presses in 300 ms, one application."""

    def test_one_request_leaves_the_device(self, ready: Device, stack: House, anna: Traveller) -> None:
        ready.button(SEND).evaluate(FIVE_PRESSES)
        ready.heading("Заявка отправлена").wait_for()
        ready.page.wait_for_load_state("networkidle")
        assert len(ready.calls_to("POST", "submit")) == 1
        assert len(stack.applications_of(anna)) == 1

    def test_a_slow_answer_changes_nothing(self, ready: Device, stack: House, anna: Traveller) -> None:
        """While it is on its way the button says so, keeps its width and ignores presses."""
        ready.page.route("**/api/smartapp/submit", slowly)
        before = ready.button(SEND).bounding_box()
        ready.button(SEND).evaluate(FIVE_PRESSES)
        busy = ready.button("Отправляем…")
        expect(busy).to_have_attribute("aria-busy", "true")
        assert busy.bounding_box() == before
        ready.heading("Заявка отправлена").wait_for()
        assert len(ready.calls_to("POST", "submit")) == 1
        assert len(stack.applications_of(anna)) == 1

    def test_two_tabs_with_one_draft_make_one_application(self, ready: Device, stack: House, anna: Traveller) -> None:
        wait_for_draft(ready, stack, anna)
        first = ready.page
        ready.another_tab().open("/new?form=flight")
        ready.button(SEND).wait_for()
        for page in (first, ready.page):
            page.get_by_role("button", name=SEND).evaluate("button => { setTimeout(() => button.click(), 50) }")
        for page in (first, ready.page):
            expect(page.get_by_role("heading", name="Заявка отправлена")).to_be_visible()
        (kept,) = stack.applications_of(anna)
        for page in (first, ready.page):
            expect(page.get_by_text(kept["number"])).to_be_visible()

    def test_a_tab_left_behind_does_not_send_again(self, ready: Device, stack: House, anna: Traveller) -> None:
        """The other tab learns that its draft was sent; pressed all the same, it is one application."""
        ready.expects("409", "422")
        wait_for_draft(ready, stack, anna)
        first = ready.page
        ready.another_tab().open("/new?form=flight")
        ready.tap(ready.button(SEND))
        ready.heading("Заявка отправлена").wait_for()
        first.get_by_role("button", name=re.compile("^Отправить")).click()
        first.wait_for_load_state("networkidle")
        assert len(stack.applications_of(anna)) == 1


class TestRefusedByTheServer:
    """The server is the judge; what was typed stays, and every "no" has words and a next step."""

    @pytest.fixture
    def retired(self, stack: House, ready: Device) -> Iterator[Device]:
        """Магадан goes from the list after the form was opened."""
        item = "directory = 'direction' and code = 'gdx'"
        change = f"update directory_items set retired_at = now() where {item}"
        with stack.reference(change, undo=f"update directory_items set retired_at = null where {item}"):
            yield ready.expects("422")

    def test_the_message_stands_beside_the_field(self, retired: Device, stack: House, anna: Traveller) -> None:
        retired.tap(retired.button(SEND))
        retired.see(retired.page.locator(".field-error", has_text="Такого направления нет в списке"))
        assert retired.selected_day() == "2027-01-15"
        assert stack.applications_of(anna) == []
        retired.ensure_good_looks().shot("refused-by-server")

    def test_the_limit_offers_the_application_that_is_there(self, ready: Device, stack: House, anna: Traveller) -> None:
        """Filed on another device meanwhile: B4 «На январь можно подать 1 заявку. Изменить прежнюю?»"""
        number = file_elsewhere(stack)
        ready.expects("409").tap(ready.button(SEND))
        ready.see(
            ready.heading(f"Такая заявка уже есть: № {number}").or_(ready.text(f"Такая заявка уже есть: № {number}"))
        )
        ready.see(ready.text("На январь 2027 можно подать 1 заявку. Изменить прежнюю?")).shot("limit-reached")
        ready.ensure_good_looks().tap(ready.link("Открыть"))
        ready.heading("Владивосток, 20 января").wait_for()
        assert len(stack.applications_of(anna)) == 1

    def test_a_period_that_closed_meanwhile_keeps_the_draft(
        self, ready: Device, stack: House, anna: Traveller, travel: Any
    ) -> None:
        """B4: «Приём закрылся в 18:00, пока вы заполняли. Черновик сохранён.»"""
        travel("2026-12-05T17:59:00+03:00")
        ready.page.reload()
        ready.button(SEND).wait_for()
        ready.page.wait_for_load_state("networkidle")
        travel("2026-12-05T18:00:30+03:00")
        ready.expects("409").tap(ready.button(SEND))
        ready.see(ready.text("Приём закрылся в 18:00, пока вы заполняли. Черновик сохранён.")).shot("period-closed")
        ready.tap(ready.link("На главную"))
        ready.see(ready.heading("Приём закрыт"), ready.heading("Черновик: Магадан, 15 января"))
        assert stack.applications_of(anna) == []

    def test_a_broken_server_loses_nothing(self, ready: Device, stack: House, anna: Traveller) -> None:
        problem = {
            "type": "urn:express-bot:problem:internal_error",
            "title": "",
            "status": 500,
            "code": "internal_error",
        }
        ready.expects("500")
        ready.page.route(
            "**/api/smartapp/submit",
            lambda route: route.fulfill(status=500, json=problem, content_type="application/problem+json"),
            times=1,
        )
        ready.tap(ready.button(SEND))
        ready.page.locator(".notice").first.wait_for()
        assert ready.selected_day() == "2027-01-15"
        ready.tap(ready.button(SEND))
        ready.heading("Заявка отправлена").wait_for()
        assert len(stack.applications_of(anna)) == 1


def file_elsewhere(stack: House) -> str:
    """The same person files on another device; the number of that application."""
    client = stack.client(stack.sign_in("employee"))
    body = {"form": "flight", "answers": {"direction": "vvo", "date": "2027-01-20"}}
    answer = client.post("/api/smartapp/submit", body, key="another-device")
    client.close()
    assert answer.status == 201, answer.body
    return str(answer.json["number"])


class TestSessionEnds:
    """B9: never during input; re-auth is silent; what was typed survives."""

    def test_a_session_that_ended_is_renewed_without_a_word(self, ready: Device, stack: House, anna: Traveller) -> None:
        ready.expects("401")
        stack.sql("update sessions set revoked_at = now() where user_id = %s returning id", (anna.id,))
        ready.tap(ready.button(SEND))
        ready.heading("Заявка отправлена").wait_for()
        assert len(ready.calls_to("POST", "session")) == 2, "the first sign-in, and the silent one"
        assert len(stack.applications_of(anna)) == 1
