"""Which days may be chosen, and in which words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from express_bot.channels.dialogs.days import Days, Span, add_months

TODAY = date(2026, 11, 23)
DAY = st.dates(date(2026, 10, 1), date(2027, 6, 30))


def days(first: str | None = "2027-01-09", last: str | None = "2027-01-31", *spans: tuple[str, str]) -> Days:
    excluded = [{"from": start, "to": end, "text": "Отпуск", "reason": "vacation"} for start, end in spans]
    return Days.of({"min": first, "max": last, "excluded": excluded}, today=TODAY, locale="ru")


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (days(), "Можно выбрать 9–31 января."),
        (days("2027-01-09", "2027-01-31", ("2027-01-18", "2027-01-24")),
         "Можно выбрать 9–31 января, кроме 18–24 января."),
        (days("2027-01-01", "2027-01-31", ("2027-01-01", "2027-01-08")), "Можно выбрать 9–31 января."),
        (days("2026-12-20", "2027-01-15"), "Можно выбрать 20 декабря — 15 января."),
        (days("2027-01-09", "2027-01-09"), "Можно выбрать 9 января."),
        (days("2027-01-09", "2027-01-10", ("2027-01-01", "2027-01-31")), "Свободных дней нет."),
        (days(None, None), None),
    ],
)  # fmt: skip
def test_the_rule_stands_in_one_sentence(rules: Days, said: str | None) -> None:
    assert (rules.rule() or "").replace("\u00a0", " ") == (said or "")


def test_a_refused_day_names_its_reason_and_the_nearest_free_ones() -> None:
    rules = days("2027-01-09", "2027-01-31", ("2027-01-18", "2027-01-24"))
    assert rules.refusal(date(2027, 1, 20)) == "Отпуск. Ближайшие свободные: 17 и 25 января."
    assert rules.refusal(date(2027, 1, 1)) == "Эта дата не входит в период. Ближайшая свободная: 9 января."
    assert rules.refusal(date(2026, 11, 1)) == "Этот день уже прошёл. Ближайшая свободная: 9 января."
    full = days("2027-01-09", "2027-01-10", ("2027-01-01", "2027-01-31"))
    assert full.refusal(date(2027, 1, 9)) == "Отпуск."


def test_nearest_days_of_two_months_are_both_named_whole() -> None:
    rules = days("2026-12-25", "2027-01-31", ("2026-12-30", "2027-01-03"))
    assert rules.refusal(date(2027, 1, 1)) == "Отпуск. Ближайшие свободные: 29 декабря и 4 января."


@given(st.one_of(st.none(), DAY), st.one_of(st.none(), DAY), st.lists(st.tuples(DAY, DAY), max_size=4), DAY)
def test_what_is_offered_may_be_chosen(first: Any, last: Any, spans: list[Any], asked: date) -> None:
    if first and last and last < first:
        first, last = last, first
    rules = Days(first, last, tuple(Span(min(span), max(span), "Занято") for span in spans), TODAY, "ru")
    offered = [*rules.nearest(asked), *filter(None, [rules.first_free()])]
    assert all(rules.why_not(day) is None for day in offered)
    assert all(rules.shown_first <= day < add_months(rules.shown_last, 1) for day in offered)
    rules.rule()
    rules.refusal(asked)
