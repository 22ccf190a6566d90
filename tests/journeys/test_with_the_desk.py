"""The desk and the people in both chats, in the whole running product: asked, refused and told why, offered a place.

The desk's side is its HTTP API; there is no browser.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.dispatcher import Dispatcher
from tests.journeys.house import NOW
from tests.stack import Stack
from tests.stack.chats import OWED, Chats, labels
from tests.stack.people import NewPerson
from tests.stack.telegram import Phone

QUESTION = "Подойдёт ли 16 января?"
DAY_AFTER = {"date": "2027-01-16"}
REASON = "Мест 3, заявок 5, вы были 4-й."
UNTIL = "2026-11-25T18:00:00+03:00"
UNSETTLED = "outbox where settled_at is null"


@pytest.fixture(scope="module")
def whole() -> Iterator[Stack]:
    """Both messengers and the worker, on a day when applications are taken; what the period had to say is said."""
    with Stack(express=True, telegram=True, worker=True, now=NOW) as running:
        running.wait_until(lambda: running.count("schedule_marks") > 0, otherwise="the period was not announced")
        yield running


@pytest.fixture(scope="module")
def desk(whole: Stack) -> Dispatcher:
    return whole.dispatcher()


def test_in_express_a_question_a_refusal_and_a_reply(whole: Stack, desk: Dispatcher) -> None:
    """UX-208 and C4: each of the desk's words is one message, and what may be answered is answered on it."""
    anna = Chats(whole)
    anna.open()
    number = file(whole, whole.sign_in("employee"))
    settle(whole)
    told = len(anna.said())

    desk.ask(number, QUESTION, proposal=DAY_AFTER)
    settle(whole)
    assert len(anna.said()) == (told := told + 1)
    assert labels(anna.said()[-1]) == ["Да, 16 января", "Нет", "Ответить"]
    answered = anna.press("Да, 16 января")
    assert answered["body"].endswith("✓ Вы ответили: Да, 16 января")
    assert labels(answered) == ["Подробнее"]
    assert desk.look(number)["answers"]["date"] == "2027-01-16"
    settle(whole)
    assert "✓ Вы ответили: Да, 16 января" in anna.said()[-1]["body"], "the worker says the same"

    desk.decide_and_publish(number, "rejected", reason=REASON)
    settle(whole)
    assert len(anna.said()) == (told := told + 1)
    refused = anna.said()[-1]
    assert (REASON in refused["body"], labels(refused)) == (True, ["Подробнее", "Спросить"])

    assert "Вопрос диспетчеру" in anna.press("Спросить")["body"]
    assert "Вопрос отправлен диспетчеру" in anna.text("Когда снова можно?")["body"]
    told = len(anna.said())
    desk.reply(number, "С февраля.")
    settle(whole)
    assert len(anna.said()) == told + 1
    assert "«С февраля.»" in anna.said()[-1]["body"]
    assert "Диспетчер: С февраля." in anna.press("Подробнее")["body"]


def test_in_telegram_a_question_is_read_in_the_application(whole: Stack, desk: Dispatcher) -> None:
    """Telegram carries number and status alone; answered in one place, the message of the question says so."""
    phone, number = on_the_phone(whole)
    desk.ask(number, QUESTION, proposal=DAY_AFTER)
    settle(whole)
    asked = phone.member.last["message_id"]
    assert QUESTION not in phone.text
    phone.press("Подробнее").hears(f"Диспетчер спрашивает: «{QUESTION}»").press("Да, 16 января")
    phone.hears("Ответ отправлен диспетчеру.").hears("16 января")
    settle(whole)
    assert "✓ Вы ответили." in message(phone, asked)["text"]
    assert desk.look(number)["answers"]["date"] == "2027-01-16"


def test_a_place_is_taken_in_time_or_not(whole: Stack, desk: Dispatcher) -> None:
    (quick, his), (slow, hers) = on_the_phone(whole), on_the_phone(whole)
    told = [len(phone.member.said) for phone in (quick, slow)]
    for place, number in enumerate((his, hers), 1):
        desk.decide(number, "waitlisted", place=place)
    settle(whole)
    assert [len(phone.member.said) for phone in (quick, slow)] == told, "a draft is the desk's own affair"
    assert desk.publish(his, hers)["people"] == 2
    settle(whole)
    assert [len(phone.member.said) for phone in (quick, slow)] == [count + 1 for count in told]
    assert "В резерве: заявка №" in slow.text
    for number in (his, hers):
        desk.offer(number, UNTIL)
    settle(whole)
    quick.hears("Освободилось место").press("Беру").hears("✓ Место ваше, заявка одобрена.")
    assert desk.look(his)["status"] == "approved"
    offered = len(slow.member.said)
    whole.travel(UNTIL)
    whole.wait_until(lambda: "Срок прошёл" in slow.text, 20, "the offer did not expire")
    settle(whole)
    assert (len(slow.member.said), slow.keyboard[0][0]["text"]) == (offered, "Подробнее")
    one = desk.look(hers)
    assert (one["status"], one["offer"]) == ("waitlisted", None)


def on_the_phone(house: Stack) -> tuple[Phone, str]:
    """Somebody in Telegram with an application of theirs."""
    phone = Phone.of_employee(house).start()
    person: NewPerson | None = phone.person
    assert person is not None
    number = file(house, person.token)
    settle(house)
    return phone, number


def file(house: Stack, token: str) -> str:
    """Magadan, 15 January, filed in the app."""
    client = house.client(token)
    answers = {"direction": "gdx", "date": "2027-01-15"}
    answer = client.submit({"form": "flight", "answers": answers}, key=f"filed-for-the-desk-{token[-20:]}")
    client.close()
    assert answer.status == 201, answer.body
    return str(answer.json["number"])


def settle(house: Stack) -> None:
    """Until everything promised is told, and everything wanted is shown."""
    house.wait_until(lambda: house.count(UNSETTLED) == 0 and house.count(OWED) == 0, 30)


def message(phone: Phone, message_id: int) -> dict[str, Any]:
    """One message of the bot as it stands now."""
    (found,) = [said for said in phone.member.said if said["message_id"] == message_id]
    return dict(found)
