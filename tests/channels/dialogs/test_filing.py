"""Filing in a chat: few presses, one message, back and cancel everywhere, words as good as buttons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.channels.dialogs.chatting import Chat
from tests.core.looking import history

Rows = Callable[..., int]
Open = Callable[..., Chat]


@pytest.fixture
def at_check(chat: Open) -> Chat:
    """The employee before sending: Vladivostok, 15 January."""
    return chat().write("/меню").press("Владивосток").press("15")


class TestReturningPerson:
    def test_files_in_three_presses_and_one_message(self, chat: Open, rows: Rows) -> None:
        anna = chat().hello()
        before = anna.card.edits
        anna.press("Владивосток, как в декабре").press("15").press("Отправить")
        assert anna.text.startswith("**Заявка №\u00a02027-")
        assert (anna.presses, anna.texts, len(anna.cards), anna.card.edits - before) == (3, 0, 1, 3)
        assert (rows("applications", "channel = 'express'"), rows("drafts")) == (1, 0)

    def test_the_menu_says_until_when_and_how_many(self, chat: Open) -> None:
        anna = chat().write("/start")
        assert anna.text.split("\n") == [
            "**Приём на январь 2027**",
            "До 5 декабря, 18:00 (МСК), осталось 11\u00a0дней.",
            "Можно подать 1\u00a0заявку, подано 0.",
        ]
        assert anna.labels[2:] == [["Подать заявку"], ["Заказать справку"], ["Мои заявки", "Ещё"]]

    def test_every_step_says_what_is_chosen_and_how_far_it_is(self, chat: Open) -> None:
        anna = chat().write("/заявка")
        assert anna.text.startswith("**Куда хотите лететь** · Шаг 1 из 3\nНа январь 2027, приём до 5 декабря")
        assert anna.press("Хабаровск").text.startswith("**Хабаровск. Когда хотите лететь** · Шаг 2 из 3\n")
        assert anna.press("15").text.split("\n") == [
            "**Проверьте и отправьте** · Шаг 3 из 3",
            "Хабаровск, 15 января 2027, пятница",
            "Воронцова А. С., №\u00a0100234, МСК, ОКЭ 2, БП",
            "Заказ рейса\u00a0— возможность, а не гарантия. Решение за центром планирования.",
        ]
        send, extras, *rest = anna.labels
        assert (send, extras[0]) == (["Отправить"], "Пожелания")
        assert rest == [["Изменить дату", "Изменить направление"], ["Назад", "Отменить"]]
        assert [button.accent for row in anna.view.rows for button in row].index(True) == 0

    def test_the_sent_card_is_the_proof_and_has_the_next_acts(self, at_check: Chat, db: Any) -> None:
        at_check.press("Отправить")
        number = at_check.state["screen"]["data"]["number"]
        assert at_check.text.split("\n") == [
            f"**Заявка №\u00a0{number} отправлена**",
            "Владивосток, 15 января. Решение до 12 декабря.",
            "Изменить или отозвать можно до 5 декабря, 18:00 (МСК).",
        ]
        assert at_check.labels == [["Открыть заявку", "Изменить", "Отозвать"], ["Меню"]]
        assert history(db, number) == ["submitted"]

    def test_a_button_says_what_it_sends_where_that_fits(self, chat: Open) -> None:
        anna = chat().write("/заявка").press("Уфа").press("15")
        assert anna.flat[0] == "Отправить: Уфа, 15 января"

    def test_earlier_directions_come_first_and_only_once(self, chat: Open) -> None:
        anna = chat().write("/заявка")
        assert anna.labels[:2] == [["Владивосток, как в декабре", "Хабаровск"], ["Магадан"]]
        assert len([label for label in anna.flat if label.startswith("Владивосток")]) == 1
        assert anna.labels[-2:] == [["Своё направление"], ["Назад", "Отменить"]]


class TestNewcomer:
    def test_files_within_nine_presses_and_one_typed_message(self, chat: Open, rows: Rows) -> None:
        ilya = chat("newcomer").hello()
        assert ilya.text == ("Здравствуйте, Илья. Это бот заявок на рейсы.\nНужно 4\u00a0коротких ответа, один раз.")
        ilya.press("Начать")
        assert ilya.text.startswith("**Вы\u00a0— Лебедев Илья Андреевич, бортпроводник?** · Шаг 1 из 4")
        ilya.press("Да").press("МСК").press("ОКЭ 3")
        assert ilya.text.startswith("**Ваш табельный номер** · Шаг 4 из 4\n6 цифр, есть на пропуске")
        ilya.write("100 777").press("Анадырь").press("20").press("Отправить")
        assert ilya.text.startswith("**Заявка №")
        assert (ilya.presses, ilya.texts, len(ilya.cards)) == (7, 1, 2)
        assert rows("applications", "answers->>'personnel_number' = '100777' and unit = 'msk-oke-3'") == 1

    def test_whom_the_staff_list_knows_confirms_once(self, chat: Open, rows: Rows) -> None:
        maria = chat("matched").write("/start").press("Начать")
        assert maria.text.startswith("**Проверьте данные**\nФамилия, имя, отчество: Соколова Мария Павловна\nБаза: СПБ")
        maria.press("Всё верно").press("Сочи").press("15").press("Отправить")
        assert (maria.presses, maria.texts, len(maria.cards)) == (5, 1, 1)
        assert rows("applications", "answers->>'personnel_number' = '100417'") == 1

    def test_who_is_somebody_else_writes_the_name(self, chat: Open) -> None:
        ilya = chat("newcomer").hello().press("Начать").press("Нет")
        assert ilya.text.startswith("**Как вас зовут** · Шаг 2 из 6")
        ilya.write("лебедев и.а.")
        assert ilya.text.startswith("**Ваша база**")
        assert ilya.press("МСК").text.startswith("**Ваше подразделение**")

    def test_a_wrong_number_is_told_about_at_the_question(self, chat: Open, rows: Rows) -> None:
        ilya = chat("newcomer").hello().press("Начать").press("Да").press("МСК").press("ОКЭ 3").write("12345")
        assert ilya.text.startswith("В табельном номере 6 цифр, сейчас 5\n**Ваш табельный номер**")
        ilya.write("100234")
        assert ilya.text.startswith("Этот табельный номер указан у другого сотрудника.")
        assert rows("users", "personnel_number = '100234'") == 1
        assert ilya.write("100777").text.startswith("**Куда хотите лететь**")

    def test_what_was_answered_is_kept_when_it_is_put_off(self, chat: Open) -> None:
        ilya = chat("newcomer").hello().press("Начать").press("Да").press("МСК").press("Отменить")
        assert ilya.text == "Остановились. Ответы сохранены."
        assert ilya.press("Вернуть").text.startswith("**Ваше подразделение**")

    def test_a_base_changed_later_asks_for_its_unit_again(self, chat: Open) -> None:
        anna = chat().write("/профиль").press("База").press("Сочи")
        assert anna.labels[:1] == [["ОКЭ Сочи", "ОЛСиТ"]]
        anna.press("ОКЭ Сочи")
        assert "База: Сочи\nПодразделение: ОКЭ Сочи" in anna.text
        assert anna.text.startswith("Данные сохранены.")


class TestDirections:
    def test_a_long_list_is_turned_over_by_tens(self, chat: Open) -> None:
        ilya = chat("newcomer").hello().press("Начать").press("Да").press("МСК").press("ОКЭ 3").write("100777")
        assert ilya.labels[5:] == [["‹", "1/2", "›"], ["Своё направление"], ["Назад", "Отменить"]]
        assert len(ilya.flat) == 10 + 3 + 3
        ilya.press("›")
        assert ilya.labels[:2] == [["Хабаровск", "Хургада"], ["Шарм-Эль-Шейх", "Южно-Сахалинск"]]
        assert "2/2" in ilya.flat

    def test_an_own_direction_is_written(self, chat: Open, rows: Rows) -> None:
        anna = chat().write("/заявка").press("Своё направление")
        assert "Напишите сообщением: Своё направление." in anna.text
        anna.write("Сан-Паулу").press("15")
        assert "Сан-Паулу, 15 января 2027, пятница" in anna.text
        anna.press("Отправить")
        assert rows("applications", "answers->'direction'->>'other' = 'Сан-Паулу' and direction is null") == 1

    def test_an_own_direction_that_is_on_the_list_is_the_one_of_the_list(self, chat: Open) -> None:
        anna = chat().write("/заявка").press("Своё направление").write("владик")
        assert anna.text.startswith("**Владивосток. Когда")

    def test_unknown_words_are_offered_as_an_own_direction(self, chat: Open) -> None:
        anna = chat().write("/заявка").write("Сан-Паулу")
        assert "Ничего не нашли по запросу «Сан-Паулу». Можно указать своё." in anna.text
        assert anna.labels == [["Указать: Сан-Паулу"], ["Показать все"], ["Назад", "Отменить"]]
        assert anna.press("Указать: Сан-Паулу").text.startswith("**Сан-Паулу. Когда")

    def test_words_that_fit_several_are_asked_about(self, chat: Open) -> None:
        anna = chat().write("/заявка").write("Египет")
        assert "Нашли несколько вариантов по запросу «Египет»." in anna.text
        assert anna.labels[0] == ["Хургада", "Шарм-Эль-Шейх"]
        assert anna.press("Показать все").flat.count("Уфа") == 1

    def test_a_base_without_a_list_takes_any_words(self, chat: Open) -> None:
        anna = chat().write("/профиль").press("База").press("Сочи").press("ОКЭ Сочи")
        anna.write("/заявка")
        assert "Для базы Сочи списка нет, напишите направление" in anna.text
        assert anna.labels == [["Назад", "Отменить"]]
        assert anna.write("Москва").text.startswith("**Москва. Когда")

    def test_a_direction_that_the_new_base_has_not_is_cleared_with_a_word(self, chat: Open) -> None:
        anna = chat().write("/заявка").press("Магадан")
        anna.write("/профиль").press("База").press("СПБ").press("ОКЭ 4").press("Меню").press("Продолжить")
        assert anna.text.startswith(
            "Для базы СПБ направления Магадан нет в списке, выберите направление заново\n**Куда"
        )


class TestDays:
    def test_the_month_is_a_grid_of_seven_without_arrows(self, chat: Open) -> None:
        anna = chat().write("/меню").press("Владивосток")
        assert anna.labels[:3] == [
            ["Январь 2027"],
            ["Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Вс"],
            ["\u00a0", "\u00a0", "\u00a0", "\u00a0", "·", "·", "·"],
        ] or anna.labels[2][4:] == ["1", "2", "3"]

    def test_a_day_that_cannot_be_chosen_says_why_and_changes_nothing(self, chat: Open, db: Any, api: Any) -> None:
        db.execute(
            """update periods set excluded = '[{"from": "2027-01-18", "to": "2027-01-24", "reason": "vacation",
            "text": {"ru": "18–24 января у вас отпуск", "en": "On leave"}}]' where target_from = '2027-01-01'"""
        )
        db.execute("update reference_version set version = version + 1")
        anna = chat().write("/меню").press("Владивосток")
        assert "кроме 18–24 января. Точка: недоступно." in anna.text
        dot = next(button for row in anna.view.rows for button in row if button.label == "·")
        assert dot.alert == "18–24 января у вас отпуск."
        before = (anna.state, anna.core.memory.puts)
        anna.send_token(str(dot.token))
        assert (anna.state, anna.core.memory.puts) == before
        anna.write("20 января")
        assert anna.text.startswith("18–24 января у вас отпуск. Ближайшие свободные: 17 и 25 января.\n**Владивосток")

    @pytest.mark.parametrize("typed", ["15", "15.01", "15.1.27", "15 января", "2027-01-15"])
    def test_a_date_may_be_written(self, chat: Open, typed: str) -> None:
        anna = chat().write("/меню").press("Владивосток").write(typed)
        assert "Владивосток, 15 января 2027, пятница" in anna.text

    def test_a_date_out_of_the_period_is_answered_with_the_nearest(self, chat: Open) -> None:
        anna = chat().write("/меню").press("Владивосток").write("15.02")
        assert anna.text.startswith("Эта дата не входит в период. Ближайшая свободная: 31 января.\n")

    def test_what_is_no_date_is_said_so(self, chat: Open) -> None:
        anna = chat().write("/меню").press("Владивосток").write("31.02")
        assert anna.text.startswith("Не поняли дату. Напишите, например, 15.01\n**Владивосток")


