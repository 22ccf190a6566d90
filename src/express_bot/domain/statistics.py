"""What applications are counted by, and how a question about figures is read from counts of days and months.

Kept are counts by nothing, by one dimension, and by two. A single dimension is kept by day; two together by month, and
by day as well where one is the parent of the other (the directions of a base). Long ranges are read from whole months.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate, combinations
from math import prod
from typing import Any, Literal

from express_bot.contracts.errors import (
    BadRange,
    FieldError,
    PairsByMonth,
    TooManyDimensions,
    TooManyGroups,
    UnknownDimension,
)
from express_bot.contracts.statistics import SMALLEST_SHOWN, Basis, Grain
from express_bot.domain.forms import FormDefinition
from express_bot.domain.periods import last_day, shift_month
from express_bot.domain.workflow import OPEN, Status

CHANNEL, STATUS = "channel", "status"
MAX_DIMENSIONS = 2
MAX_GROUPS = 5_000
#: Counts of days that one answer may be read from: what keeps every question within 15 ms.
MAX_DAILY = 12_000
MAX_YEARS = 5
YEARS = range(2000, 2101)
#: Kinds of fields with few different answers.
COUNTABLE = ("choice", "boolean", "number")

GIVEN = frozenset({Status.APPROVED, Status.COMPLETED})
REFUSED = frozenset({Status.WAITLISTED, Status.REJECTED, Status.REVOKED})
UNDECIDED = OPEN

#: Approvals of a person in one direction within a year that are remarkable when exceeded.
THRESHOLD = 3
FAIR_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Layout:
    """What one form is counted by."""

    dimensions: tuple[str, ...]
    """Fields of the form in their order, and ``channel``; ``status`` is told apart everywhere."""
    daily_pairs: tuple[tuple[str, str], ...]
    main: str | None
    """The dimension that stands in an application's title: the direction of a flight."""

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Every two dimensions, in order."""
        return tuple(combinations(self.dimensions, 2))

    def stored(self) -> dict[str, Any]:
        """JSON to keep; ``Layout.read`` reads it back."""
        return {
            "dimensions": list(self.dimensions),
            "daily_pairs": [list(pair) for pair in self.daily_pairs],
            "main": self.main,
        }

    @classmethod
    def read(cls, kept: Mapping[str, Any]) -> Layout:
        """From what was kept."""
        return cls(tuple(kept["dimensions"]), tuple((a, b) for a, b in kept["daily_pairs"]), kept["main"])


def layout(form: FormDefinition) -> Layout:
    """What this definition asks to be counted by."""
    fields = [
        field
        for field in form.fields
        if field.statistics and field.kind in COUNTABLE and field.name not in (CHANNEL, STATUS)
    ]
    names = [field.name for field in fields]
    parents = [(getattr(field, "parent", None), field.name) for field in fields]
    return Layout(
        dimensions=(*names, CHANNEL),
        daily_pairs=tuple((parent, name) for parent, name in parents if parent in names),
        main=next((name for name in form.summary if name in names), None),
    )


# ── A question ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Range:
    """Days from the first to the last, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def before(self) -> Range:
        """The time just before: as many months where these are whole months, as many days otherwise."""
        last = self.first - timedelta(days=1)
        if self.first.day == 1 and self.last == last_day(self.last):
            months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
            return Range(shift_month(self.first, -months), last)
        return Range(self.first - timedelta(days=self.days), last)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch that is read from counts of one grain."""

    grain: Literal["day", "month"]
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Ask:
    """A question: counts of a form's applications by dimensions, within a range."""

    form: str
    basis: Basis
    grain: Grain
    range: Range
    by: tuple[str, ...] = ()
    filters: tuple[tuple[str, str], ...] = ()

    @property
    def dimensions(self) -> frozenset[str]:
        """What the counts have to tell apart."""
        return frozenset((*self.by, *(name for name, _ in self.filters))) - {STATUS}


def ensure_range(first: date, last: date) -> Range:
    """Raises ``BadRange`` for a range that ends before it begins, or is longer than anybody looks at."""
    if last < first:
        raise BadRange(errors=[FieldError("to", "bad_range")])
    if first.year not in YEARS or last.year not in YEARS or last >= _years_later(first, MAX_YEARS):
        raise BadRange(errors=[FieldError("from", "bad_range")], years=MAX_YEARS)
    return Range(first, last)


def _years_later(day: date, years: int) -> date:
    moved = shift_month(day, 12 * years)
    return moved.replace(day=min(day.day, last_day(moved).day))


def ensure_known(known: Layout, by: Sequence[str], filters: Iterable[str]) -> None:
    """Raises ``UnknownDimension`` (also for one named twice), or ``TooManyDimensions``."""
    names = {*known.dimensions, STATUS}
    is_wrong = len(set(by)) < len(by) or not names.issuperset(by)
    strangers = [FieldError("by", "unknown_dimension")] if is_wrong else []
    strangers += [FieldError(name[:60], "unknown_dimension") for name in filters if name not in names]
    if strangers:
        raise UnknownDimension(errors=strangers[:10])
    if len({*by, *filters} - {STATUS}) > MAX_DIMENSIONS:
        raise TooManyDimensions(errors=[FieldError("by", "too_many_dimensions")], most=MAX_DIMENSIONS)


