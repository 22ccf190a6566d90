"""Buttons with their tokens, and rows of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from express_bot.channels.dialogs import tokens
from express_bot.channels.dialogs.plain import plain
from express_bot.channels.dialogs.view import MAX_ALERT, Button, Link, Row
from express_bot.channels.dialogs.words import say

#: A line on a button (ux.md 0.5).
MAX_LABEL = 28
#: Longer lists are turned over, so many at a time (ux.md C3).
WHOLE, PAGE = 12, 10


@dataclass(frozen=True)
class Pen:
    """Writes the buttons of one view of one card."""

    card: str
    rev: int
    locale: str

    def button(self, name: str, choice: str, *, accent: bool = False, **figures: Any) -> Button:
        """A button of ours, by the name of its words."""
        return self.option(say(f"button.{name}", self.locale, **figures), choice, accent=accent)

    def option(self, label: str, choice: str, *, accent: bool = False, alert: str | None = None) -> Button:
        """A button in foreign words."""
        token = tokens.write(self.card, self.rev, choice)
        return Button(plain(label, MAX_LABEL), token, accent=accent, alert=plain(alert, MAX_ALERT) if alert else None)

    def caption(self, label: str) -> Button:
        """A button that does nothing."""
        return Button(label, tokens.write(self.card, self.rev, tokens.NOTHING))

    def link(self, name: str, route: str) -> Button:
        """A button that opens the app at a route."""
        return Button(say(f"button.{name}", self.locale), link=Link(route))

    def steps(self) -> Row:
        """The last row of every question: back and cancel."""
        return self.button("back", "back"), self.button("cancel", "cancel")


def columns(buttons: Iterable[Button], count: int = 2) -> list[Row]:
    """Rows of so many."""
    row, rows = list(buttons), []
    while row:
        rows.append(tuple(row[:count]))
        row = row[count:]
    return rows


def rows(*parts: Row | Sequence[Row]) -> tuple[Row, ...]:
    """Rows one under another; a part is a row or several, and an empty one is no row."""
    found: list[Row] = []
    for part in parts:
        if part and isinstance(part[0], Button):
            found.append(tuple(button for button in part if isinstance(button, Button)))
        else:
            found.extend(row for row in part if isinstance(row, tuple) and row)
    return tuple(found)


def page_of(count: int, page: int) -> tuple[int, int]:
    """The page that exists nearest to the one asked for, and how many there are; a short list has one page."""
    pages = 1 if count <= WHOLE else -(-count // PAGE)
    return min(max(page, 0), pages - 1), pages


def turning(pen: Pen, page: int, pages: int) -> Row:
    """[‹] [1/2] [›] under a list of several pages."""
    if pages == 1:
        return ()
    place = pen.caption(say("ask.page", pen.locale, page=page + 1, pages=pages))
    return (
        pen.option("‹", f"page:{(page - 1) % pages}"),
        place,
        pen.option("›", f"page:{(page + 1) % pages}"),
    )
