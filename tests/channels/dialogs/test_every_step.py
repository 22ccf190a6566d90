"""Words are as good as buttons, and «Назад», «Отменить», «Меню», «Помощь» work on every step (UX-202, UX-207)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.channels.dialogs.chatting import Chat

Rows = Callable[..., int]
Open = Callable[..., Chat]


class TestWords:
    def test_a_direction_in_the_menu_begins_the_form(self, chat: Open) -> None:
        assert chat().write("/меню").write("Хабаровск").text.startswith("**Хабаровск. Когда хотите лететь**")

    def test_an_answer_to_another_question_is_taken_where_it_is_sure(self, chat: Open) -> None:
        anna = chat().write("/заявка").write("15 января")
        assert anna.text.startswith("**15 января. Куда хотите лететь**")
        anna.press("Хабаровск")
        assert "Хабаровск, 15 января 2027" in anna.text
        assert "Уфа, 15 января 2027" in anna.write("Уфа").text
        assert "Уфа, 20 января 2027" in anna.write("20 января").text

    def test_the_words_on_a_button_are_as_good_as_the_button(self, chat: Open, rows: Rows) -> None:
        anna = chat().write("/меню")
        for label in (
            "подать заявку",
            "Своё направление",
            "Сан-Паулу",
            "15",
            "изменить дату",
            "16",
            "Пожелания",
            "Утром",
        ):
            anna.write(label)
        anna.write("Отправить").write("Изменить").write("Изменить дату").write("17").write("Сохранить").write(
            "Отозвать"
        )
        assert anna.text.startswith("Заявка отозвана.\n**Сан-Паулу, 17 января** · Отозвана")
        assert rows("applications", "answers->>'wishes' = 'Утром' and status = 'withdrawn'") == 1

    def test_the_greetings_own_word_begins(self, chat: Open) -> None:
        assert chat("newcomer").hello().write("начать").text.startswith("**Вы\u00a0— Лебедев Илья Андреевич")

    def test_questions_about_the_person_are_resumed_by_their_name(self, chat: Open) -> None:
        ilya = chat("newcomer").hello().press("Начать").press("Да").wait(hours=2).write("ау")
        assert ilya.text == "Вы остановились на вопросах о себе. Продолжить?"
        assert ilya.press("Продолжить").text.startswith("**Ваша база**")

    @pytest.mark.parametrize("way", ["назад", "Назад", "/назад"])
    def test_back_may_be_written(self, chat: Open, way: str) -> None:
        anna = chat().write("/меню").press("Владивосток").write(way)
        assert anna.text.startswith("**Куда хотите лететь**")

    def test_not_understood_once_repeats_with_an_example_twice_offers_the_app(self, chat: Open) -> None:
        anna = chat("newcomer").hello().press("Начать").press("Да").write("где я")
        assert anna.text.startswith("Не поняли ответ. Выберите кнопкой или напишите, например, МСК.\n**Ваша база**")
        anna.write("ку-ку")
        assert anna.text == "Не понял. Выберите кнопкой или откройте приложение."
        assert anna.labels == [["Показать кнопки"], ["Открыть приложение", "Меню"]]
        assert anna.view.rows[1][0].link is not None
        assert anna.press("Показать кнопки").text.startswith("**Ваша база**")

    def test_understood_in_between_counts_anew(self, chat: Open) -> None:
        anna = chat("newcomer").hello().press("Начать").press("Да").write("где я").write("МСК").write("где я")
        assert anna.text.startswith("Не поняли ответ.")

    def test_a_command_nobody_knows_is_no_answer(self, chat: Open, rows: Rows) -> None:
        anna = chat().write("/меню").press("Владивосток").press("15").press("Пожелания").write("/unknown")
        assert anna.text.startswith("Не поняли ответ.")
        assert rows("drafts", "answers ? 'wishes'") == 0


STEPS = {
    "direction": lambda c: c.write("/заявка"),
    "own": lambda c: c.write("/заявка").press("Своё направление"),
    "found": lambda c: c.write("/заявка").write("Египет"),
    "date": lambda c: c.write("/меню").press("Владивосток"),
    "check": lambda c: c.write("/меню").press("Владивосток").press("15"),
    "wishes": lambda c: c.write("/меню").press("Владивосток").press("15").press("Пожелания"),
    "fix": lambda c: c.write("/меню").press("Владивосток").press("15").press("Изменить направление"),
}


@pytest.mark.parametrize("step", STEPS)
class TestEveryStep:
    def test_cancel_keeps_a_draft_that_comes_back(self, chat: Open, step: str, rows: Rows) -> None:
        anna = STEPS[step](chat())
        kept = rows("drafts", "answers->>'direction' = 'vvo'")
        anna.press("Отменить")
        assert (anna.text, anna.labels) == ("Заявка отложена в черновики.", [["Вернуть", "Меню"]])
        assert rows("drafts", "answers->>'direction' = 'vvo'") == kept
        anna.press("Вернуть")
        assert anna.state["flow"]["kind"] == "new"
        assert ("Владивосток" in anna.text) == bool(kept)

    @pytest.mark.parametrize("way", ["press", "write"])
    def test_back_goes_one_question_back_and_loses_nothing(self, chat: Open, step: str, way: str, db: Any) -> None:
        anna = STEPS[step](chat())
        drafts = db.execute("select answers, version from drafts").fetchall()
        anna.press("Назад") if way == "press" else anna.write("назад")
        before = {
            "direction": "**Приём на январь",
            "own": "**Приём на январь",
            "found": "**Приём на январь",
            "date": "**Куда хотите",
            "check": "**Владивосток. Когда",
            "wishes": "**Проверьте",
            "fix": "**Проверьте",
        }
        assert anna.text.startswith(before[step])
        assert db.execute("select answers, version from drafts").fetchall() == drafts

    @pytest.mark.parametrize(
        ("word", "said"),
        [
            ("отмена", "Заявка отложена в черновики."),
            ("/отмена", "Заявка отложена в черновики."),
            ("помощь", "**Как это работает**"),
            ("меню", "**Приём на январь"),
        ],
    )
    def test_the_ways_out_may_be_written(self, chat: Open, step: str, word: str, said: str) -> None:
        assert STEPS[step](chat()).write(word).text.startswith(said)
