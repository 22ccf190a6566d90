"""UX-201 from the notice, in a browser: a period opens, the bot says so by itself, three presses later it is filed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, expect

from express_bot.core.clock import Clock
from tests.journeys.chatting import SENT, Chat
from tests.journeys.conftest import DESKTOP, ELSEWHERE
from tests.journeys.house import NOW
from tests.journeys.messenger import MessengerPage, ensure_built
from tests.stack import Stack

#: A moment after the period for February 2027 opens.
OPENING = datetime.fromisoformat("2026-12-20T09:00:05+03:00")


@pytest.fixture(scope="module")
def working() -> Iterator[Stack]:
    """Everything, with the worker that tells people what happens."""
    ensure_built()
    with Stack(express=True, worker=True, now=NOW, durable=False) as running:
        yield running


@pytest.fixture
def anna(working: Stack, browser: Browser) -> Iterator[Chat]:
    """Her chat with the bot, open since the days of the period before."""
    context = browser.new_context(**(ELSEWHERE | DESKTOP))
    page = MessengerPage(context, working.messenger)
    yield Chat(page.open(), working.messenger, "employee").hears("Приём на январь 2027")
    context.close()
    assert page.heard == []


def test_from_the_notice_to_sent_in_three_presses_and_two_messages(anna: Chat, working: Stack) -> None:
    before = len(anna.said)
    Clock(working.settings.demo_clock_file).move(OPENING)
    anna.hears("Открыт приём заявок на февраль 2027")
    anna.press("Владивосток").hears("Владивосток. Когда хотите лететь").press("15").hears("Проверьте и отправьте")
    anna.press("Отправить").hears(SENT)
    assert (anna.presses, anna.typed, len(anna.said) - before) == (3, 0, 2)
    notice = anna.messages.nth(-2)
    expect(notice).to_contain_text("✓ Начата заявка: Владивосток")
    assert notice.locator(".key").count() == 0
    (kept,) = working.sql(
        "select a.channel, a.direction, a.target_date::text as day from applications a"
        " join users u on u.id = a.applicant_id where u.full_name like 'Воронцова%%' and a.filed_at >= %s",
        (OPENING,),
    )
    assert (kept["channel"], kept["direction"], kept["day"]) == ("express", "vvo", "2027-02-15")
    # the wizard's last message is the receipt: nothing more is said of it
    working.wait_until(lambda: working.sql("select 1 from outbox where event = 'application_submitted'"
                                           " and created_at >= %s and settled_at is not null", (OPENING,)))  # fmt: skip
    assert len(anna.said) - before == 2
    (wizard,) = working.sql("select wanted_rev from cards where wanted->>'text' like '%%отправлена%%'")
    assert wizard["wanted_rev"] >= 3, "one message, edited at each step"
