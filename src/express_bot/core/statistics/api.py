"""Doors of the statistics: ``/api/smartapp/statistics`` for everybody, ``/api/desk/statistics…`` for the desk."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, cast

import orjson
from flask import Response, request
from flask_openapi import APIBlueprint, Tag
from pydantic import BeforeValidator, ConfigDict, Field

from express_bot.contracts import errors
from express_bot.contracts.statistics import Basis, Grain, OwnStatistics, QuestionsAnswer, Statistics
from express_bot.contracts.users import Strict
from express_bot.core.applications.service import today
from express_bot.core.http import KEPT, Kept, db, house, kept, locale, operation, principal
from express_bot.core.query import Query
from express_bot.core.statistics import comparing, desk, health, own, questions, repository
from express_bot.core.statistics.desk import Wish
from express_bot.core.statistics.repository import Freshness
from express_bot.core.statistics.words import Subject, subject
from express_bot.domain.roles import Permission
from express_bot.domain.statistics import Ask

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


class OwnQuery(Query, Strict):
    """Which form."""

    form: FormId = "flight"


class DeskQuery(Query):
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


class QuestionsQuery(Query, Strict):
    """Which form, and which of its periods."""

    form: FormId = "flight"
    period: Annotated[int, Field(ge=1, le=2**62, strict=False)] | None = None
    compare: Annotated[str, Field(pattern="^previous$")] | None = None


@dataclass(frozen=True)
class Question:
    """What is asked: all that tells it from other questions, and how it is answered."""

    parts: tuple[object, ...]
    answer: Callable[[Subject, Freshness], dict[str, Any]]


def _ensure_codes(filters: dict[str, str]) -> None:
    """A filter names one code of a sane length."""
    wrong = [name for name, code in filters.items() if len(code) > 100 or len(request.args.getlist(name)) > 1]
    if wrong:
        raise errors.InvalidBody(errors=[errors.FieldError(name[:60], "wrong_value") for name in wrong])


def about(fresh: Freshness, form: str) -> Subject:
    """The form of this call, in the caller's language."""
    here = house()
    return subject(here.reference.get(db()), fresh.layouts, form, locale=locale(), now=here.clock.now())


def _kept(fresh: Freshness, topic: Subject, *parts: object) -> Kept:
    """Depends on every figure and every name, on whose and which they are, of which form, and on the day."""
    versions = (fresh.tag, topic.reference.version, topic.form, today(None, topic.now))
    return kept("statistics", *versions, *parts, now=("as_of", fresh.as_of))


def _answered(form: str, question: Callable[[Subject], Question]) -> Response:
    """What is known of this state of the figures, or the figures anew, all of one moment."""
    house().reference.get(db())  # before the snapshot: it may have to look for a newer version
    fresh = repository.freshness(db())
    topic = about(fresh, form)
    found = _kept(fresh, topic, *question(topic).parts).find()
    if found is not None:
        return found
    with repository.snapshot(db()) as fresh:
        topic = about(fresh, form)
        asked = question(topic)
        body = asked.answer(topic, fresh)
    del body["as_of"]
    return _kept(fresh, topic, *asked.parts).made(body, keep=True)


@api.get("/statistics", summary="My statistics", responses={200: OwnStatistics}, openapi_extensions=KEPT)
@operation(Permission.STATISTICS_OWN, rate="statistics")
def own_statistics(query: OwnQuery) -> Response:
    """The caller's own figures, what raises one's chance, and what everybody may see of the open period."""
    caller = principal()

    def question(topic: Subject) -> Question:
        period = topic.reference.open_period(topic.form, topic.now)
        return Question((caller.user_id, caller.version, period and period.id), figures)

    def figures(topic: Subject, fresh: Freshness) -> dict[str, Any]:
        found = own.answer(db(), topic, caller.user_id, caller.profile, fresh)
        return OwnStatistics(**found).model_dump(mode="json")

    return _answered(query.form, question)


@desk_api.get("/statistics", summary="Figures by dimensions", responses={200: Statistics}, openapi_extensions=KEPT)
@operation(Permission.STATISTICS_READ_ALL, rate="statistics")
def statistics(query: DeskQuery) -> Response:
    """Counts of applications by any dimension of a form, exact at ``as_of``."""
    wish, compare = query.wish(), query.compare is not None

    def question(topic: Subject) -> Question:
        ask = desk.ask_of(topic, wish)
        return Question((ask, compare), lambda topic, fresh: figures(topic, ask, fresh))

    def figures(topic: Subject, ask: Ask, fresh: Freshness) -> dict[str, Any]:
        return desk.answer(db(), topic, ask, fresh, compare=compare)

    return _answered(query.form, question)


@desk_api.get(
    "/statistics/questions",
    summary="The eight questions",
    responses={200: QuestionsAnswer},
    openapi_extensions=KEPT,
)
@operation(Permission.STATISTICS_READ_ALL, rate="statistics")
def statistics_questions(query: QuestionsQuery) -> Response:
    """The figures of the eight charts about one period, each with the sentence that follows from it."""
    body = _seven(query)
    fresh = repository.freshness(db())
    body["questions"]["health"] = health.answer(db(), fresh, locale())  # of this moment, unlike the other seven
    del body["as_of"]
    known = kept("answer", body, now=("as_of", fresh.as_of))
    return known.find() or known.made(body)


def _seven(query: QuestionsQuery) -> dict[str, Any]:
    """The eight as they were at most a minute ago by the business clock, if no figure has changed since."""
    house().reference.get(db())
    found = house().answers.find("questions", _tag_of_seven(query, repository.freshness(db())))
    if found is None:
        with repository.snapshot(db()) as fresh:
            topic = questions.topic(about(fresh, query.form), query.period)
            made = questions.answer(db(), topic, fresh)
            made["previous"] = comparing.earlier(db(), topic, fresh) if query.compare else None
        found = orjson.dumps(made, option=orjson.OPT_UTC_Z)
        house().answers.keep(_tag_of_seven(query, fresh), found)
    return cast("dict[str, Any]", orjson.loads(found))


def _tag_of_seven(query: QuestionsQuery, fresh: Freshness) -> str:
    topic = about(fresh, query.form)
    return _kept(fresh, topic, query.period, query.compare, topic.now.replace(second=0, microsecond=0)).tag
