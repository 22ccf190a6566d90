"""Doors of applications: ``/api/smartapp/submit``, ``/applications…`` and ``/draft``."""

from __future__ import annotations

import re
from typing import Annotated, Any
from uuid import UUID

from flask import Response
from flask_openapi import APIBlueprint, Tag
from pydantic import BaseModel, Field

from express_bot.contracts import errors
from express_bot.contracts.applications import (
    Application,
    CardPage,
    DraftAnswer,
    EditApplication,
    SaveDraft,
    Status,
    SubmitApplication,
    WithdrawApplication,
)
from express_bot.contracts.users import Strict
from express_bot.core.applications import drafts, repository, service, views
from express_bot.core.files import attaching
from express_bot.core.http import (
    answer,
    compiled_form,
    db,
    door,
    expected_version,
    house,
    idempotency_key,
    locale,
    operation,
    principal,
    renewed_principal,
)
from express_bot.core.query import Query
from express_bot.domain.roles import Permission, is_allowed

api = APIBlueprint(
    "applications", __name__, url_prefix="/api/smartapp", abp_tags=[Tag(name="applications", description=__doc__)]
)

_NUMBER = re.compile(r"\d{4}-\d{4,12}")
PAGE = 20


class ByNumber(BaseModel):
    """An application's number; where a list is read, also a person's id (for integrations)."""

    number: Annotated[str, Field(max_length=40, description="number `YYYY-NNNN`; for GET also a user's id")]


class ListQuery(Query, Strict):
    """Filters and place of a list."""

    form: Annotated[str, Field(max_length=40)] | None = None
    status: Status | None = None
    cursor: Annotated[str, Field(pattern=r"^[0-9]{1,18}$")] | None = None
    limit: Annotated[int, Field(ge=1, le=100, strict=False)] = PAGE


class DraftQuery(Query, Strict):
    """Whose draft: the form's."""

    form: Annotated[str, Field(min_length=1, max_length=40)]


def call(*, key: str = "") -> service.Call:
    """The circumstances of this call."""
    here = house()
    return service.Call(
        principal(),
        here.clock.now(),
        locale(),
        here.reference.get(db()),
        renew=renewed_principal,
        key=key,
        expected=expected_version(),
        door=door(),
    )


@api.post("/submit", summary="File an application", responses={201: Application}, openapi_extensions={"x-key": True})
@operation(Permission.APPLICATIONS_OWN, atomic=False, trusted_late=True, rate="filing")
def submit(body: SubmitApplication) -> Response:
    """Files an application. Repeated with the same key and body it answers the same again."""
    here = call(key=idempotency_key())
    row, replayed = service.submit(db(), here, body)
    document = views.application(here, row, files=files_of(here, row))
    return answer(document, 201, **({"Idempotency-Replayed": "true"} if replayed else {}))


@api.get("/applications", summary="My applications", responses={200: CardPage})
@operation(Permission.APPLICATIONS_OWN)
def list_own(query: ListQuery) -> Response:
    """The caller's applications, newest first."""
    return answer(_page(principal().user_id, query))


def _page(applicant: UUID, query: ListQuery) -> dict[str, Any]:
    rows = repository.page(
        db(),
        applicant,
        form=query.form,
        status=query.status,
        before=int(query.cursor) if query.cursor else None,
        size=query.limit + 1,
    )
    here = call()
    more = len(rows) > query.limit
    return {
        "items": [views.card(here, row) for row in rows[: query.limit]],
        "next_cursor": str(rows[query.limit - 1]["id"]) if more else None,
    }


@api.get(
    "/applications/<number>",
    summary="One application by number, or a person's list by user id",
    responses={200: Application},
    openapi_extensions={"x-or": "CardPage"},
)
@operation(Permission.APPLICATIONS_OWN)
def read(path: ByNumber, query: ListQuery) -> Response:
    """By number: the caller's own application with its history. By user id: that person's list (own, or a
    dispatcher's right), narrowed and paged like one's own."""
    if _NUMBER.fullmatch(path.number):
        return whole(service.own(db(), call(), path.number))
    return answer(_page(_readable_person(path.number), query))


