"""An answer of the statistics as a table to take along (``export.py``), and what is to be known about it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from express_bot.core.applications.service import HOUSE_ZONE
from express_bot.core.statistics.export import Cell, Sheet
from express_bot.core.statistics.words import Subject
from express_bot.domain import texts
from express_bot.domain.locales import pick
from express_bot.domain.statistics import STATUS
from express_bot.domain.workflow import Status


def sheet(subject: Subject, found: dict[str, Any], *, made_by: str) -> Sheet:
    """``found`` is ``contracts.statistics.Statistics`` as ``desk.answer`` gives it."""
    statuses = _statuses(found)
    return Sheet(
        title=_word(subject, "title"),
        header=list(_header(subject, found, statuses)),
        rows=[list(_row(found, group, statuses)) for group in found["groups"]],
        about=list(_about(subject, found, made_by)),
        about_title=_word(subject, "about"),
    )


def _word(subject: Subject, name: str) -> str:
    return texts.text(f"statistics.export.{name}", subject.locale)


def _statuses(found: dict[str, Any]) -> list[str]:
    """A column for each that occurs, unless the rows are told apart by it."""
    if STATUS in found["by"]:
        return []
    return [status for status in Status if any(group["statuses"].get(status) for group in found["groups"])]


def _is_compared(found: dict[str, Any]) -> bool:
    """Days of two periods do not stand beside each other; groups do."""
    return found["previous"] is not None and found["grain"] == "none"


def _header(subject: Subject, found: dict[str, Any], statuses: Sequence[str]) -> Iterator[str]:
    if found["grain"] != "none":
        yield _word(subject, f"at.{found['grain']}")
    yield from (subject.title(name) for name in found["by"])
    yield _word(subject, "count")
    if _is_compared(found):
        yield _word(subject, "before")
    yield from (subject.label(STATUS, status) for status in statuses)


def _row(found: dict[str, Any], group: dict[str, Any], statuses: Sequence[str]) -> Iterator[Cell]:
    if found["grain"] != "none":
        yield group["at"]
    yield from group["labels"].values()
    yield group["count"]
    if _is_compared(found):
        yield next((one["count"] for one in found["previous"]["groups"] if one["key"] == group["key"]), 0)
    yield from (group["statuses"].get(status, 0) for status in statuses)


def _about(subject: Subject, found: dict[str, Any], made_by: str) -> Iterator[tuple[str, str]]:
    yield _word(subject, "form"), pick(subject.definition.title, subject.locale)
    yield _word(subject, "basis"), _word(subject, found["basis"])
    yield _word(subject, "from"), _day(found["from"])
    yield _word(subject, "to"), _day(found["to"])
    for name, code in found["filters"].items():
        yield subject.title(name), subject.label(name, code)
    if found["previous"]:
        yield _word(subject, "before_range"), f"{_day(found['previous']['from'])} – {_day(found['previous']['to'])}"
    yield _word(subject, "total"), str(found["total"])
    yield _word(subject, "as_of"), moment(found["as_of"])
    yield _word(subject, "pending"), str(found["pending"])
    yield _word(subject, "made_by"), made_by


def _day(day: date) -> str:
    return day.isoformat()


def moment(at: datetime) -> str:
    """By the house's clock, with its zone."""
    return f"{at.astimezone(ZoneInfo(HOUSE_ZONE)):%Y-%m-%d %H:%M:%S %z}"
