"""UX-201, 202, 204, 205, 207 in a browser: filing in the messenger's chat with the bot, in the whole running product.

Old buttons (UX-203) and labels (UX-206) are proven with the conversation itself, in ``tests/channels/dialogs``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.emulator.serving import BOT_ID, Emulator
from tests.journeys.conftest import DESKTOP, ELSEWHERE
from tests.journeys.house import House
from tests.journeys.messenger import MessengerPage, house_with_messenger

Whole = tuple[House, Emulator]
SENT = re.compile(r"Заявка №\s\d{4}-\d{4,} отправлена")
#: What the returning person has in these tests before they begin: nothing for the open month, an empty chat.
ANNA = "employee"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    with house_with_messenger(tmp_path_factory.mktemp("chat")) as running:
        yield running


class Chat:
    """A person's chat with the bot: presses are counted, words too."""

    def __init__(self, page: MessengerPage, emulator: Emulator, persona: str) -> None:
        self.page = page
        self.emulator = emulator
        self.persona = persona
        self.presses = 0
        self.typed = 0

    def press(self, label: str) -> Chat:
        """The newest button that begins so: «Магадан, как в декабре», «Отправить: Самара, 20 января»."""
        self.presses += 1
        self.page.page.locator(".kb .key").filter(has_text=re.compile(rf"^{re.escape(label)}([,:]|$)")).last.click()
        return self

    def say(self, text: str) -> Chat:
        self.typed += 1
        self.page.say(text)
        return self

    def hears(self, words: str | re.Pattern[str]) -> Chat:
        """The bot's newest message says so."""
        newest = self.page.page.locator(".messages .m:not(.mine)").last
        expect(newest).to_contain_text(words, timeout=15_000)
        return self

    @property
    def said(self) -> list[dict[str, Any]]:
        """The bot's messages in this chat."""
        return [message for message in self.emulator.messages(self.persona) if message["author"] == BOT_ID]


@pytest.fixture
def messenger(whole: Whole, browser: Browser) -> Iterator[MessengerPage]:
    """The page with every chat empty and nothing filed by Anna."""
    house, emulator = whole
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
def anna(messenger: MessengerPage, whole: Whole) -> Chat:
    """Her chat, open, with the menu in it."""
    chat = Chat(messenger.open(), whole[1], ANNA)
    return chat.hears("Приём на январь 2027")


def filed(house: House, surname: str) -> list[dict[str, Any]]:
    return house.sql(
        "select a.number, a.channel, a.direction, a.target_date::text as day from applications a"
        " join users u on u.id = a.applicant_id where u.full_name like %s and a.status = 'submitted'",
        (surname + "%",),
    )


def test_a_returning_person_files_in_three_presses(anna: Chat, whole: Whole) -> None:
    """UX-201."""
    anna.press("Магадан").hears("Магадан").press("15").hears("Проверьте и отправьте").press("Отправить").hears(SENT)
    assert (anna.presses, anna.typed) == (3, 0)
    (kept,) = filed(whole[0], "Воронцова")
    assert (kept["channel"], kept["direction"], kept["day"]) == ("express", "gdx", "2027-01-15")
    assert len(anna.said) <= 2
    (card,) = whole[0].sql("select wanted_rev from cards")
    assert card["wanted_rev"] >= 3, "one message, edited at each step"


def test_a_newcomer_files_within_nine_presses_and_one_typed_message(messenger: MessengerPage, whole: Whole) -> None:
    chat = Chat(messenger.open().become("Илья Лебедев"), whole[1], "newcomer")
    chat.hears("Здравствуйте, Илья").press("Начать").hears("Лебедев Илья Андреевич").press("Да")
    chat.hears("Ваша база").press("МСК").hears("Ваше подразделение").press("ОКЭ 3").hears("6 цифр")
    chat.say("100778").hears("Шаг 1 из 3").press("Самара").hears("Шаг 2 из 3").press("20").hears("Проверьте")
    chat.press("Отправить").hears(SENT)
    assert chat.presses <= 9
    assert chat.typed == 1
    assert len(chat.said) <= 2
    (kept,) = filed(whole[0], "Лебедев")
    assert (kept["channel"], kept["direction"], kept["day"]) == ("express", "kuf", "2027-01-20")


def test_back_and_cancel_keep_what_was_chosen(anna: Chat, whole: Whole) -> None:
    """UX-202: what was put aside is there again."""
    anna.press("Магадан").hears("Магадан").press("15").hears("Проверьте и отправьте")
    anna.press("Назад").hears("Точка: недоступно").press("Отменить").hears("отложена в черновики")
    assert filed(whole[0], "Воронцова") == []
    anna.press("Вернуть").hears("Магадан")


def test_words_do_what_buttons_do(anna: Chat, whole: Whole) -> None:
    """UX-207."""
    anna.press("Подать заявку").hears("Шаг 1 из 3").say("Магадан").hears("Шаг 2 из 3").say("назад").hears("Шаг 1 из 3")
    anna.say("магадан").hears("Шаг 2 из 3").say("15 января").hears("Проверьте и отправьте")
    anna.press("Отправить").hears(SENT)
    (kept,) = filed(whole[0], "Воронцова")
    assert (kept["direction"], kept["day"]) == ("gdx", "2027-01-15")
    assert len(anna.said) <= 2


def test_a_conversation_goes_on_after_everything_was_started_anew(anna: Chat, whole: Whole) -> None:
    """UX-204: nothing of it lives in a process."""
    house = whole[0]
    anna.press("Магадан").hears("Шаг 2 из 3")
    for program in house.services():
        program.restart()
    house.wait_healthy()
    anna.press("15").hears("Проверьте и отправьте").press("Отправить").hears(SENT)
    assert len(filed(house, "Воронцова")) == 1


def test_a_draft_goes_from_the_chat_to_the_app_and_back(anna: Chat, whole: Whole) -> None:
    """UX-205."""
    house = whole[0]
    anna.press("Магадан").hears("Шаг 2 из 3")
    app = anna.page.app()
    anna.page.chip("Открыть заново").click()
    app = anna.page.app()
    app.get_by_role("link", name="Продолжить").click()
    app.get_by_role("heading", name="Новая заявка").wait_for()
    app.locator("button[data-day$='-16']").click()
    app.get_by_role("button", name="Отправить: Магадан, 16 января").wait_for()
    anna.emulator.wait(lambda: house.sql("select 1 from drafts where answers ->> 'date' = '2027-01-16'"))
    anna.say("/заявка").hears("Магадан, 16 января").press("Продолжить").hears("Проверьте и отправьте")
    anna.press("Отправить").hears(SENT)
    (kept,) = filed(house, "Воронцова")
    assert (kept["direction"], kept["day"]) == ("gdx", "2027-01-16")
