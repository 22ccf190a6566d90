"""The eight questions of a period with their figures (ux B10); what follows from them stands in ``conclusions.py``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from express_bot.contracts import errors
from express_bot.core.applications.service import HOUSE_ZONE, today
from express_bot.core.db.session import Connection, Row
from express_bot.core.periods.repository import StoredPeriod
from express_bot.core.statistics import conclusions, desk, repository
from express_bot.core.statistics.facts import STATUSES
from express_bot.core.statistics.repository import Freshness
from express_bot.core.statistics.words import Subject
from express_bot.domain import texts
from express_bot.domain.periods import shift_month
from express_bot.domain.statistics import (
    CHANNEL,
    FAIR_MONTHS,
    THRESHOLD,
    Ask,
    Fared,
    Range,
    fared,
    percent,
    shares,
)

ZONE = ZoneInfo(HOUSE_ZONE)
#: Decisions of half a year.
WEEKS = 26
#: Nothing is filed outside of the period, by whatever clock; decisions come until long after it.
BESIDE, AFTER = timedelta(days=2), timedelta(days=400)
LAST_HOURS = 48
#: The plan of decisions is not drawn longer than this.
LONGEST_PLAN = 120
_PERIODS_MONTH = date(2000, 1, 1)
_NO_DECISIONS = {"decided": 0, "p50": None, "p90": None}


@dataclass(frozen=True)
class Topic:
    """What the questions are about."""

    subject: Subject
    period: StoredPeriod | None
    range: Range

    @property
    def key(self) -> str:
        """The period's id as figures know it."""
        return str(self.period.id) if self.period else ""

    @property
    def basis(self) -> Any:
        return "target" if self.period else "filed"

    @property
    def filing(self) -> tuple[date, date]:
        """Days on which something can have been filed for it."""
        if self.period is None:
            return self.range.first, self.range.last
        return self.period.opens_at.date() - BESIDE, self.period.closes_at.date() + BESIDE

    @property
    def deciding(self) -> tuple[date, date]:
        """Days on which something of it can have been decided."""
        if self.period is None:
            return self.range.first, self.range.last
        return self.period.opens_at.date() - BESIDE, self.period.target_to + AFTER


def topic(subject: Subject, period_id: int | None) -> Topic:
    """A period by its id, else the present one, else the last thirty days; raises ``NotFound``."""
    if period_id is None:
        period = desk.present_period(subject)
        return Topic(subject, period, Range(*period.target) if period else desk.usual_range(subject))
    period = subject.reference.periods.get(period_id)
    if period is None or period.form_id != subject.form:
        raise errors.NotFound
    return Topic(subject, period, Range(*period.target))


def answer(db: Connection, about: Topic, fresh: Freshness) -> dict[str, Any]:
    """``contracts.statistics.QuestionsAnswer`` without its health; within the snapshot that ``fresh`` tells of."""
    periods = about.subject.reference.periods_of(about.subject.form)
    known = [one for one in periods if one.opens_at <= about.subject.now or one == about.period]
    return {
        "form": about.subject.form,
        "period": _period(about.subject, about.period, about.range),
        "periods": [_period(about.subject, one, Range(*one.target)) for one in reversed(known)],
        "as_of": fresh.as_of,
        "pending": fresh.pending,
        "people": people(db, about),
        "questions": _questions(db, about),
    }


def _questions(db: Connection, about: Topic) -> dict[str, Any]:
    filed = _of_filing(db, about)
    return {
        "demand": demand(db, about),
        "directions": directions(db, about),
        "progress": progress(db, about, filed),
        "filing": filing(about, filed),
        "fairness": fairness(db, about),
        "durations": durations(db, about),
        "channels": channels(db, about),
    }


def _period(subject: Subject, period: StoredPeriod | None, asked: Range) -> dict[str, Any]:
    title = texts.month(period.target_from, subject.locale) if period else None
    return {
        "id": period.id if period else None,
        "title": title or texts.text("statistics.last_days", subject.locale),
        "from": asked.first,
        "to": asked.last,
    }


def people(db: Connection, about: Topic) -> int:
    """How many have an application in it."""
    subject = about.subject
    month = _PERIODS_MONTH if about.period else about.range.last.replace(day=1)
    rows = repository.spread(db, subject.layout, subject.form, "active", month)
    return sum(row["people"] for row in rows if row["code"] == about.key and row["count"] > 0)


def _counts(db: Connection, about: Topic, grain: Any, *by: str) -> list[Row]:
    ask = Ask(about.subject.form, about.basis, grain, about.range, by)
    return repository.counts(db, about.subject.layout, ask)


