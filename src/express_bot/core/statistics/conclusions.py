"""The sentence under each chart: what follows from its figures, in the caller's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from express_bot.domain.texts import text

Found = Mapping[str, Any]


def demand(found: Found, locale: str) -> str:
    """«Нехватка на 9 из 23 дат, больше всего 28 января: 6»."""
    worst = next((day for day in found["days"] if day["date"] == found["worst"]), None)
    if worst is None:
        return text("statistics.demand.empty", locale)
    asked = sum(1 for day in found["days"] if day["requested"])
    if found["short_days"]:
        facts = {"short": found["short_days"], "days": asked, "date": worst["date"], "count": worst["refused"]}
        return text("statistics.demand.short", locale, **facts)
    if not any(day["undecided"] for day in found["days"]):
        return text("statistics.demand.enough", locale)
    how = "so_far" if any(day["approved"] for day in found["days"]) else "undecided"
    return text(f"statistics.demand.{how}", locale, date=worst["date"], count=worst["requested"])


def directions(found: Found, locale: str) -> str:
    """«Хургада: 9 заявок, одобрено 4»."""
    rows = found["rows"]
    if found["dimension"] is None or not rows:
        return text(f"statistics.directions.{'empty' if found['dimension'] else 'none'}", locale)
    first = rows[0]
    facts = {"label": first["label"], "count": first["requested"], "approved": first["approved"]}
    if first["refused"]:
        return text("statistics.directions.short", locale, **facts)
    how = "undecided" if any(row["undecided"] for row in rows) else "enough"
    return text(f"statistics.directions.{how}", locale, **facts)


def progress(found: Found, locale: str) -> str:
    """«Решено 38 %, по плану к сегодня 45 %»."""
    if not found["total"]:
        return text("statistics.progress.empty", locale)
    if found["planned_share"] is None:
        return text("statistics.progress.plain", locale, share=found["share"])
    return text("statistics.progress.planned", locale, share=found["share"], planned=found["planned_share"])


def filing(found: Found, locale: str) -> str:
    """«62 % заявок приходят в последние двое суток»."""
    return text(f"statistics.filing.{'share' if found['total'] else 'empty'}", locale, share=found["share"])


def fairness(found: Found, main: str | None, locale: str) -> str:
    """«Сочи: у 14 человек больше 3 одобрений»."""
    if main is None or not found["rows"]:
        return text(f"statistics.fairness.{'empty' if main else 'none'}", locale)
    worst, threshold = found["rows"][0], found["threshold"]
    if not worst["over"]:
        return text("statistics.fairness.fair", locale, threshold=threshold)
    return text("statistics.fairness.over", locale, label=worst["label"], people=worst["over"], threshold=threshold)


def durations(found: Found, locale: str) -> str:
    """«Половина решений за 3,1 дня»."""
    if found["p50_days"] is None:
        return text("statistics.durations.empty", locale)
    return text("statistics.durations.half", locale, days=decimal(found["p50_days"], locale))


def channels(found: Found, locale: str) -> str:
    """«eXpress 81 %, Telegram 12 %, Браузер 7 %»."""
    if not found["rows"]:
        return text("statistics.channels.empty", locale)
    parts = [text("statistics.channels.part", locale, label=row["label"], share=row["share"]) for row in found["rows"]]
    return ", ".join(parts)


def decimal(number: float, locale: str) -> int | str:
    """3.0 is a whole number, whose words have a plural; 3.1 is «3,1»."""
    if number == int(number):
        return int(number)
    return f"{number:.1f}".replace(".", ",") if locale == "ru" else f"{number:.1f}"