def dims_of(known: Layout, names: Iterable[str]) -> tuple[str, ...]:
    """The dimensions in the order they are kept in."""
    wanted = set(names)
    return tuple(name for name in known.dimensions if name in wanted)


def spans(known: Layout, ask: Ask) -> tuple[Span, ...]:
    """What to read; raises ``PairsByMonth`` where two dimensions are asked for days they are not kept by."""
    dims, asked = dims_of(known, ask.dimensions), ask.range
    is_daily = len(dims) < 2 or dims in known.daily_pairs
    found = _by_months(asked) if ask.grain in ("none", "month") else (Span("day", asked.first, asked.last),)
    if not is_daily and any(span.grain == "day" for span in found):
        raise PairsByMonth(errors=[FieldError("grain", "pairs_by_month")])
    return found


def _by_months(asked: Range) -> tuple[Span, ...]:
    """Whole months as such, what sticks out of them by day."""
    start = asked.first if asked.first.day == 1 else shift_month(asked.first, 1)
    end = asked.last if asked.last == last_day(asked.last) else shift_month(asked.last, 0) - timedelta(days=1)
    if end < start:
        return (Span("day", asked.first, asked.last),)
    edges = [(asked.first, start - timedelta(days=1)), (end + timedelta(days=1), asked.last)]
    days = [Span("day", first, last) for first, last in edges if first <= last]
    return (Span("month", start, shift_month(end, 0)), *days)


def ensure_countable(known: Layout, ask: Ask, sizes: Mapping[str, int]) -> None:
    """Raises ``TooManyGroups`` where an answer could be longer than anybody reads, or is read from too many counts.

    ``sizes``: how many values each dimension has.
    """
    groups = steps(ask) * prod(sizes[name] for name in ask.by)
    days = sum((span.last - span.first).days + 1 for span in spans(known, ask) if span.grain == "day")
    daily = days * prod(sizes[name] for name in ask.dimensions)
    if groups > MAX_GROUPS or daily > MAX_DAILY:
        raise TooManyGroups(errors=[FieldError("by" if ask.by else "grain", "too_many_groups")], most=MAX_GROUPS)


def steps(ask: Ask) -> int:
    """How many days, weeks or months an answer has."""
    asked = ask.range
    if ask.grain == "month":
        return (asked.last.year - asked.first.year) * 12 + asked.last.month - asked.first.month + 1
    return {"none": 1, "day": asked.days, "week": asked.days // 7 + 2}[ask.grain]


# ── What follows from figures ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Fared:
    """How a group of applications fared."""

    requested: int = 0
    approved: int = 0
    refused: int = 0
    undecided: int = 0


def fared(statuses: Mapping[str, int]) -> Fared:
    """The withdrawn are not asked for any more."""
    requested = sum(statuses.values()) - statuses.get(_WITHDRAWN, 0)
    approved, refused, undecided = (sum(statuses.get(name, 0) for name in names) for names in _FATES)
    return Fared(requested, approved, refused, undecided)


#: By the words that rows have; an enumeration is looked up by its name, which is slow where there are many rows.
_WITHDRAWN = Status.WITHDRAWN.value
_FATES = tuple(tuple(status.value for status in group) for group in (GIVEN, REFUSED, UNDECIDED))


def ranks(hours: Mapping[int, int]) -> dict[str, int]:
    """How many decisions there are, and within how many hours half of them and nine of ten were made."""
    order = sorted(hours)
    upto = list(accumulate(map(hours.__getitem__, order)))
    decided = upto[-1]
    within = {name: order[bisect_left(upto, -(-decided * tenths // 10))] for name, tenths in (("p50", 5), ("p90", 9))}
    return {"decided": decided, **within}


def percent(part: int, whole: int) -> int:
    """Rounded half up; 0 of nothing."""
    return (part * 200 + whole) // (whole * 2) if whole > 0 else 0


def shares(counts: Sequence[int]) -> list[int]:
    """Per cents that make 100 together: what rounding leaves over goes to the largest remainders."""
    whole = sum(counts)
    if whole <= 0:
        return [0 for _ in counts]
    floors = [count * 100 // whole for count in counts]
    order = sorted(range(len(counts)), key=lambda index: (-(counts[index] * 100 % whole), index))
    for index in order[: 100 - sum(floors)]:
        floors[index] += 1
    return floors


def shown(counts: Mapping[str, int], least: int = SMALLEST_SHOWN) -> dict[str, int]:
    """Groups that may be shown to everybody.

    What is hidden can be told from the total, so a single small group takes another one along until together they are
    no small group any more.
    """
    kept = {code: count for code, count in counts.items() if count >= least}
    hidden = sum(count for code, count in counts.items() if code not in kept)
    while kept and 0 < hidden < least:
        smallest = min(kept, key=lambda code: (kept[code], code))
        hidden += kept.pop(smallest)
    return kept