def _readable_person(reference: str) -> UUID:
    try:
        person = UUID(reference)
    except ValueError:
        raise errors.NotFound from None
    if person != principal().user_id and not is_allowed(principal().roles, Permission.APPLICATIONS_READ_ANY):
        raise errors.NotFound
    return person


def whole(row: dict[str, Any], here: service.Call | None = None) -> Response:
    """The answer that shows its owner one application."""
    here = here or call()
    document = views.application(here, row, repository.events(db(), row["id"]), files=files_of(here, row))
    return answer(document, ETag=f'"{row["version"]}"')


def files_of(here: service.Call, row: dict[str, Any]) -> list[dict[str, Any]]:
    """What is attached; asks the database only where an answer names a file."""
    definition = here.reference.versions.get((row["form_id"], row["form_version"]))
    return attaching.shown(db(), definition, row["answers"], row["id"]) if definition else []


@api.patch(
    "/applications/<number>",
    summary="Edit",
    responses={200: Application},
    openapi_extensions={"x-key": True, "x-if-match": True},
)
@operation(Permission.APPLICATIONS_OWN, rate="filing")
def edit(path: ByNumber, body: EditApplication) -> Response:
    """New answers while the period is open."""
    here = call(key=idempotency_key())
    return whole(service.edit(db(), here, path.number, body), here)


@api.post(
    "/applications/<number>/withdraw",
    summary="Withdraw",
    responses={200: Application},
    openapi_extensions={"x-key": True, "x-if-match": True},
)
@operation(Permission.APPLICATIONS_OWN, rate="filing")
def withdraw(path: ByNumber, body: WithdrawApplication) -> Response:
    """Takes it back; after the deadline it asks the dispatcher to, with a reason."""
    here = call(key=idempotency_key())
    return whole(service.withdraw(db(), here, path.number, body), here)


@api.post(
    "/applications/<number>/restore",
    summary="Undo a withdrawal",
    responses={200: Application},
    openapi_extensions={"x-key": True, "x-if-match": True},
)
@operation(Permission.APPLICATIONS_OWN, rate="filing")
def restore(path: ByNumber) -> Response:
    """Undoes a withdrawal of a moment ago."""
    here = call(key=idempotency_key())
    return whole(service.restore(db(), here, path.number), here)


@api.post("/applications/<number>/seen", summary="The owner has opened the decision", responses={204: None})
@operation(Permission.APPLICATIONS_OWN)
def seen(path: ByNumber) -> Response:
    """Marks the latest decision as read."""
    service.mark_seen(db(), call(), path.number)
    return Response(status=204)


@api.get("/draft", summary="The draft of a form", responses={200: DraftAnswer})
@operation(Permission.DRAFTS_OWN)
def read_draft(query: DraftQuery) -> Response:
    """The caller's draft, or none."""
    form = house().reference.get(db()).form(query.form)
    return answer(DraftAnswer(draft=drafts.view(drafts.find(db(), principal().user_id, form.id))))


@api.put("/draft", summary="Keep the draft", responses={200: DraftAnswer})
@operation(Permission.DRAFTS_OWN, rate="saving")
def save_draft(body: SaveDraft) -> Response:
    """Keeps the draft; edits of two doors are merged: the latest wins by field, and both by item in a list of files."""
    caller, form = principal(), compiled_form(body.form)
    row, merged = drafts.save(db(), caller.user_id, body, form, channel=caller.channel, now=house().clock.now())
    return answer(DraftAnswer(draft=drafts.view(row), merged=merged))


@api.delete("/draft", summary="Throw the draft away", responses={204: None})
@operation(Permission.DRAFTS_OWN, rate="saving")
def delete_draft(query: DraftQuery) -> Response:
    """Forgets the draft; nothing happens if there is none."""
    form = house().reference.get(db()).form(query.form)
    drafts.delete(db(), principal().user_id, form.id)
    return Response(status=204)
