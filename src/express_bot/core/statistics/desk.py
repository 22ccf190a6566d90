"""Counts by whatever a form can be counted by: the desk's own questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from express_bot.contracts.statistics import Basis, Grain
from express_bot.core.applications.service import today
from express_bot.core.db.session import Connection, Row
from express_bot.core.periods.repository import StoredPeriod
from express_bot.core.statistics import repository
from express_bot.core.statistics.repository import Freshness
from express_bot.core.statistics.words import Subject
from express_bot.domain.statistics import STATUS, Ask, Range, ensure_countable, ensure_known, ensure_range

#: What a form without periods is asked about, unless somebody says otherwise.
DAYS = 30


@dataclass(frozen=True)
class Wish:
    """What somebody asks for, as it came: unchecked, with holes."""

    by: tuple[str, ...] = ()
    basis: Basis | None = None
    grain: Grain = "none"
    first: date | None = None
    last: date | None = None
    filters: Mapping[str, str] = field(default_factory=dict)


def ask_of(subject: Subject, wish: Wish) -> Ask:
    """The checked question; raises ``UnknownDimension``, ``TooManyDimensions``, ``BadRange``, ``PairsByMonth``,
    ``TooManyGroups``."""
    ensure_known(subject.layout, wish.by, wish.filters)
    usual = usual_range(subject)
    asked = ensure_range(wish.first or min(usual.first, wish.last or usual.first), wish.last or usual.last)
    basis = wish.basis or ("target" if subject.definition.period else "filed")
    ask = Ask(subject.form, basis, wish.grain, asked, wish.by, tuple(sorted(wish.filters.items())))
    ensure_countable(subject.layout, ask, {name: subject.size(name) for name in (*wish.by, *wish.filters)})
    return ask


def usual_range(subject: Subject) -> Range:
    """The target of the present period, or the last thirty days."""
    period = present_period(subject)
    if period is not None:
        return Range(*period.target)
    last = today(None, subject.now)
    return Range(last - timedelta(days=DAYS - 1), last)


def present_period(subject: Subject) -> StoredPeriod | None:
    """The period that is open, or the one that was last."""
    opened = subject.reference.open_period(subject.form, subject.now)
    past = [one for one in subject.reference.periods_of(subject.form) if one.opens_at <= subject.now]
    return opened or (past[-1] if past else None)


def answer(db: Connection, subject: Subject, ask: Ask, fresh: Freshness, *, compare: bool) -> dict[str, Any]:
    """``contracts.statistics.Statistics``; within the snapshot that ``fresh`` tells of."""
    found = groups(db, subject, ask)
    return {
        "form": ask.form,
        "from": ask.range.first,
        "to": ask.range.last,
        "basis": ask.basis,
        "grain": ask.grain,
        "by": list(ask.by),
        "filters": dict(ask.filters),
        "as_of": fresh.as_of,
        "pending": fresh.pending,
        "total": sum(group["count"] for group in found),
        "groups": found,
        "previous": _previous(db, subject, ask) if compare else None,
        "dimensions": [{"code": name, "label": subject.title(name)} for name in (*subject.layout.dimensions, STATUS)],
    }


def _previous(db: Connection, subject: Subject, ask: Ask) -> dict[str, Any]:
    before = ask.range.before()
    ensure_range(before.first, before.last)
    found = groups(db, subject, replace(ask, range=before))
    total = sum(group["count"] for group in found)
    return {"from": before.first, "to": before.last, "total": total, "groups": found}


def groups(db: Connection, subject: Subject, ask: Ask) -> list[dict[str, Any]]:
    """The bars, by day and then the largest first. Raises ``PairsByMonth``."""
    wanted = dict(ask.filters).get(STATUS)
    found: dict[tuple[date | None, tuple[str, ...]], Counter[str]] = {}
    for row in repository.counts(db, subject.layout, ask):
        for status, count in row["statuses"].items():
            if wanted in (None, status):
                key = (row["at"], _key(ask.by, row, status))
                found.setdefault(key, Counter())[status] += count
    bars = [_bar(subject, ask.by, at, key, statuses) for (at, key), statuses in found.items()]
    return sorted(bars, key=lambda bar: (bar["at"] or date.min, -bar["count"], *bar["key"].values()))


def _key(by: Sequence[str], row: Row, status: str) -> tuple[str, ...]:
    return tuple(status if name == STATUS else row["codes"][name] for name in by)


def _bar(
    subject: Subject, by: Sequence[str], at: date | None, key: Sequence[str], statuses: Mapping[str, int]
) -> dict[str, Any]:
    codes = dict(zip(by, key, strict=True))
    return {
        "key": codes,
        "labels": {name: subject.label(name, code) for name, code in codes.items()},
        "at": at,
        "count": sum(statuses.values()),
        "statuses": {name: count for name, count in statuses.items() if count},
    }
