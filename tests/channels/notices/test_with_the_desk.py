"""What the desk asks, offers and replies, from its HTTP API to the message and back: the real core, the real engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from express_bot.channels.dialogs import View
from tests.channels.dialogs.chatting import Chat
from tests.channels.dialogs.house import Card
from tests.conftest import Api
from tests.core.looking import history
from tests.dispatcher import Dispatcher

Drawn = Callable[..., View]
QUESTION = "Подойдёт ли 16 января?"
DAY_AFTER = {"date": "2027-01-16"}


@pytest.fixture
def number(api: Api) -> str:
    """Vladivostok, 15 January, filed by the employee."""
    return str(api.as_("employee").submit().json["number"])


@pytest.fixture
def told(chat: Chat, drawn: Drawn) -> Callable[[], Card]:
    """The message of the latest promise comes into the chat."""

    def tell() -> Card:
        card = uuid4()
        chat.core.memory._want(chat.name, {"id": str(card), "view": drawn(card=card).to_json()})
        return chat.core.memory.cards[str(card)]

    return tell


def labels(card: Card) -> list[str]:
    return [button["label"] for row in card.wanted["rows"] for button in row]


def lines(card: Card) -> list[str]:
    return str(card.wanted["text"]).split("\n")


class TestQuestions:
    @pytest.fixture
    def asked(self, dispatcher: Dispatcher, number: str, told: Callable[[], Card]) -> Card:
        dispatcher.ask(number, QUESTION, proposal=DAY_AFTER, due_at="2026-12-01T18:00:00+03:00")
        return told()

    def test_yes_writes_what_was_proposed_and_says_so_on_the_message(
        self, asked: Card, chat: Chat, number: str, dispatcher: Dispatcher, drawn: Drawn
    ) -> None:
        assert lines(asked) == [
            f"**Диспетчер спрашивает по заявке №\u00a0{number}**",
            f"Владивосток, 15 января. «{QUESTION}»",
            "Ответьте до 1 декабря, 18:00 (МСК).",
        ]
        assert labels(asked) == ["Да, 16 января", "Нет", "Ответить"]
        discreet = drawn("telegram")
        assert QUESTION not in discreet.text, "number and status alone: it opens in the application"
        assert [button.label for row in discreet.rows for button in row] == ["Подробнее"]
        chat.press("Да, 16 января", card=asked)
        one = dispatcher.look(number)
        assert (one["answers"]["date"], one["status"], one["open_question"]) == ("2027-01-16", "in_review", None)
        assert (lines(asked)[-1], labels(asked)) == ("✓ Вы ответили: Да, 16 января", ["Подробнее"])
        assert len(chat.cards) == 1, "nothing but the message itself"
        chat.press("Подробнее", card=asked)
        assert chat.text.startswith("**Владивосток, 16 января** · На рассмотрении")

    def test_no_leaves_it_as_it_was_and_other_buttons_come_too_late(
        self, asked: Card, chat: Chat, number: str, dispatcher: Dispatcher
    ) -> None:
        yes, no = (str(chat.button(label, card=asked).token) for label in ("Да, 16 января", "Нет"))
        chat.send_token(no, card=asked).send_token(yes, card=asked).send_token(no, card=asked)
        assert (lines(asked)[-1], len(chat.cards)) == ("✓ Вы ответили: Нет", 1)
        one = dispatcher.look(number)
        assert (one["answers"]["date"], one["status"], one["thread"][-1]["text"]) == ("2027-01-15", "in_review", "Нет")

    def test_an_answer_in_words_goes_to_the_question(
        self, asked: Card, chat: Chat, number: str, dispatcher: Dispatcher
    ) -> None:
        chat.press("Ответить", card=asked)
        assert chat.text.split("\n")[0] == f"**Диспетчер спрашивает:** «{QUESTION}»"
        assert chat.labels == [["Назад", "Отменить"]]
        assert labels(asked)[0] == "Да, 16 января", "not answered yet"
        chat.write("Лучше 17-го")
        assert chat.text.startswith("Ответ отправлен диспетчеру.\n**Владивосток, 15 января** · На рассмотрении")
        said = dispatcher.look(number)["thread"][-1]
        assert (said["from"], said["kind"], said["text"]) == ("owner", "answer", "Лучше 17-го")

    @pytest.mark.parametrize("label", ["Да, 16 января", "Ответить"])
    def test_a_stale_button_tells_how_things_stand(
        self, asked: Card, chat: Chat, number: str, dispatcher: Dispatcher, db: Any, label: str
    ) -> None:
        """UX-203."""
        dispatcher.take_up(number)
        chat.press(label, card=asked)
        assert lines(asked)[-1] == "✓ Вопрос уже закрыт. Заявка: На рассмотрении."
        assert (labels(asked), len(chat.cards)) == (["Подробнее"], 1)
        assert dispatcher.look(number)["answers"]["date"] == "2027-01-15"
        assert "question_answered" not in history(db, number)


class TestOffers:
    UNTIL = "2026-12-01T18:00:00+03:00"

    @pytest.fixture
    def offered(self, dispatcher: Dispatcher, number: str, told: Callable[[], Card]) -> Card:
        dispatcher.decide_and_publish(number, "waitlisted", place=1)
        dispatcher.offer(number, self.UNTIL)
        return told()

    def test_a_place_is_taken_on_the_message(
        self, offered: Card, chat: Chat, number: str, dispatcher: Dispatcher
    ) -> None:
        assert lines(offered)[:2] == [
            "**Освободилось место: Владивосток, 15 января**",
            "Подтвердите до 1 декабря, 18:00 (МСК).",
        ]
        assert labels(offered) == ["Беру", "Не смогу", "Подробнее"]
        chat.press("Беру", card=offered)
        assert (lines(offered)[-1], labels(offered)) == ("✓ Место ваше, заявка одобрена.", ["Подробнее"])
        one = dispatcher.look(number)
        assert (one["status"], one["decision"]["reason_code"]) == ("approved", "promoted")

    def test_a_place_let_go_is_gone_and_so_is_one_whose_time_is_over(
        self, offered: Card, chat: Chat, number: str, dispatcher: Dispatcher, told: Callable[[], Card], travel: Any
    ) -> None:
        chat.press("Не смогу", card=offered)
        assert lines(offered)[-1] == "✓ Вы отказались от этого места, заявка осталась в резерве."
        assert dispatcher.look(number)["offer"] is None
        dispatcher.offer(number, self.UNTIL)
        second = told()
        travel(self.UNTIL)
        chat.wait(days=8).press("Беру", card=second)
        assert lines(second)[-1] == "✓ Предложение уже закрыто. Заявка: В резерве."
        assert dispatcher.look(number)["status"] == "waitlisted"


class TestAskingBack:
    REASON = "Мест 3, заявок 5, вы были 4-й"

    @pytest.fixture
    def refused(self, dispatcher: Dispatcher, number: str, told: Callable[[], Card]) -> Card:
        dispatcher.decide_and_publish(number, "rejected", reason=self.REASON)
        return told()

    def test_why_is_asked_and_the_reply_is_read(
        self, refused: Card, chat: Chat, number: str, dispatcher: Dispatcher, told: Callable[[], Card], db: Any
    ) -> None:
        assert (lines(refused)[1], labels(refused)) == (f"{self.REASON}.", ["Подробнее", "Спросить"])
        chat.press("Спросить", card=refused)
        assert chat.text.startswith("**Вопрос диспетчеру**\n**Владивосток, 15 января** · Отклонена\n")
        chat.write("Когда снова можно?")
        assert chat.text.startswith("Вопрос отправлен диспетчеру, ответ пришлём.\n")
        assert chat.text.endswith("\nВы: Когда снова можно?")
        assert dispatcher.look(number)["unread"] == 1
        dispatcher.reply(number, "С февраля.")
        reply = told()
        assert lines(reply) == [
            f"**Диспетчер ответил по заявке №\u00a0{number}**",
            "Вы спрашивали: «Когда снова можно?»",
            "«С февраля.»",
        ]
        chat.press("Ответить", card=reply).write("Спасибо")
        assert [said["text"] for said in dispatcher.look(number)["thread"]] == [
            "Когда снова можно?",
            "С февраля.",
            "Спасибо",
        ]
        assert dispatcher.look(number)["status"] == "rejected"

    def test_a_correction_may_be_asked_about_too(
        self, refused: Card, number: str, dispatcher: Dispatcher, told: Callable[[], Card]
    ) -> None:
        dispatcher.decide_and_publish(number, "approved", reason="Добавили рейс")
        changed = told()
        assert lines(changed)[1:3] == ["Теперь одобрено.", "Причина: Добавили рейс."]
        assert labels(changed) == ["Подробнее", "Не смогу", "Спросить"]