class TestCheck:
    def test_an_answer_is_changed_from_the_check_and_leads_back(self, at_check: Chat) -> None:
        at_check.press("Изменить дату")
        assert "15✓" in at_check.flat
        at_check.press("16")
        assert "Владивосток, 16 января 2027, суббота" in at_check.text

    def test_wishes_are_added_changed_and_taken_away(self, at_check: Chat, rows: Rows) -> None:
        at_check.press("Пожелания").write("Утренний вылет, **если** можно")
        assert "Пожелания: Утренний вылет, ∗∗если∗∗ можно" in at_check.text
        at_check.press("Пожелания")
        assert "Сейчас: Утренний вылет" in at_check.text
        at_check.press("Убрать ответ")
        assert "Пожелания:" not in at_check.text
        at_check.press("Пожелания").write("Днём").press("Отправить")
        assert rows("applications", "answers->>'wishes' = 'Днём'") == 1

    def test_too_long_wishes_are_told_about_and_not_kept(self, at_check: Chat) -> None:
        at_check.press("Пожелания").write("ы" * 324)
        assert at_check.text.startswith("Сократите пожелания на 24 символа\n**Владивосток, 15 января. Есть пожелания**")
        assert at_check.press("Назад").text.startswith("**Проверьте")

    def test_free_words_are_an_answer_even_if_they_are_words_of_ours(self, at_check: Chat) -> None:
        at_check.press("Пожелания").write("мои")
        assert "Пожелания: мои" in at_check.text

    def test_send_may_be_written(self, at_check: Chat) -> None:
        assert at_check.write("отправить").text.startswith("**Заявка №")
