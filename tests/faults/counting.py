"""What figures have to be, counted from rows one by one: the plainest way there is, for the proof of the statistics."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from express_bot.domain.statistics import STATUS, Ask, Layout

Row = Mapping[str, Any]
Figures = dict[Any, int]
MOSCOW = ZoneInfo("Europe/Moscow")
DECIDED = "decided_at"
#: What is counted from, of a row ``a``.
COLUMNS = "form_id, period_id, applicant_id, filed_at, target_date, status, channel, answers, decision"


def read(row: Row) -> Row:
    """A row with its days, which every question asks for, worked out once."""
    told = (row["decision"] or {}).get(DECIDED)
    decided = datetime.fromisoformat(told) if told else None
    filed = row["filed_at"].astimezone(MOSCOW)
    days = {
        "filed": filed.date(),
        "target": row["target_date"],
        "decided": decided.astimezone(MOSCOW).date() if decided else None,
    }
    return {**row, "days": days, "hour": f"{filed:%H}", DECIDED: decided}


def day(basis: str, row: Row) -> date | None:
    found: date | None = row["days"][basis]
    return found


def code(dimension: str, row: Row) -> str:
    answer = row["channel"] if dimension == "channel" else row["answers"].get(dimension)
    match answer:
        case None:
            return "_none"
        case dict() | list():
            return "_other"
        case bool():
            return "true" if answer else "false"
        case _:
            return str(answer)


def step(grain: str, at: date) -> date | None:
    match grain:
        case "none":
            return None
        case "week":
            return at - timedelta(days=at.weekday())
        case "month":
            return at.replace(day=1)
        case _:
            return at


def counts(rows: Iterable[Row], ask: Ask) -> Figures:
    """By step, codes and status."""
    found: Counter[Any] = Counter()
    for row in rows:
        at = day(ask.basis, row)
        if row["form_id"] != ask.form or at is None or not ask.range.first <= at <= ask.range.last:
            continue
        if all(code(name, row) == wanted for name, wanted in ask.filters if name != STATUS):
            codes = tuple(sorted((name, code(name, row)) for name in ask.by if name != STATUS))
            found[step(ask.grain, at), codes, row["status"]] += 1
    return dict(found)


def month(row: Row) -> date:
    at = day("target", row) or day("filed", row)
    assert at is not None, "an application was filed on some day"
    return at.replace(day=1)


def _months_before(first: date, months: int) -> date:
    total = first.year * 12 + first.month - 1 - months
    return date(total // 12, total % 12 + 1, 1)


def approvals(rows: Iterable[Row], layout: Layout, form: str, until: date) -> Figures:
    """How many people have so many approvals by main dimension in the twelve months that end with ``until``."""
    each: Counter[Any] = Counter()
    for row in rows:
        given = row["form_id"] == form and row["status"] in ("approved", "completed") and layout.main
        if given and _months_before(until, 11) <= month(row) <= until:
            each[row["applicant_id"], code(str(layout.main), row)] += 1
    return dict(Counter((direction, number) for (_, direction), number in each.items()))


def active(rows: Iterable[Row], form: str) -> Figures:
    """How many people have so many applications in each period."""
    each = Counter(
        (row["applicant_id"], row["period_id"])
        for row in rows
        if row["form_id"] == form and row["status"] != "withdrawn" and row["period_id"]
    )
    return dict(Counter((str(period), number) for (_, period), number in each.items()))


def durations(rows: Iterable[Row], form: str, first: date, last: date) -> dict[date | None, tuple[int, int, int]]:
    """Decisions, median and p90 in full hours, by week and of all."""
    found: dict[date | None, list[int]] = defaultdict(list)
    for row in rows:
        decided, at = row[DECIDED], day("decided", row)
        if row["form_id"] != form or at is None:
            continue
        week = step("week", at)
        if week is not None and first <= week <= last:
            hours = max(math.floor((decided - row["filed_at"]).total_seconds() / 3600), 0)
            found[week].append(hours)
            found[None].append(hours)
    return {week: (len(hours), _rank(hours, 5), _rank(hours, 9)) for week, hours in found.items()}


def _rank(hours: list[int], tenths: int) -> int:
    return sorted(hours)[-(-len(hours) * tenths // 10) - 1]


def of_period(rows: Iterable[Row], form: str, period: str, basis: str) -> Figures:
    """Of one period, by day (and hour of filing) and status."""
    found: Counter[Any] = Counter()
    for row in rows:
        at = day(basis, row)
        if row["form_id"] == form and str(row["period_id"] or "") == period and at is not None:
            found[at, row["hour"] if basis == "filed" else "", row["status"]] += 1
    return dict(found)
