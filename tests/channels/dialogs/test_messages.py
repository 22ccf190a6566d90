"""On which message the bot speaks: one per flow, edited in place; old buttons are answered, never obeyed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from express_bot.channels.dialogs import View
from tests.channels.dialogs.chatting import Chat

Open = Callable[..., Chat]


def said(chat: Chat) -> list[str]:
    """What every message of the bot says, oldest first, by its first line."""
    return [View.from_json(card.wanted).text.split("\n")[0] for card in chat.cards]


class TestOneMessage:
    def test_presses_edit_one_message(self, chat: Open) -> None:
        anna = chat().write("/заявка").press("Хабаровск").press("15").press("Назад").press("16").press("Пожелания")
        assert len(anna.cards) == 1
        assert anna.card.edits == 5

    def test_after_the_first_text_it_goes_on_below(self, chat: Open) -> None:
        anna = chat().write("/заявка").write("Хабаровск")
        assert said(anna) == ["Продолжаем ниже ↓", "**Хабаровск. Когда хотите лететь** · Шаг 2 из 3"]
        assert View.from_json(anna.cards[0].wanted).rows == ()

    def test_whoever_writes_everything_still_gets_two_messages(self, chat: Open) -> None:
        anna = (
            chat().write("/заявка").write("Хабаровск").write("15").press("Пожелания").write("Днём").write("отправить")
        )
        assert len(anna.cards) == 2
        assert said(anna)[1].startswith("**Заявка №")

    def test_a_command_is_answered_below(self, chat: Open) -> None:
        anna = chat().write("/заявка").press("Хабаровск").write("/меню")
        assert said(anna) == ["Продолжаем ниже ↓", "**Приём на январь 2027**"]
        anna.press("Продолжить: Хабаровск")
        assert said(anna)[1].startswith("**Хабаровск. Когда")

    def test_the_proof_of_a_sent_application_stays_with_its_buttons(self, chat: Open) -> None:
        anna = chat().write("/заявка").press("Хабаровск").press("15").press("Отправить")
        proof = anna.card
        anna.write("спасибо")
        assert said(anna)[0].startswith("**Заявка №")
        assert anna.text.startswith("Не поняли ответ. Выберите кнопкой.\n")
        anna.press("Отозвать", card=proof)
        assert anna.card is proof
        assert anna.text.startswith("Заявка отозвана.\n**Хабаровск, 15 января** · Отозвана")

    def test_while_the_messenger_is_away_nothing_piles_up(self, chat: Open) -> None:
        anna = chat()
        anna.core.memory.is_down = True
        anna.write("/меню").write("/заявка").write("Хабаровск").write("15 января").write("/мои")
        assert said(anna) == ["**Мои заявки**"]
        anna.core.memory.show(anna.card)
        assert len(anna.write("/меню").cards) == 2


class TestOldButtons:
    def test_an_old_button_is_answered_and_the_present_step_comes_again(self, chat: Open) -> None:
        anna = chat().write("/заявка")
        old = str(anna.button("Хабаровск").token)
        anna.press("Магадан").wait(seconds=10).send_token(old)
        assert said(anna) == [
            "Эта кнопка устарела, вот актуальная ↓",
            "**Магадан. Когда хотите лететь** · Шаг 2 из 3",
        ]
        assert View.from_json(anna.cards[0].wanted).rows == ()

    def test_once_a_flow_has_moved_an_old_button_is_answered_in_place(self, chat: Open) -> None:
        anna = chat().write("/заявка")
        old, first = str(anna.button("Хабаровск").token), anna.card
        anna.write("Магадан").send_token(old, card=first)
        assert said(anna) == [
            "Эта кнопка устарела, вот актуальная ↓",
            "**Магадан. Когда хотите лететь** · Шаг 2 из 3",
        ]
        again = str(anna.button("15").token)
        anna.press("15").wait(seconds=10).send_token(again)
        assert len(anna.cards) == 2
        assert anna.text.startswith("Эта кнопка устарела, вот актуальная\n**Проверьте")

    def test_a_double_press_is_one_press(self, chat: Open, rows: Callable[..., int]) -> None:
        anna = chat().write("/заявка").press("Хабаровск").press("15")
        event = anna.event("press", token=anna.button("Отправить").token, message_id=anna.card.external_id)
        anna.happen(event).happen(replace(event, event_id="the-second-finger"))
        assert said(anna)[0].startswith("**Заявка №")
        assert (len(anna.cards), rows("applications", "channel = 'express'")) == (1, 1)

    def test_a_keyboard_that_is_just_being_replaced_is_not_obeyed(self, chat: Open) -> None:
        anna = chat().write("/заявка")
        old = [str(anna.button(label).token) for label in ("Хабаровск", "Магадан")]
        anna.core.memory.is_down = True
        for token in old:
            anna.send_token(token)
        assert said(anna) == ["**Хабаровск. Когда хотите лететь** · Шаг 2 из 3"]
        anna.wait(minutes=1).send_token(old[1])
        assert len(anna.cards) == 2

    @pytest.mark.parametrize("token", ["v1.deadbeef.1.go:aer", "v1.deadbeef.1.nonsense", "odd", ""])
    def test_a_button_of_nobody_is_answered_with_the_present_step(self, chat: Open, token: str) -> None:
        anna = chat().write("/заявка").press("Хабаровск")
        anna.send_token(token)
        assert anna.text.startswith("**Хабаровск. Когда")
        assert anna.write("/меню").press("Продолжить").text.startswith("**Хабаровск. Когда")

    def test_an_act_of_an_old_message_is_done_there_and_questions_are_kept(self, chat: Open) -> None:
        anna = chat().write("/мои").press("1. Владивосток, 14 декабря")
        flight = anna.card
        anna.write("/заявка").press("Хабаровск")
        anna.press("Назад", card=flight)
        assert said(anna) == ["**Мои заявки**", "Продолжаем в другом сообщении"]
        anna.press("Вернуть", card=anna.cards[1])
        assert said(anna)[1].startswith("**Хабаровск. Когда")

    def test_a_message_is_found_by_the_messengers_id_too(self, chat: Open) -> None:
        """A card older than the list that comes with a dialog."""
        anna = chat().write("/заявка").press("Хабаровск").press("15").press("Отправить")
        proof = anna.card
        for _ in range(21):
            anna.write("/меню")
        anna.press("Открыть заявку", card=proof)
        assert anna.card is proof

    def test_a_caption_does_nothing(self, chat: Open) -> None:
        anna = chat().write("/заявка").press("Хабаровск")
        before = anna.core.memory.puts
        anna.press("Пн")
        assert anna.core.memory.puts == before


class TestPauses:
    def test_after_a_pause_words_are_asked_about_first(self, chat: Open) -> None:
        anna = chat().write("/заявка").press("Хабаровск").wait(hours=3).write("я вернулась")
        assert anna.text == "Вы остановились на вопросе «Когда хотите лететь» (Хабаровск). Продолжить?"
        assert anna.labels == [["Продолжить", "Начать заново"], ["Отменить"]]
        assert said(anna)[0] == "Продолжаем ниже ↓"
        assert anna.press("Продолжить").text.startswith("**Хабаровск. Когда хотите лететь**")

    def test_an_answer_after_a_pause_is_an_answer(self, chat: Open) -> None:
        anna = chat().write("/заявка").press("Хабаровск").wait(hours=3)
        assert anna.write("15 января").text.startswith("**Проверьте")
        assert (
            chat(name="b")
            .write("/меню")
            .press("Продолжить")
            .wait(hours=3)
            .press("Отправить")
            .text.startswith("**Заявка")
        )

    def test_begin_again_throws_the_draft_away(self, chat: Open, rows: Callable[..., int]) -> None:
        anna = chat().write("/заявка").press("Хабаровск").wait(hours=3).write("/start").press("Начать заново")
        assert anna.text.startswith("**Куда хотите лететь** · Шаг 1 из 3")
        assert rows("drafts") == 0

    def test_a_pause_at_the_check_is_named(self, chat: Open) -> None:
        anna = chat().write("/заявка").press("Хабаровск").press("15").wait(hours=2).write("ау")
        assert anna.text == "Вы остановились на проверке заявки (Хабаровск, 15 января). Продолжить?"
        assert anna.write("да").text.startswith("**Проверьте")

    def test_an_old_draft_is_asked_about_when_the_form_begins(self, chat: Open) -> None:
        anna = chat().write("/заявка").press("Хабаровск").press("Отменить").wait(hours=2).write("/заявка")
        assert anna.text == "Есть черновик: Хабаровск. Продолжить?"
        assert anna.press("Продолжить").text.startswith("**Хабаровск. Когда")

    def test_after_two_weeks_the_buttons_are_gone_and_the_draft_stays(self, chat: Open) -> None:
        anna = chat().write("/заявка").press("Хабаровск")
        old = str(anna.button("16").token)
        anna.wait(days=15).send_token(old)
        assert said(anna)[0] == "Прошло больше двух недель, кнопки убраны. Черновик сохранён."
        assert View.from_json(anna.cards[0].wanted).rows == ()
        assert "Продолжить: Хабаровск" in anna.flat

    def test_whoever_opens_the_chat_in_the_middle_of_questions_is_asked(self, chat: Open) -> None:
        anna = chat().write("/заявка").press("Хабаровск").hello()
        assert anna.text.startswith("Вы остановились на вопросе «Когда хотите лететь» (Хабаровск).")


class TestEvents:
    def test_an_event_handled_twice_does_nothing_twice(self, chat: Open) -> None:
        anna = chat().write("/заявка")
        event = anna.event("text", text="Хабаровск")
        anna.happen(event)
        before = (anna.state, len(anna.cards), anna.core.memory.puts)
        anna.happen(event)
        assert (anna.state, len(anna.cards), anna.core.memory.puts) == before

    def test_a_chat_that_has_passed_to_somebody_else_begins_anew(self, chat: Open) -> None:
        anna = chat().write("/заявка").press("Хабаровск")
        olga = chat("dispatcher").write("привет")
        assert olga.text.startswith("**Приём на январь")
        assert olga.state["flow"] is None
        assert anna.name == olga.name

    def test_a_person_who_has_left_gets_a_code_and_nothing_else(self, chat: Open) -> None:
        anna = chat()
        anna.user = replace(anna.user, active=False)
        calls = len(anna.core.calls)
        anna.write("/мои")
        assert anna.text.startswith("Вас пока нет в списке сотрудников. Передайте координатору этот код: ")
        assert anna.labels == [["Проверить ещё раз"]]
        assert not [call for call in anna.core.calls[calls:] if "/api/smartapp" in call]

    def test_words_beside_a_file_are_an_answer_where_they_certainly_are_one(self, chat: Open) -> None:
        anna = chat().write("/заявка").press("Хабаровск")
        anna.send(caption="справка")
        assert anna.text.partition("**")[2].startswith("Хабаровск. Когда хотите лететь** · Шаг 2 из 3")
        assert "Не поняли" not in anna.text
        anna.send(caption="15 января")
        assert "Хабаровск, 15 января 2027" in anna.text

    def test_what_a_newer_version_of_ours_has_written_is_no_stumbling_block(self, chat: Open) -> None:
        anna = chat().write("/заявка").press("Хабаровск")
        stored = anna.core.memory.dialogs[anna.name]["state"]
        stored |= {"mood": "fine", "flow": {**stored["flow"], "colour": "red"}}
        assert anna.press("15").text.startswith("**Проверьте")
        anna.core.memory.dialogs[anna.name]["state"]["screen"] = {"name": "of-tomorrow", "data": {}}
        assert anna.write("ау").text.startswith("Не поняли ответ. Выберите кнопкой.\n**Приём на январь")

    def test_a_messengers_clock_that_runs_ahead_is_not_believed(self, chat: Open) -> None:
        anna = chat().write("/заявка").press("Хабаровск")
        event = anna.event("text", text="ау")
        anna.happen(replace(event, at=event.at.replace(year=2030)))
        assert anna.text.startswith("Не поняли дату.")


class TestGroups:
    def test_a_command_gets_the_way_to_a_personal_chat(self, chat: Open) -> None:
        group = chat(is_personal=False, name="group")
        group.happen(group.event("command", text="/мои"))
        [card] = group.cards
        view = View.from_json(card.wanted)
        assert view.text == "Заявки подают в личном чате со мной: там их видите только вы."
        [[button]] = view.rows
        assert (button.label, button.token, button.link and button.link.target) == ("Личный чат", None, "chat")
        assert not [call for call in group.core.calls if "/api/smartapp" in call]

    @pytest.mark.parametrize(
        ("kind", "text"), [("text", "Сочи"), ("command", "/nonsense"), ("hello", ""), ("file", "")]
    )
    def test_everything_else_is_left_alone(self, chat: Open, kind: str, text: str) -> None:
        group = chat(is_personal=False, name="group")
        group.happen(group.event(kind, text=text))
        assert (group.cards, group.core.memory.puts) == ([], 0)
