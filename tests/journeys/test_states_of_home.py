"""UX-103: every row of E2's table in every light, language, width and size of letters."""

from __future__ import annotations

import itertools

import pytest

from tests.journeys.gallery import SOURCES, Gallery, named_in
from tests.journeys.looks import axe, geometry

#: The rows of E2's table; the gallery knows some more states of home.
ROWS = {
    "loading": "home.loading",
    "first visit, no requests": "home.first-visit",
    "no open period": "home.closed",
    "opens later today": "home.opens-today",
    "limit reached": "home.limit",
    "not eligible": "home.not-eligible",
    "offline": "home.offline",
    "load error": "home.load-error",
    "queued item": "home.queued",
    "unseen decision": "home.unseen",
}
LOOKS = [*itertools.product(("light", "dark"), (390, 320), (100,)), ("light", 390, 200), ("dark", 390, 200)]


@pytest.mark.parametrize("locale", ["ru", "en"])
@pytest.mark.parametrize("state", named_in("home"))
def test_home_is_good_to_everybody(gallery: Gallery, state: str, locale: str) -> None:
    gallery.show(state, locale)
    found = {}
    for theme, width, letters in LOOKS:
        gallery.look(theme=theme, width=width, letters=letters)
        found[theme, width, letters] = axe(gallery.page) + geometry(gallery.page)
    assert {look: lines for look, lines in found.items() if lines} == {}


def test_every_row_of_the_table_is_there() -> None:
    assert set(ROWS.values()) - set(named_in("home")) == set()


def test_no_state_of_the_gallery_is_left_out(gallery: Gallery) -> None:
    assert sorted(named_in(*(path.stem for path in SOURCES.glob("*.ts")))) == sorted(gallery.states())


class TestWords:
    """E2's sentences, as they are printed."""

    @pytest.mark.parametrize(
        ("state", "sentence"),
        [
            ("home.first-visit", "Заявок пока нет. Здесь появятся ваши заявки и решения по ним."),
            ("home.closed", "Следующий откроется 20 декабря, 09:00 (МСК), на февраль."),
            ("home.opens-today", "Откроется сегодня в 09:00 (МСК)"),
            ("home.limit", "Вы уже подали заявку на январь: Сочи, 15 января."),
            (
                "home.not-eligible",
                "Пока подать нельзя: нарушение от 12 октября. Заявки откроются для вас 12 января 2027.",
            ),
            ("home.offline", "Нет сети. Можно заполнить заявку, отправим позже."),
            ("home.load-error", "Не удалось обновить. Показываем данные на"),
            ("home.queued", "Ждёт отправки"),
            ("home.unseen", "Новое решение"),
            ("home.returning", "Можно подать 1 заявку, подано 0. Заказ рейса — возможность, а не гарантия."),
            ("home.draft", "Черновик: Хабаровск"),
        ],
    )
    def test_the_state_says_so(self, gallery: Gallery, state: str, sentence: str) -> None:
        gallery.show(state, "ru")
        assert gallery.page.get_by_text(sentence).first.is_visible()

    def test_the_skeleton_says_that_it_is_busy(self, gallery: Gallery) -> None:
        gallery.show("home.loading", "ru")
        assert gallery.page.locator("#content[aria-busy=true]").count() == 1
