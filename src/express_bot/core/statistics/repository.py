"""Reading figures: rollups and pending deltas added up in one statement, so that each is exact at its moment.

Several statements that belong together run within ``snapshot``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import compress
from typing import Any, NamedTuple
from uuid import UUID

from psycopg import IsolationLevel
from psycopg.rows import tuple_row

from express_bot.core.db.session import Connection, Row
from express_bot.core.statistics import facts
from express_bot.core.statistics.facts import DELTAS, STATUSES, WINDOWS
from express_bot.domain.statistics import STATUS, Ask, Layout, Span, dims_of, ranks, spans

_AT = {
    "none": "null::date",
    "day": "day",
    "week": "date_trunc('week', day::timestamp)::date",
    "month": "date_trunc('month', day::timestamp)::date",
}
_SUMS = ", ".join(f"sum({name})::int as {name}" for name in STATUSES)
_COUNTERS = ", ".join(STATUSES)
_SIGNS = ", ".join(f"case when d.status = '{name}' then d.sign else 0 end as {name}" for name in STATUSES)
_SOME = " or ".join(f"sum({name}) <> 0" for name in STATUSES)


@dataclass(frozen=True)
class Freshness:
    """Which state the figures are of."""

    version: int
    pending: int
    newest: int
    as_of: datetime
    layouts: dict[str, Layout]

    @property
    def tag(self) -> str:
        """Changes whenever a figure can have changed."""
        return f"{self.version}.{self.pending}.{self.newest}"


@contextmanager
def snapshot(db: Connection) -> Iterator[Freshness]:
    """Everything read within is of one moment. Outside of any transaction."""
    db.isolation_level, db.read_only = IsolationLevel.REPEATABLE_READ, True
    try:
        with db.transaction():
            yield freshness(db)
    finally:
        db.isolation_level = db.read_only = None


def freshness(db: Connection) -> Freshness:
    """How far the fold has come, and what is pending."""
    row = db.execute(
        """
        select s.version, s.layouts, d.pending, d.newest, statement_timestamp() as as_of
        from statistics_state s, (select count(*)::int as pending, coalesce(max(id), 0) as newest
                                  from statistics_deltas) d
        """
    ).fetchone()
    assert row is not None, "the migration has put the one row in"
    layouts = {form: Layout.read(kept) for form, kept in row["layouts"].items()}
    return Freshness(row["version"], row["pending"], row["newest"], row["as_of"], layouts)


class Kept(NamedTuple):
    """How a dimension is used: its values are told apart, or narrowed to one, or both."""

    told: bool
    narrowed: bool


@lru_cache(maxsize=512)
def _counts(basis: str, grain: str, dims: tuple[str, ...], kept: tuple[Kept, ...], pieces: tuple[str, ...]) -> str:
    """Counts of a range."""
    columns = ("a", "b")[: len(dims)]
    values = [facts.value(name) for name in dims] + ["''", "''"]
    told = [column if use.told else "''" for column, use in zip(columns, kept, strict=True)] + ["''", "''"]
    narrowed = "".join(f" and {c} = %({c})s" for c, use in zip(columns, kept, strict=True) if use.narrowed)
    # narrowed here as well: where the index can tell, before a row is read
    rollup = " union all ".join(
        f"select day, a, b, {_COUNTERS} from statistics_daily where form_id = %(form)s and basis = '{basis}'"
        f" and grain = '{grain_kept}' and dims = '{','.join(dims)}'"
        f" and day between %(first_{index})s and %(last_{index})s{narrowed}"
        for index, grain_kept in enumerate(pieces)
    )
    return f"""
        select {_AT[grain]} as at, {told[0]} as a, {told[1]} as b, {_SUMS}
        from (
            {rollup}
            union all
            select {facts.DAYS[basis]} as day, {values[0]} as a, {values[1]} as b, {_SIGNS}
            from {DELTAS} d where d.form_id = %(form)s and {facts.DAYS[basis]} between %(first)s and %(last)s
        ) counted where true{narrowed}
        group by 1, 2, 3 having {_SOME}
    """


class Counted(NamedTuple):
    """A group: its day, the code of each dimension that was asked for, and a counter for each of ``STATUSES``."""

    at: date | None
    codes: tuple[str, ...]
    counters: tuple[int, ...]

    @property
    def statuses(self) -> dict[str, int]:
        """Those that occur."""
        return dict(compress(zip(STATUSES, self.counters, strict=True), self.counters))


def statement(layout: Layout, ask: Ask) -> tuple[str, dict[str, Any]]:
    """What answers the question, and its values; raises ``PairsByMonth``."""
    dims, filters, pieces = dims_of(layout, ask.dimensions), dict(ask.filters), spans(layout, ask)
    kept = tuple(Kept(name in ask.by, name in filters) for name in dims)
    values = {"form": ask.form, "first": ask.range.first, "last": ask.range.last, **_bounds(pieces)}
    values |= {column: filters[name] for column, name in zip("ab", dims, strict=False) if name in filters}
    return _counts(ask.basis, ask.grain, dims, kept, tuple(piece.grain for piece in pieces)), values


def counted(db: Connection, layout: Layout, ask: Ask) -> list[Counted]:
    """The groups; their codes in the order of ``ask.by``, status aside."""
    dims = dims_of(layout, ask.dimensions)
    places = [1 + dims.index(name) for name in ask.by if name != STATUS]
    with db.cursor(row_factory=tuple_row) as cursor:
        rows = cursor.execute(*statement(layout, ask)).fetchall()
    return [Counted(row[0], tuple([row[place] for place in places]), row[3:]) for row in rows]


def counts(db: Connection, layout: Layout, ask: Ask) -> list[Row]:
    """Rows of ``at``, a code for each dimension asked for (by name), and a counter for each status that occurs."""
    names = [name for name in ask.by if name != STATUS]
    return [
        {"at": group.at, "codes": dict(zip(names, group.codes, strict=True)), "statuses": group.statuses}
        for group in counted(db, layout, ask)
    ]


def _bounds(pieces: Sequence[Span]) -> dict[str, date]:
    first = {f"first_{index}": piece.first for index, piece in enumerate(pieces)}
    return first | {f"last_{index}": piece.last for index, piece in enumerate(pieces)}


def of_period(db: Connection, form: str, period: str, basis: str, days: tuple[date, date]) -> list[Row]:
    """Counts of one period (``''``: of none) by day: of filing and hour, or of decision."""
    dims = "period,hour" if basis == "filed" else "period"
    hour = facts.FILED_HOUR if basis == "filed" else "''"
    return db.execute(
        f"""
        select day, b as hour, {_SUMS}
        from (
            select day, b, {_COUNTERS} from statistics_daily
            where form_id = %(form)s and basis = '{basis}' and grain = 'day' and dims = '{dims}' and a = %(period)s
              and day between %(first)s and %(last)s
            union all
            select {facts.DAYS[basis]}, {hour}, {_SIGNS} from {DELTAS} d
            where d.form_id = %(form)s and {facts.PERIOD} = %(period)s
              and {facts.DAYS[basis]} between %(first)s and %(last)s
        ) counted group by 1, 2 having {_SOME} order by 1, 2
        """,
        {"form": form, "period": period, "first": days[0], "last": days[1]},
    ).fetchall()


@lru_cache(maxsize=64)
def _spread(layout: Layout, kind: str) -> str:
    window = f"between %(until)s::date - make_interval(months => {WINDOWS[kind] - 1}) and %(until)s::date"
    return f"""
        with facts as (
            {facts.select_facts(layout, DELTAS)}{facts.OF_FORM}
        ), changed as (
            select f.applicant_id, k.code, sum(f.sign)::int as change
            from facts f cross join lateral {facts.MEMBERSHIPS}
            where k.counts and k.kind = %(kind)s and k.month {window}
            group by f.applicant_id, k.code having sum(f.sign) <> 0
        ), stood as (
            select c.*, coalesce((
                select sum(p.count) from statistics_people p where p.form_id = %(form)s and p.kind = %(kind)s
                  and p.applicant_id = c.applicant_id and p.code = c.code and p.month {window}), 0)::int as before
            from changed c
        )
        select code, count, sum(people)::int as people from (
            select code, count, people from statistics_spread
            where form_id = %(form)s and kind = %(kind)s and until = %(until)s
            union all
            select s.code, k.count, k.people from stood s
            cross join lateral (values (s.before, -1), (s.before + s.change, 1)) k(count, people) where k.count <> 0
        ) counted group by code, count having sum(people) <> 0 order by code, count
    """


def spread(db: Connection, layout: Layout, form: str, kind: str, until: date) -> list[Row]:
    """How many people have so many, by code, in the window of this kind that ends with a month."""
    return db.execute(_spread(layout, kind), {"form": form, "kind": kind, "until": until}).fetchall()


#: A list of hours and one of counts for each week: thousands of pairs, as two values that are read at once.
_DURATIONS = f"""
    select week, array_agg(hours order by hours) as hours, array_agg(count order by hours) as counts
    from (
        select week, hours, count from statistics_durations
        where form_id = %(form)s and week between %(first)s and %(last)s
        union all
        select {facts.WEEK}, {facts.HOURS}, d.sign from {DELTAS} d
        where d.form_id = %(form)s and {facts.WEEK} between %(first)s and %(last)s
    ) found group by week order by week
