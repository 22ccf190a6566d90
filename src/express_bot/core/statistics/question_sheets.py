"""One question with its figures as a table to take along: the rows and columns that the desk's page prints."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from express_bot.core.applications.service import HOUSE_ZONE
from express_bot.core.statistics.export import Cell, Sheet
from express_bot.core.statistics.sheets import moment
from express_bot.core.statistics.words import Subject
from express_bot.domain import texts
from express_bot.domain.locales import pick

#: More columns than this would be too narrow: the last one is «so many and more».
MOST_APPROVALS = 8
Found = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """One mark of the chart: what it is called, and its figures."""

    key: str
    name: Cell
    values: Sequence[Cell]


@dataclass(frozen=True)
class Table:
    """``by_name``: a line has its twin of the time before under the same key; else in the same place of the order."""

    head: str
    columns: Sequence[str]
    lines: Sequence[Line]
    by_name: bool = False


def sheet(subject: Subject, name: str, answer: Found, *, made_by: str) -> Sheet:
    """``answer`` is ``contracts.statistics.QuestionsAnswer`` as ``questions.answer`` gives it, with its health."""
    previous = answer["previous"]
    earlier = previous["questions"].get(name) if previous else None
    tables = _tables(subject, name, answer["questions"][name], earlier)
    before = _tables(subject, name, earlier, answer["questions"][name]) if earlier else []
    title = previous["period"]["title"] if previous else ""
    joined = [_beside(table, before[place], title) if before else table for place, table in enumerate(tables)]
    first, *others = joined
    rows = _rows(first)
    for table in others:
        rows += [[], [table.head, *table.columns], *_rows(table)]
    return Sheet(
        title=_word(subject, f"questions.{name}"),
        header=[first.head, *first.columns],
        rows=rows,
        about=list(_about(subject, name, answer, made_by, has_twin=earlier is not None)),
        about_title=_word(subject, "about"),
    )


def _rows(table: Table) -> list[list[Cell]]:
    return [[line.name, *line.values] for line in table.lines]


def _beside(table: Table, before: Table, title: str) -> Table:
    """Earlier figures to the right of the present ones; lines that are only there come at the end."""
    nothing: list[Cell] = [0 if table.by_name else None] * len(table.columns)
    keys = [line.key if table.by_name else str(place) for place, line in enumerate(table.lines)]
    then = {line.key if table.by_name else str(place): line for place, line in enumerate(before.lines)}
    lines = [
        Line(line.key, line.name, [*line.values, *(then[key].values if key in then else nothing)])
        for key, line in zip(keys, table.lines, strict=True)
    ]
    only = [Line(line.key, line.name, [*nothing, *line.values]) for key, line in then.items() if key not in keys]
    columns = [*table.columns, *(f"{column}, {title}" for column in table.columns)]
    return Table(table.head, columns, [*lines, *only], table.by_name)


def _tables(subject: Subject, name: str, found: Found, twin: Found | None) -> list[Table]:
    if name == "fairness":
        return [_fairness(subject, found, twin or found)]
    return _TABLES[name](subject, found)


def _word(subject: Subject, name: str, **facts: Any) -> str:
    return texts.text(f"statistics.export.{name}", subject.locale, **facts)


def _columns(subject: Subject, *names: str) -> list[str]:
    return [_word(subject, f"columns.{name}") for name in names]


def _plain(subject: Subject, head: str, rows: Sequence[Found], key: str, *values: str) -> Table:
    """A table whose members have the names of its columns, but for «count» and the like."""
    lines = [Line(str(row[key]), _said(row[key]), [row[value] for value in values]) for row in rows]
    return Table(_word(subject, f"columns.{head}"), _columns(subject, *values), lines)


def _said(cell: Any) -> Cell:
    """Days stay days; hours are told in the house's zone."""
    if isinstance(cell, datetime):
        return f"{cell.astimezone(ZoneInfo(HOUSE_ZONE)):%Y-%m-%d %H:%M}"
    return cell  # type: ignore[no-any-return]  # a member of an answer: a day, a number or a text


def _named(head: str, columns: Sequence[str], rows: Sequence[Found], *values: str) -> Table:
    lines = [Line(row["code"], row["label"], [row[value] for value in values]) for row in rows]
    return Table(head, columns, lines, by_name=True)


def _directions(subject: Subject, found: Found) -> list[Table]:
    columns = _columns(subject, "requested", "approved")
    return [_named(found["label"], columns, found["rows"], "requested", "approved")]


def _channels(subject: Subject, found: Found) -> list[Table]:
    head = _word(subject, "columns.channel")
    return [_named(head, _columns(subject, "count", "share"), found["rows"], "count", "share")]


def _filing(subject: Subject, found: Found) -> list[Table]:
    days = _plain(subject, "day", found["days"], "date", "count")
    return [days, _plain(subject, "hour", found["hours"], "at", "count")]


def _fairness(subject: Subject, found: Found, twin: Found) -> Table:
    """Columns are numbers of approvals, as many as either time has; cells are people."""
    most = max([1, *(dot["approvals"] for one in (found, twin) for row in one["rows"] for dot in row["people"])])
    last = min(most, MOST_APPROVALS)
    lines = [Line(row["code"], row["label"], _people(row, last)) for row in found["rows"]]
    columns = [_approvals(subject, count, more=count == last < most) for count in range(1, last + 1)]
    main = subject.layout.main
    return Table(subject.title(main) if main else "", columns, lines, by_name=True)


def _people(row: Found, last: int) -> list[Cell]:
    counts: list[Cell] = []
    for number in range(1, last + 1):
        fits = [dot for dot in row["people"] if dot["approvals"] == number or number == last < dot["approvals"]]
        counts.append(sum(dot["people"] for dot in fits))
    return counts


def _approvals(subject: Subject, count: int, *, more: bool) -> str:
    said = _word(subject, "columns.approvals", count=count)
    return said.replace(str(count), f"{count}+") if more else said


_TABLES: dict[str, Callable[[Subject, Found], list[Table]]] = {
    "demand": lambda subject, found: [_plain(subject, "day", found["days"], "date", "requested", "approved")],
    "directions": _directions,
    "progress": lambda subject, found: [_plain(subject, "day", found["days"], "date", "decided", "planned")],
    "filing": _filing,
    "durations": lambda subject, found: [_plain(subject, "week", found["weeks"], "week", "p50_days", "p90_days")],
    "channels": _channels,
    "health": lambda subject, found: [_plain(subject, "hour", found["hours"], "at", "shown", "failed")],
}


def _about(subject: Subject, name: str, answer: Found, made_by: str, *, has_twin: bool) -> Iterator[tuple[str, str]]:
    yield _word(subject, "question"), _word(subject, f"questions.{name}")
    yield _word(subject, "conclusion"), answer["questions"][name]["conclusion"]
    yield _word(subject, "form"), pick(subject.definition.title, subject.locale)
    yield _word(subject, "period"), _range(answer["period"])
    if has_twin:
        yield _word(subject, "before_range"), _range(answer["previous"]["period"])
        yield _word(subject, "before_conclusion"), answer["previous"]["questions"][name]["conclusion"]
    yield _word(subject, "as_of"), moment(answer["as_of"])
    yield _word(subject, "pending"), str(answer["pending"])
    yield _word(subject, "made_by"), made_by


def _range(period: Found) -> str:
    return f"{period['title']}, {period['from'].isoformat()} – {period['to'].isoformat()}"
