"""UX-406: the tour of the messenger's page as a test of the whole product, chat and app, with real calls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.emulator.serving import BOT_ID
from tests.journeys.conftest import DESKTOP, ELSEWHERE
from tests.journeys.house import NOW
from tests.journeys.messenger import MessengerPage, ensure_built
from tests.stack import Stack


@pytest.fixture(scope="module")
def whole() -> Iterator[Stack]:
    """Everything that the demo has, on a day when applications are taken."""
    ensure_built()
    with Stack(express=True, worker=True, now=NOW, durable=False) as running:
        yield running


@pytest.fixture
def messenger(whole: Stack, browser: Browser) -> Iterator[MessengerPage]:
    context = browser.new_context(**(ELSEWHERE | DESKTOP))
    page = MessengerPage(context, whole.messenger)
    yield page
    context.close()
    assert page.heard == []


def filed(stack: Stack, form: str = "flight") -> list[str]:
    """Who has filed this form, through which door."""
    rows = stack.sql(
        "select u.full_name, a.channel from applications a join users u on u.id = a.applicant_id"
        " where a.status = 'submitted' and not u.probe and a.form_id = %s and u.full_name like any(%s)"
        " order by u.full_name",
        (form, ["Воронцова%", "Лебедев%", "Соколова%"]),
    )
    return [f"{row['full_name'].split()[0]} {row['channel']}" for row in rows]


def test_the_tour_passes_twice_by_itself(whole: Stack, messenger: MessengerPage) -> None:
    for _ in range(2):
        messenger.open("?tour=auto")
        page = messenger.page.locator("html[data-tour]")
        page.wait_for(state="attached", timeout=120_000)
        assert (page.get_attribute("data-tour"), page.get_attribute("data-tour-why")) == ("passed", "")
        assert filed(whole) == ["Воронцова express", "Лебедев express", "Соколова express"]
        assert filed(whole, "certificate") == ["Воронцова express"]
        told = [message["body"] for message in whole.messenger.messages() if message["author"] == BOT_ID]
        assert "С места работы" in told[-1], "what was filed in the app is said in the chat"
    expect(messenger.page.locator(".checks .done")).not_to_have_count(0)


def test_the_inspector_shows_where_the_talk_and_the_promises_stand_and_what_core_and_queue_did(
    whole: Stack, messenger: MessengerPage
) -> None:
    messenger.open().page.get_by_text("Состояние", exact=True).click()
    messenger.say("/мои")
    expect(messenger.last).to_contain_text("Владивосток")
    day = (whole.now() + timedelta(days=20)).date().isoformat()
    answers = {"document": "employment", "copies": 1, "needed_by": day, "delivery": "office"}
    client = whole.client(whole.sign_in("employee"))
    assert client.submit({"form": "certificate", "answers": answers}, "key-of-the-inspector").status == 201
    client.close()
    facts = messenger.page.locator(".inspector .facts")
    expect(facts.get_by_text("express v").first).to_be_visible()
    promises = facts.locator("div").filter(has_text="Уведомления")
    expect(promises).to_contain_text("заявка принята")
    expect(promises).to_contain_text("доставлено express")
    log = messenger.page.locator(".log li")
    step = log.filter(has_text="ядро: шаг разговора сохранён").first
    expect(step).to_contain_text(re.compile(r"PUT /api/service/dialogs/.* · 200, [\d ,.]+\sмс", re.IGNORECASE))
    expect(log.filter(has_text="очередь: доставлено").first).to_contain_text("заявка принята")
    messenger.chip("Ядро").click()
    expect(log.filter(has_text="ядро:")).to_have_count(0)


def test_it_can_be_paused_and_ended(messenger: MessengerPage) -> None:
    messenger.open()
    messenger.page.get_by_role("button", name="Показать всё за 60 секунд").click()
    messenger.page.get_by_role("button", name="Пауза").click()
    said = messenger.page.locator(".tour p").inner_text()
    messenger.page.wait_for_timeout(1_500)
    assert messenger.page.locator(".tour p").inner_text() == said
    messenger.page.get_by_role("button", name="Закончить").click()
    expect(messenger.page.locator(".tour")).to_have_count(0)


def test_the_app_in_the_frame_tells_who_it_is_over_the_bridge(messenger: MessengerPage) -> None:
    app = messenger.open().app()
    app.get_by_role("heading", name="Заявки на рейсы").wait_for()
    app.get_by_role("link", name="Профиль").click()
    expect(app.get_by_text("Воронцова Анна Сергеевна").first).to_be_visible()
    messenger.chip("Назад").click()
    expect(app.get_by_role("heading", name="Заявки на рейсы")).to_be_visible()


def test_an_error_of_the_app_is_a_page_with_words(messenger: MessengerPage) -> None:
    messenger.open()
    messenger.chip("Ошибка JS").click()
    app = messenger.app()
    expect(app.get_by_role("button", name="Повторить")).to_be_visible()


def test_time_can_be_moved_to_a_moment_and_back(whole: Stack, messenger: MessengerPage) -> None:
    try:
        moved = whole.messenger.call("POST", "/emulator/clock", {"to": "2026-12-06T12:00:00+03:00"})
        assert moved[0] == 200
        app = messenger.open().app()
        expect(app.get_by_text("Приём закрыт").first).to_be_visible()
    finally:
        whole.travel(NOW.isoformat())
