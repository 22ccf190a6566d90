"""Doors of dialogs and cards, for our own services: ``/api/service/dialogs…`` and ``/api/service/cards…``."""

from __future__ import annotations

from flask import Response
from flask_openapi import APIBlueprint, Tag
from pydantic import BaseModel

from express_bot.contracts.messengers import (
    CallbackAnswer,
    Card,
    CardCallback,
    CardFailed,
    CardShown,
    Channel,
    ClaimCards,
    ClaimedCards,
    Dialog,
    DialogVersion,
    ExtendedLease,
    ExtendLease,
    Id,
    OuterId,
    PutDialog,
)
from express_bot.core.dialogs import service
from express_bot.core.http import answer, db, house, operation
from express_bot.core.query import Query
from express_bot.domain.roles import Permission

api = APIBlueprint("dialogs", __name__, url_prefix="/api/service", abp_tags=[Tag(name="dialogs", description=__doc__)])


class ByChat(BaseModel):
    """A conversation by its chat."""

    channel: Channel
    chat: OuterId


class ForPerson(Query):
    """Whose other conversations are told, too."""

    user_id: Id | None = None


class ByExternal(BaseModel):
    """A card by the id its messenger gave the message."""

    channel: Channel
    external_id: OuterId


class ByCard(BaseModel):
    """A card by its own id."""

    card_id: Id


@api.get("/dialogs/<channel>/<chat>", summary="Where a conversation stands", responses={200: Dialog})
@operation(Permission.MESSENGERS_SERVE)
def read_dialog(path: ByChat, query: ForPerson) -> Response:
    """Its state and version, its latest cards, and where the person's other conversations stand."""
    spoken = house().settings.messengers
    return answer(service.read(db(), path.channel, path.chat, user_id=query.user_id, spoken=spoken))


@api.put("/dialogs/<channel>/<chat>", summary="Take a step of a conversation", responses={200: DialogVersion})
@operation(Permission.MESSENGERS_SERVE)
def put_dialog(path: ByChat, body: PutDialog) -> Response:
    """State, wanted cards, what is left behind in other chats, and the event: kept together, or not at all."""
    return answer({"version": service.put(db(), path.channel, path.chat, body)})


@api.get("/cards/<channel>/by-external/<external_id>", summary="A card by its message", responses={200: Card})
@operation(Permission.MESSENGERS_SERVE)
def find_card(path: ByExternal) -> Response:
    """The card whose message somebody pressed."""
    return answer(service.find_card(db(), path.channel, path.external_id))


@api.post("/cards/claim", summary="Take cards to send", responses={200: ClaimedCards})
@operation(Permission.MESSENGERS_SERVE)
def claim_cards(body: ClaimCards) -> Response:
    """Leases the cards that are due, those wanted first come first, at most one of each chat."""
    return answer({"cards": service.claim(db(), body)})


@api.post("/cards/<card_id>/extend", summary="Sending goes on", responses={200: ExtendedLease})
@operation(Permission.MESSENGERS_SERVE)
def extend_card(path: ByCard, body: ExtendLease) -> Response:
    """The lease ends later, if it is still the caller's and has not run out."""
    return answer({"held": service.extend(db(), path.card_id, body)})


@api.post("/cards/<card_id>/shown", summary="A card was sent", responses={204: None})
@operation(Permission.MESSENGERS_SERVE)
def card_shown(path: ByCard, body: CardShown) -> Response:
    """If it was changed meanwhile, it is due again."""
    service.shown(db(), path.card_id, body)
    return Response(status=204)


@api.post("/cards/<card_id>/failed", summary="Sending a card failed", responses={204: None})
@operation(Permission.MESSENGERS_SERVE)
def card_failed(path: ByCard, body: CardFailed) -> Response:
    """It is due again after a pause; a permanent failure gives it up."""
    service.failed(db(), path.card_id, body, pauses=house().settings.retry_schedule)
    return Response(status=204)


@api.post("/cards/callback", summary="What became of a message", responses={200: CallbackAnswer})
@operation(Permission.MESSENGERS_SERVE)
def card_callback(body: CardCallback) -> Response:
    """The first word about a message counts; an early one is not known yet."""
    return answer({"known": service.callback(db(), body)})
