"""What one application contributes to the figures, as SQL over its row or over a delta of it.

Everything counted is a function of the row: that is why a recount is possible, and why a change is −old and +new. The
same text reads deltas (fold, reader) and ``applications`` (rebuild); ``recount.py`` counts in another way on purpose.
"""

from __future__ import annotations

from functools import lru_cache

from express_bot.contracts.statistics import NONE, OTHER
from express_bot.core.applications.service import HOUSE_ZONE
from express_bot.domain.statistics import CHANNEL, FAIR_MONTHS, Layout
from express_bot.domain.workflow import Status

STATUSES = tuple(status.value for status in Status)
#: No answer that is counted by is longer; numbers are written out.
LONGEST = 60
#: How many months lie in a window of each kind of ``statistics_people``.
WINDOWS = {"approved": FAIR_MONTHS, "active": 1}
#: The one "month" of everybody who is active in a period: a person counts once, whatever months it has.
PERIODS_MONTH = "date '2000-01-01'"
#: A delta as it is, or a row of ``applications`` as if it were new.
DELTAS = "statistics_deltas"
APPLICATIONS = """(
    select 1 as sign, a.form_id, a.period_id, a.applicant_id, a.filed_at, a.target_date, a.status, a.channel,
        (a.decision->>'decided_at')::timestamptz as decided_at, a.answers
    from applications a join users u on u.id = a.applicant_id and not u.probe
)"""


def _local(moment: str) -> str:
    return f"({moment} at time zone '{HOUSE_ZONE}')"


#: The day of each basis, of a source named ``d``.
DAYS = {
    "filed": f"{_local('d.filed_at')}::date",
    "target": "d.target_date",
    "decided": f"{_local('d.decided_at')}::date",
}
FILED_HOUR = f"to_char({_local('d.filed_at')}, 'HH24')"
PERIOD = "coalesce(d.period_id::text, '')"
WEEK = f"date_trunc('week', {_local('d.decided_at')})::date"
HOURS = "greatest(floor(extract(epoch from d.decided_at - d.filed_at) / 3600), 0)::int"
#: The month an application belongs to: of its target, or of its filing where it has none.
MONTH = f"date_trunc('month', coalesce(d.target_date::timestamp, {_local('d.filed_at')}))::date"
IS_GIVEN = "d.status in ('approved', 'completed')"
IS_ACTIVE = "d.status <> 'withdrawn'"


def value(dimension: str) -> str:
    """The code of an answer; names of dimensions are names of fields, which hold nothing but ``a-z0-9_``."""
    if dimension == CHANNEL:
        return "d.channel"
    answer = f"d.answers->'{dimension}'"
    return (
        f"case jsonb_typeof({answer}) when 'object' then '{OTHER}' when 'array' then '{OTHER}'"
        f" when 'null' then '{NONE}' else coalesce(left(d.answers->>'{dimension}', {LONGEST}), '{NONE}') end"
    )


@lru_cache(maxsize=64)
def select_facts(layout: Layout, source: str) -> str:
    """One row per change: everything that any figure is made of."""
    values = "".join(f", {value(name)} as v_{name}" for name in layout.dimensions)
    approved = value(layout.main) if layout.main else "null::text"
    return f"""
        select d.sign, d.status, d.applicant_id, {PERIOD} as period, {FILED_HOUR} as hour,
            {DAYS["filed"]} as filed, {DAYS["target"]} as target, {DAYS["decided"]} as decided,
            {WEEK} as week, {HOURS} as hours, {MONTH} as month,
            case when {IS_GIVEN} then {approved} end as given, {IS_ACTIVE} as active{values}
        from {source} d where d.form_id = %(form)s
    """


def cells(layout: Layout) -> str:
    """``values`` of every count that one fact is part of: basis, grain, dimensions, day, a, b."""
    singles = [("", "''", "''"), *((name, f"v_{name}", "''") for name in layout.dimensions)]
    daily = [(f"{a},{b}", f"v_{a}", f"v_{b}") for a, b in layout.daily_pairs]
    monthly = [(f"{a},{b}", f"v_{a}", f"v_{b}") for a, b in layout.pairs]
    rows = [
        *(_cell(basis, "day", cell) for basis in ("filed", "target") for cell in (*singles, *daily)),
        *(_cell(basis, "month", cell) for basis in ("filed", "target") for cell in (*singles, *monthly)),
        _cell("filed", "day", ("period,hour", "period", "hour")),
        _cell("decided", "day", ("period", "period", "''")),
    ]
    return ",\n            ".join(rows)


def _cell(basis: str, grain: str, cell: tuple[str, str, str]) -> str:
    dims, a, b = cell
    day = f"date_trunc('month', {basis}::timestamp)::date" if grain == "month" else basis
    return f"('{basis}', '{grain}', '{dims}', {day}, {a}, {b})"


def counters(source: str = "") -> list[str]:
    """A signed sum for each status."""
    return [f"coalesce(sum({source}sign) filter (where {source}status = '{name}'), 0)" for name in STATUSES]


#: People: (kind, code, month) of a fact that counts for a person.
MEMBERSHIPS = f"""(values
    ('active', period, case when period = '' then month else {PERIODS_MONTH} end, active),
    ('approved', given, month, given is not null)) k(kind, code, month, counts)"""