def demand(db: Connection, about: Topic) -> dict[str, Any]:
    """Which days are asked for more than is given."""
    by_day = {row["at"]: fared(row["statuses"]) for row in _counts(db, about, "day")}
    every = [about.range.first + timedelta(days=index) for index in range(about.range.days)]
    days = [{"date": day, **_fared(by_day.get(day, Fared()))} for day in every]
    refused = [day for day in days if day["refused"]]
    worst = max(refused or days, key=lambda day: (day["refused"], day["requested"]), default=None)
    found = {
        "days": days,
        "short_days": len(refused),
        "worst": worst["date"] if worst and worst["requested"] else None,
    }
    return found | {"conclusion": conclusions.demand(found, about.subject.locale)}


def _fared(group: Fared) -> dict[str, Any]:
    return {
        "requested": group.requested,
        "approved": group.approved,
        "refused": group.refused,
        "undecided": group.undecided,
    }


def directions(db: Connection, about: Topic) -> dict[str, Any]:
    """Which directions are over-requested."""
    subject, main = about.subject, about.subject.layout.main
    rows = [_direction(subject, main, row) for row in (_counts(db, about, "none", main) if main else [])]
    asked = [row for row in rows if row["requested"]]
    found = {
        "dimension": main,
        "label": subject.title(main) if main else texts.text("statistics.nothing", subject.locale),
        "rows": sorted(asked, key=lambda row: (-row["refused"], -row["requested"], row["label"])),
    }
    return found | {"conclusion": conclusions.directions(found, subject.locale)}


def _direction(subject: Subject, main: str | None, row: Row) -> dict[str, Any]:
    code = row["codes"][main]
    return {"code": code, "label": subject.label(main or "", code), **_fared(fared(row["statuses"]))}


def progress(db: Connection, about: Topic, filed: list[Row]) -> dict[str, Any]:
    """Are we on time."""
    subject, form = about.subject, about.subject.form
    decisions = repository.of_period(db, form, about.key, "decided", about.deciding)
    by_day = {row["day"]: sum(row[name] for name in STATUSES) for row in decisions}
    decided = sum(by_day.values())
    open_ones = sum(fared(row["statuses"]).undecided for row in filed)
    total = decided + open_ones
    plan = _plan(about, total)
    found = {
        "days": _cumulative(by_day, plan, today(about.period, subject.now)),
        "total": total,
        "decided": decided,
        "due_at": about.period.decision_due_at if about.period else None,
        "share": percent(decided, total),
        "planned_share": _planned_share(about) if plan else None,
    }
    return found | {"conclusion": conclusions.progress(found, subject.locale)}


def _of_filing(db: Connection, about: Topic) -> list[Row]:
    """What was filed for the period, by day and hour of filing."""
    rows = repository.of_period(db, about.subject.form, about.key, "filed", about.filing)
    return [
        {"day": row["day"], "hour": row["hour"], "statuses": {name: row[name] for name in STATUSES if row[name]}}
        for row in rows
    ]


