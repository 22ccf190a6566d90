"""UX-201 to 207 in a browser: filing in the messenger's chat with the bot, in the whole running product."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.chatting import SENT, Chat
from tests.journeys.conftest import DESKTOP, ELSEWHERE
from tests.journeys.house import NOW
from tests.journeys.messenger import MessengerPage, ensure_built
from tests.stack import Chats, Stack

#: What the returning person has in these tests before they begin: nothing for the open month, an empty chat.
ANNA = "employee"


@pytest.fixture(scope="module")
def whole() -> Iterator[Stack]:
    """Everything that the demo has, on a day when applications are taken."""
    ensure_built()
    with Stack(express=True, now=NOW, durable=False) as running:
        yield running


@pytest.fixture
def messenger(whole: Stack, browser: Browser) -> Iterator[MessengerPage]:
    """The page with every chat empty and nothing filed by Anna."""
    house, emulator = whole, whole.messenger
    house.sql("delete from dialogs returning 1")
    house.sql("delete from cards returning 1")
    assert emulator.call("POST", "/emulator/house/clear", {"persona": ANNA})[0] < 300
    emulator.reset()
    context = browser.new_context(**(ELSEWHERE | DESKTOP))
    page = MessengerPage(context, emulator)
    yield page
    context.close()
    assert page.heard == []


@pytest.fixture
def anna(messenger: MessengerPage, whole: Stack) -> Chat:
    """Her chat, open, with the menu in it."""
    chat = Chat(messenger.open(), whole.messenger, ANNA)
    return chat.hears("Приём на январь 2027")


def filed(house: Stack, surname: str) -> list[dict[str, Any]]:
    return house.sql(
        "select a.number, a.channel, a.direction, a.target_date::text as day from applications a"
        " join users u on u.id = a.applicant_id where u.full_name like %s and a.status = 'submitted'",
        (surname + "%",),
    )


def test_a_returning_person_files_in_three_presses(anna: Chat, whole: Stack) -> None:
    """UX-201."""
    anna.press("Магадан").hears("Магадан").press("15").hears("Проверьте и отправьте").press("Отправить").hears(SENT)
    assert (anna.presses, anna.typed) == (3, 0)
    (kept,) = filed(whole, "Воронцова")
    assert (kept["channel"], kept["direction"], kept["day"]) == ("express", "gdx", "2027-01-15")
    assert len(anna.said) <= 2
    (card,) = whole.sql("select wanted_rev from cards")
    assert card["wanted_rev"] >= 3, "one message, edited at each step"


def test_a_newcomer_files_within_nine_presses_and_one_typed_message(messenger: MessengerPage, whole: Stack) -> None:
    chat = Chat(messenger.open().become("Илья Лебедев"), whole.messenger, "newcomer")
    chat.hears("Здравствуйте, Илья").press("Начать").hears("Лебедев Илья Андреевич").press("Да")
    chat.hears("Ваша база").press("МСК").hears("Ваше подразделение").press("ОКЭ 3").hears("6 цифр")
    chat.say("100778").hears("Шаг 1 из 3").press("Самара").hears("Шаг 2 из 3").press("20").hears("Проверьте")
    chat.press("Отправить").hears(SENT)
    assert chat.presses <= 9
    assert chat.typed == 1
    assert len(chat.said) <= 2
    (kept,) = filed(whole, "Лебедев")
    assert (kept["channel"], kept["direction"], kept["day"]) == ("express", "kuf", "2027-01-20")


def test_back_and_cancel_keep_what_was_chosen(anna: Chat, whole: Stack) -> None:
    """UX-202: what was put aside is there again."""
    anna.press("Магадан").hears("Магадан").press("15").hears("Проверьте и отправьте")
    anna.press("Назад").hears("Точка: недоступно").press("Отменить").hears("отложена в черновики")
    assert filed(whole, "Воронцова") == []
    anna.press("Вернуть").hears("Магадан")


def test_words_do_what_buttons_do(anna: Chat, whole: Stack) -> None:
    """UX-207."""
    anna.press("Подать заявку").hears("Шаг 1 из 3").say("Магадан").hears("Шаг 2 из 3").say("назад").hears("Шаг 1 из 3")
    anna.say("магадан").hears("Шаг 2 из 3").say("15 января").hears("Проверьте и отправьте")
    anna.press("Отправить").hears(SENT)
    (kept,) = filed(whole, "Воронцова")
    assert (kept["direction"], kept["day"]) == ("gdx", "2027-01-15")
    assert len(anna.said) <= 2


def test_a_conversation_goes_on_after_everything_was_started_anew(anna: Chat, whole: Stack) -> None:
    """UX-204: nothing of it lives in a process."""
    anna.press("Магадан").hears("Шаг 2 из 3")
    for program in (whole.gateway, whole.core, whole.postgres):
        program.restart()
    whole.wait_healthy()
    anna.press("15").hears("Проверьте и отправьте").press("Отправить").hears(SENT)
    assert len(filed(whole, "Воронцова")) == 1


def test_a_draft_goes_from_the_chat_to_the_app_and_back(anna: Chat, whole: Stack) -> None:
    """UX-205."""
    anna.press("Магадан").hears("Шаг 2 из 3")
    app = anna.page.app()
    anna.page.chip("Открыть заново").click()
    app = anna.page.app()
    app.get_by_role("link", name="Продолжить").click()
    app.get_by_role("heading", name="Новая заявка").wait_for()
    app.locator("button[data-day$='-16']").click()
    app.get_by_role("button", name="Отправить: Магадан, 16 января").wait_for()
    anna.emulator.wait(lambda: whole.sql("select 1 from drafts where answers ->> 'date' = '2027-01-16'"))
    anna.say("/заявка").hears("Магадан, 16 января").press("Продолжить").hears("Проверьте и отправьте")
    anna.press("Отправить").hears(SENT)
    (kept,) = filed(whole, "Воронцова")
    assert (kept["direction"], kept["day"]) == ("gdx", "2027-01-16")


def test_an_old_button_is_answered_and_changes_nothing(
    anna: Chat, whole: Stack, record_property: Callable[[str, object], None]
) -> None:
    """UX-203: the chat on her phone lags behind, so that the keyboard of the step before can still be pressed."""
    anna.press("Подать заявку").hears("Шаг 1 из 3").lags()
    anna.answered(whole, lambda: anna.press("Магадан"))
    before = kept(whole)
    waited = [anna.answered(whole, lambda: anna.press("Хабаровск")) for _ in range(3)]
    assert kept(whole) == before, "nothing that she has chosen is another"
    assert before[0]["answers"] == {"direction": "gdx"}
    anna.catches_up().hears("Магадан. Когда хотите лететь")
    old = anna.messages.first
    expect(old).to_contain_text("Эта кнопка устарела, вот актуальная")
    expect(old.locator("..").locator(".key")).to_have_count(0)
    assert min(waited) <= 1, f"answered after {waited} s"
    record_property("seconds", f"UX-203 an old button is answered within {min(waited):.2f} s")
    anna.press("15").hears("Проверьте и отправьте").press("Отправить").hears(SENT)
    (one,) = filed(whole, "Воронцова")
    assert one["direction"] == "gdx"
    assert len(anna.said) <= 2


def test_a_button_of_a_message_that_words_have_left_behind_is_old_too(anna: Chat, whole: Stack) -> None:
    """UX-203 and C1.1: she wrote, the questions went on below, and the message above still shows its keyboard."""
    anna.press("Подать заявку").hears("Шаг 1 из 3").lags()
    anna.answered(whole, lambda: anna.say("Магадан"))
    before = kept(whole)
    anna.answered(whole, lambda: anna.press("Хабаровск"))
    assert kept(whole) == before
    anna.catches_up().hears("Магадан. Когда хотите лететь")
    expect(anna.messages.first).to_contain_text("Эта кнопка устарела, вот актуальная")
    expect(anna.messages).to_have_count(2)


def test_an_old_calendar_is_not_obeyed_although_a_date_is_asked_again(anna: Chat, whole: Stack) -> None:
    """UX-203: her other phone went on to the check and back to the date; this one still shows the first calendar."""
    anna.press("Магадан").hears("Когда хотите лететь").lags()
    other_phone = Chats(whole)
    other_phone.press("15")
    other_phone.press("Изменить дату")
    before = kept(whole)
    assert before[0]["answers"]["date"] == "2027-01-15"
    anna.answered(whole, lambda: anna.press("16"))
    assert kept(whole) == before
    anna.catches_up().hears("Сейчас: 15 января")


def kept(house: Stack) -> list[dict[str, Any]]:
    """Everything an old button could have changed: the draft with its version, and where the questions stand."""
    return house.sql(
        "select d.answers, d.version, d.updated_at, t.state -> 'screen' as screen, t.state -> 'flow' as flow,"
        " (select count(*) from applications where status = 'submitted') as filed"
        " from drafts d join dialogs t on t.user_id = d.user_id"
    )
