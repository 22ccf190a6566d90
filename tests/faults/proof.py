"""Compares what people were told with what the database holds, past the product."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from express_bot.core.applications.active import ACTIVE
from express_bot.core.db.session import Row
from tests.faults.filing import Ledger, Outcome
from tests.faults.findings import MustBeNought
from tests.stack import Stack

#: Everything filed by the people of this run, with how often its companions were written (each must be: once).
FILED = """
    select a.*, coalesce(a.answers->>'wishes', a.answers->>'comment') as mark,
        (select count(*) from application_events e where e.application_id = a.id and e.kind = 'submitted') as events,
        (select count(*) from outbox o where o.application_id = a.id and o.event = 'application_submitted') as promises,
        (select count(*) from audit_log l where l.object_id = a.number and l.act = 'application.submit') as trails
    from applications a where a.applicant_id = any(%s)
"""
TRAILS_TO_NOWHERE = """
    select count(*) as n from audit_log l where l.act = 'application.submit'
        and not exists (select from applications a where a.number = l.object_id)
"""
OVER_LIMIT = f"""
    select applicant_id from applications where period_id is not null and {ACTIVE} and applicant_id = any(%s)
    group by applicant_id, form_id, target_month having count(*) > 1
"""


@dataclass(frozen=True)
class Findings(MustBeNought):
    """What must be nought, all of it."""

    lost: int
    """acknowledged, and not there"""
    doubled: int
    """applications more than there were intents"""
    unasked: int
    """applications of nobody's intent"""
    altered: int
    """acknowledged in other words than those that are kept"""
    half_written: int
    """without exactly one event, one outbox line and one audit line each, or an audit line of nothing"""
    repeated_numbers: int
    over_limit: int
    wronged: int
    """intents that got a final answer other than «accepted»"""
    unanswered: int
    """intents that never got a final answer"""
    internal_errors: int
    """answers of class 500: faults are told apart from defects"""


def examine(stack: Stack, ledger: Ledger) -> Findings:
    """Looks at every application of the people in the ledger."""
    people = list({outcome.intent.person.id for outcome in ledger.outcomes})
    rows = stack.sql(FILED, (people,))
    by_number = {row["number"]: row for row in rows}
    per_mark = Counter(row["mark"] for row in rows)
    marks = {outcome.intent.mark for outcome in ledger.outcomes} | {intent.mark for intent in ledger.unanswered}
    told = Counter(outcome.document["number"] for outcome in ledger.accepted)
    return Findings(
        lost=sum(outcome.document["number"] not in by_number for outcome in ledger.accepted),
        doubled=sum(count - 1 for count in per_mark.values()),
        unasked=sum(mark not in marks for mark in per_mark),
        altered=sum(_is_altered(outcome, by_number) for outcome in ledger.accepted),
        half_written=sum(map(is_half_written, rows)) + stack.sql(TRAILS_TO_NOWHERE)[0]["n"],
        repeated_numbers=(len(rows) - len(by_number)) + sum(count - 1 for count in told.values()),
        over_limit=len(stack.sql(OVER_LIMIT, (people,))),
        wronged=len(ledger.outcomes) - len(ledger.accepted),
        unanswered=len(ledger.unanswered),
        internal_errors=sum(count for what, count in ledger.setbacks.items() if what.startswith("500 ")),
    )


def is_half_written(row: Row) -> bool:
    """Whether a row of ``FILED`` lacks a companion, or has one twice."""
    return (row["events"], row["promises"], row["trails"]) != (1, 1, 1)


def _is_altered(outcome: Outcome, by_number: dict[str, Row]) -> bool:
    row = by_number.get(outcome.document["number"])
    return row is not None and _essence_of_answer(outcome.document) != _essence_of_row(row)


def _essence_of_answer(document: dict[str, Any]) -> tuple[Any, ...]:
    return (
        document["form"],
        document["status"],
        document["answers"],
        document["target_date"],
        datetime.fromisoformat(document["filed_at"]),
    )


def _essence_of_row(row: Row) -> tuple[Any, ...]:
    return (row["form_id"], row["status"], row["answers"], row["target_date"].isoformat(), row["filed_at"])
