"""Periods: which one is open, how people see them, and the ones that the rules make."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NoReturn

from express_bot.contracts import errors
from express_bot.core.db.session import Connection
from express_bot.core.periods import repository
from express_bot.core.periods.repository import StoredPeriod
from express_bot.core.reference import Reference, load
from express_bot.domain import periods, texts
from express_bot.domain.fields import Excluded
from express_bot.domain.forms import FormDefinition
from express_bot.domain.locales import pick
from express_bot.domain.periods import PeriodDates, PeriodRule, demo_rule

#: How many periods before and after now a door shows.
SHOWN_BEFORE, SHOWN_AFTER = 1, 1
#: Periods are written down this many openings ahead.
AHEAD = 2


def to_file_in(
    reference: Reference, definition: FormDefinition, period_id: int | None, now: datetime
) -> StoredPeriod | None:
    """The period an application of this form goes into now; ``None`` for a form without periods.

    Raises ``PeriodClosed`` (the one that was asked for is over) or ``PeriodNotOpen``.
    """
    if definition.period is None:
        return None
    period = reference.open_period(definition.id, now) if period_id is None else reference.periods.get(period_id)
    if period is None or period.form_id != definition.id:
        _raise_not_open(reference, definition.id, now)
    periods.ensure_open(period, now, timezone=period.timezone)
    return period


def _raise_not_open(reference: Reference, form_id: str, now: datetime) -> NoReturn:
    coming = reference.next_period(form_id, now)
    if coming is None:
        raise errors.PeriodNotOpen
    raise errors.PeriodNotOpen(opens_at=coming.opens_at, timezone=coming.timezone)


def shown(reference: Reference, form_id: str, now: datetime) -> list[StoredPeriod]:
    """The periods around now: what was open last, is open, and opens next."""
    past = [p for p in reference.periods_of(form_id) if p.closes_at <= now]
    coming = [p for p in reference.periods_of(form_id) if p.opens_at > now]
    current = [p for p in reference.periods_of(form_id) if p.opens_at <= now < p.closes_at]
    return past[-SHOWN_BEFORE:] + current + coming[:SHOWN_AFTER]


def view(period: StoredPeriod, *, now: datetime, locale: str) -> dict[str, Any]:
    """A period as ``contracts.periods.PeriodFacts``."""
    return {
        "id": period.id,
        "form": period.form_id,
        "title": texts.month(period.target_from, locale),
        "opens_at": period.opens_at,
        "closes_at": period.closes_at,
        "target_from": period.target_from,
        "target_to": period.target_to,
        "timezone": period.timezone,
        "limit": period.application_limit,
        "state": periods.state(period, now),
        "decision_due_at": period.decision_due_at,
        "excluded": [_excluded(part, locale) for part in period.excluded],
    }


def _excluded(part: Excluded, locale: str) -> dict[str, Any]:
    return {"from": part.from_, "to": part.to, "reason": part.reason, "text": pick(part.text, locale)}


def make_by_rules(db: Connection, now: datetime) -> int:
    """Writes down the periods that the rules make around now; returns how many are new.

    Safe to repeat and to run in many places at once: a period is known by its form and opening.
    """
    made = 0
    state = load(db)
    rules = _rules(db)
    for definition in state.published.values():
        if definition.period in rules:
            made += _make(db, definition.id, rules[definition.period], now)
    return made


def make_past(db: Connection, now: datetime, *, count: int) -> None:
    """Writes down the last periods before now, for the demo's history."""
    for definition in load(db).published.values():
        rule = _rules(db).get(definition.period or "")
        if rule is not None:
            _make_past(db, definition.id, rule, now, count)


def _make_past(db: Connection, form_id: str, rule: PeriodRule, now: datetime, count: int) -> None:
    for dates in rule.occurrences_around(now, count + 1, before=count):
        if dates.closes_at <= now:
            _insert(db, form_id, rule, dates, made_by="rule")


def make_demo(db: Connection, form_id: str, rule: PeriodRule, now: datetime) -> None:
    """Writes down a period that is open now, made by the same rule with other days."""
    moved = demo_rule(now, rule)
    for dates in moved.occurrences_around(now, 2):
        if dates.opens_at <= now < dates.closes_at:
            _insert(db, form_id, moved, dates, made_by="demo")


def exclude(db: Connection, period_id: int, days: list[Excluded]) -> None:
    """Says which days of a period's target nobody can choose, and why; what was said before is replaced."""
    repository.save_excluded(db, period_id, [span.model_dump(mode="json", by_alias=True) for span in days])


def _rules(db: Connection) -> dict[str, PeriodRule]:
    return {code: PeriodRule.model_validate(rule) for code, rule in repository.rules(db).items()}


def _make(db: Connection, form_id: str, rule: PeriodRule, now: datetime) -> int:
    made = 0
    for dates in rule.occurrences_around(now, count=AHEAD):
        if not repository.overlapping(db, form_id, dates.opens_at, dates.closes_at):
            made += _insert(db, form_id, rule, dates, made_by="rule") is not None
    return made


def _insert(db: Connection, form_id: str, rule: PeriodRule, dates: PeriodDates, *, made_by: str) -> int | None:
    """Writes one period down with the rule's limit and exclusions."""
    return repository.insert(
        db,
        {
            "form_id": form_id,
            "opens_at": dates.opens_at,
            "closes_at": dates.closes_at,
            "target_from": dates.target_from,
            "target_to": dates.target_to,
            "timezone": rule.timezone,
            "application_limit": rule.limit,
            "excluded": [days.model_dump(mode="json", by_alias=True) for days in rule.excluded_in(dates)],
            "decision_due_at": dates.decision_due_at,
            "made_by": made_by,
        },
    )
