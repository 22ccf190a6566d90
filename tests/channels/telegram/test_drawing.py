"""Whatever a conversation wants to show becomes something that Telegram takes (UX-206)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from express_bot.channels.dialogs import Button, View, tokens
from express_bot.channels.dialogs.keyboard import Pen
from express_bot.channels.telegram import presses
from express_bot.channels.telegram.drawing import MAX_BUTTONS, Places, keyboard_of, text_of
from express_bot.channels.telegram.words import commands
from express_bot.domain.locales import LOCALES

CARD = "ffffffff-ffff-4fff-8fff-ffffffffffff"


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(st.text(alphabet=st.sampled_from("*а🙂 b\n"), max_size=60))
def test_bold_is_exactly_what_stands_between_double_stars(text: str) -> None:
    shown, entities = text_of(View(text))
    encoded = shown.encode("utf-16-le")
    for entity in entities:
        assert 0 <= entity.offset < entity.offset + entity.length <= units(shown)
        bold = encoded[2 * entity.offset : 2 * (entity.offset + entity.length)].decode("utf-16-le")
        assert f"**{bold}**" in text


@given(st.text(max_size=30), st.integers(4080, 4110))
def test_a_text_is_never_longer_than_telegram_takes(tail: str, length: int) -> None:
    shown, entities = text_of(View("**" + "🙂" * (length // 2) + "**" + tail))
    assert units(shown) <= 4096
    assert all(entity.offset + entity.length <= units(shown) for entity in entities)


@given(st.integers(0, 36**6), st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=52))
def test_every_token_and_its_place_fit_into_64_bytes(rev: int, choice: str) -> None:
    if not tokens.fits(choice):
        return
    pen = Pen(CARD, rev, "ru")
    for button in (pen.option("15", choice), pen.option("·", "-", alert="Отпуск"), pen.caption("Пн"), Button("Пн")):
        assert 1 <= len(presses.data_of(button, (99, 99)).encode()) <= 64


@given(st.integers(0, 11), st.integers(0, 7))
def test_the_reason_is_the_one_of_the_pressed_place(row: int, column: int) -> None:
    pen = Pen(CARD, 7, "ru")
    days = tuple(tuple(pen.option("·", "-", alert=f"{r}.{c}") for c in range(8)) for r in range(12))
    view = View("x", days)
    data = presses.data_of(days[row][column], (row, column))
    assert presses.is_placed(data)
    assert presses.reason_of(data, view.to_json()) == f"{row}.{column}"
    later = View("x", tuple(tuple(Pen(CARD, 8, "ru").option("·", "-", alert="y") for _ in r) for r in days))
    assert presses.reason_of(data, later.to_json()) is None
    assert presses.reason_of(data, View("x").to_json()) is None


def test_a_press_of_a_choice_is_no_place() -> None:
    assert not presses.is_placed(Pen(CARD, 7, "ru").option("15", "d:15").token or "")


def test_there_are_never_more_buttons_than_telegram_takes() -> None:
    rows = tuple(tuple(Button(str(n), token="v1.00000000.1.x") for n in range(8)) for _ in range(20))
    drawn = keyboard_of(View("x", rows), lambda link: Places("", "", "").address(link, private=True))
    assert drawn is not None
    assert sum(map(len, drawn.inline_keyboard)) <= MAX_BUTTONS


@pytest.mark.parametrize("locale", LOCALES)
def test_every_command_is_one_that_telegram_lists(locale: str) -> None:
    listed = commands(locale)
    assert [name for name, _ in listed] == ["start", "new", "my", "stats", "rules", "profile", "help", "cancel"]
    assert all(1 <= len(about) <= 256 for _, about in listed)
    assert [name for name, _ in commands(locale, in_groups=True)] == ["start", "help"]
