"""The applications behind a figure: exactly those that were counted, newest day first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from express_bot.contracts.errors import PairsByMonth
from express_bot.contracts.statistics import Grain
from express_bot.core.applications.service import HOUSE_ZONE
from express_bot.core.db.session import Connection, Row
from express_bot.core.statistics import facts, repository
from express_bot.core.statistics.words import Subject
from express_bot.domain.periods import last_day
from express_bot.domain.statistics import STATUS, Ask, Layout, Range, dims_of, spans

#: Which column a day is of: what the rows are found and ordered by.
ORDER = {"filed": "d.filed_at", "target": "d.target_date"}


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure: a question without groups, and what it is narrowed to besides."""

    ask: Ask
    statuses: frozenset[str] | None = None
    period: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: the order's value and the id of its last row, and how many rows there were up to it."""

    value: str
    id: int
    seen: int


def bar_of(ask: Ask, *, grain: Grain, at: date | None, period: int | None) -> Bar:
    """The bar of a question: all of it, or the day, week or month that begins ``at``."""
    filters = tuple((name, code) for name, code in ask.filters if name != STATUS)
    wanted = dict(ask.filters).get(STATUS)
    asked = replace(ask, by=(), grain="none", filters=filters, range=_narrowed(ask.range, grain, at))
    return Bar(asked, frozenset(wanted.split(",")) if wanted else None, period)


def _narrowed(asked: Range, grain: Grain, at: date | None) -> Range:
    if at is None or grain == "none":
        return asked
    end = {"day": at, "week": at + timedelta(days=6), "month": last_day(at)}[grain]
    return Range(max(asked.first, at), min(asked.last, end))


def total(db: Connection, subject: Subject, bar: Bar) -> int:
    """The figure itself: as it is shown, or counted where it is kept in no such pieces."""
    if bar.period is not None or not _is_told(subject.layout, bar.ask):
        row = db.execute(f"select count(*)::int as total {_found(subject, bar)}", _values(bar)).fetchone()
        return int(row["total"]) if row else 0
    told = repository.counts(db, subject.layout, bar.ask)
    return sum(_counted(row["statuses"].items(), bar.statuses) for row in told)


def _is_told(layout: Layout, ask: Ask) -> bool:
    try:
        spans(layout, ask)
    except PairsByMonth:
        return False
    return True


def _counted(statuses: Iterable[tuple[str, int]], wanted: frozenset[str] | None) -> int:
    return sum(count for status, count in statuses if wanted is None or status in wanted)


def page(db: Connection, subject: Subject, bar: Bar, *, after: Place | None, size: int) -> list[Row]:
    """Applications with the names of those who filed them, those after a place."""
    order = ORDER[bar.ask.basis]
    kind = "timestamptz" if bar.ask.basis == "filed" else "date"
    further = f" and ({order}, d.id) < (%(value)s::{kind}, %(id)s)" if after else ""
    place = {"value": after.value, "id": after.id} if after else {}
    return db.execute(
        f"select d.*, u.full_name {_found(subject, bar)}{further} order by {order} desc, d.id desc limit %(size)s",
        _values(bar) | place | {"size": size},
    ).fetchall()


def place_of(bar: Bar, row: Row, seen: int) -> Place:
    """Where a page ends that ends with this row."""
    value: datetime | date = row["filed_at"] if bar.ask.basis == "filed" else row["target_date"]
    return Place(value.isoformat(), row["id"], seen)


def _found(subject: Subject, bar: Bar) -> str:
    dims = dims_of(subject.layout, bar.ask.dimensions)
    narrowed = "".join(f" and {facts.value(name)} = %(f_{name})s" for name in dims)
    narrowed += " and d.status = any(%(statuses)s)" if bar.statuses is not None else ""
    narrowed += " and d.period_id = %(period)s" if bar.period is not None else ""
    return (
        "from applications d join users u on u.id = d.applicant_id and not u.probe"
        f" where d.form_id = %(form)s and {facts.RANGES[bar.ask.basis]}{narrowed}"
    )


def _values(bar: Bar) -> dict[str, Any]:
    return {
        **{f"f_{name}": code for name, code in bar.ask.filters},
        "form": bar.ask.form,
        "first": bar.ask.range.first,
        "last": bar.ask.range.last,
        "zone": HOUSE_ZONE,
        "statuses": sorted(bar.statuses or ()),
        "period": bar.period,
    }
