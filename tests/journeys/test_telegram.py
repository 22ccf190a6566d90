"""Filing in Telegram, in the whole running product: UX-201 to UX-206 against a Bot API server of ours.

The library and everything of ours is real; the other side of the wire is ``tests/telegram_double``, which refuses what
the real one refuses: a keyboard with a longer answer than 64 bytes (UX-206) would not have come through any of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.journeys.house import NOW
from tests.stack import Stack
from tests.stack.plan import SITE
from tests.stack.telegram import Phone
from tests.telegram_double import BOT_NAME
from tests.telegram_double.people import mention

SENT = re.compile(r"Заявка №\s\d{4}-\d{4,} отправлена")
STALE = "Эта кнопка устарела, вот актуальная"


@pytest.fixture(scope="module")
def whole() -> Iterator[Stack]:
    """The product on a day when applications are taken, with updates brought to it."""
    with Stack(telegram=True, now=NOW, durable=False) as running:
        yield running


@pytest.fixture
def anna(whole: Stack) -> Phone:
    """A person with a complete profile, linked, with nothing filed for the open month."""
    return Phone.of_employee(whole)


@pytest.fixture
def sent(anna: Phone) -> Phone:
    """The same with Magadan, 15 January, filed from the menu."""
    return anna.start().press("Подать заявку").press("Магадан").press("15").press("Отправить").hears(SENT)


def test_a_returning_person_files_with_few_presses_in_one_message(anna: Phone) -> None:
    """UX-201: three presses from where the menu offers what was asked for before."""
    anna.start().press("Подать заявку").hears("Шаг 1 из 3").press("Магадан").hears("Шаг 2 из 3")
    anna.press("15").hears("Проверьте").press("Отправить").hears(SENT)
    (kept,) = anna.filed()
    assert (kept["channel"], kept["direction"], kept["day"]) == ("telegram", "gdx", "2027-01-15")
    assert anna.member.presses == 4
    assert len(anna.member.said) == 1
    assert anna.member.last["edits"] >= 4


def test_a_newcomer_is_linked_by_a_link_with_a_code_and_files(whole: Stack) -> None:
    """Before that nothing is open: not a form, not a name."""
    (person,) = whole.new_people(1)
    app = whole.client(person.token)
    code = app.post("/api/smartapp/link-code", {}, key="a-code-for-telegram").json["code"]
    app.close()
    guest = Phone(whole, "Илья")
    guest.start().hears("пока не узнали").write("/new").hears("пока не узнали")
    assert whole.count(f"drafts d join identities i using (user_id) where i.subject = '{guest.member.id}'") == 0
    guest.start(code).hears("Telegram подключён").press("Подать заявку").press("Магадан").press("15")
    guest.press("Отправить").hears(SENT)
    (kept,) = guest.filed()
    assert (kept["channel"], kept["direction"], kept["day"]) == ("telegram", "gdx", "2027-01-15")
    assert kept["applicant_id"] == person.id


def test_who_filed_before_needs_three_presses(sent: Phone, whole: Stack) -> None:
    """UX-201."""
    whole.sql("update applications set status = 'withdrawn' where number = %s", (sent.filed()[0]["number"],))
    again = sent.member.presses
    sent.write("/menu").press("Магадан").press("16").press("Отправить").hears(SENT)
    assert sent.member.presses - again == 3
    assert [(one["status"], one["day"]) for one in sent.filed()] == [
        ("withdrawn", "2027-01-15"),
        ("submitted", "2027-01-16"),
    ]


def test_an_application_is_edited_withdrawn_and_brought_back(sent: Phone) -> None:
    sent.press("Изменить").press("Изменить дату").press("16").press("Сохранить").hears("16 января")
    assert [one["day"] for one in sent.filed()] == ["2027-01-16"]
    sent.press("Отозвать").hears("Заявка отозвана")
    assert [one["status"] for one in sent.filed()] == ["withdrawn"]
    sent.press("Вернуть заявку").hears("16 января")
    assert [one["status"] for one in sent.filed()] == ["submitted"]


def test_back_and_cancel_keep_what_was_chosen(anna: Phone) -> None:
    """UX-202."""
    anna.start().press("Подать заявку").press("Магадан").press("15").press("Назад").hears("Точка: недоступно")
    anna.press("Отменить").hears("отложена в черновики")
    assert anna.filed() == []
    anna.press("Вернуть").hears("Магадан")


def test_an_old_button_says_so_at_once_and_the_present_step_comes_anew(anna: Phone, whole: Stack) -> None:
    """UX-203."""
    anna.start().press("Подать заявку")
    old = dict(anna.member.last)
    anna.press("Магадан").hears("Шаг 2 из 3")
    query = anna.press_again("Самара", old)
    whole.wait_until(lambda: anna.member.answered(query) is not None)
    assert anna.member.answered(query) == STALE
    double = anna.member.double
    assert double.answered_at[query] - double.pressed_at[query] < 1
    anna.settle()
    anna.hears("Магадан").hears("Шаг 2 из 3")
    assert anna.drafted() == {"direction": "gdx"}


def test_a_day_that_cannot_be_chosen_says_why(anna: Phone, whole: Stack) -> None:
    """ux.md C1.6."""
    anna.start().press("Подать заявку").press("Магадан").hears("Шаг 2 из 3")
    shown = anna.text
    dot = next(b for row in anna.keyboard for b in row if b["text"] == "·")
    query = anna.member.press_data(dot["callback_data"], anna.member.last)
    whole.wait_until(lambda: anna.member.answered(query) is not None)
    assert anna.member.answered(query)
    assert anna.member.double.answers[query][0]["show_alert"] == "true"
    anna.settle()
    assert anna.text == shown


def test_every_press_is_answered_once(sent: Phone, whole: Stack) -> None:
    """Also those whose answer is silence: no client shows a clock on the button."""
    answers = sent.member.double.answers
    whole.wait_until(lambda: all(answers[query] for query in sent.member.queries))
    assert [len(answers[query]) for query in sent.member.queries] == [1] * sent.member.presses


def test_words_do_what_buttons_do(anna: Phone) -> None:
    """UX-207."""
    anna.start().write("Магадан").hears("Шаг 2 из 3").write("назад").hears("Шаг 1 из 3").write("магадан")
    anna.write("15 января").hears("Проверьте и отправьте").press("Отправить").hears(SENT)
    assert [(one["direction"], one["day"]) for one in anna.filed()] == [("gdx", "2027-01-15")]


def test_a_conversation_goes_on_after_everything_was_started_anew(anna: Phone, whole: Stack) -> None:
    """UX-204: nothing of it lives in a process."""
    anna.start().press("Подать заявку").press("Магадан").hears("Шаг 2 из 3")
    for program in (whole.gateway, whole.core, whole.postgres):
        program.restart()
    anna.press("15").hears("Проверьте и отправьте").press("Отправить").hears(SENT)
    assert len(anna.filed()) == 1


def test_whoever_comes_back_after_hours_is_asked_first(anna: Phone, whole: Stack) -> None:
    """UX-204."""
    anna.start().press("Подать заявку").press("Магадан").hears("Шаг 2 из 3")
    whole.sql("update dialogs set at = at - interval '3 hours' where chat = %s", (str(anna.member.id),))
    anna.write("ау").hears("Вы остановились").press("Продолжить").hears("Шаг 2 из 3").press("15")
    anna.press("Отправить").hears(SENT)


def test_a_draft_goes_from_telegram_to_the_app_and_back(anna: Phone, whole: Stack) -> None:
    """UX-205."""
    anna.start().press("Подать заявку").press("Магадан").hears("Шаг 2 из 3")
    assert anna.person is not None
    app = whole.client(anna.person.token)
    draft = app.get("/api/smartapp/draft?form=flight").json["draft"]
    assert draft["answers"]["direction"] == "gdx"
    body = {
        "form": "flight", "answers": draft["answers"] | {"date": "2027-01-16"}, "changed": ["date"],
        "base_version": draft["version"], "client_key": draft["client_key"],
    }  # fmt: skip
    assert app.call("PUT", "/api/smartapp/draft", body, key="put-the-day-in").status == 200
    app.close()
    anna.write("/new").hears("Магадан, 16 января").press("Продолжить").hears("Проверьте и отправьте")
    anna.press("Отправить").hears(SENT)
    assert [(one["direction"], one["day"]) for one in anna.filed()] == [("gdx", "2027-01-16")]


def test_an_update_that_comes_twice_does_nothing_twice(anna: Phone, whole: Stack) -> None:
    anna.start()
    double, said = anna.member.double, len(anna.member.said)
    update = anna.member.write("/rules")
    whole.wait_until(lambda: len(anna.member.said) > said)
    anna.settle()
    said, told = len(anna.member.said), anna.text
    double.repeat(update)
    whole.wait_until(
        lambda: [status for number, status in double.brought if number == update["update_id"]] == [200] * 2
    )
    anna.settle()
    assert (len(anna.member.said), anna.text) == (said, told)
    assert whole.count(f"inbox where event_id = '{update['update_id']}'") == 1


def test_a_file_is_answered_politely(anna: Phone) -> None:
    anna.start().send_file().hears("Файл прикладывают")


def test_what_was_edited_changes_nothing(anna: Phone, whole: Stack) -> None:
    anna.start()
    before = whole.count("inbox")
    update = anna.member.double.update(edited_message=anna.member.chat.messages[0] | {"text": "/new"})
    whole.wait_until(lambda: (update["update_id"], 200) in anna.member.double.brought)
    assert whole.count("inbox") == before


def test_the_app_opens_inside_of_telegram(anna: Phone) -> None:
    anna.start().press("Ещё")
    assert anna.button("Открыть приложение")["web_app"] == {"url": f"{SITE}/"}
    assert anna.member.double.menu["web_app"] == {"url": f"{SITE}/"}


class TestGroup:
    @pytest.fixture
    def group(self, anna: Phone) -> Phone:
        """Anna in a group with the bot."""
        anna.place = anna.member.double.chat(-1_001_000_000_000 - anna.member.id, "supergroup")
        return anna

    @pytest.mark.parametrize("command", ["/start", mention("/help")])
    def test_a_command_gets_the_way_to_the_persons_own_chat(self, group: Phone, command: str) -> None:
        group.write(command)
        ((button,),) = group.keyboard
        assert button["url"] == f"https://t.me/{BOT_NAME}?start=group"
        assert "Испытателева" not in group.text

    def test_everything_else_is_left_alone(self, group: Phone, whole: Stack) -> None:
        for words in ("Магадан", "/start@some_other_bot", "/dance"):
            group.member.write(words, chat=group.place)
        whole.wait_until(lambda: whole.count(f"inbox where chat = '{group.place.id}' and state = 'done'") == 3)
        assert [message for message in group.place.messages if message["from"]["is_bot"]] == []


def test_a_blocked_bot_is_not_written_to_until_the_person_is_back(anna: Phone, whole: Stack) -> None:
    anna.start()
    said = len(anna.member.said)
    anna.member.block()
    whole.wait_until(lambda: anna.address()["stop_reason"] == "blocked")
    anna.settle()
    assert len(anna.member.said) == said
    anna.member.unblock()
    whole.wait_until(lambda: anna.address()["stopped_at"] is None)
    anna.write("/my").hears("Мои заявки")


def test_a_message_that_a_blocked_bot_owes_stops_the_address(anna: Phone, whole: Stack) -> None:
    """The block itself may never have been told."""
    anna.start()
    anna.member.chat.is_blocked = True
    anna.member.write("/my")
    whole.wait_until(lambda: anna.address()["stop_reason"] == "blocked")
    anna.member.chat.is_blocked = False
    anna.write("/rules").hears("равила")
    assert anna.address()["stopped_at"] is None


def test_the_token_stands_in_no_log(whole: Stack, anna: Phone) -> None:
    anna.start()
    anna.member.double.fail("sendMessage", 500)
    anna.member.double.disturb("editMessageText", drop=True)
    anna.write("/my").write("/rules")
    secret = whole.telegram.token.partition(":")[2] if whole.telegram else ""
    written = "".join(log.read_text("utf-8", "replace") for log in (whole.var_dir / "logs").iterdir())
    assert "message not shown" in written
    assert secret not in written