def _plan(about: Topic, total: int) -> dict[date, int]:
    """The even line from the closing of the period to the promised day."""
    period = about.period
    if period is None or period.decision_due_at is None or period.decision_due_at <= period.closes_at:
        return {}
    start, due = today(period, period.closes_at), today(period, period.decision_due_at)
    length = max((due - start).days, 1)
    steps = range(min(length, LONGEST_PLAN) + 1)
    return {start + timedelta(days=step): -(-total * step // length) for step in steps}


def _planned_share(about: Topic) -> int:
    period, now = about.period, about.subject.now
    assert period is not None, "a plan is of a period"
    assert period.decision_due_at is not None, "and leads to the promised day"
    whole, gone = period.decision_due_at - period.closes_at, now - period.closes_at
    return min(max(percent(int(gone.total_seconds()), int(whole.total_seconds())), 0), 100)


def _cumulative(by_day: Mapping[date, int], plan: Mapping[date, int], now: date) -> list[dict[str, Any]]:
    """From the first of both lines to the last; after its end the plan stays where it is."""
    if not by_day and not plan:
        return []
    first, last = min([*by_day, *plan]), max([*by_day, *plan])
    told_until, planned = max([now, *by_day]), None
    days, decided = [], 0
    for day in (first + timedelta(days=index) for index in range((last - first).days + 1)):
        decided, planned = decided + by_day.get(day, 0), plan.get(day, planned)
        days.append({"date": day, "decided": decided if day <= told_until else None, "planned": planned})
    return days


def filing(about: Topic, filed: list[Row]) -> dict[str, Any]:
    """When do people file."""
    by_day: Counter[date] = Counter()
    by_hour: Counter[tuple[date, int]] = Counter()
    for row in filed:
        count = sum(row["statuses"].values())
        by_day[row["day"]] += count
        by_hour[row["day"], int(row["hour"])] += count
    hours = {at: by_hour[at.date(), at.hour] for at in _last_hours(about)}
    total, late = sum(by_day.values()), sum(hours.values())
    found = {
        "days": [{"date": day, "count": by_day[day]} for day in _filing_days(about, by_day)],
        "hours": [{"at": at, "count": count} for at, count in hours.items()],
        "total": total,
        "last_two_days": late,
        "share": percent(late, total),
    }
    return found | {"conclusion": conclusions.filing(found, about.subject.locale)}


def _filing_days(about: Topic, found: Mapping[date, int]) -> list[date]:
    period = about.period
    first, last = about.range.first, about.range.last
    if period is not None:
        first = today(period, period.opens_at)
        last = min(today(period, period.closes_at), max(today(period, about.subject.now), first))
    first, last = min([first, *found]), max([last, *found])
    return [first + timedelta(days=index) for index in range((last - first).days + 1)]


def _last_hours(about: Topic) -> list[datetime]:
    """The last 48 hours before the closing, or before now, the hour under way among them."""
    end = min(about.subject.now, about.period.closes_at) if about.period else about.subject.now
    last = (end - timedelta(microseconds=1)).astimezone(ZONE).replace(minute=0, second=0, microsecond=0)
    return [last - timedelta(hours=back) for back in range(LAST_HOURS - 1, -1, -1)]


def fairness(db: Connection, about: Topic) -> dict[str, Any]:
    """Approvals per person and direction over twelve months."""
    subject, main = about.subject, about.subject.layout.main
    until = about.range.last.replace(day=1)
    spread = repository.spread(db, subject.layout, subject.form, "approved", until) if main else []
    columns: dict[str, list[dict[str, int]]] = {}
    for row in spread:
        columns.setdefault(row["code"], []).append({"approvals": row["count"], "people": row["people"]})
    rows = [_fair_row(subject, main or "", code, dots) for code, dots in columns.items()]
    found = {
        "from_month": shift_month(until, 1 - FAIR_MONTHS),
        "to_month": until,
        "threshold": THRESHOLD,
        "rows": sorted(rows, key=_least_fair),
    }
    return found | {"conclusion": conclusions.fairness(found, main, subject.locale)}


def _least_fair(row: dict[str, Any]) -> tuple[int, int, str]:
    return -row["over"], -row["people"][-1]["approvals"], row["label"]


def _fair_row(subject: Subject, main: str, code: str, dots: list[dict[str, int]]) -> dict[str, Any]:
    return {
        "code": code,
        "label": subject.label(main, code),
        "people": dots,
        "over": sum(dot["people"] for dot in dots if dot["approvals"] > THRESHOLD),
    }


def durations(db: Connection, about: Topic) -> dict[str, Any]:
    """How long do decisions take."""
    now = today(about.period, about.subject.now)
    monday = now - timedelta(days=now.weekday())
    first = monday - timedelta(weeks=WEEKS - 1)
    *weeks, whole = repository.durations(db, about.subject.form, first, monday) or [_NO_DECISIONS]
    found = {
        "weeks": [{"week": row["week"], **_days(row)} for row in weeks],
        **_days(whole),
    }
    return found | {"conclusion": conclusions.durations(found, about.subject.locale)}


def _days(row: Row) -> dict[str, Any]:
    hours = {name: row[name] for name in ("p50", "p90")}
    return {"decided": row["decided"]} | {
        f"{name}_days": round(value / 24, 1) if value is not None else None for name, value in hours.items()
    }


def channels(db: Connection, about: Topic) -> dict[str, Any]:
    """Which channel do applications come by."""
    subject = about.subject
    counted = {row["codes"][CHANNEL]: sum(row["statuses"].values()) for row in _counts(db, about, "none", CHANNEL)}
    order = sorted(counted, key=lambda code: (-counted[code], code))
    parts = zip(order, shares([counted[code] for code in order]), strict=True)
    rows = [
        {"code": code, "label": subject.label(CHANNEL, code), "count": counted[code], "share": share}
        for code, share in parts
    ]
    found = {"rows": rows, "total": sum(counted.values())}
    return found | {"conclusion": conclusions.channels(found, subject.locale)}
