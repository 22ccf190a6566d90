"""A date: a month of seven columns, or a date in words."""

from __future__ import annotations

from datetime import date, timedelta

from express_bot.channels.dialogs.dates import read_date
from express_bot.channels.dialogs.days import Days, add_months
from express_bot.channels.dialogs.keyboard import Pen, columns, rows
from express_bot.channels.dialogs.steps.base import Given, Look, Missed, Move, Question, Step
from express_bot.channels.dialogs.view import Button, Row
from express_bot.domain import texts

#: A day that cannot be chosen, the chosen one, and the place before the first of a month (ux.md C1.6).
DOT, CHOSEN, NOTHING = "·", "✓", "\u00a0"


class DayStep(Step):
    """The grid shows one month; arrows stand above it only where the period spans months."""

    def lines(self, question: Question) -> list[str]:
        days = _days(question)
        rule = days.rule()
        month = _month(question, days)
        has_dots = any(days.why_not(day) for day in _days_of(month))
        return [" ".join(filter(None, (rule, question.say("days.dot") if has_dots else None)))]

    def rows(self, question: Question, pen: Pen) -> tuple[Row, ...]:
        days = _days(question)
        month = _month(question, days)
        names = texts.entry("common.weekdays.short", question.locale)
        grid = [pen.caption(NOTHING)] * month.weekday() + [_cell(question, days, day, pen) for day in _days_of(month)]
        grid += [pen.caption(NOTHING)] * (-len(grid) % 7)
        week = tuple(pen.caption(name[:1].upper() + name[1:]) for name in names)
        return rows(_title(days, month, pen), week, columns(grid, 7))

    def press(self, question: Question, verb: str, argument: str) -> Move | None:
        if verb == "month":
            return Look({"month": argument})
        day = _read_iso(argument) if verb == "go" else None
        return None if day is None else _chosen(_days(question), day)

    def typed(self, question: Question, text: str) -> Move:
        days = _days(question)
        day = read_date(text, first=days.first, last=days.last, today=days.today)
        return Missed(question.message("not_a_date")) if day is None else _chosen(days, day)


def _days(question: Question) -> Days:
    return Days.of(question.sent, today=question.today, locale=question.locale)


def _chosen(days: Days, day: date) -> Move:
    """The day, or why not and what is near."""
    return Given(day.isoformat()) if days.why_not(day) is None else Look({"month": _name(day)}, days.refusal(day))


def _month(question: Question, days: Days) -> date:
    """The month to show: the one turned to, else that of the answer, else that of the first free day."""
    turned = _read_iso(f"{question.data['month']}-01") if "month" in question.data else None
    answered = _read_iso(str(question.answer)) if question.answer else None
    month = turned or answered or days.first_free() or days.shown_first
    return min(max(month.replace(day=1), days.shown_first), days.shown_last)


def _days_of(month: date) -> list[date]:
    return [month + timedelta(days=n) for n in range((add_months(month, 1) - month).days)]


def _title(days: Days, month: date, pen: Pen) -> Row:
    """[‹] [Январь 2027] [›]."""
    name = texts.month(month, days.locale)
    before, after = add_months(month, -1), add_months(month, 1)
    back = (pen.option("‹", f"month:{_name(before)}"),) if before >= days.shown_first else ()
    on = (pen.option("›", f"month:{_name(after)}"),) if after <= days.shown_last else ()
    return (*back, pen.caption(name[:1].upper() + name[1:]), *on)


def _cell(question: Question, days: Days, day: date, pen: Pen) -> Button:
    why = days.why_not(day)
    if why is not None:
        return pen.option(DOT, "-", alert=why)
    mark = CHOSEN if question.answer == day.isoformat() else ""
    return pen.option(f"{day.day}{mark}", f"go:{day.isoformat()}")


def _name(day: date) -> str:
    return f"{day:%Y-%m}"


def _read_iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
