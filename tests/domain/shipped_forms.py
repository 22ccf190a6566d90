"""The shipped forms, compiled for the January period of the examples."""

from __future__ import annotations

from datetime import date

from express_bot.domain.compiled import CompiledForm, compile_form
from express_bot.domain.defaults import default_directories, default_form

TODAY = date(2026, 11, 23)
JANUARY = (date(2027, 1, 1), date(2027, 1, 31))


def shipped(form: str, locale: str = "ru") -> CompiledForm:
    """A shipped form for January 2027."""
    target = JANUARY if form == "flight" else None
    return compile_form(default_form(form), default_directories(), target=target, today=TODAY, locale=locale)
