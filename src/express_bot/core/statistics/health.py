"""Is it healthy? How fast the API answers, what tells people, how it went within 24 hours, and what waits now."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from express_bot.core.db.session import Connection, Row
from express_bot.core.dialogs import repository as dialogs
from express_bot.core.inbox import repository as inbox
from express_bot.core.latency import service as latency
from express_bot.core.latency.service import Latency
from express_bot.core.notifications import repository as notifications
from express_bot.core.statistics import repository
from express_bot.core.statistics.repository import Freshness
from express_bot.domain.texts import text

HOURS = 24
#: What waits longer is late; what waits longest stands still.
LATE, DOWN = 60, 600
#: Design §11: p95 of the API.
SLOW_MS = 150


def answer(db: Connection, fresh: Freshness, locale: str) -> dict[str, Any]:
    """``contracts.statistics.HealthFacts``, by the real clock."""
    figures, times = notifications.figures(db), latency.lately(db)
    end = fresh.as_of.replace(minute=0, second=0, microsecond=0)
    every = [end - timedelta(hours=back) for back in range(HOURS - 1, -1, -1)]
    by_hour = {row["hour"]: row for row in repository.notifications_by_hour(db, every[0])}
    found = {
        "components": [_api(times, locale), *_components(db, figures, fresh, locale)],
        "latency": asdict(times) if times else None,
        "hours": [{"at": at, **_ended(by_hour.get(at))} for at in every],
        "oldest_undelivered_seconds": figures["oldest_seconds"],
        "dead_letters": figures["dead"],
        "pending": fresh.pending,
    }
    return found | {"conclusion": _conclusion(found, locale)}


def _api(times: Latency | None, locale: str) -> dict[str, str]:
    detail = text("statistics.details.quiet", locale)
    if times:
        detail = text("statistics.details.times", locale, half=times.p50_ms, most=times.p95_ms)
    state = "late" if times and times.p95_ms > SLOW_MS else "ok"
    return {"code": "api", "label": text("statistics.components.api", locale), "state": state, "detail": detail}


def _ended(row: Row | None) -> dict[str, int]:
    if row is None:
        return {"shown": 0, "failed": 0}
    return {"shown": max(row["settled"] - row["dead"], 0), "failed": row["dead"]}


def _components(db: Connection, figures: Row, fresh: Freshness, locale: str) -> list[dict[str, Any]]:
    backlog, card = inbox.backlog(db), dialogs.oldest_waiting(db)
    lines = [
        ("database", 0, text("statistics.details.works", locale)),
        ("notifications", figures["oldest_seconds"], _waits(figures["waiting"], figures["oldest_seconds"], locale)),
        ("messages", card, _oldest(card, locale)),
        ("inbox", backlog["oldest_seconds"], _waits(backlog["waiting"], backlog["oldest_seconds"], locale)),
        ("statistics", 0, text("statistics.details.pending", locale, count=fresh.pending)),
    ]
    return [
        {"code": code, "label": text(f"statistics.components.{code}", locale), "state": _state(age), "detail": detail}
        for code, age, detail in lines
    ]


def _state(age: int) -> str:
    return "ok" if age < LATE else "late" if age < DOWN else "down"


def _waits(count: int, seconds: int, locale: str) -> str:
    if not count:
        return text("statistics.details.nothing", locale)
    return text("statistics.details.waiting", locale, count=count, seconds=seconds)


def _oldest(seconds: int, locale: str) -> str:
    how = "oldest" if seconds else "nothing"
    return text(f"statistics.details.{how}", locale, seconds=seconds)


def _conclusion(found: dict[str, Any], locale: str) -> str:
    failed, oldest = sum(hour["failed"] for hour in found["hours"]), found["oldest_undelivered_seconds"]
    if oldest >= LATE:
        return text("statistics.health.late", locale, minutes=oldest // 60)
    if failed:
        return text("statistics.health.failed", locale, count=failed)
    times = found["latency"]
    if times is None:
        return text("statistics.health.fine", locale)
    how = "slow" if times["p95_ms"] > SLOW_MS else "prompt"
    return text(f"statistics.health.{how}", locale, most=times["p95_ms"])
