"""What people type: names of options in every spelling, dates in every form, commands in both alphabets."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from express_bot.channels.dialogs import understand
from express_bot.channels.dialogs.dates import read_date
from express_bot.channels.dialogs.words import meaning
from express_bot.domain.defaults import default_directories

JANUARY = {"first": date(2027, 1, 1), "last": date(2027, 1, 31), "today": date(2026, 11, 23)}


def options(directory: str) -> list[dict[str, object]]:
    """The active items of a shipped directory as a compiled form has them."""
    items = default_directories()[directory].active("ru")
    return [
        {
            "code": item.code,
            "name": item.name("ru"),
            "synonyms": list(item.synonyms),
            "hint": (item.hint or {}).get("ru"),
        }
        for item in items
    ]


def found(typed: str, directory: str = "direction") -> list[object]:
    return [option["name"] for option in understand.find(options(directory), typed)]


class TestOptions:
    @pytest.mark.parametrize(
        "typed", ["Сочи", "сочи", " СОЧИ! ", "соч", "cjxb", "ыщсрш", "sochi", "Adler", "AER", "aer"]
    )
    def test_sochi_is_found_in_every_spelling(self, typed: str) -> None:
        assert found(typed) == ["Сочи"]

    @pytest.mark.parametrize(
        ("typed", "name"),
        [("южно сахалинск", "Южно-Сахалинск"), ("Сахалин", "Южно-Сахалинск"), ("нижний", "Нижний Новгород"),
         ("Habarovsk", "Хабаровск"), ("питер", "Санкт-Петербург"), ("шарм", "Шарм-Эль-Шейх"), ("вл", "Владивосток")],
    )  # fmt: skip
    def test_other_names_lead_to_the_one(self, typed: str, name: str) -> None:
        assert found(typed) == [name]

    def test_what_fits_several_is_asked_about(self) -> None:
        assert found("Египет") == ["Хургада", "Шарм-Эль-Шейх"]
        assert not understand.is_sure(options("direction"), "Египет")
        assert understand.find_sure(options("direction"), "Египет") is None

    def test_one_letter_is_no_answer(self) -> None:
        assert found("у") == ["Уфа"]
        assert not understand.is_sure(options("direction"), "у")

    def test_a_word_is_more_than_the_beginning_of_a_longer_one(self) -> None:
        assert found("бортпроводник", "position") == ["БП"]
        assert understand.is_sure(options("position"), "бортпроводник")

    @pytest.mark.parametrize("typed", ["", "  ", "!!!", "Сан-Паулу", "😀", "ъь"])
    def test_what_is_not_there_is_not_found(self, typed: str) -> None:
        assert found(typed) == []

    @given(st.text(max_size=40))
    def test_no_text_makes_the_search_fall_over(self, typed: str) -> None:
        understand.find(options("direction"), typed)


class TestDates:
    @pytest.mark.parametrize(
        "typed",
        ["15", "15.01", "15.1", "15.1.27", "15.01.2027", "15/01", "15-01-2027", "15 01", "15 января", "15 янв",
         "15 января 2027", "15 января 2027 г", "15 January", "January 15", "jan 15 2027", "2027-01-15", " 15. ",
         "15,01"],
    )  # fmt: skip
    def test_every_form_is_the_fifteenth(self, typed: str) -> None:
        assert read_date(typed, **JANUARY) == date(2027, 1, 15)

    @pytest.mark.parametrize(
        "typed",
        ["31.02", "32", "0", "15.13", "мама", "15 мама", "", "1 2 3 4", "15.01.27.3", "2027-02-30", "15@01", "15.1.7",
         "115", "Сочи", "²", "١٥"],
    )  # fmt: skip
    def test_what_is_no_date_is_none(self, typed: str) -> None:
        assert read_date(typed, **JANUARY) is None

    def test_may_is_told_from_march(self) -> None:
        year = {"first": date(2027, 1, 1), "last": date(2027, 12, 31), "today": date(2027, 1, 1)}
        said = [read_date(text, **year) for text in ("3 мая", "3 май", "3 May", "3 марта", "3 March")]
        assert said == [*[date(2027, 5, 3)] * 3, *[date(2027, 3, 3)] * 2]

    def test_a_day_falls_into_the_first_month_that_allows_it(self) -> None:
        winter = {"first": date(2026, 11, 24), "last": date(2027, 1, 22), "today": date(2026, 11, 23)}
        days = [read_date(text, **winter) for text in ("24", "23", "31")]
        assert days == [date(2026, 11, 24), date(2026, 12, 23), date(2026, 12, 31)]

    def test_a_date_out_of_the_bounds_is_still_a_date(self) -> None:
        assert read_date("15.02", **JANUARY) == date(2027, 2, 15)
        unbound = {"first": None, "last": None, "today": date(2026, 11, 23)}
        assert read_date("29.02.2028", **unbound) == date(2028, 2, 29)

    @given(st.text(max_size=30))
    def test_no_text_makes_the_reading_fall_over(self, typed: str) -> None:
        read_date(typed, **JANUARY)


class TestCommands:
    @pytest.mark.parametrize(
        ("typed", "said"),
        [("/start", "start"), ("/START", "start"), ("/заявка", "new"), ("/Заявка сейчас", "new"),
         ("/new@our_bot", "new"),
         ("/мои", "mine"), ("/my", "mine"), ("/правила", "rules"), ("/rules", "rules"), ("/профиль", "profile"),
         ("/profile", "profile"), ("/помощь", "help"), ("/help", "help"), ("/отмена", "cancel"), ("/cancel", "cancel"),
         ("/меню", "menu"), ("Назад", "back"), ("назад.", "back"), ("Отмена!", "cancel"), ("Мои  заявки", "mine"),
         ("Всё верно", "yes"), ("все верно", "yes")],
    )  # fmt: skip
    def test_commands_and_words_are_known_in_both_alphabets(self, typed: str, said: str) -> None:
        assert meaning(typed) == said

    @pytest.mark.parametrize("typed", ["", "/", "/nonsense", "Сочи", "назад в будущее", "меню завтрака"])
    def test_other_words_are_answers(self, typed: str) -> None:
        assert meaning(typed) is None
