"""Counting everything anew: what the fold adds up change by change, taken from all applications at once.

One pass over the applications for each basis tells every combination of dimensions apart (``grouping sets``): with
millions of rows that is many times faster than folding them.
"""

from __future__ import annotations

from collections.abc import Iterator

from express_bot.core.db.session import Connection
from express_bot.core.statistics import facts
from express_bot.core.statistics.facts import APPLICATIONS, STATUSES, WINDOWS
from express_bot.domain.statistics import Layout

_COLUMNS = f"form_id, basis, grain, dims, day, a, b, {', '.join(STATUSES)}"
_PIVOT = ", ".join(f"coalesce(sum(n) filter (where status = '{name}'), 0)" for name in STATUSES)
_PERIODS = f"""
    insert into statistics_daily ({_COLUMNS})
    select %(form)s, basis, 'day', dims, day, a, b, {_PIVOT}
    from (
        select 'filed' as basis, 'period,hour' as dims, filed as day, period as a, hour as b, status, count(*) as n
        from built group by filed, period, hour, status
        union all
        select 'decided', 'period', decided, period, '', status, count(*)
        from built where decided is not null group by decided, period, status
    ) counted group by basis, dims, day, a, b
"""
_DURATIONS = """
    insert into statistics_durations (form_id, week, hours, count)
    select %(form)s, week, hours, count(*) from built where week is not null group by week, hours
"""
_PEOPLE = f"""
    insert into statistics_people (form_id, kind, applicant_id, code, month, count)
    select %(form)s, k.kind, f.applicant_id, k.code, k.month, count(*)
    from built f cross join lateral {facts.MEMBERSHIPS} where k.counts
    group by k.kind, f.applicant_id, k.code, k.month
"""
_SPREAD_OF_ONE_MONTH = """
    insert into statistics_spread (form_id, kind, until, code, count, people)
    select form_id, kind, month, code, count, count(*) from statistics_people
    where form_id = %(form)s and kind = %(kind)s group by form_id, kind, month, code, count
"""
#: A person's number within the window changes when a month enters it and when one leaves it; between two changes it
#: stands. Who comes to a number and who goes from it, month by month, add up to who has it.
_SPREAD = """
    insert into statistics_spread (form_id, kind, until, code, count, people)
    with changes as (
        select code, applicant_id, month, sum(change) as change from (
            select code, applicant_id, month, count as change from statistics_people
            where form_id = %(form)s and kind = %(kind)s
            union all
            select code, applicant_id, (month + make_interval(months => %(months)s))::date, -count
            from statistics_people where form_id = %(form)s and kind = %(kind)s
        ) entering_and_leaving group by code, applicant_id, month
    ), stood as (
        select code, month as since, lead(month) over one as before, sum(change) over one as count
        from changes window one as (partition by code, applicant_id order by month)
    ), moved as (
        select code, count, k.month, sum(k.people) as people
        from stood cross join lateral (values (since, 1), (before, -1)) k(month, people)
        where count > 0 group by code, count, k.month
    ), months as (
        select generate_series(min(month)::timestamp, max(month)::timestamp, interval '1 month')::date as until
        from moved
    )
    select %(form)s, %(kind)s, until, code, count, sum(people)
    from months join moved on month <= until group by until, code, count having sum(people) <> 0
"""


def build(db: Connection, form: str, layout: Layout) -> int:
    """Fills the empty rollups of one form, within the caller's transaction; returns how many were counted."""
    values = {"form": form}
    counted = db.execute(
        f"create temporary table built on commit drop as {facts.select_facts(layout, APPLICATIONS)}",
        values,
        prepare=False,
    ).rowcount
    db.execute("analyze built")
    for statement in (_daily(layout, "filed"), _daily(layout, "target"), _PERIODS, _DURATIONS, _PEOPLE):
        db.execute(statement, values, prepare=False)
    for kind, months in WINDOWS.items():
        statement = _SPREAD if months > 1 else _SPREAD_OF_ONE_MONTH
        db.execute(statement, values | {"kind": kind, "months": months}, prepare=False)
    db.execute("drop table built")
    return counted


def _daily(layout: Layout, basis: str) -> str:
    days, months = _sets(layout, layout.daily_pairs), _sets(layout, layout.pairs)
    sets = [_set(basis, dims) for dims in days] + [_set(f"{basis}_month", dims) for dims in months]
    told = ", ".join(f"v_{name}" for name in layout.dimensions)
    return f"""
        insert into statistics_daily ({_COLUMNS})
        select %(form)s, '{basis}', grain, dims, day, a, b, {_PIVOT}
        from (
            select case grouping({basis}) when 0 then 'day' else 'month' end as grain,
                coalesce({basis}, {basis}_month) as day, status, count(*) as n,
                {", ".join(_told(layout, months, f"grouping({told})"))}
            from built where {basis} is not null group by grouping sets ({", ".join(sets)})
        ) counted group by grain, dims, day, a, b
    """


def _sets(layout: Layout, pairs: tuple[tuple[str, str], ...]) -> list[tuple[str, ...]]:
    return [(), *((name,) for name in layout.dimensions), *pairs]


def _set(day: str, dims: tuple[str, ...]) -> str:
    return f"({', '.join((day, 'status', *(f'v_{name}' for name in dims)))})"


def _told(layout: Layout, sets: list[tuple[str, ...]], mask: str) -> Iterator[str]:
    """Which dimensions a row of the sets is told apart by, and their values."""
    named = [(_mask(layout, dims), dims) for dims in sets]
    yield _case(mask, [(bits, f"'{','.join(dims)}'") for bits, dims in named]) + " as dims"
    for place, column in enumerate(("a", "b")):
        values = [(bits, f"v_{dims[place]}") for bits, dims in named if len(dims) > place]
        yield _case(mask, values) + f" as {column}"


def _mask(layout: Layout, dims: tuple[str, ...]) -> int:
    """What ``grouping`` says of a set: a bit for each dimension that is not in it, the first one highest."""
    return int("".join("0" if name in dims else "1" for name in layout.dimensions), 2)


def _case(mask: str, values: list[tuple[int, str]]) -> str:
    return f"case {mask} " + " ".join(f"when {bits} then {value}" for bits, value in values) + " else '' end"
