"""The messenger's page before the vendor's bot: the chat as eXpress shows it, switches, inspector, looks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from pybotx import BubbleMarkup, KeyboardMarkup

from tests.emulator.in_thread import BotInThread
from tests.emulator.serving import Emulator, running_emulator
from tests.gateway.serving import free_ports
from tests.journeys.conftest import DESKTOP, ELSEWHERE, PHONE
from tests.journeys.messenger import MessengerPage, ensure_built

Open = Callable[..., MessengerPage]


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotInThread]:
    ensure_built()
    [port] = free_ports(1)
    with (
        running_emulator(port, tmp_path_factory.mktemp("page")) as emulator,
        BotInThread(emulator, port).serving() as bot,
    ):
        yield bot


@pytest.fixture
def emulator(bot: BotInThread) -> Emulator:
    bot.bot.emulator.reset()
    bot.bot.heard.clear()
    return bot.bot.emulator


@pytest.fixture
def window(browser: Browser, emulator: Emulator) -> Iterator[Open]:
    """Opens the page in a window of its own; none of them may have complained."""
    opened: list[Any] = []

    def unpack(size: dict[str, Any] = DESKTOP, **more: Any) -> MessengerPage:
        context = browser.new_context(**(ELSEWHERE | size | more))
        page = MessengerPage(context, emulator)
        opened.append((context, page))
        return page.open()

    yield unpack
    for context, _ in opened:
        context.close()
    assert [line for _, page in opened for line in page.heard] == []


@pytest.fixture
def page(window: Open, bot: BotInThread) -> MessengerPage:
    """Anna's window; the bot has heard that her chat is open."""
    page = window()
    bot.run(bot.bot.until("chat_created"))
    return page


#: One of each kind of trouble; the page's policy takes styles from scripts alone.
_BREAK = """() => {
  const add = (tag, text, style) => {
    const element = document.createElement(tag)
    element.className = 'broken-by-test'
    element.textContent = text
    Object.assign(element.style, style)
    document.querySelector('.chat-head').append(element)
  }
  add('button', '', { width: '40px', height: '40px' })
  add('p', 'еле видно', { color: '#ddd', background: '#fff' })
  add('button', 'мелко', { height: '16px', minHeight: '0', padding: '0', color: '#000', background: '#fff' })
}"""


def grid() -> BubbleMarkup:
    """Rows as a calendar has them, with a day that cannot be chosen, a link and an accent."""
    bubbles = BubbleMarkup()
    for day in range(9, 16):
        bubbles.add_button(str(day), f"/day {day}", new_row=day == 9)
    bubbles.add_button("·", "/no", alert="18 января у вас отпуск", process_on_client=True)
    bubbles.add_button("Громко", "/loud", silent=False, background_color="#1A5DC8", text_color="#FFFFFF")
    return bubbles


def test_words_and_presses_reach_the_bot_and_its_words_the_chat(page: MessengerPage, bot: BotInThread) -> None:
    page.say("/echo привет")
    expect(page.last).to_contain_text("привет")
    bot.send("employee", "**Сочи.** Выберите дату", bubbles=grid())
    page.key("15").click()
    message = bot.run(bot.bot.until("message", 2))
    assert (message.body, message.source_sync_id is not None) == ("/day 15", True)
    page.key("Громко").click()
    expect(page.last).to_contain_text("Громко")


def test_an_alert_is_shown_at_once_and_the_bot_hears_nothing(page: MessengerPage, bot: BotInThread) -> None:
    bot.send("employee", "Дата", bubbles=grid())
    page.key("·").click()
    alert = page.page.get_by_role("alertdialog")
    expect(alert).to_contain_text("18 января у вас отпуск")
    page.page.keyboard.press("Enter")
    expect(alert).to_have_count(0)
    assert bot.bot.events("message") == []


def test_an_edit_is_seen_in_its_place(page: MessengerPage, bot: BotInThread) -> None:
    sync_id = bot.send("employee", "Куда?", bubbles=grid())
    bot.send("employee", "Ниже")
    bot.run(bot.bot.bot.edit_message(bot_id=bot.bot.id, sync_id=sync_id, body="Сочи", bubbles=BubbleMarkup()))  # type: ignore[arg-type]
    first = page.page.locator(f"[data-message='{sync_id}']")
    expect(first).to_contain_text("Сочи")
    expect(first).to_contain_text("изменено")
    expect(page.messages).to_have_count(2)
    expect(page.page.locator(".kb")).to_have_count(0)


