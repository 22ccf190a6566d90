"""Doors behind the figures of the desk: the applications of a bar, and the same answer as a file."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date, datetime
from typing import Annotated, Any, Literal

from flask import Response
from flask_openapi import APIBlueprint, Tag
from pydantic import Field

from express_bot.contracts import errors
from express_bot.contracts.statistics import RowsPage
from express_bot.core.applications import service, views
from express_bot.core.audit import repository as audit
from express_bot.core.db.session import Row
from express_bot.core.http import answer, db, house, locale, operation, principal
from express_bot.core.statistics import desk, export, repository, rows, sheets
from express_bot.core.statistics.api import Day, DeskQuery, about
from express_bot.core.statistics.rows import Bar, Place
from express_bot.core.statistics.words import Subject
from express_bot.domain.roles import Permission
from express_bot.domain.statistics import STATUS
from express_bot.domain.workflow import Status

api = APIBlueprint(
    "statistics_rows", __name__, url_prefix="/api/desk", abp_tags=[Tag(name="statistics", description=__doc__)]
)

PAGE = 20


class RowsQuery(DeskQuery):
    """The question of a figure, and which bar of it. ``status`` may name several, with commas."""

    at: Day | None = Field(default=None, description="the bar's day, week or month, where `grain` is one of these")
    period: Annotated[int, Field(ge=1, le=2**62, strict=False, description="only of this period")] | None = None
    cursor: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,200}$")] | None = None
    limit: Annotated[int, Field(ge=1, le=100, strict=False)] = PAGE


class ExportQuery(DeskQuery):
    """The question of a figure, and what kind of file."""

    type: Literal["csv", "xlsx"]


@api.get("/statistics/rows", summary="The applications behind a figure", responses={200: RowsPage})
@operation(Permission.STATISTICS_READ_ALL, rate="statistics")
def statistics_rows(query: RowsQuery) -> Response:
    """Exactly what the figure of the same question counts, newest day first; ``total`` is the figure."""
    house().reference.get(db())  # before the snapshot: it may have to look for a newer version
    with repository.snapshot(db()) as fresh:
        topic = about(fresh, query.form)
        bar = rows.bar_of(desk.ask_of(topic, query.wish()), grain=query.grain, at=query.at, period=query.period)
        _ensure_statuses(bar)
        total = rows.total(db(), topic, bar)
        found, cursor = _page(topic, bar, total, _place(bar, query.cursor), query.limit)
    rest = {"as_of": fresh.as_of, "next_cursor": cursor}
    return answer(RowsPage.model_validate({"total": total, "items": [_item(topic, row) for row in found], **rest}))


def _ensure_statuses(bar: Bar) -> None:
    if not (bar.statuses or frozenset()) <= set(Status):
        raise errors.InvalidBody(errors=[errors.FieldError(STATUS, "wrong_value")])


def _page(topic: Subject, bar: Bar, total: int, after: Place | None, limit: int) -> tuple[list[Row], str | None]:
    """Looks no further than there is anything to find: the figure says how many rows there are."""
    seen = after.seen if after else 0
    size = min(limit, total - seen)
    found = rows.page(db(), topic, bar, after=after, size=size) if size > 0 else []
    if len(found) < size or seen + size >= total:
        return found, None
    return found, _cursor(rows.place_of(bar, found[-1], seen + size))


def _item(topic: Subject, row: Row) -> dict[str, Any]:
    call = service.Call(principal(), topic.now, topic.locale, topic.reference, renew=principal)
    return views.card(call, row) | {"full_name": row["full_name"]}


def _cursor(place: Place) -> str:
    return urlsafe_b64encode(f"{place.value}|{place.id}|{place.seen}".encode()).decode().rstrip("=")


def _place(bar: Bar, cursor: str | None) -> Place | None:
    """Raises ``InvalidBody`` for a cursor that this question has never given."""
    if cursor is None:
        return None
    try:
        value, number, seen = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split("|")
        read = datetime.fromisoformat if bar.ask.basis == "filed" else date.fromisoformat
        return Place(read(value).isoformat(), int(number) % 2**62, max(int(seen), 0))
    except (binascii.Error, ValueError):
        raise errors.InvalidBody(errors=[errors.FieldError("cursor", "wrong_value")]) from None


@api.get(
    "/statistics/export",
    summary="Figures as a file",
    responses={200: {"content": {mime: {"schema": {"type": "string"}} for mime in export.MIME.values()}}},
)
@operation(Permission.STATISTICS_READ_ALL, rate="exports")
def statistics_export(query: ExportQuery) -> Response:
    """The answer of the same question as CSV or XLSX; that somebody took it along stands in the audit."""
    house().reference.get(db())
    with repository.snapshot(db()) as fresh:
        topic = about(fresh, query.form)
        ask = desk.ask_of(topic, query.wish())
        found = desk.answer(db(), topic, ask, fresh, compare=query.compare is not None)
    details = {"type": query.type, "rows": len(found["groups"]), "by": found["by"]}
    audit.record(db(), principal(), "statistics.export", "form", ask.form, details)
    table = sheets.sheet(topic, found, made_by=principal().full_name)
    name = f"statistics-{ask.form}-{ask.range.first}-{ask.range.last}.{query.type}"
    return _file(table, query.type, name)


def _file(table: export.Sheet, kind: export.Kind, name: str) -> Response:
    made = export.as_csv(table, locale()) if kind == "csv" else export.pieces(export.as_xlsx(table))
    response = Response(made, content_type=export.MIME[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
