"""A press on what the bot has sent by itself: the message keeps its words, the answer comes below (ux.md C3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from express_bot.channels.dialogs import View
from express_bot.channels.notices import draw
from express_bot.channels.notices.samples import application, samples
from express_bot.contracts.notifications import Event, Notice
from tests.channels.dialogs.chatting import Chat
from tests.channels.dialogs.house import Card

Open = Callable[..., Chat]
Rows = Callable[..., int]


def send(chat: Chat, event: Event, **facts: Any) -> Card:
    """The worker's part: the notice comes into the chat."""
    [(_, sample), *_] = samples(event, channel="express", locale="ru")
    notice: Notice = sample.model_copy(update={"card_id": uuid4(), **facts})
    view = draw(notice)
    assert view is not None
    chat.core.memory._want(chat.name, {"id": str(notice.card_id), "view": view.to_json()})
    return chat.core.memory.cards[str(notice.card_id)]


def opening(chat: Chat) -> Card:
    repeats = [{"code": "vvo", "name": "Владивосток", "month": 12}, {"code": "khv", "name": "Хабаровск", "month": 11}]
    return send(chat, Event.PERIOD_OPENED, details={"repeats": repeats})


def shown(card: Card) -> View:
    return View.from_json(card.wanted)


class TestFiling:
    def test_three_presses_and_two_messages_from_the_notice_to_sent(self, chat: Open, rows: Rows) -> None:
        """UX-201."""
        anna = chat()
        notice = opening(anna)
        assert shown(notice).text.startswith("**Открыт приём заявок на январь 2027**")
        anna.press("Владивосток, как в декабре", card=notice).press("15").press("Отправить")
        assert anna.text.startswith("**Заявка №")
        assert (anna.presses, anna.texts, len(anna.cards), anna.card.edits) == (3, 0, 2, 2)
        assert rows("applications", "channel = 'express' and answers->>'direction' = 'vvo'") == 1

    def test_the_notice_says_what_was_begun_and_loses_its_buttons(self, chat: Open) -> None:
        anna = chat()
        notice = opening(anna)
        before = shown(notice).text
        anna.press("Хабаровск", card=notice)
        assert shown(notice) == View(f"{before}\n✓ Начата заявка: Хабаровск")
        assert anna.card is not notice
        assert anna.text.startswith("**Хабаровск. Когда хотите лететь** · Шаг 2 из 3")

    def test_another_direction_begins_at_the_first_question(self, chat: Open) -> None:
        anna = chat()
        notice = opening(anna)
        anna.press("Другое направление", card=notice)
        assert shown(notice).text.endswith("\n✓ Начата заявка")
        assert anna.text.startswith("**Куда хотите лететь** · Шаг 1 из 3")

    def test_a_page_above_stays_and_a_page_below_makes_room(self, chat: Open) -> None:
        anna = chat().write("/меню")
        menu, notice = anna.card, opening(anna)
        anna.press("Хабаровск", card=notice)
        assert (shown(menu).text.startswith("**Приём на январь"), len(anna.cards)) == (True, 3)
        olga = chat("dispatcher", name="chat-2")
        notice = opening(olga)
        below = olga.write("/меню").card
        olga.send_token(str(olga.button("Другое направление", card=notice).token), card=notice)
        assert olga.card is below

    def test_the_same_questions_go_on_below(self, chat: Open, rows: Rows) -> None:
        anna = chat().write("/заявка").press("Магадан")
        wizard, notice = anna.card, opening(anna)
        anna.press("Хабаровск", card=notice)
        assert shown(wizard) == View("Продолжаем ниже ↓")
        assert anna.text.startswith("**Хабаровск. Когда хотите лететь**")
        assert rows("drafts") == 1

    def test_words_after_a_notice_are_answered_below_it(self, chat: Open) -> None:
        """The wizard has gone on below once already; a second time only because something came between."""
        anna = chat().write("/заявка").write("Магадан")
        assert len(anna.cards) == 2
        send(anna, Event.REMINDER)
        anna.write("15 января")
        assert (len(anna.cards), anna.card is anna.cards[-1]) == (4, True)
        assert shown(anna.cards[1]) == View("Продолжаем ниже ↓")
        anna.press("Изменить дату").write("16 января")
        assert (len(anna.cards), anna.text.splitlines()[1]) == (4, "Магадан, 16 января 2027, суббота")

    def test_a_reminder_begins_too(self, chat: Open) -> None:
        anna = chat()
        notice = send(anna, Event.REMINDER)
        anna.press("Подать", card=notice)
        assert anna.text.startswith("**Куда хотите лететь** · Шаг 1 из 3")
        assert shown(notice).rows == ()

    def test_a_draft_is_gone_on_with(self, chat: Open) -> None:
        anna = chat().write("/заявка").press("Хабаровск").press("Отменить").wait(hours=5)
        notice = send(anna, Event.DRAFT_LEFT)
        anna.press("Продолжить", card=notice)
        assert shown(notice).text.endswith("\n✓ Начата заявка: Хабаровск")
        assert anna.text.startswith("**Хабаровск. Когда хотите лететь**")

    def test_after_the_period_the_notice_stays_and_the_reason_is_said(self, chat: Open, travel: Any) -> None:
        anna = chat()
        notice = opening(anna)
        before = shown(notice)
        travel("2026-12-06T10:00:00+03:00")
        anna.press("Хабаровск", card=notice)
        assert shown(notice) == before
        assert anna.text.startswith("**Приём закрыт**")

    def test_an_unknown_message_is_left_alone(self, chat: Open) -> None:
        """Its id has not reached the core yet: the answer comes all the same."""
        anna = chat()
        notice = opening(anna)
        token, before = str(anna.button("Хабаровск", card=notice).token), shown(notice)
        anna.happen(anna.event("press", token=token, message_id="m-unknown"))
        assert anna.text.startswith("**Хабаровск. Когда хотите лететь**")
        assert shown(notice) == before

    def test_an_act_nobody_knows_any_more_is_answered_below(self, chat: Open) -> None:
        anna = chat()
        notice = opening(anna)
        before = shown(notice)
        anna.send_token("v1.11111111.0.of-tomorrow:7", card=notice)
        assert anna.text.startswith("Эта кнопка устарела, вот актуальная\n**Приём на январь 2027**")
        assert shown(notice) == before

    def test_the_same_event_again_does_nothing_again(self, chat: Open) -> None:
        anna = chat()
        notice = opening(anna)
        event = anna.event("press", token=anna.button("Хабаровск", card=notice).token, message_id=notice.external_id)
        anna.happen(event)
        before = (anna.state, len(anna.cards), shown(notice))
        anna.happen(event)
        assert (anna.state, len(anna.cards), shown(notice)) == before