def test_typing_keyboards_replies_and_deleted_messages(page: MessengerPage, bot: BotInThread) -> None:
    me, chat = bot.bot.id, bot.bot.emulator.chat_of()
    work = bot.bot.bot.start_typing(bot_id=me, chat_id=chat)  # type: ignore[arg-type]
    bot.run(work)
    expect(page.page.get_by_text("печатает…")).to_be_visible()
    keyboard = KeyboardMarkup()
    keyboard.add_button("Меню", "/menu")
    sync_id = bot.send("employee", "Вопрос", keyboard=keyboard)
    expect(page.page.get_by_text("бот, отвечает сразу")).to_be_visible()
    expect(page.page.locator(".under .key")).to_have_text("Меню")
    bot.run(bot.bot.bot.reply_message(bot_id=me, sync_id=sync_id, body="Ответ"))  # type: ignore[arg-type]
    expect(page.page.locator(".quote")).to_have_text("Вопрос")
    bot.run(bot.bot.bot.delete_message(bot_id=me, sync_id=sync_id))  # type: ignore[arg-type]
    expect(page.messages.first).to_contain_text("Сообщение удалено")
    expect(page.page.locator(".under")).to_have_count(0)


def test_what_is_unread_is_counted_until_somebody_looks(page: MessengerPage, bot: BotInThread) -> None:
    bot.send("newcomer", "Раз")
    bot.send("newcomer", "Два")
    ilya = page.page.locator(".person").filter(has_text="Илья")
    expect(ilya.locator(".count")).to_contain_text("2")
    page.become("Илья")
    expect(ilya.locator(".count")).to_have_count(0)
    expect(page.last).to_contain_text("Два")
    assert bot.bot.emulator.messages("newcomer")[-1]["read"] != []


def test_commands_are_offered_when_a_slash_is_typed(page: MessengerPage) -> None:
    page.page.get_by_label("Сообщение боту").fill("/")
    page.page.get_by_role("button", name="/echo Says it again").click()
    expect(page.messages.first).to_contain_text("/echo")


def test_a_file_goes_to_the_bot(page: MessengerPage, bot: BotInThread) -> None:
    with page.page.expect_file_chooser() as choosing:
        page.chip("Отправить файл").click()
    choosing.value.set_files({"name": "справка.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"})
    message = bot.run(bot.bot.until("message"))
    expect(page.last).to_contain_text("справка.pdf")
    assert (message.file.filename, message.file.content) == ("справка.pdf", b"%PDF")


def test_without_a_network_words_wait_and_go_once_in_order(page: MessengerPage, bot: BotInThread) -> None:
    page.chip("Нет сети").click()
    expect(page.page.get_by_text("нет сети", exact=True)).to_be_visible()
    page.say("раз").say("два")
    expect(page.page.get_by_text("Уйдёт, когда появится сеть")).to_have_count(2)
    assert bot.bot.events("message") == []
    page.chip("Нет сети").click()
    bot.run(bot.bot.until("message", 2))
    assert [message.body for message in bot.bot.events("message")] == ["раз", "два"]
    expect(page.page.get_by_text("Уйдёт, когда появится сеть")).to_have_count(0)


def test_a_message_that_was_not_taken_says_so_and_can_go_again(page: MessengerPage, bot: BotInThread) -> None:
    page.chip("Токен истёк").click()
    page.say("не взяли")
    expect(page.last).to_contain_text("Бот не принял")
    page.chip("Починить всё").click()
    page.last.get_by_role("button", name="Повторить").click()
    assert bot.run(bot.bot.until("message")).body == "не взяли"
    expect(page.last).not_to_contain_text("Бот не принял")


