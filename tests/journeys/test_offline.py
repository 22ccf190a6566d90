"""Without a network (UX-111): said honestly, sent once, or told why not."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import OpenDevice
from tests.journeys.device import Device
from tests.journeys.house import House, Traveller

SEND = "Отправить: Магадан, 15 января"
NO_NETWORK = "ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_CONNECTION"


@pytest.fixture
def waiting(phone: Device) -> Device:
    """An application that was sent without a network."""
    return send_offline(phone)


def send_offline(phone: Device) -> Device:
    phone.expects(NO_NETWORK)
    phone.tap(phone.link("Магадан", exact=True)).tap(phone.day(15))
    phone.button(SEND).wait_for()
    phone.context.set_offline(True)
    phone.see(phone.text("Нет сети. Можно заполнить заявку, отправим позже."))
    phone.tap(phone.button(SEND))
    phone.heading("Заявка ждёт отправки").wait_for()
    return phone


class TestQueue:
    """UX-111."""

    def test_it_says_that_it_waits_and_until_when(self, waiting: Device, stack: House, anna: Traveller) -> None:
        waiting.see(waiting.text("Нет сети. Заявка сохранена на устройстве и уйдёт, когда появится связь."))
        waiting.see(waiting.text("Приём до 5 декабря, 18:00 (МСК)")).ensure_good_looks().shot("queued")
        waiting.tap(waiting.link("На главную"))
        row = waiting.page.get_by_role("listitem").filter(has_text="Магадан, 15 января")
        waiting.see(row.get_by_text("Ждёт отправки"), row.get_by_role("button", name="Не отправлять"))
        waiting.ensure_good_looks().shot("queued-home")
        assert stack.applications_of(anna) == []

    def test_it_goes_exactly_once_when_the_network_is_back(
        self, waiting: Device, stack: House, anna: Traveller
    ) -> None:
        waiting.context.set_offline(False)
        waiting.heading("Заявка отправлена").wait_for()
        waiting.page.wait_for_load_state("networkidle")
        (kept,) = stack.applications_of(anna)
        waiting.see(waiting.text(kept["number"]))
        waiting.tap(waiting.link("На главную"))
        expect(waiting.text("Ждёт отправки")).to_have_count(0)
        waiting.page.reload()
        waiting.link("Открыть мою заявку").wait_for()
        assert len(stack.applications_of(anna)) == 1

    def test_it_survives_that_the_app_is_closed(self, waiting: Device, stack: House, anna: Traveller) -> None:
        waiting.page.close()
        waiting.context.set_offline(False)
        waiting.another_tab().open()
        waiting.settled(lambda: stack.applications_of(anna), "sent after the app was opened again")
        waiting.link("Открыть мою заявку").wait_for()
        assert len(stack.applications_of(anna)) == 1

    def test_an_answer_lost_on_the_way_is_no_second_application(
        self, phone: Device, stack: House, anna: Traveller
    ) -> None:
        """The server has kept it, the answer did not come: the same key asks again."""
        phone.expects(NO_NETWORK)
        phone.tap(phone.link("Магадан", exact=True)).tap(phone.day(15))
        phone.page.route("**/api/smartapp/submit", lambda route: (route.fetch(), route.abort()), times=1)
        phone.tap(phone.button(SEND))
        phone.heading("Заявка ждёт отправки").wait_for()
        (kept,) = stack.applications_of(anna)
        phone.context.set_offline(True)
        phone.context.set_offline(False)
        phone.heading("Заявка отправлена").wait_for()
        phone.see(phone.text(kept["number"]))
        assert len(stack.applications_of(anna)) == 1

    def test_a_deadline_that_passed_meanwhile_is_told_and_the_draft_kept(
        self, devices: OpenDevice, stack: House, anna: Traveller, travel: Any
    ) -> None:
        travel("2026-12-05T17:59:00+03:00")
        waiting = send_offline(devices().sign_in()).expects("409")
        waiting.tap(waiting.link("На главную"))
        travel("2026-12-05T18:00:30+03:00")
        waiting.context.set_offline(False)
        waiting.heading("Черновик: Магадан, 15 января").wait_for()
        waiting.see(waiting.text(re.compile("Приём закрылся в 18:00, пока вы заполняли. Черновик сохранён")))
        expect(waiting.text("Ждёт отправки")).to_have_count(0)
        assert stack.applications_of(anna) == []
        waiting.shot("deadline-passed").tap(waiting.link("Продолжить"))
        waiting.heading("Новая заявка").wait_for()
        waiting.see(waiting.text(re.compile("Приём закрылся в 18:00")))
        # of the next period by now: the kept day is named with the reason why it cannot be sent
        waiting.see(waiting.text(re.compile(r"15\sянваря 2027, пятница. Эта дата не входит в\sпериод")))
        waiting.see(waiting.button("Отправить: выберите дату"))

    def test_it_may_be_taken_back_while_it_waits(self, waiting: Device, stack: House, anna: Traveller) -> None:
        waiting.tap(waiting.button("Не отправлять"))
        waiting.see(waiting.toast("Отправка отменена. Ответы остались в черновике."))
        waiting.heading("Черновик: Магадан, 15 января").wait_for()
        waiting.context.set_offline(False)
        waiting.page.wait_for_timeout(500)
        assert stack.applications_of(anna) == []


class TestHomeWithoutNetwork:
    """E2: the list from the device, with its age."""

    def test_the_last_known_state_is_shown(self, phone: Device) -> None:
        phone.expects(NO_NETWORK).context.set_offline(True)
        phone.see(phone.text("Нет сети. Можно заполнить заявку, отправим позже."))
        phone.see(phone.text(re.compile(r"Данные на \d\d:\d\d")), phone.text("Владивосток, 14 декабря"))
        phone.tap(phone.link("Владивосток, 14 декабря")).shot("offline")
        phone.page.go_back()
        phone.context.set_offline(False)
        expect(phone.text("Нет сети.")).to_have_count(0)

    def test_screens_that_were_never_opened_are_there(self, phone: Device) -> None:
        """The rest of the app is fetched while home is looked at."""
        phone.page.wait_for_load_state("networkidle")
        phone.expects(NO_NETWORK).context.set_offline(True)
        phone.tap(phone.link("Справка"))
        phone.see(phone.heading("Справка"), phone.text("Как подать заявку?"))
