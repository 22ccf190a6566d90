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
#: Rows whose day lies within a range, said in a way that an index of the column serves.
RANGES = {
    "filed": "filed_at >= %(first)s::timestamp at time zone %(zone)s"
    " and filed_at < (%(last)s::date + 1)::timestamp at time zone %(zone)s",
    "target": "target_date between %(first)s and %(last)s",
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


#: The rows of one form, of a source named ``d``.
OF_FORM = " where d.form_id = %(form)s"


@lru_cache(maxsize=64)
def select_facts(layout: Layout, source: str) -> str:
    """One row per change: everything that any figure is made of."""
    values = "".join(f", {value(name)} as v_{name}" for name in layout.dimensions)
    approved = value(layout.main) if layout.main else "null::text"
    return f"""
        select d.sign, d.status, d.applicant_id, {PERIOD} as period, {FILED_HOUR} as hour,
            {DAYS["filed"]} as filed, {DAYS["target"]} as target, {DAYS["decided"]} as decided,
            date_trunc('month', {_local("d.filed_at")})::date as filed_month,
            date_trunc('month', d.target_date::timestamp)::date as target_month,
            {WEEK} as week, {HOURS} as hours, {MONTH} as month,
            case when {IS_GIVEN} then {approved} end as given, {IS_ACTIVE} as active{values}
        from {source} d"""


#: People: (kind, code, month) of a fact that counts for a person.
MEMBERSHIPS = f"""(values
    ('active', period, case when period = '' then month else {PERIODS_MONTH} end, active),
    ('approved', given, month, given is not null)) k(kind, code, month, counts)"""