"""


def durations(db: Connection, form: str, first: date, last: date) -> list[Row]:
    """Decisions of the weeks between two Mondays with their median and p90 in full hours; the last row is of all."""
    rows = db.execute(_DURATIONS, {"form": form, "first": first, "last": last})
    weeks = {row["week"]: _by_hour(row["hours"], row["counts"]) for row in rows}
    whole: defaultdict[int, int] = defaultdict(int)
    for hours in weeks.values():
        for hour, count in hours.items():  # thousands: a Counter's own update takes twice as long
            whole[hour] += count
    return [{"week": week, **ranks(hours)} for week, hours in [*weeks.items(), (None, whole)] if any(hours.values())]


def _by_hour(hours: Sequence[int], counts: Sequence[int]) -> dict[int, int]:
    """An hour stands there again for each change of it that is pending."""
    found = dict(zip(hours, counts, strict=True))
    if len(found) < len(hours):
        found = dict.fromkeys(found, 0)
        for hour, count in zip(hours, counts, strict=True):
            found[hour] += count
    return found


@lru_cache(maxsize=64)
def _approvals(layout: Layout) -> str:
    return f"""
        with facts as ({facts.select_facts(layout, DELTAS)}{facts.OF_FORM} and d.applicant_id = %(applicant)s)
        select code, month, sum(count)::int as count from (
            select code, month, count from statistics_people
            where form_id = %(form)s and kind = 'approved' and applicant_id = %(applicant)s
            union all
            select given, month, sign from facts where given is not null
        ) counted group by code, month having sum(count) <> 0
    """


def approvals(db: Connection, layout: Layout, values: dict[str, Any]) -> list[Row]:
    """One person's approvals by code and month; ``values``: form and applicant."""
    return db.execute(_approvals(layout), values).fetchall()