def test_an_own_message_is_changed_from_the_keyboard(page: MessengerPage, bot: BotInThread) -> None:
    page.say("Сичи")
    page.last.get_by_role("button", name="Изменить сообщение").click()
    page.page.keyboard.press("Control+a")
    page.page.keyboard.type("Сочи")
    page.page.keyboard.press("Enter")
    assert bot.run(bot.bot.until("event_edit")).body == "Сочи"
    expect(page.last).to_contain_text("изменено")


def test_the_inspector_tells_what_happened_and_how_to_repeat_it(page: MessengerPage, bot: BotInThread) -> None:
    page.say("/echo да")
    line = page.page.locator(".log li").filter(has_text="бот → чат: сообщение").first
    line.locator("summary").click()
    expect(line.locator("pre")).to_contain_text('"body": "да"')
    expect(line.get_by_role("button", name="Скопировать как curl")).to_be_visible()
    page.chip("Бот").click()
    expect(page.page.locator(".log li").filter(has_text="бот → чат: сообщение")).to_have_count(0)


def test_the_screen_is_looked_at_on_request_and_what_is_wrong_is_named(page: MessengerPage, bot: BotInThread) -> None:
    bot.send("employee", "**Сочи.** Выберите дату", bubbles=grid())
    expect(page.last).to_contain_text("Сочи")
    item = page.page.locator(".checks li").filter(has_text="Экран доступен")
    page.page.evaluate(_BREAK)
    item.get_by_role("button", name="Проверить").click()
    expect(item).to_contain_text("3 замечания")
    for words in ("без имени", "контраст 1.4: еле видно", "меньше 24 точек: мелко"):
        expect(item).to_contain_text(words)
    expect(item).not_to_have_class("done")
    page.page.evaluate("document.querySelectorAll('.broken-by-test').forEach((it) => it.remove())")
    item.get_by_role("button", name="Проверить").click()
    expect(item).to_contain_text("замечаний нет")
    expect(item).to_have_class("done")


def test_in_a_group_everybody_reads_and_the_bot_hears_what_is_for_it(page: MessengerPage, bot: BotInThread) -> None:
    page.page.get_by_label("Какой чат").select_option("Экипажи МСК")
    page.say("обед?").say("/echo всем")
    expect(page.last).to_contain_text("всем")
    page.become("Илья")
    page.page.get_by_label("Какой чат").select_option("Экипажи МСК")
    expect(page.page.locator(".author").first).to_have_text("Воронцова Анна Сергеевна")
    page.become("Анна").page.get_by_label("Какой чат").select_option("Экипажи МСК")
    expect(page.page.get_by_title("Прочитано")).to_have_count(2)
    assert [message.body for message in bot.bot.events("message")] == ["/echo всем"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_it_looks_good_everywhere(window: Open, bot: BotInThread, theme: str, size: dict[str, Any]) -> None:
    page = window(size, color_scheme=theme)
    bot.send("employee", "**Сочи.** Выберите дату", bubbles=grid())
    page.say("Сочи").chip("Нет сети") if size is DESKTOP else page.say("Сочи")
    expect(page.last).to_contain_text("Сочи")
    tabs = page.page.locator(".pane-tabs button")
    for index in range(tabs.count()):
        tabs.nth(index).click()
        page.ensure_good_looks()
    for summary in page.page.locator(".fold-part > summary:visible").all():
        summary.click()
    page.ensure_good_looks()


def test_english_is_whole(window: Open) -> None:
    page = window()
    page.chip("In English").click()
    for summary in page.page.locator(".fold-part > summary").all():
        summary.click()
    panes = [page.page.locator(f".{name}").inner_text() for name in ("controls", "phone-pane", "inspector")]
    names = {f"{given} {family}" for family, given, _ in (it["name"].split() for it in page.emulator.state()["people"])}
    left = {line for text in panes for line in text.splitlines() if re.search("[а-яё]", line, re.IGNORECASE)}
    assert left - names == {"По-русски"}
    assert page.page.evaluate("document.documentElement.lang") == "en"


def test_no_other_page_can_frame_it_or_play_in_it(emulator: Emulator) -> None:
    connection = HTTPConnection("localhost", emulator.port)
    connection.request("GET", "/")
    policy = connection.getresponse().headers["Content-Security-Policy"]
    connection.close()
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
