"""What is one's own (ux E11), and what everybody may see of the open period."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from express_bot.core.db.session import Connection, Row
from express_bot.core.periods.repository import StoredPeriod
from express_bot.core.statistics import repository
from express_bot.core.statistics.repository import Freshness
from express_bot.core.statistics.words import Subject
from express_bot.domain import texts
from express_bot.domain.locales import pick
from express_bot.domain.statistics import Ask, Range, fared, shown

#: How many directions or days a hint names.
HINTS = 3


def answer(
    db: Connection, subject: Subject, applicant: UUID, profile: Mapping[str, Any], fresh: Freshness
) -> dict[str, Any]:
    """``contracts.statistics.OwnStatistics``; within the snapshot that ``fresh`` tells of."""
    main = subject.layout.main
    rows = repository.own(db, applicant, subject.form, main)
    period = subject.reference.open_period(subject.form, subject.now)
    decided = sum(row["decided"] for row in rows)
    return {
        "form": subject.form,
        "filed": sum(row["filed"] for row in rows),
        "approved": sum(row["approved"] for row in rows),
        "decision_days": round(sum(row["seconds"] for row in rows) / decided / 86_400, 1) if decided else None,
        "dimension": main,
        "label": subject.title(main) if main else "",
        "directions": [_direction(subject, main, row) for row in rows] if main else [],
        "raises": raises(db, subject, period, profile),
        "public": public(db, subject, period),
        "as_of": fresh.as_of,
    }


def _direction(subject: Subject, main: str, row: Row) -> dict[str, Any]:
    facts = {name: row[name] for name in ("code", "filed", "approved", "last_date")}
    return facts | {"label": subject.label(main, row["code"])}


def public(db: Connection, subject: Subject, period: StoredPeriod | None) -> dict[str, Any]:
    """Counts of the open period; groups under five are hidden, and so is what would tell them."""
    if period is None:
        return {"period": None, "total": None, "rows": [], "hidden": 0}
    main = subject.layout.main
    asked = {code: count for code, count in _asked(db, subject, period, main).items() if count}
    kept, total = shown(asked), sum(asked.values())
    rows = [{"code": code, "label": subject.label(main, code), "count": kept[code]} for code in kept] if main else []
    return {
        "period": texts.month(period.target_from, subject.locale),
        "total": total if shown({"": total}) else None,
        "rows": sorted(rows, key=lambda row: (-row["count"], row["label"])),
        "hidden": len(asked) - len(kept) if main else 0,
    }


def _asked(db: Connection, subject: Subject, period: StoredPeriod, main: str | None) -> dict[str, int]:
    ask = Ask(subject.form, "target", "none", Range(*period.target), (main,) if main else ())
    rows = repository.counts(db, subject.layout, ask)
    return {row["codes"].get(main, ""): fared(row["statuses"]).requested for row in rows}


# ── What raises one's chance ─────────────────────────────────────────────────────────────────────────────────────────


def raises(db: Connection, subject: Subject, period: StoredPeriod | None, profile: Mapping[str, Any]) -> list[str]:
    """Sentences from what holds now: the form's own rule, and what is asked for least, without any figure."""
    rule = subject.definition.texts.get("rule")
    said = [pick(rule, subject.locale)] if rule else []
    if period is not None:
        said += [*_rare(db, subject, period, profile), *_quiet_days(db, subject, period)]
    return said


def _rare(db: Connection, subject: Subject, period: StoredPeriod, profile: Mapping[str, Any]) -> list[str]:
    main = subject.layout.main
    options = _options(subject, main, profile) if main else []
    if not main or len(options) <= HINTS:
        return []
    asked = _asked(db, subject, period, main)
    rarest = sorted(options, key=lambda code: (asked.get(code, 0), subject.label(main, code)))[:HINTS]
    labels = ", ".join(subject.label(main, code) for code in rarest)
    return [texts.text("statistics.raises.rare", subject.locale, labels=labels)]


def _options(subject: Subject, main: str, profile: Mapping[str, Any]) -> list[str]:
    """What the caller could choose today: of their own base, where the form asks for one."""
    field = subject.definition.by_name[main]
    directory = subject.reference.directories.get(getattr(field, "directory", None) or "")
    if directory is None:
        return []
    parent = getattr(field, "parent", None)
    base = profile.get(parent) if parent else None
    return [item.code for item in directory.active(subject.locale) if parent is None or base in item.parents]


def _quiet_days(db: Connection, subject: Subject, period: StoredPeriod) -> list[str]:
    ask = Ask(subject.form, "target", "day", Range(*period.target))
    asked = {row["at"]: fared(row["statuses"]).requested for row in repository.counts(db, subject.layout, ask)}
    every = [period.target_from + timedelta(days=index) for index in range(ask.range.days)]
    free = [day for day in every if not any(part.from_ <= day <= part.to for part in period.excluded)]
    if not asked or len(free) <= HINTS:
        return []
    quietest = sorted(sorted(free, key=lambda day: (asked.get(day, 0), day))[:HINTS])
    days = ", ".join(texts.day_short(day, subject.locale) for day in quietest)
    return [texts.text("statistics.raises.days", subject.locale, days=days)]
