"""An application on the screen of the chat: what the desk asks and offers there, and writing to the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.channels.dialogs.chatting import Chat
from tests.conftest import Api
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

    def test_it_stands_below_the_answers_with_its_buttons(self, anna: Chat) -> None:
        assert anna.text.startswith("**Владивосток, 15 января** · Нужен ваш ответ\n")
        assert anna.text.endswith(f"\n**Диспетчер спрашивает:** «{QUESTION}»\nОтветьте до 1 декабря, 18:00 (МСК).")
        assert anna.labels[:2] == [["Да, 16 января", "Нет"], ["Ответить"]]

    @pytest.mark.parametrize("way", ["Да, 16 января", "да", "Верно"])
    def test_yes_is_pressed_or_written(self, anna: Chat, number: str, dispatcher: Dispatcher, way: str) -> None:
        anna.press(way) if way in anna.flat else anna.write(way)
        assert anna.text.startswith("Ответ отправлен диспетчеру.\n**Владивосток, 16 января** · На рассмотрении\n")
        assert anna.text.endswith(f"\nДиспетчер: {QUESTION}\nВы: Да, 16 января")
        assert dispatcher.look(number)["answers"]["date"] == "2027-01-16"
        assert "Нет" not in anna.flat

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
        self, anna: Chat, number: str, dispatcher: Dispatcher, travel: Any
    ) -> None:
        travel("2027-01-17T10:00:00+03:00")
        anna.wait(hours=1).press("Да, 16 января")
        assert "**Владивосток, 15 января** · Нужен ваш ответ" in anna.text
        assert dispatcher.look(number)["answers"]["date"] == "2027-01-15"


class TestOffer:
    @pytest.fixture
    def anna(self, chat: Open, number: str, dispatcher: Dispatcher) -> Chat:
        dispatcher.decide_and_publish(number, "waitlisted", place=1)
        dispatcher.offer(number, UNTIL)
        return opened(chat())

    def test_it_stands_there_with_its_buttons_until_it_is_answered(self, anna: Chat) -> None:
        assert anna.text.endswith("\n**Освободилось место.** Подтвердите до 1 декабря, 18:00 (МСК).")
        assert anna.labels[0] == ["Беру", "Не смогу"]
        anna.press("Беру")
        assert anna.text.startswith("Место ваше, заявка одобрена.\n**Владивосток, 15 января** · Одобрена")
        assert "Беру" not in anna.flat

    def test_letting_it_go_keeps_the_application(self, anna: Chat) -> None:
        anna.press("Не смогу")
        assert anna.text.startswith("Вы отказались от этого места, заявка осталась в резерве.\n")
        assert "Отозвать" in anna.flat
        assert "Беру" not in anna.flat


class TestAsking:
    def test_the_last_words_stand_on_the_screen(self, chat: Open, number: str, dispatcher: Dispatcher) -> None:
        anna = opened(chat()).press("Спросить").write("Можно 16-го?")
        dispatcher.reply(number, "Пока нет.")
        for words in ("А 17-го?", "А 18-го?"):
            anna.press("Спросить").write(words)
        assert anna.text.split("\n")[-3:] == ["Диспетчер: Пока нет.", "Вы: А 17-го?", "Вы: А 18-го?"]

    def test_too_many_questions_are_refused_in_words(self, chat: Open, number: str, dispatcher: Dispatcher) -> None:
        anna = opened(chat())
        for n in range(11):
            anna.press("Спросить").write(f"Вопрос {n}").wait(minutes=1)
        assert anna.text.startswith("По одной заявке можно отправить 10")
        assert dispatcher.look(number)["unread"] == 10

    def test_the_same_words_that_come_twice_are_sent_once(
        self, chat: Open, number: str, dispatcher: Dispatcher
    ) -> None:
        anna = opened(chat()).press("Спросить")
        event = anna.event("text", text="Можно 16-го?")
        anna.happen(event).happen(event)
        assert [said["text"] for said in dispatcher.look(number)["thread"]] == ["Можно 16-го?"]
