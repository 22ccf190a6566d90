"""The person's side of decisions in the app (E9), with a dispatcher at the other end of the real API."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.journeys.conftest import OpenDevice
from tests.journeys.house import House, Traveller

QUESTION = "На 15 января мест уже нет. Подойдёт ли 16 января?"
REASON = "Мест 3, заявок 5, вы были 4-й."


def test_a_question_is_answered_by_one_press_and_a_reason_is_asked_about(
    devices: OpenDevice, stack: House, anna: Traveller
) -> None:
    client = stack.client(stack.sign_in("employee"))
    body = {"form": "flight", "answers": {"direction": "vvo", "date": "2027-01-15"}}
    number = str(client.post("/api/smartapp/submit", body, key="filed-to-be-asked").json["number"])
    client.close()
    desk = stack.dispatcher()
    desk.ask(number, QUESTION, proposal={"date": "2027-01-16"})
    phone = devices().sign_in()
    phone.see(phone.text("Нужен ваш ответ")).tap(phone.link(re.compile("^Владивосток, 15 января")))
    phone.see(phone.heading("Диспетчер спрашивает"), phone.text("16 января 2027, суббота"))
    phone.ensure_good_looks().shot("question").tap(phone.button(re.compile("^Да, 16.января$")))
    phone.see(phone.text("Ответ отправлен диспетчеру"), phone.heading(re.compile("^Владивосток, 16.января$")))
    expect(phone.heading("Диспетчер спрашивает")).to_have_count(0)
    assert [(row["status"], str(row["target_date"])) for row in stack.applications_of(anna)] == [
        ("in_review", "2027-01-16")
    ]
    desk.decide(number, "rejected", reason_code="other", reason=REASON)
    phone.page.reload()
    phone.see(phone.heading("История"))
    expect(phone.text(REASON)).to_have_count(0)  # a draft is the desk's own
    desk.publish(number)
    phone.page.reload()
    phone.see(phone.text(REASON).first).tap(phone.button("Спросить"))
    phone.type("Ваш вопрос", "Почему 4-я?").tap(phone.button("Отправить"))
    phone.see(phone.text("Вопрос отправлен диспетчеру"), phone.text("Почему 4-я?"))
    phone.ensure_good_looks().shot("asked")
    assert desk.look(number)["unread"] == 1
    desk.reply(number, "Трое подали раньше.")
    phone.page.reload()
    phone.see(phone.text("Трое подали раньше."))
