"""Messages that stand twice because whoever sent the first one could not tell: adopted, or known and then removed.

A card is one message. A sender that dies, or hears no answer, leaves a doubt behind: the message may be there. What
leads to it comes from the messenger (a later word, a number); here is decided whose it is. Nothing of a card that
somebody has in hand is touched, and what is to be removed is written into the inbox, where it is done by any gateway.
"""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from express_bot.contracts import errors
from express_bot.contracts.messengers import DOUBT, ORPHAN, CardShown, UnknownMessage
from express_bot.core.db.session import Connection, Row
from express_bot.core.dialogs import repository as cards
from express_bot.core.inbox import repository as inbox
from express_bot.core.notifications import pacing
from express_bot.core.orphans import repository

Verdict = Literal["known", "adopted", "wait", "orphan", "foreign"]
#: A call that came to nobody's ears has been worked off by the messenger after so many seconds, or never will be.
LOOK_AFTER = 10.0


def judge(db: Connection, message: UnknownMessage) -> Verdict:
    """What becomes of a message that no card knows.

    A chat never goes on to its next card before the one in hand has an end, so its source is among few.
    """
    cards.take_turn(db, message.channel)
    if cards.lock_by_external(db, message.channel, message.external_id):
        return "known"
    suspects = repository.suspects(db, message.channel, message.chat, heard_at=message.heard_at)
    if any(card["in_hand"] and card["external_id"] is None for card in suspects):
        return "wait"
    for card in suspects:
        if card["external_id"] is None and card["waits"]:
            repository.adopt(db, card["id"], message.external_id)
            return "adopted"
    standing = [card for card in suspects if card["external_id"] is not None]
    if not standing:
        return "foreign"
    repository.settle_doubt(db, standing[0]["id"])
    _leave(db, message.channel, message.chat, message.external_id)
    return "orphan"


def after_shown(db: Connection, card: Row, said: CardShown) -> None:
    """A card has just got a message, or another one: what may still stand beside it is looked for."""
    if said.adopted:
        repository.settle_doubt(db, card["id"])
    if card["external_id"] not in (None, said.external_id):
        _leave(db, card["channel"], card["chat"], card["external_id"])
    elif card["external_id"] is None and card["doubts"] > int(said.adopted):
        _look(db, card, said)


def doubt(db: Connection, card_id: UUID) -> None:
    """A call for a card has ended, and nobody knows how."""
    repository.doubt(db, card_id)


def told_too_late(db: Connection, card: Row, external_id: str) -> None:
    """Somebody sent a card that stands under another message since."""
    if external_id not in (card["external_id"], card["lost_external_id"]) and card["external_id"] is not None:
        _leave(db, card["channel"], card["chat"], external_id)


def _leave(db: Connection, channel: str, chat: str, external_id: str) -> None:
    _note(db, channel, ORPHAN, external_id, {"chat": chat, "external_id": external_id})


def _look(db: Connection, card: Row, said: CardShown) -> None:
    name, payload = f"{card['id']}:{said.rev}", {"card": str(card["id"])}
    _note(db, card["channel"], DOUBT, name, payload, after=LOOK_AFTER)


def _note(
    db: Connection, channel: str, kind: str, name: str, payload: dict[str, Any], *, after: float | None = None
) -> None:
    inbox.insert(db, channel, f"{kind}:{name}", kind=kind, chat=None, payload=payload, after=after)


def traces_of(db: Connection, card_id: UUID) -> dict[str, Any]:
    """What may lead to messages of this card, as ``contracts.messengers.CardTraces``; raises ``NotFound``."""
    card = cards.lock(db, card_id)
    if card is None:
        raise errors.NotFound
    found = {name: card[name] for name in ("chat", "external_id", "doubts")}
    since = card["doubt_from"]
    if since is None:
        return found | {"before": [], "since": [], "heard": [], "unknown": []}
    channel, before = card["channel"], repository.named_before(db, card["channel"], since)
    known_from = min((row["named_at"] for row in before), default=since)
    return found | {
        "before": [row["external_id"] for row in before if row["external_id"] is not None],
        "since": repository.named_since(db, channel, since),
        "heard": repository.heard_since(db, channel, known_from),
        "unknown": repository.unknown_since(db, channel, since),
    }


def allow_call(db: Connection, channel: str) -> bool:
    """Whether the pace leaves room for one call that shows no card; if so, it is counted."""
    cards.take_turn(db, channel)
    return pacing.take_one(db, channel)
