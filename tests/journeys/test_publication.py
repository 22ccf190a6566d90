"""Decisions in the messenger's page: one message for each person (UX-208), and when it may come (UX-209).

Decisions of several forms in one publication are more than the desk does at once: they are written past it, with their
promises in the same transaction. What goes over the desk's own API is in ``test_with_the_desk``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from express_bot.contracts.notifications import Event
from express_bot.core.applications import repository as applications
from express_bot.core.db.session import Connection, connect
from express_bot.core.demo.people import PERSONAS
from express_bot.core.notifications import outbox
from express_bot.core.users import repository as users
from tests.journeys.chatting import Chat
from tests.journeys.conftest import DESKTOP, ELSEWHERE
from tests.journeys.house import NOW
from tests.journeys.messenger import MessengerPage, ensure_built
from tests.stack import Stack
from tests.stack.chats import OWED

UNSETTLED = "outbox where settled_at is null"
CAPACITY = "Мест 3, заявок 5, вы были 4-й: в октябре уже летали в Сочи."
APPROVED = {"outcome": "approved", "reason_code": "capacity"}
REJECTED = {"outcome": "rejected", "reason_code": "capacity", "reason": {"ru": CAPACITY, "en": "3 seats, 5 requests."}}
TONIGHT, MORNING = "2026-11-23T23:30:00+03:00", "2026-11-24T08:00:30+03:00"
#: Who has a chat with the bot in these tests.
PEOPLE = ("employee", "newcomer", "dispatcher")


@pytest.fixture(scope="module")
def whole() -> Iterator[Stack]:
    """The demo with its worker; what the open period had to say is said, to nobody."""
    ensure_built()
    with Stack(express=True, worker=True, now=NOW, durable=False) as running:
        running.wait_until(lambda: running.count("schedule_marks") > 0, otherwise="the period was not announced")
        yield running


@pytest.fixture
def page(whole: Stack, browser: Browser) -> Iterator[MessengerPage]:
    """The messenger at ten in the morning, with empty chats and nothing filed in the open period."""
    whole.travel(NOW.isoformat())
    whole.sql("update applications set status = 'withdrawn' where filed_at >= %s", (NOW,))
    whole.sql("delete from dialogs")
    whole.sql("delete from cards")
    whole.messenger.reset()
    context = browser.new_context(**(ELSEWHERE | DESKTOP))
    page = MessengerPage(context, whole.messenger)
    yield page
    context.close()
    assert page.heard == []


@pytest.fixture
def chats(page: MessengerPage, whole: Stack) -> dict[str, Chat]:
    """Everybody's chat, greeted; Anna's is before the eyes."""
    for persona in PEOPLE:
        whole.messenger.do("chat/open", persona)
    found = {persona: Chat(page, whole.messenger, persona) for persona in PEOPLE}
    whole.wait_until(lambda: all(chat.said for chat in found.values()), otherwise="somebody was not greeted")
    settled(whole)
    page.open()
    found["employee"].hears("Приём на январь 2027")
    return found


def test_a_publication_is_one_message_for_each_with_reasons_and_what_can_be_done(
    chats: dict[str, Chat], whole: Stack
) -> None:
    """UX-208: told once, although it is published twice and the worker is started anew over it."""
    flight, certificate = file_flight(whole, "employee", 20), file_certificate(whole, "employee", "2026-12-10")
    refused = file_flight(whole, "dispatcher", 21)
    settled(whole)
    before = {persona: ids(chat) for persona, chat in chats.items()}
    decisions = {"employee": {flight: APPROVED, certificate: REJECTED}, "dispatcher": {refused: REJECTED}}
    for _ in range(2):
        publish(whole, "january", decisions)
        assert whole.worker is not None, "started with it"
        whole.worker.restart()
    settled(whole)
    fresh = {persona: [it for it in chat.said if it["id"] not in before[persona]] for persona, chat in chats.items()}
    assert {persona: len(said) for persona, said in fresh.items()} == {"employee": 1, "newcomer": 0, "dispatcher": 1}
    chats["employee"].hears("Решения по 2 заявкам").hears("Одобрено: ").hears("Не одобрено: ").hears(CAPACITY)
    (told,) = fresh["dispatcher"]
    assert (CAPACITY in told["body"], labels(told)) == (True, ["Подробнее", "Спросить"])
    assert {"1. Подробнее", "1. Не смогу", "2. Подробнее", "2. Спросить"} <= set(labels(fresh["employee"][0]))
    chats["employee"].press("1. Подробнее").hears("Одобрена")
    expect(chats["employee"].page.page.locator(".person").filter(has_text="Ольга").locator(".count")).to_be_visible()


def test_reminders_wait_for_the_morning_and_a_decision_about_tomorrow_does_not(
    chats: dict[str, Chat], whole: Stack
) -> None:
    """UX-209."""
    anna, ilya = chats["employee"], chats["newcomer"]
    tomorrow, later = file_certificate(whole, "employee", "2026-11-24"), file_flight(whole, "employee", 22)
    settled(whole)
    before = {persona: ids(chat) for persona, chat in chats.items()}
    whole.travel(TONIGHT)
    promise(whole, Event.REMINDER, "newcomer", period=open_period(whole))
    publish(whole, "far", {"employee": {later: APPROVED}})
    publish(whole, "near", {"employee": {tomorrow: APPROVED}})
    anna.hears("Одобрено: О стаже, 24 ноября")
    whole.wait_until(lambda: whole.count("deliveries where state = 'held'") == 2, otherwise="nothing waits")
    assert len(anna.said) == len(before["employee"]) + 1
    assert ids(ilya) == before["newcomer"], "nobody wakes him up"
    whole.travel(MORNING)
    anna.hears("Одобрено: ").hears("22 января")
    whole.wait_until(lambda: ids(ilya) != before["newcomer"], otherwise="he was not reminded")
    settled(whole)
    assert "До конца приёма" in ilya.said[-1]["body"]
    assert (len(anna.said) - len(before["employee"]), len(ilya.said) - len(before["newcomer"])) == (2, 1)


# ── what a desk does ──


def publish(house: Stack, name: str, decisions: dict[str, dict[int, dict[str, Any]]]) -> None:
    """One publication: every decision is written and everybody is promised one message about all of theirs."""
    with connect(house.settings.dsn()) as db, db.transaction():
        now = house.now()
        for persona, own in decisions.items():
            for application, decision in own.items():
                decide(db, application, decision | {"decided_at": now.isoformat()}, now)
            outbox.promise(
                db,
                Event.DECIDED,
                user_id=user_of(db, persona),
                at=now,
                details={"applications": list(own)},
                once=f"publication/{name}/{persona}",
            )


def decide(db: Connection, application: int, decision: dict[str, Any], now: datetime) -> None:
    changes = {"status": decision["outcome"], "decision": decision, "updated_at": now, "seen_at": None}
    row = applications.change(db, application, changes)
    facts: dict[str, Any] = {"actor_role": "dispatcher", "channel": "browser", "details": {}}
    applications.insert_event(db, row, kind=decision["outcome"], at=now, actor_id=user_of(db, "dispatcher"), **facts)


def promise(house: Stack, event: Event, persona: str, **details: Any) -> None:
    with connect(house.settings.dsn()) as db:
        assert outbox.promise(db, event, user_id=user_of(db, persona), at=house.now(), details=details)


# ── around it ──


def user_of(db: Connection, persona: str) -> Any:
    found = users.find_by_identity(db, "demo", PERSONAS[persona])
    assert found is not None, "the demo's people are seeded"
    return found["id"]


def open_period(house: Stack) -> int:
    rows = house.sql("select id from periods where opens_at <= %s and closes_at > %s", (NOW, NOW))
    return int(rows[0]["id"])


def file_flight(house: Stack, persona: str, day: int) -> int:
    return submit(house, persona, "flight", {"direction": "gdx", "date": f"2027-01-{day}"})


def file_certificate(house: Stack, persona: str, day: str) -> int:
    answers = {"document": "service", "copies": 1, "needed_by": day, "delivery": "office"}
    return submit(house, persona, "certificate", answers)


def submit(house: Stack, persona: str, form: str, answers: dict[str, Any]) -> int:
    """Filed in the browser; returns the id that the desk knows it by."""
    client = house.client(house.sign_in(persona))
    answer = client.post(
        "/api/smartapp/submit",
        {"form": form, "answers": answers},
        key=f"{persona}-{form}-{house.count('applications')}",
    )
    client.close()
    assert answer.status == 201, answer.body
    return int(house.sql("select id from applications where number = %s", (answer.json["number"],))[0]["id"])


def settled(house: Stack) -> None:
    """Nothing is promised any more, and everything wanted is shown."""
    house.wait_until(lambda: house.count(UNSETTLED) == 0 and house.count(OWED) == 0)


def ids(chat: Chat) -> list[str]:
    return [message["id"] for message in chat.said]


def labels(message: dict[str, Any]) -> list[str]:
    return [button["label"] for row in message["bubble"] for button in row]
