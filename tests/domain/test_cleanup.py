"""Clean before judging (ux.md B4): what people mean, not what they typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from express_bot.domain.cleanup import collapse_spaces, cyrillic_lookalikes, digits, tidy, title_case, trim

NAME = ("trim", "collapse_spaces", "cyrillic_lookalikes", "title_case")
any_text = st.text(st.characters(exclude_categories=[])) | st.text(" \u00a0\n\r\tAaBcеЁё.-'’12", max_size=30)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("иванов и.и.", "Иванов И.И."),
        (" ВОРОНЦОВА\u00a0 АННА  сергеевна ", "Воронцова Анна Сергеевна"),
        ("петрова-водкина ольга", "Петрова-Водкина Ольга"),
        ("Ивaнoв И.A.", "Иванов И.А."),
        ("Иванов A.B.", "Иванов А.В."),
        ("Peter Иванов", "Peter Иванов"),
        ("Peter Coates", "Peter Coates"),
        ("мамедов али оглы", "Мамедов Али оглы"),
        ("Ronald McDonald", "Ronald McDonald"),
        ("o'hara scarlett", "O'Hara Scarlett"),
        ("МакДональд", "МакДональд"),
        ("жёлтый ёж", "Жёлтый Ёж"),
    ],
)
def test_a_name_is_read_as_it_was_meant(typed, meant):
    assert tidy(typed, NAME) == meant


@pytest.mark.parametrize("typed", ["100234", " 100 234 ", "100-234", "100\u2013234", "100\u00a0234\n", "1-0-0-2-3-4"])
def test_a_number_is_read_without_spaces_and_dashes(typed):
    assert tidy(typed, ("trim", "digits")) == "100234"


def test_letters_in_a_number_stay_to_be_reported():
    assert digits("10O 234") == "10O234"


def test_lines_of_a_long_text_are_kept():
    assert collapse_spaces("утром \r\n\r\n\r\n\r\n  или\tвечером", multiline=True) == "утром\n\nили вечером"
    assert collapse_spaces("утром\r\nили  вечером") == "утром или вечером"


def test_the_joiner_inside_an_emoji_is_no_space():
    assert tidy(" 👩\u200d✈️ ", ("trim", "collapse_spaces")) == "👩\u200d✈️"


@given(any_text)
def test_tidying_twice_changes_nothing_more(text):
    for operation in (trim, collapse_spaces, digits, cyrillic_lookalikes, title_case):
        assert operation(operation(text)) == operation(text)
    once = collapse_spaces(text, multiline=True)
    assert collapse_spaces(once, multiline=True) == once


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("3", 3), (" 4 ", 4), ("1,5", 1.5), ("2.0", 2), ("-0", 0), ("1e5", "1e5"), ("много", "много"), (" ", None)],
)
def test_a_number_may_come_as_text_from_a_chat(certificate, typed, kept):
    assert certificate.clean({"copies": typed}).get("copies") == kept


def test_blank_answers_are_no_answers_and_strange_ones_stay(flight):
    blank = {"wishes": " \u00a0", "date": "", "direction": {"other": "  "}, "unit": None, "location": []}
    assert flight.clean(blank) == {}
    assert flight.clean({"zz": None, "date": 5}) == {"zz": None, "date": 5}


def test_cleaning_leaves_the_original_alone(flight):
    raw = {"direction": {"other": " Сан-Паулу "}, "full_name": " анна "}
    flight.clean(raw)
    assert raw == {"direction": {"other": " Сан-Паулу "}, "full_name": " анна "}
