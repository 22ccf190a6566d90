"""What a question about figures is read from, and what follows from figures."""

from __future__ import annotations

from datetime import date

import pytest

from express_bot.contracts import errors
from express_bot.domain import statistics
from express_bot.domain.defaults import default_form
from express_bot.domain.statistics import Ask, Layout, Range, Span, ensure_range, layout, shares, shown, spans

FLIGHT = layout(default_form("flight"))


def ask(first: str, last: str, *by: str, grain: str = "none") -> Ask:
    asked = Range(date.fromisoformat(first), date.fromisoformat(last))
    return Ask("flight", "target", grain, asked, by)  # type: ignore[arg-type]  # a word of the test


def test_a_form_says_itself_what_it_is_counted_by():
    assert FLIGHT.dimensions == ("location", "unit", "position", "direction", "channel")
    assert FLIGHT.daily_pairs == (("location", "unit"), ("location", "direction"))
    assert (FLIGHT.main, layout(default_form("certificate")).main) == ("direction", "document")
    assert Layout.read(FLIGHT.stored()) == FLIGHT


@pytest.mark.parametrize(
    ("first", "last", "grain", "expected"),
    [
        ("2027-01-01", "2027-01-31", "none", [("month", "2027-01-01", "2027-01-01")]),
        ("2027-01-01", "2027-01-31", "day", [("day", "2027-01-01", "2027-01-31")]),
        ("2027-01-05", "2027-01-20", "none", [("day", "2027-01-05", "2027-01-20")]),
        ("2026-11-20", "2026-12-05", "none", [("day", "2026-11-20", "2026-12-05")]),
        (
            "2026-11-20",
            "2027-03-05",
            "month",
            [
                ("month", "2026-12-01", "2027-02-01"),
                ("day", "2026-11-20", "2026-11-30"),
                ("day", "2027-03-01", "2027-03-05"),
            ],
        ),
        ("2024-02-01", "2024-02-29", "month", [("month", "2024-02-01", "2024-02-01")]),
        (
            "2026-12-31",
            "2027-01-31",
            "none",
            [("month", "2027-01-01", "2027-01-01"), ("day", "2026-12-31", "2026-12-31")],
        ),
    ],
)
def test_long_ranges_are_read_from_whole_months_and_their_edges_from_days(first, last, grain, expected):
    found = spans(FLIGHT, ask(first, last, "direction", grain=grain))
    assert found == tuple(Span(kind, date.fromisoformat(a), date.fromisoformat(b)) for kind, a, b in expected)


def test_two_dimensions_are_read_by_day_only_where_one_is_the_parent_of_the_other():
    assert spans(FLIGHT, ask("2027-01-05", "2027-01-09", "direction", "location", grain="day"))
    assert spans(FLIGHT, ask("2027-01-01", "2027-02-28", "direction", "unit"))
    with pytest.raises(errors.PairsByMonth):
        spans(FLIGHT, ask("2027-01-05", "2027-01-09", "direction", "unit"))


@pytest.mark.parametrize(
    ("first", "last", "before"),
    [
        ("2027-01-01", "2027-01-31", ("2026-12-01", "2026-12-31")),
        ("2027-01-01", "2027-03-31", ("2026-10-01", "2026-12-31")),
        ("2027-01-05", "2027-01-07", ("2027-01-02", "2027-01-04")),
        ("2024-02-01", "2024-02-29", ("2024-01-01", "2024-01-31")),
    ],
)
def test_the_time_before_whole_months_is_as_many_whole_months(first, last, before):
    found = Range(date.fromisoformat(first), date.fromisoformat(last)).before()
    assert (found.first.isoformat(), found.last.isoformat()) == before


def test_five_years_may_be_asked_about_and_not_a_day_more():
    assert ensure_range(date(2022, 1, 1), date(2026, 12, 31)).days == 1826
    assert ensure_range(date(2024, 2, 29), date(2029, 2, 27)).days == 1826
    for first, last in ((date(2022, 1, 1), date(2027, 1, 1)), (date(2027, 1, 2), date(2027, 1, 1))):
        with pytest.raises(errors.BadRange):
            ensure_range(first, last)


def test_a_million_groups_are_refused_before_anything_is_read():
    sizes = {"unit": 1000, "direction": 1000}
    with pytest.raises(errors.TooManyGroups):
        statistics.ensure_countable(FLIGHT, ask("2027-01-01", "2027-01-31", "unit", "direction"), sizes)


@pytest.mark.parametrize(
    ("counts", "expected"),
    [([1, 1, 1], [34, 33, 33]), ([81, 12, 7], [81, 12, 7]), ([0, 0], [0, 0]), ([5], [100]), ([199, 1], [100, 0])],
)
def test_shares_make_a_hundred_together(counts, expected):
    assert shares(counts) == expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ({"a": 5, "b": 9}, {"a": 5, "b": 9}),
        ({"a": 4, "b": 3, "c": 9}, {"c": 9}),
        # a single small group could be told from the total: the next one goes with it
        ({"a": 1, "b": 7, "c": 9}, {"c": 9}),
        ({"a": 4}, {}),
        ({}, {}),
    ],
)
def test_small_groups_are_hidden_and_cannot_be_told_from_the_total(counts, expected):
    assert shown(counts) == expected
