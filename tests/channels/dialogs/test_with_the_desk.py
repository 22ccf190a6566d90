"""An application on the screen of the chat: what the desk asks and offers there, and writing to the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.channels.dialogs.chatting import Chat
from tests.channels.dialogs.test_kills import Fragile
from tests.conftest import Api
from tests.core.looking import history
from tests.dispatcher import Dispatcher

Open = Callable[..., Chat]
QUESTION = "Подойдёт ли 16 января?"
UNTIL = "2026-12-01T18:00:00+03:00"


@pytest.fixture
def number(api: Api) -> str:
    """Vladivostok, 15 January, filed by the employee."""
    return str(api.as_("employee").submit().json["number"])


def opened(chat: Chat) -> Chat:
    """«Мои заявки», and the newest of them."""
    return chat.write("/мои").press("1. Владивосток, 15 января")


class TestQuestion:
    @pytest.fixture
    def anna(self, chat: Open, number: str, dispatcher: Dispatcher) -> Chat:
        dispatcher.ask(number, QUESTION, proposal={"date": "2027-01-16"}, due_at=UNTIL)
        return opened(chat())

    @pytest.mark.parametrize("is_pressed", [True, False])
    def test_it_stands_below_the_answers_and_yes_is_pressed_or_written(
        self, anna: Chat, number: str, dispatcher: Dispatcher, is_pressed: bool
    ) -> None:
        assert anna.text.startswith("**Владивосток, 15 января** · Нужен ваш ответ\n")
        assert anna.text.endswith(f"\n**Диспетчер спрашивает:** «{QUESTION}»\nОтветьте до 1 декабря, 18:00 (МСК).")
        assert anna.labels[:2] == [["Да, 16 января", "Нет"], ["Ответить"]]
        anna.press("Да, 16 января") if is_pressed else anna.write("да")
        assert anna.text.startswith("Ответ отправлен диспетчеру.\n**Владивосток, 16 января** · На рассмотрении\n")
        assert anna.text.endswith(f"\nДиспетчер: {QUESTION}\nВы: Да, 16 января")
        assert dispatcher.look(number)["answers"]["date"] == "2027-01-16"
        assert "Нет" not in anna.flat

    def test_killed_at_any_call_the_word_is_said_once(
        self, anna: Chat, number: str, dispatcher: Dispatcher, db: Any
    ) -> None:
        killed = Fragile(anna.core, anna.user, anna.at, name=anna.name)
        killed.write("да")
        assert killed.kills > 5, "after every single call"
        assert killed.text.startswith("Ответ отправлен диспетчеру.\n**Владивосток, 16 января** · На рассмотрении\n")
        assert history(db, number) == ["submitted", "question_asked", "question_answered"]

    def test_words_can_be_thought_over(self, anna: Chat, number: str, dispatcher: Dispatcher) -> None:
        for way in ("Назад", "Отменить"):
            anna.press("Ответить").press(way)
            assert anna.text.endswith("Ответьте до 1 декабря, 18:00 (МСК).")
        anna.press("Ответить").write("х" * 1001)
        assert anna.text.startswith("Сократите текст на 1\u00a0символ.\n**Диспетчер спрашивает:**")
        assert dispatcher.look(number)["open_question"] is not None
        anna.write("мои")  # a word of the menu is an answer here
        assert dispatcher.look(number)["thread"][-1]["text"] == "мои"

    def test_a_question_taken_back_is_not_answered(self, anna: Chat, number: str, dispatcher: Dispatcher) -> None:
        anna.press("Ответить")
        dispatcher.take_up(number)
        anna.write("Лучше 17-го")
        assert anna.text.startswith("Этот вопрос уже закрыт.\n**Владивосток, 15 января** · На рассмотрении")
        assert [said["kind"] for said in dispatcher.look(number)["thread"]] == ["question"]

    def test_an_old_answer_never_reaches_the_next_question(
        self, anna: Chat, number: str, dispatcher: Dispatcher
    ) -> None:
        old, yes = anna.card, str(anna.button("Да, 16 января").token)
        anna.press("Нет")
        dispatcher.ask(number, "А 20 января?", proposal={"date": "2027-01-20"})
        anna.send_token(yes, card=old)
        assert anna.text.startswith("Этот вопрос уже закрыт.\n**Владивосток, 15 января** · Нужен ваш ответ\n")
        assert anna.labels[0] == ["Да, 20 января", "Нет"]
        assert dispatcher.look(number)["answers"]["date"] == "2027-01-15"

    def test_what_has_become_impossible_is_told_in_the_cores_words(
        self, chat: Open, number: str, dispatcher: Dispatcher, db: Any
    ) -> None:
        dispatcher.ask(number, "Может, в Хабаровск?", proposal={"direction": "khv"})
        anna = opened(chat())
        db.execute("update directory_items set retired_at = now() where code = 'khv'")
        db.execute("update reference_version set version = version + 1")
        anna.core.app.extensions["house"].reference._checked = 0.0
        anna.press("Да, Хабаровск")
        assert anna.text.startswith("Такого направления нет в списке. Выберите другое или укажите своё\n**Владивосток")
        assert anna.labels[0] == ["Да, Хабаровск", "Нет"], "it can still be answered otherwise"
        assert dispatcher.look(number)["answers"]["direction"] == "vvo"


def test_an_offer_stands_there_with_its_buttons_until_it_is_answered(
    chat: Open, number: str, dispatcher: Dispatcher
) -> None:
    dispatcher.decide_and_publish(number, "waitlisted", place=1)
    dispatcher.offer(number, UNTIL)
    anna = opened(chat())
    assert anna.text.endswith("\n**Освободилось место.** Подтвердите до 1 декабря, 18:00 (МСК).")
    assert anna.labels[0] == ["Беру", "Не смогу"]
    anna.press("Не смогу")
    assert anna.text.startswith("Вы отказались от этого места, заявка осталась в резерве.\n")
    assert anna.labels[0] == ["Отозвать"]
    dispatcher.offer(number, UNTIL)
    opened(anna).press("Беру")
    assert anna.text.startswith("Место ваше, заявка одобрена.\n**Владивосток, 15 января** · Одобрена")
    assert anna.labels[0] == ["Не смогу"]
    assert "**Освободилось место.**" not in anna.text


class TestAsking:
    def test_the_last_words_stand_on_the_screen(self, chat: Open, number: str, dispatcher: Dispatcher) -> None:
        anna = opened(chat()).press("Спросить")
        event = anna.event("text", text="Можно 16-го?")
        anna.happen(event).happen(event)  # brought twice by the messenger, sent once
        dispatcher.reply(number, "Пока нет.")
        for words in ("А 17-го?", "А 18-го?"):
            anna.press("Спросить").write(words)
        assert anna.text.split("\n")[-3:] == ["Диспетчер: Пока нет.", "Вы: А 17-го?", "Вы: А 18-го?"]
        assert len(dispatcher.look(number)["thread"]) == 4

    def test_too_many_questions_are_refused_in_words(self, chat: Open, number: str, dispatcher: Dispatcher) -> None:
        anna = opened(chat())
        for n in range(11):
            anna.press("Спросить").write(f"Вопрос {n}").wait(minutes=1)
        assert anna.text.startswith("По одной заявке можно отправить 10")
        assert dispatcher.look(number)["unread"] == 10
