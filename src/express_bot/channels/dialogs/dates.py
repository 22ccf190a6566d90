"""A date as people write it: ``15``, ``15.01``, ``15.1.27``, «15 января», ``January 15``, ``2027-01-15``.

The same reading as the date field of the web app (``frontend/src/ui/calendar/typed.ts``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from express_bot.domain import texts
from express_bot.domain.locales import LOCALES

#: How far ahead a date without a year may lie.
MONTHS_AHEAD = 37

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_ODD = re.compile(r"[^\w\s.,/-]|_")
_PIECE = re.compile(r"[0-9]+|[^\W\d_]+")
_DAY = re.compile(r"[0-9]{1,2}")
_MONTH_SIGNS = 3


def read_date(text: str, *, first: date | None, last: date | None, today: date) -> date | None:
    """The day meant; what is left out is taken so that it falls between the bounds, or else as soon as possible."""
    text = text.strip()
    iso = _ISO.fullmatch(text)
    if iso:
        return _day(int(iso[1]), int(iso[2]), int(iso[3]))
    if _ODD.search(text):
        return None
    pieces = _PIECE.findall(text.lower())
    return _of_pieces(pieces, first or today, last) if 1 <= len(pieces) <= 4 else None


def _of_pieces(pieces: list[str], start: date, last: date | None) -> date | None:
    """Day, month, year in this order; the month's name may stand first, a word may follow the year."""
    first, second, third, word = [*pieces, "", "", ""][:4]
    day, month = (first, second) if first.isdecimal() else (second, first)
    if not _DAY.fullmatch(day) or word.isdecimal():
        return None
    number = _month(month) if month else None
    if month and number is None:
        return None
    if third:
        year = _year(third)
        return _day(year, number, int(day)) if year and number else None
    return _complete(int(day), number, start, last)


def _month(piece: str) -> int | None:
    if _DAY.fullmatch(piece):
        return int(piece)
    return _month_names().get(piece[:_MONTH_SIGNS]) if len(piece) >= _MONTH_SIGNS else None


@cache
def _month_names() -> dict[str, int]:
    """Beginnings of names in both languages and cases («май», «мая»): people mix them."""
    branches = (texts.entry(f"common.months.{case}", locale) for locale in LOCALES for case in ("of", "title"))
    return {name.lower()[:_MONTH_SIGNS]: number for names in branches for number, name in enumerate(names, 1)}


def _year(piece: str) -> int | None:
    if not piece.isdecimal() or len(piece) not in (2, 4):
        return None
    return int(piece) + (2000 if len(piece) == 2 else 0)


def _complete(day: int, month: int | None, start: date, last: date | None) -> date | None:
    """Tries the months from the earliest allowed one on, until the day exists and lies inside."""
    candidates = list(_candidates(day, month, start))
    inside = (found for found in candidates if found >= start and (last is None or found <= last))
    return next(inside, candidates[0] if candidates else None)


def _candidates(day: int, month: int | None, start: date) -> Iterator[date]:
    for ahead in range(MONTHS_AHEAD):
        years, index = divmod(start.month - 1 + ahead, 12)
        found = _day(start.year + years, index + 1, day) if month in (None, index + 1) else None
        if found is not None:
            yield found


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
