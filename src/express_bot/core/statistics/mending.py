"""What differs from the rows is counted anew: the months of the days that differ, or everything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from express_bot.contracts.statistics import Basis
from express_bot.core.applications.service import HOUSE_ZONE
from express_bot.core.db.session import Connection, Row
from express_bot.core.statistics import cells, facts, folding, recount, repository
from express_bot.core.statistics.recount import Difference
from express_bot.domain.periods import last_day
from express_bot.domain.statistics import Layout

_NOTED = "form_id, period_id, applicant_id, filed_at, target_date, status, channel"


class Month(NamedTuple):
    """What is counted anew at once: the days of a month, and the month itself."""

    form: str
    basis: Basis
    first: date


def mend(db: Connection, layouts: Mapping[str, Layout], found: Iterable[Difference]) -> list[Month]:
    """Counts what differs anew; returns the months, none where it had to be everything. Outside of any transaction.

    What still differs afterwards has another cause than a lost change, and everything is counted anew.
    """
    days = {(one.form, one.basis, one.day) for one in found}
    months = {Month(form, basis, day.replace(day=1)) for form, basis, day in days if basis and day}
    for month in sorted(months):
        _count_anew(db, layouts[month.form], month)
    if all(basis and day and _is_right(db, layouts[form], form, basis, day) for form, basis, day in days):
        return sorted(months)
    folding.rebuild(db, layouts)
    return []


def _is_right(db: Connection, layout: Layout, form: str, basis: Basis, day: date) -> bool:
    with repository.snapshot(db):
        return not list(recount.of_day(db, form, layout, basis, day))


def _count_anew(db: Connection, layout: Layout, month: Month) -> None:
    values = {"form": month.form, "first": month.first, "last": last_day(month.first), "zone": HOUSE_ZONE}
    with folding.alone(db), db.transaction():
        db.execute("set transaction isolation level repeatable read")
        db.execute("set local statement_timeout = 0")
        db.execute(
            f"delete from statistics_daily where form_id = %(form)s and basis = '{month.basis}'"
            " and day between %(first)s and %(last)s",
            values,
        )
        db.execute(_statement(layout, month.basis), values, prepare=False)
        db.execute("update statistics_state set version = version + 1")


def _statement(layout: Layout, basis: Basis) -> str:
    return f"""
        with facts as materialized ({facts.select_facts(layout, _source(basis))}{facts.OF_FORM})
        {cells.insert(layout, "facts", "sum(sign)", basis)}
    """


def _source(basis: Basis) -> str:
    """The rows of a month, and the changes that are not folded yet, taken back: those will still be folded."""
    return f"""(
        select 1 as sign, {_NOTED}, (decision->>'decided_at')::timestamptz as decided_at, answers
        from applications a where form_id = %(form)s and {facts.RANGES[basis]}
          and not exists (select from users u where u.id = a.applicant_id and u.probe)
        union all
        select -sign, {_NOTED}, decided_at, answers
        from statistics_deltas where form_id = %(form)s and {facts.RANGES[basis]}
    )"""


def note(db: Connection, different: int) -> None:
    """Keeps what the last recount has found, for health and for whoever asks."""
    db.execute("update statistics_state set checked_at = clock_timestamp(), different = %s", (different,))


def state(db: Connection) -> Row:
    """How fresh the figures are, and what the last recount has found."""
    row = db.execute(
        """
        select version, folded_at, rebuilt_at, checked_at, different,
            (select count(*)::int from statistics_deltas) as pending
        from statistics_state
        """
    ).fetchone()
    assert row is not None, "the migration has put the one row in"
    return row
