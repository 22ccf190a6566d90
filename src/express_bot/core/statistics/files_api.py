"""What the desk's page shows of one question, as a file: fetched by a link, where no session can be sent along."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import orjson
from flask import Response
from flask_openapi import APIBlueprint, Tag
from pydantic import BaseModel, Field

from express_bot.contracts import errors
from express_bot.contracts.files import LINK_SECONDS
from express_bot.contracts.statistics import AskFile, FigureLink
from express_bot.core import sealed
from express_bot.core.audit import repository as audit
from express_bot.core.http import PUBLIC, answer, db, house, locale, operation, principal
from express_bot.core.sessions import service as sessions
from express_bot.core.sessions.principal import Principal
from express_bot.core.statistics import comparing, export, health, question_sheets, questions, repository
from express_bot.core.statistics.rows_api import as_file
from express_bot.core.statistics.words import subject
from express_bot.domain.roles import Permission, is_allowed

api = APIBlueprint(
    "statistics_files", __name__, url_prefix="/api/desk", abp_tags=[Tag(name="statistics", description=__doc__)]
)
_PURPOSE = "express-bot figures"


class ByToken(BaseModel):
    """What stands in a link."""

    token: Annotated[str, Field(max_length=600)]


@api.post("/statistics/questions/file", summary="A link to one question's figures", responses={200: FigureLink})
@operation(Permission.STATISTICS_READ_ALL, rate="statistics")
def link_figures(body: AskFile) -> Response:
    """An address that gives the figures as CSV or XLSX for a few minutes, in the caller's language."""
    caller, told_to = principal(), locale()
    house().reference.get(db()).form(body.form)
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=LINK_SECONDS)
    told = {"ask": body.model_dump(), "reader": str(caller.user_id), "until": until, "locale": told_to}
    token = sealed.token(orjson.dumps(told), _PURPOSE, _key())
    audit.record(db(), caller, "statistics.link", "form", body.form, {"question": body.question, "type": body.type})
    url = f"{house().settings.public_url}/api/desk/statistics/files/{token}"
    return answer(FigureLink(url=url, expires_at=until))


@api.get(
    "/statistics/files/<token>",
    summary="The figures behind a link",
    responses={200: {"content": {mime: {"schema": {"type": "string"}} for mime in export.MIME.values()}}},
)
@operation(PUBLIC)
def read_figures(path: ByToken) -> Response:
    """The file, for whoever holds a fresh link, as long as the person it was made for may see the figures."""
    told = _told(path.token)
    reader, ask = _reader(told["reader"]), AskFile.model_validate(told["ask"])
    reference = house().reference.get(db())
    with repository.snapshot(db()) as fresh:
        about = subject(reference, fresh.layouts, ask.form, locale=told["locale"], now=house().clock.now())
        topic = questions.topic(about, ask.period)
        found = questions.answer(db(), topic, fresh)
        found["questions"]["health"] = health.answer(db(), fresh, about.locale)
        found["previous"] = comparing.earlier(db(), topic, fresh) if ask.compare else None
    audit.record(db(), reader, "statistics.export", "form", ask.form, {"type": ask.type, "question": ask.question})
    table = question_sheets.sheet(about, ask.question, found, made_by=reader.full_name)
    name = f"statistics-{ask.form}-{ask.question}-{topic.range.first}-{topic.range.last}.{ask.type}"
    return as_file(table, ask.type, name, about.locale)


def _told(token: str) -> dict[str, Any]:
    """Raises ``UnknownFile`` for what we never made, ``LinkExpired`` when its time is over."""
    told = sealed.opened(token, _PURPOSE, _key())
    if told is None:
        raise errors.UnknownFile
    read: dict[str, Any] = orjson.loads(told)
    if datetime.fromisoformat(read["until"]) <= datetime.now(UTC):
        raise errors.LinkExpired
    return read


def _reader(user_id: str) -> Principal:
    try:
        reader = sessions.person(db(), UUID(user_id))
    except errors.Unauthenticated:
        raise errors.UnknownFile from None
    if not is_allowed(reader.roles, Permission.STATISTICS_READ_ALL):
        raise errors.UnknownFile
    return reader


def _key() -> str:
    return house().settings.service_key.get_secret_value()
