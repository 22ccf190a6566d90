"""Counts by whatever a form can be counted by: the desk's own questions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from express_bot.contracts.statistics import Basis, Grain
from express_bot.core.applications.service import today
from express_bot.core.db.session import Connection
from express_bot.core.periods.repository import StoredPeriod
from express_bot.core.statistics import repository
from express_bot.core.statistics.repository import Counted, Freshness
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
    found = repository.counted(db, subject.layout, ask)
    bars = list(_bars(subject, ask, found, dict(ask.filters).get(STATUS)))
    return sorted(bars, key=lambda bar: (bar["at"] or date.min, -bar["count"], *bar["key"].values()))


def _bars(subject: Subject, ask: Ask, found: list[Counted], wanted: str | None) -> Iterator[dict[str, Any]]:
    """A group is a bar, or, counted by status, a bar for each; bars of the same codes share their words."""
    by_status, named = STATUS in ask.by, _Named(subject, ask.by)
    for group in found:
        statuses = group.statuses
        if wanted is not None:
            statuses = {wanted: statuses[wanted]} if wanted in statuses else {}
        if not by_status:
            if statuses:
                yield named(group.codes) | {"at": group.at, "count": sum(statuses.values()), "statuses": statuses}
            continue
        for status, count in statuses.items():
            yield named(group.codes, status) | {"at": group.at, "count": count, "statuses": {status: count}}


class _Named:
    """Codes by dimension and in words, each combination looked up once."""

    def __init__(self, subject: Subject, by: Sequence[str]) -> None:
        self._subject, self._by = subject, by
        self._known: dict[tuple[tuple[str, ...], str], dict[str, Any]] = {}

    def __call__(self, codes: tuple[str, ...], status: str = "") -> dict[str, Any]:
        found = self._known.get((codes, status))
        if found is None:
            found = self._known[codes, status] = self._told(codes, status)
        return found

    def _told(self, codes: tuple[str, ...], status: str) -> dict[str, Any]:
        rest = iter(codes)
        key = {name: status if name == STATUS else next(rest) for name in self._by}
        return {"key": key, "labels": {name: self._subject.label(name, code) for name, code in key.items()}}
