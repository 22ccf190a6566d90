"""Doors of the owner to the desk: ``/api/smartapp/applications/{number}/answer``, ``/take``… and ``/ask``."""

from __future__ import annotations

from flask import Response
from flask_openapi import APIBlueprint, Tag

from express_bot.contracts.applications import AnswerOffer, AnswerQuestion, Application, AskDesk
from express_bot.core.applications.api import ByNumber, call, whole
from express_bot.core.decisions import offers, questions
from express_bot.core.http import db, idempotency_key, operation
from express_bot.domain.roles import Permission

api = APIBlueprint(
    "decisions", __name__, url_prefix="/api/smartapp", abp_tags=[Tag(name="applications", description=__doc__)]
)
CHANGE = {"x-key": True, "x-if-match": True}


@api.post(
    "/applications/<number>/answer",
    summary="Answer the desk's question",
    responses={200: Application},
    openapi_extensions=CHANGE,
)
@operation(Permission.APPLICATIONS_OWN)
def answer_question(path: ByNumber, body: AnswerQuestion) -> Response:
    """Yes, no, or own words; a yes takes what the desk has proposed."""
    here = call(key=idempotency_key())
    return whole(questions.answer(db(), here, path.number, body), here)


@api.post(
    "/applications/<number>/take",
    summary="Take the offered place",
    responses={200: Application},
    openapi_extensions=CHANGE,
)
@operation(Permission.APPLICATIONS_OWN)
def take_place(path: ByNumber, body: AnswerOffer) -> Response:
    """From the reserve list to a place of one's own, while it is on offer."""
    here = call(key=idempotency_key())
    return whole(offers.take(db(), here, path.number, body), here)


@api.post(
    "/applications/<number>/decline-offer",
    summary="Leave the offered place to others",
    responses={200: Application},
    openapi_extensions=CHANGE,
)
@operation(Permission.APPLICATIONS_OWN)
def decline_offer(path: ByNumber, body: AnswerOffer) -> Response:
    """The application stays on the reserve list."""
    here = call(key=idempotency_key())
    return whole(offers.decline(db(), here, path.number, body), here)


@api.post(
    "/applications/<number>/ask",
    summary="Write to the desk",
    responses={200: Application},
    openapi_extensions=CHANGE,
)
@operation(Permission.APPLICATIONS_OWN)
def ask_desk(path: ByNumber, body: AskDesk) -> Response:
    """A message about one's application; nothing else changes."""
    here = call(key=idempotency_key())
    return whole(questions.write_to_desk(db(), here, path.number, body), here)
