"""A second opinion: counts taken from rows in Python, in another way than the rollups are, and compared with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from express_bot.contracts.statistics import NONE, OTHER, Basis
from express_bot.core.applications.service import HOUSE_ZONE
from express_bot.core.db.session import Connection, Row
from express_bot.core.statistics import repository
from express_bot.core.statistics.facts import LONGEST
from express_bot.domain.statistics import CHANNEL, GIVEN, Ask, Layout, Range
from express_bot.domain.workflow import Status

ZONE = ZoneInfo(HOUSE_ZONE)
_ROWS = """
    select a.* from applications a join users u on u.id = a.applicant_id and not u.probe where a.form_id = %(form)s
"""
#: Days that are known to the rollups or to the rows, so that a day nobody counted is found as well.
_DAYS = """
    (select basis, day from statistics_daily
     where form_id = %(form)s and grain = 'day' and dims = '' and basis in ('filed', 'target')
     order by random() limit %(days)s)
    union
    (select 'target', target_date from applications
     where form_id = %(form)s and target_date is not null
       and id >= (select (random() * max(id))::bigint from applications) order by id limit 1)
"""
_SOME_APPLICANTS = """
    select distinct applicant_id from (
        select applicant_id from applications where form_id = %(form)s
          and id >= (select (random() * max(id))::bigint from applications) order by id limit %(people)s) picked
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that is not what the rows say."""

    form: str
    figure: str
    kept: int
    counted: int
    basis: Basis | None = None
    """The day that has to be counted anew; none: more than a day."""
    day: date | None = None


def code(dimension: str, row: Mapping[str, Any]) -> str:
    """What an application counts as, by one dimension."""
    answer = row["channel"] if dimension == CHANNEL else row["answers"].get(dimension)
    if answer is None:
        return NONE
    if isinstance(answer, dict | list):
        return OTHER
    return (str(answer).lower() if isinstance(answer, bool) else str(answer))[:LONGEST]


def day_of(basis: Basis, row: Mapping[str, Any]) -> date | None:
    """The day an application counts for."""
    filed: datetime = row["filed_at"]
    target: date | None = row["target_date"]
    return filed.astimezone(ZONE).date() if basis == "filed" else target


def month_of(row: Mapping[str, Any]) -> date:
    """The month an application belongs to: of its target, or of its filing where it has none."""
    day: date = row["target_date"] or row["filed_at"].astimezone(ZONE).date()
    return day.replace(day=1)


def count(rows: Iterable[Mapping[str, Any]], dims: tuple[str, ...]) -> Counter[tuple[str, ...]]:
    """Applications by codes and status."""
    return Counter((*(code(name, row) for name in dims), row["status"]) for row in rows)


def told(rows: Iterable[Row], dims: tuple[str, ...]) -> Counter[tuple[str, ...]]:
    """The same, from what a reader is told."""
    return Counter(
        {
            (*(row["codes"][name] for name in dims), status): number
            for row in rows
            for status, number in row["statuses"].items()
        }
    )


def sample(db: Connection, *, days: int, people: int) -> list[Difference]:
    """Every dimension of some days, and every approval of some people, of each form."""
    with repository.snapshot(db) as fresh:
        return [
            difference
            for form, layout in fresh.layouts.items()
            for check in (_days(db, form, layout, days), _people(db, form, layout, people))
            for difference in check
        ]


def _days(db: Connection, form: str, layout: Layout, days: int) -> Iterator[Difference]:
    for picked in db.execute(_DAYS, {"form": form, "days": days}).fetchall():
        yield from of_day(db, form, layout, picked["basis"], picked["day"])


def of_day(db: Connection, form: str, layout: Layout, basis: Basis, day: date) -> Iterator[Difference]:
    """Every dimension of one day."""
    rows = db.execute(_ROWS + _of_day(basis), {"form": form, "day": day, "zone": HOUSE_ZONE}).fetchall()
    for dims in ((), *((name,) for name in layout.dimensions), *layout.daily_pairs):
        ask = Ask(form, basis, "none", Range(day, day), by=dims)
        kept = told(repository.counts(db, layout, ask), dims)
        for found in differences(form, f"{basis} {day} {','.join(dims)}", kept, count(rows, dims)):
            yield replace(found, basis=basis, day=day)


def _of_day(basis: str) -> str:
    if basis == "target":
        return " and a.target_date = %(day)s"
    start = "(%(day)s::date + {}) at time zone %(zone)s"
    first, last = start.format("time '00:00'"), start.format("time '00:00' + interval '1 day'")
    return f" and a.filed_at >= {first} and a.filed_at < {last}"


def _people(db: Connection, form: str, layout: Layout, people: int) -> Iterator[Difference]:
    """Whether approvals of people are what their applications say; deltas of these people are added."""
    if layout.main is None:
        return
    for person in db.execute(_SOME_APPLICANTS, {"form": form, "people": people}).fetchall():
        values = {"form": form, "applicant": person["applicant_id"]}
        rows = db.execute(_ROWS + " and a.applicant_id = %(applicant)s", values).fetchall()
        kept: Counter[tuple[str, ...]] = Counter()
        for row in repository.approvals(db, layout, values):
            kept[row["code"], str(row["month"])] = row["count"]
        yield from differences(form, "approvals of one person", kept, approvals(rows, layout.main))


def approvals(rows: Iterable[Mapping[str, Any]], main: str) -> Counter[tuple[str, ...]]:
    """Approved applications by main dimension and month."""
    return Counter((code(main, row), str(month_of(row))) for row in rows if Status(row["status"]) in GIVEN)


def differences(
    form: str, figure: str, kept: Counter[tuple[str, ...]], counted: Counter[tuple[str, ...]]
) -> Iterator[Difference]:
    """What the two do not agree about."""
    for key in sorted(set(kept) | set(counted)):
        if kept[key] != counted[key]:
            yield Difference(form, f"{figure} {key}", kept[key], counted[key])