class TestDecisions:
    def decided(self, chat: Chat, api: Any) -> Card:
        number = api.as_("employee").get("/api/smartapp/applications").json["items"][0]["number"]
        one = application("Владивосток, 14 декабря", status="approved", number=number)
        return send(chat, Event.DECIDED, applications=[one])

    def test_the_decision_stays_and_the_application_opens_below(self, chat: Open, api: Any) -> None:
        anna = chat()
        notice = self.decided(anna, api)
        before = shown(notice)
        anna.press("Подробнее", card=notice)
        assert anna.text.startswith("**Владивосток, 14 декабря** · Одобрена")
        assert (shown(notice), anna.card is notice) == (before, False)

    def test_a_place_is_given_back_below(self, chat: Open, api: Any, rows: Rows) -> None:
        anna = chat()
        notice = self.decided(anna, api)
        anna.press("Не смогу", card=notice)
        assert anna.text.startswith("**Почему не сможете?**")
        anna.write("Заболела")
        assert anna.text.startswith("Вы отказались от места.")
        assert shown(notice).text.startswith("**Одобрено: Владивосток, 14 декабря**")

    def test_questions_of_another_message_can_be_brought_back(self, chat: Open, api: Any) -> None:
        anna = chat().write("/заявка").press("Магадан")
        wizard, notice = anna.card, self.decided(anna, api)
        anna.press("Подробнее", card=notice)
        assert shown(wizard).text == "Продолжаем в другом сообщении"
        anna.press("Вернуть", card=wizard)
        assert anna.text.startswith("**Магадан. Когда хотите лететь**")


class TestDrafts:
    @pytest.fixture
    def left(self, chat: Open) -> tuple[Chat, Card]:
        anna = chat().write("/заявка").press("Хабаровск").press("Отменить").wait(hours=5)
        return anna, send(anna, Event.DRAFT_LEFT)

    def test_a_draft_is_deleted_and_brought_back_on_the_notice(self, left: tuple[Chat, Card], rows: Rows) -> None:
        anna, notice = left
        words, messages = shown(notice).text, len(anna.cards)
        anna.press("Удалить", card=notice)
        assert shown(notice).text == f"{words}\n✓ Черновик удалён."
        assert rows("drafts") == 0
        anna.press("Вернуть черновик", card=notice)
        assert shown(notice).text == f"{words}\n✓ Черновик возвращён."
        assert rows("drafts", "answers->>'direction' = 'khv'") == 1
        assert [button.label for row in shown(notice).rows for button in row] == ["Продолжить", "Удалить"]
        assert len(anna.cards) == messages

    def test_what_was_begun_since_is_not_written_over(self, left: tuple[Chat, Card], api: Any, rows: Rows) -> None:
        anna, notice = left
        anna.press("Удалить", card=notice)
        draft = {"form": "flight", "answers": {"direction": "gdx"}, "client_key": "a-new-draft"}
        assert api.as_("employee").put("/api/smartapp/draft", draft).status_code == 200
        anna.press("Вернуть черновик", card=notice)
        assert rows("drafts", "answers->>'direction' = 'gdx'") == 1

    def test_a_draft_that_was_sent_meanwhile_is_not_missed(self, left: tuple[Chat, Card]) -> None:
        anna, notice = left
        anna.write("/меню").press("Продолжить").press("15").press("Отправить").wait(minutes=1)
        anna.press("Удалить", card=notice)
        assert shown(notice).text.endswith("\nЭту заявку уже отправили или удалили в другом окне.")
        assert shown(notice).rows == ()
