"""Doors of the desk: ``/api/desk/applications…`` and ``/api/desk/publications``."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Any, Literal

from flask import Response
from flask_openapi import APIBlueprint, Tag
from pydantic import BaseModel, Field

from express_bot.contracts.applications import Status
from express_bot.contracts.decisions import (
    AnswerWithdrawal,
    AskOwner,
    DeskApplication,
    DeskPage,
    OfferPlace,
    Outcome,
    Publication,
    Publish,
    PutDecision,
    Reply,
    Review,
)
from express_bot.contracts.users import Strict
from express_bot.core.applications import repository as applications
from express_bot.core.applications.api import call, files_of
from express_bot.core.applications.service import Call
from express_bot.core.db.session import Row
from express_bot.core.decisions import desk, drafting, offers, publishing, questions, repository, reviewing, views
from express_bot.core.http import answer, db, idempotency_key, operation
from express_bot.core.query import Query
from express_bot.domain.roles import Permission

api = APIBlueprint("desk", __name__, url_prefix="/api/desk", abp_tags=[Tag(name="desk", description=__doc__)])

PAGE = 50
CHANGE = {"x-key": True, "x-if-match": True}
ANSWER: dict[str | int | HTTPStatus, Any] = {200: DeskApplication}


class ByNumber(BaseModel):
    """An application's number."""

    number: Annotated[str, Field(min_length=1, max_length=40, description="`YYYY-NNNN`")]


class QueueQuery(Query, Strict):
    """Filters and place of the queue."""

    form: Annotated[str, Field(max_length=40)] | None = None
    period: Annotated[int, Field(ge=1, le=2**62, strict=False)] | None = None
    status: Status | None = None
    draft: Outcome | Literal["any", "none"] | None = Field(default=None, description="only with such a draft")
    cursor: Annotated[str, Field(pattern=r"^[0-9]{1,18}$")] | None = None
    limit: Annotated[int, Field(ge=1, le=100, strict=False)] = PAGE


@api.get("/applications", summary="The queue", responses={200: DeskPage})
@operation(Permission.APPLICATIONS_READ_ANY)
def list_queue(query: QueueQuery) -> Response:
    """Everybody's applications, newest first."""
    rows = repository.page(
        db(),
        form=query.form,
        period=query.period,
        status=query.status,
        draft=query.draft,
        before=int(query.cursor) if query.cursor else None,
        size=query.limit + 1,
    )
    shown, more = rows[: query.limit], len(rows) > query.limit
    found: dict[str, Any] = {
        "items": views.page(db(), call(), shown),
        "next_cursor": str(shown[-1]["id"]) if more else None,
        **repository.counts(db(), form=query.form, period=query.period),
    }
    return answer(found)


@api.get("/applications/<number>", summary="One application whole", responses=ANSWER)
@operation(Permission.APPLICATIONS_READ_ANY)
def read_any(path: ByNumber) -> Response:
    """Anybody's, with names, its draft and what the desk may do with it."""
    return _whole(desk.found(db(), path.number), call())


def _whole(row: Row, here: Call) -> Response:
    events = applications.events(db(), row["id"])
    document = views.application(db(), here, row, events, files=files_of(here, row))
    return answer(document, ETag=f'"{document["version"]}"')


@api.put(
    "/applications/<number>/decision",
    summary="Keep a draft of a decision",
    responses=ANSWER,
    openapi_extensions=CHANGE,
)
@operation(Permission.APPLICATIONS_DECIDE)
def put_decision(path: ByNumber, body: PutDecision) -> Response:
    """Nobody but the desk sees it before it is published."""
    here = call(key=idempotency_key())
    return _whole(drafting.keep(db(), here, path.number, body), here)


@api.delete(
    "/applications/<number>/decision",
    summary="Forget the draft",
    responses={204: None},
    openapi_extensions=CHANGE,
)
@operation(Permission.APPLICATIONS_DECIDE)
def forget_decision(path: ByNumber) -> Response:
    """Nothing happens if there is none."""
    drafting.forget(db(), call(key=idempotency_key()), path.number)
    return Response(status=204)


@api.post("/publications", summary="Publish drafts", responses={201: Publication}, openapi_extensions={"x-key": True})
@operation(Permission.APPLICATIONS_DECIDE)
def publish(body: Publish) -> Response:
    """All of them in one transaction; everybody is told once."""
    return answer(publishing.publish(db(), call(key=idempotency_key()), body), 201)


@api.post(
    "/applications/<number>/review",
    summary="Take it up, or take the question back",
    responses=ANSWER,
    openapi_extensions=CHANGE,
)
@operation(Permission.APPLICATIONS_DECIDE)
def review(path: ByNumber, body: Review) -> Response:
    """From now on its owner does not edit it."""
    here = call(key=idempotency_key())
    return _whole(reviewing.review(db(), here, path.number, body), here)


@api.post(
    "/applications/<number>/withdrawal",
    summary="Answer a request to withdraw",
    responses=ANSWER,
    openapi_extensions=CHANGE,
)
@operation(Permission.APPLICATIONS_DECIDE)
def answer_withdrawal(path: ByNumber, body: AnswerWithdrawal) -> Response:
    """Withdraws it for its owner, or says why not."""
    here = call(key=idempotency_key())
    return _whole(reviewing.answer_withdrawal(db(), here, path.number, body), here)


@api.post(
    "/applications/<number>/question",
    summary="Ask its owner",
    responses=ANSWER,
    openapi_extensions=CHANGE,
)
@operation(Permission.APPLICATIONS_DECIDE)
def ask_owner(path: ByNumber, body: AskOwner) -> Response:
    """A question, with what a «yes» would change if it proposes something."""
    here = call(key=idempotency_key())
    return _whole(questions.ask(db(), here, path.number, body), here)


@api.post(
    "/applications/<number>/reply",
    summary="Write to its owner",
    responses=ANSWER,
    openapi_extensions=CHANGE,
)
@operation(Permission.APPLICATIONS_DECIDE)
def reply(path: ByNumber, body: Reply) -> Response:
    """Its status stays as it is."""
    here = call(key=idempotency_key())
    return _whole(questions.reply(db(), here, path.number, body), here)


@api.post(
    "/applications/<number>/offer",
    summary="Offer a free place",
    responses=ANSWER,
    openapi_extensions=CHANGE,
)
@operation(Permission.APPLICATIONS_DECIDE)
def offer_place(path: ByNumber, body: OfferPlace) -> Response:
    """To somebody on the reserve list, until a moment."""
    here = call(key=idempotency_key())
    return _whole(offers.offer(db(), here, path.number, body), here)
