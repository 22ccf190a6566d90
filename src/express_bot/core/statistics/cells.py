"""The counts of ``statistics_daily``, made of facts: every combination of dimensions told apart in one pass.

Used by who adds changes up (``folding``), who counts everything anew (``building``), and who counts a month anew
(``mending``). They differ in where the facts are and in what each of them adds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from express_bot.core.statistics.facts import STATUSES
from express_bot.domain.statistics import Layout

#: What an application is counted by the day of.
BASES = ("filed", "target", "decided")
_COLUMNS = f"form_id, basis, grain, dims, day, a, b, {', '.join(STATUSES)}"
_COUNTERS = ", ".join(f"coalesce(sum(n) filter (where status = '{name}'), 0)" for name in STATUSES)
_ADDED = ", ".join(f"{name} = statistics_daily.{name} + excluded.{name}" for name in STATUSES)
#: What is counted there already grows by it.
ADD = f"on conflict (form_id, basis, grain, dims, day, a, b) do update set {_ADDED}"
#: The database's ``grouping`` takes so many columns and no more.
_MOST = 31


def insert(layout: Layout, source: str, each: str, *bases: str) -> str:
    """The statement that writes the counts of these bases; ``each`` is the sum of a group of facts.

    What sums up to nothing is left out. Every basis is a pass of its own over ``source``.
    """
    counted = " union all ".join(part for basis in bases for part in _of(layout, basis, source, each))
    return f"""
        insert into statistics_daily ({_COLUMNS})
        select %(form)s, basis, grain, dims, day, a, b, {_COUNTERS} from ({counted}) counted
        group by basis, grain, dims, day, a, b
    """


def _of(layout: Layout, basis: str, source: str, each: str) -> Iterator[str]:
    if basis == "decided":
        yield _by_day(basis, ("period",), source, each)
        return
    yield _by_dimensions(layout, basis, source, each)
    if basis == "filed":
        yield _by_day(basis, ("period", "hour"), source, each)


def _by_day(basis: str, dims: tuple[str, ...], source: str, each: str) -> str:
    a, b = (*dims, "''")[:2]
    return f"""
        select '{basis}' as basis, 'day' as grain, '{",".join(dims)}' as dims, {a} as a, {b} as b,
            {basis} as day, status, {each} as n
        from {source} where {basis} is not null group by {basis}, {", ".join(dims)}, status having {each} <> 0
    """


def _by_dimensions(layout: Layout, basis: str, source: str, each: str) -> str:
    days, months = _sets(layout, layout.daily_pairs), _sets(layout, layout.pairs)
    sets = [_set(basis, dims) for dims in days] + [_set(f"{basis}_month", dims) for dims in months]
    return f"""
        select '{basis}' as basis, case grouping({basis}) when 0 then 'day' else 'month' end as grain,
            {", ".join(_told(layout, months))},
            coalesce({basis}, {basis}_month) as day, status, {each} as n
        from {source} where {basis} is not null group by grouping sets ({", ".join(sets)}) having {each} <> 0
    """


def _sets(layout: Layout, pairs: tuple[tuple[str, str], ...]) -> list[tuple[str, ...]]:
    return [(), *((name,) for name in layout.dimensions), *pairs]


def _set(day: str, dims: tuple[str, ...]) -> str:
    return f"({', '.join((day, 'status', *(f'v_{name}' for name in dims)))})"


def _told(layout: Layout, sets: list[tuple[str, ...]]) -> Iterator[str]:
    """Which dimensions a row of the sets is told apart by, and their values."""
    yield _case(layout, [(dims, f"'{','.join(dims)}'") for dims in sets]) + " as dims"
    for place, column in enumerate(("a", "b")):
        yield _case(layout, [(dims, f"v_{dims[place]}") for dims in sets if len(dims) > place]) + f" as {column}"


def _case(layout: Layout, values: Iterable[tuple[tuple[str, ...], str]]) -> str:
    whens = " ".join(f"when {_bits(layout, dims)} then {value}" for dims, value in values)
    return f"case {_mask(layout)} {whens} else '' end"


def _mask(layout: Layout) -> str:
    """What the database says of the set that a row belongs to: a bit for each dimension that is not in it."""
    asked = [f"grouping({', '.join(f'v_{name}' for name in part)})" for part in _parts(layout)]
    return asked[0] if len(asked) == 1 else f"concat_ws('.', {', '.join(asked)})"


def _bits(layout: Layout, dims: tuple[str, ...]) -> str:
    """The same of a set that is known; the first dimension is the highest bit."""
    said = [str(int("".join("01"[name not in dims] for name in part), 2)) for part in _parts(layout)]
    return said[0] if len(said) == 1 else f"'{'.'.join(said)}'"


def _parts(layout: Layout) -> list[tuple[str, ...]]:
    return [layout.dimensions[start : start + _MOST] for start in range(0, len(layout.dimensions), _MOST)]
