"""Doors of the statistics: ``/api/smartapp/statistics`` for everybody, ``/api/desk/statistics…`` for the desk."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

import orjson
from flask import Response, request
from flask_openapi import APIBlueprint, Tag
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from express_bot.contracts import errors
from express_bot.contracts.statistics import Basis, Grain, OwnStatistics, QuestionsAnswer, Statistics
from express_bot.contracts.users import Strict
from express_bot.core.http import answer, cached_answer, db, house, locale, operation, principal
from express_bot.core.statistics import desk, own, questions, repository
from express_bot.core.statistics.desk import Wish
from express_bot.core.statistics.repository import Freshness
from express_bot.core.statistics.words import Subject, subject
from express_bot.domain.roles import Permission

_TAG = Tag(name="statistics", description=__doc__)
api = APIBlueprint("own_statistics", __name__, url_prefix="/api/smartapp", abp_tags=[_TAG])
desk_api = APIBlueprint("statistics", __name__, url_prefix="/api/desk", abp_tags=[_TAG])

FormId = Annotated[str, Field(min_length=1, max_length=40)]


def _as_written(day: object) -> object:
    """A day is written out; a number would be read as seconds since 1970."""
    if isinstance(day, str) and _DAY.fullmatch(day) is None:
        raise ValueError("not a day")
    return day


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
Day = Annotated[date, BeforeValidator(_as_written), Field(strict=False)]


class OwnQuery(Strict):
    """Which form."""

    form: FormId = "flight"


class DeskQuery(BaseModel):
    """What is counted. Any other member is a filter: a dimension and the code its applications have."""

    model_config = ConfigDict(extra="allow", populate_by_name=True)

    form: FormId = "flight"
    by: Annotated[str, Field(max_length=200, description="up to two dimensions and `status`, with commas")] = ""
    basis: Basis | None = Field(default=None, description="none: `target` where the form has periods, else `filed`")
    grain: Grain = "none"
    from_: Day | None = Field(default=None, alias="from", description="none: the target of the present period")
    to: Day | None = Field(default=None, description="the last day, included")
    compare: Annotated[str, Field(pattern="^previous$")] | None = None

    def wish(self) -> Wish:
        """As the statistics understand it; raises ``InvalidBody`` for a filter that is said twice."""
        filters = {name: str(value) for name, value in (self.model_extra or {}).items()}
        _ensure_codes(filters)
        by = tuple(part.strip() for part in self.by.split(",") if part.strip())
        return Wish(by, self.basis, self.grain, self.from_, self.to, filters)


class QuestionsQuery(Strict):
    """Which form, and which of its periods."""

    form: FormId = "flight"
    period: Annotated[int, Field(ge=1, le=2**62, strict=False)] | None = None


def _ensure_codes(filters: dict[str, str]) -> None:
    """A filter names one code of a sane length."""
    wrong = [name for name, code in filters.items() if len(code) > 100 or len(request.args.getlist(name)) > 1]
    if wrong:
        raise errors.InvalidBody(errors=[errors.FieldError(name[:60], "wrong_value") for name in wrong])


def about(fresh: Freshness, form: str) -> Subject:
    """The form of this call, in the caller's language."""
    here = house()
    return subject(here.reference.get(db()), fresh.layouts, form, locale=locale(), now=here.clock.now())


def _tag(fresh: Freshness, topic: Subject, *more: object) -> str:
    """Changes with every figure, every name, and the language."""
    return ".".join(map(str, (fresh.tag, topic.reference.version, topic.locale, *more)))


def _written(found: dict[str, Any]) -> orjson.Fragment:
    """As ``Statistics`` and ``QuestionsAnswer`` write it, without making an object of each of a thousand bars."""
    return orjson.Fragment(orjson.dumps(found, option=orjson.OPT_UTC_Z))


@api.get("/statistics", summary="My statistics", responses={200: OwnStatistics})
@operation(Permission.STATISTICS_OWN)
def own_statistics(query: OwnQuery) -> Response:
    """The caller's own figures, what raises one's chance, and what everybody may see of the open period."""
    house().reference.get(db())  # before the snapshot: it may have to look for a newer version
    with repository.snapshot(db()) as fresh:
        topic, caller = about(fresh, query.form), principal()
        found = own.answer(db(), topic, caller.user_id, caller.profile, fresh)
    period = topic.reference.open_period(topic.form, topic.now)
    return cached_answer(
        OwnStatistics(**found).model_dump(mode="json"),
        _tag(fresh, topic, caller.user_id, caller.version, period.id if period else 0),
    )


@desk_api.get("/statistics", summary="Figures by dimensions", responses={200: Statistics})
@operation(Permission.STATISTICS_READ_ALL)
def statistics(query: DeskQuery) -> Response:
    """Counts of applications by any dimension of a form, exact at ``as_of``."""
    house().reference.get(db())
    with repository.snapshot(db()) as fresh:
        topic = about(fresh, query.form)
        ask = desk.ask_of(topic, query.wish())
        found = desk.answer(db(), topic, ask, fresh, compare=query.compare is not None)
    return cached_answer(_written(found), _tag(fresh, topic, ask.range.first, ask.range.last))


@desk_api.get("/statistics/questions", summary="The eight questions", responses={200: QuestionsAnswer})
@operation(Permission.STATISTICS_READ_ALL)
def statistics_questions(query: QuestionsQuery) -> Response:
    """The figures of the eight charts about one period, each with the sentence that follows from it."""
    house().reference.get(db())
    with repository.snapshot(db()) as fresh:
        found = questions.answer(db(), questions.topic(about(fresh, query.form), query.period), fresh)
    return answer(_written(found))