def totals(db: Connection) -> dict[str, dict[str, int]]:
    """Everything there is, by form and status."""
    rows = db.execute(
        f"""
        select form_id, {_SUMS} from (
            select form_id, {_COUNTERS} from statistics_daily where basis = 'filed' and grain = 'month' and dims = ''
            union all
            select form_id, {_SIGNS} from {DELTAS} d
        ) counted group by form_id order by form_id
        """
    )
    return {row["form_id"]: {name: row[name] for name in STATUSES if row[name]} for row in rows}


# ── One person's own ─────────────────────────────────────────────────────────────────────────────────────────────────


def own(db: Connection, applicant: UUID, form: str, dimension: str | None) -> list[Row]:
    """A person's applications of a form by their main dimension, straight from the rows: nobody has many."""
    code = facts.value(dimension) if dimension else "''"
    return db.execute(
        f"""
        select {code} as code, count(*)::int as filed, count(*) filter (where {facts.IS_GIVEN})::int as approved,
            max(d.target_date) filter (where {facts.IS_GIVEN}) as last_date,
            count(d.decision->>'decided_at')::int as decided,
            coalesce(sum(extract(epoch from (d.decision->>'decided_at')::timestamptz - d.filed_at)), 0)::float
                as seconds
        from applications d where d.applicant_id = %s and d.form_id = %s
        group by 1 order by filed desc, code
        """,
        (applicant, form),
    ).fetchall()


# ── Health of what tells people ──────────────────────────────────────────────────────────────────────────────────────


def notifications_by_hour(db: Connection, since: datetime) -> list[dict[str, Any]]:
    """Promises settled and deliveries given up, by hour of the real clock."""
    return db.execute(
        """
        select hour, sum(settled)::int as settled, sum(dead)::int as dead from (
            select date_trunc('hour', settled_at) as hour, 1 as settled, 0 as dead from outbox where settled_at >= %s
            union all
            select date_trunc('hour', ended_at), 0, 1 from deliveries where state = 'dead' and ended_at >= %s
        ) ended group by hour order by hour
        """,
        (since, since),
    ).fetchall()
