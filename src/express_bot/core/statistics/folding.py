"""Folding: pending deltas become part of the rollups, in one transaction with their disappearance.

One folds at a time (an advisory lock of the database); a reader sees a delta either pending or folded, never both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache

from psycopg.types.json import Jsonb

from express_bot.core.db.session import Connection
from express_bot.core.statistics import building, cells, facts
from express_bot.core.statistics.facts import WINDOWS
from express_bot.domain.statistics import Layout

BATCH = 2_000
ROLLUPS = ("statistics_daily", "statistics_durations", "statistics_people", "statistics_spread")
_LOCK = "hashtextextended('fold of the statistics', 0)"

_TAKEN = """
    delete from statistics_deltas where id in (
        select id from statistics_deltas where form_id = %(form)s order by id limit %(limit)s) returning *
"""
_DURATIONS = """
    insert into statistics_durations (form_id, week, hours, count)
    select %(form)s, week, hours, sum(sign) from facts where week is not null group by week, hours having sum(sign) <> 0
    on conflict (form_id, week, hours) do update set count = statistics_durations.count + excluded.count
"""
_TOUCHED = f"""
    select k.kind, f.applicant_id, k.code, k.month, sum(f.sign)::int as change
    from facts f cross join lateral {facts.MEMBERSHIPS} where k.counts
    group by k.kind, f.applicant_id, k.code, k.month having sum(f.sign) <> 0
"""
_PEOPLE = """
    insert into statistics_people (form_id, kind, applicant_id, code, month, count)
    select %(form)s, kind, applicant_id, code, month, change from touched
    on conflict (form_id, kind, applicant_id, code, month) do update
        set count = statistics_people.count + excluded.count
"""
_WINDOW = "case t.kind " + " ".join(f"when '{kind}' then {months}" for kind, months in WINDOWS.items()) + " end"
#: Every window that a changed month lies in, by its last month.
_MOVED = f"""
    select t.kind, t.applicant_id, t.code, (t.month + make_interval(months => n))::date as until,
        {_WINDOW} as months, sum(t.change)::int as change
    from touched t cross join lateral generate_series(0, {_WINDOW} - 1) n
    group by t.kind, t.applicant_id, t.code, 4, 5 having sum(t.change) <> 0
"""
#: What a person had in the window before; ``statistics_people`` is read as it was before this statement.
_BEFORE = """coalesce((
    select sum(p.count) from statistics_people p
    where p.form_id = %(form)s and p.kind = m.kind and p.applicant_id = m.applicant_id and p.code = m.code
      and p.month between m.until - make_interval(months => m.months - 1) and m.until), 0)::int"""
#: Looked up once for the two columns that it is needed for.
_STANDING = f"select m.*, {_BEFORE} as before from moved m"
#: From one column of the spread to another.
_SPREAD = """
    insert into statistics_spread (form_id, kind, until, code, count, people)
    select %(form)s, s.kind, s.until, s.code, k.count, sum(k.people)
    from standing s
    cross join lateral (values (s.before, -1), (s.before + s.change, 1)) k(count, people)
    where k.count <> 0
    group by s.kind, s.until, s.code, k.count having sum(k.people) <> 0
    on conflict (form_id, kind, until, code, count) do update
        set people = statistics_spread.people + excluded.people
"""


@lru_cache(maxsize=64)
def _statement(layout: Layout) -> str:
    """The whole fold of one form as one statement."""
    return f"""
        with taken as ({_TAKEN}),
        facts as materialized ({facts.select_facts(layout, "taken")}),
        daily as ({cells.insert(layout, "facts", "sum(sign)", *cells.BASES)} {cells.ADD}),
        durations as ({_DURATIONS}),
        touched as materialized ({_TOUCHED}),
        people as ({_PEOPLE}),
        moved as ({_MOVED}),
        standing as materialized ({_STANDING}),
        spread as ({_SPREAD})
        select count(*)::int as folded from facts
    """


def fold(db: Connection, layouts: Mapping[str, Layout], *, limit: int = BATCH) -> int | None:
    """Folds up to ``limit`` deltas of each form; returns how many, ``None`` when a rebuild has to come first.

    Nought also when somebody else is folding.
    """
    with db.transaction():
        if not _is_ours(db):
            return 0
        kept = read_layouts(db)
        if any(layouts.get(form, layout) != layout for form, layout in kept.items()):
            return None
        known = {**kept, **layouts}
        folded = sum(_fold_form(db, form, known[form], limit) for form in _waiting(db) if form in known)
        if folded:
            _write_state(db, known)
    return folded


def _is_ours(db: Connection) -> bool:
    # a statement of its own: the fold's has to see everything that the one before has left
    row = db.execute(f"select pg_try_advisory_xact_lock({_LOCK}) as mine").fetchone()
    return bool(row and row["mine"])


def _waiting(db: Connection) -> list[str]:
    return [row["form_id"] for row in db.execute("select distinct form_id from statistics_deltas order by form_id")]


def _fold_form(db: Connection, form: str, layout: Layout, limit: int) -> int:
    # planned anew each time: how much is waiting now is what the best way depends on
    row = db.execute(_statement(layout), {"form": form, "limit": limit}, prepare=False).fetchone()
    return int(row["folded"]) if row else 0


def read_layouts(db: Connection) -> dict[str, Layout]:
    """What the rollups are counted by, by form."""
    row = db.execute("select layouts from statistics_state").fetchone()
    return {form: Layout.read(kept) for form, kept in (row["layouts"] if row else {}).items()}


def _write_state(db: Connection, layouts: Mapping[str, Layout], *, rebuilt: bool = False) -> None:
    db.execute(
        "update statistics_state set version = version + 1, layouts = %s, folded_at = clock_timestamp(),"
        " rebuilt_at = case when %s then clock_timestamp() else rebuilt_at end",
        (Jsonb({form: layout.stored() for form, layout in layouts.items()}), rebuilt),
    )


def rebuild(db: Connection, layouts: Mapping[str, Layout]) -> int:
    """Counts everything anew from the applications; returns how many there are.

    Changes meanwhile stay pending deltas and are folded later; readers see the old figures until the commit. The
    connection must be outside of any transaction: what is counted and which deltas that makes void are one snapshot,
    taken after the lock.
    """
    with alone(db), db.transaction():
        db.execute("set transaction isolation level repeatable read")
        db.execute("set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0")
        db.execute("set local work_mem = '256MB'")
        for table in ("statistics_deltas", *ROLLUPS):
            db.execute(f"delete from {table}")
        counted = sum(_build_form(db, form, layout) for form, layout in layouts.items())
        _write_state(db, layouts, rebuilt=True)
    return counted


def _build_form(db: Connection, form: str, layout: Layout) -> int:
    return building.build(db, form, layout)


@contextmanager
def alone(db: Connection) -> Iterator[None]:
    """Nobody folds meanwhile."""
    db.execute(f"select pg_advisory_lock({_LOCK})")
    try:
        yield
    finally:
        db.execute(f"select pg_advisory_unlock({_LOCK})")
