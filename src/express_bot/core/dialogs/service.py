"""Conversations and their messages: one step is one transaction, and a message is sent until it says what it should.

Nothing here sends. A step wants cards; whoever speaks to the messenger claims them and tells how it went. A card that
changes while it is being sent is due again, and a repeated send is an edit, so nobody has to be careful in between.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from psycopg.errors import ForeignKeyViolation

from express_bot.contracts import errors
from express_bot.contracts.messengers import CardCallback, CardFailed, CardShown, ClaimCards, ExtendLease, PutDialog
from express_bot.core.db.session import Connection, Row
from express_bot.core.dialogs import repository
from express_bot.core.inbox import repository as inbox
from express_bot.domain.retries import MAX_ATTEMPTS, pause
from express_bot.observability.logs import logger

#: Words of a messenger after which sending again would not help.
PERMANENT = frozenset({"chat_not_found", "bot_is_not_a_chat_member"})

log = logger(__name__)


def read(db: Connection, channel: str, chat: str) -> dict[str, Any]:
    """The dialog as ``contracts.messengers.Dialog``."""
    row = repository.find(db, channel, chat) or {"user_id": None, "state": {}, "version": 0, "at": None}
    known = {name: row[name] for name in ("user_id", "state", "version", "at")}
    return known | {"cards": repository.cards_of(db, channel, chat)}


def put(db: Connection, channel: str, chat: str, step: PutDialog) -> int:
    """Takes a step, wants its cards and finishes its event; returns the dialog's version.

    A step of an event that is finished already changes nothing: somebody else has handled it.
    Raises ``VersionConflict`` when the dialog has moved on, and ``InvalidBody``.
    """
    if step.event_id and inbox.finish(db, channel, step.event_id) == "done":
        return _version(db, channel, chat)
    version = _save(db, channel, chat, step)
    if version is None:
        raise errors.VersionConflict(version=_version(db, channel, chat))
    for number, card in enumerate(step.cards):
        if not repository.wish(db, channel, chat, card.id, card.view):
            raise errors.InvalidBody(errors=[errors.FieldError(f"cards.{number}.id", "wrong_value")])
    return version


def _version(db: Connection, channel: str, chat: str) -> int:
    row = repository.find(db, channel, chat)
    return row["version"] if row else 0


def _save(db: Connection, channel: str, chat: str, step: PutDialog) -> int | None:
    facts = {"user_id": step.user_id, "state": step.state, "at": step.at}
    try:
        if step.version == 0:
            return repository.insert(db, channel, chat, **facts)  # type: ignore[arg-type]
        return repository.update(db, channel, chat, version=step.version, **facts)  # type: ignore[arg-type]
    except ForeignKeyViolation as stranger:
        raise errors.InvalidBody(errors=[errors.FieldError("user_id", "wrong_value")]) from stranger


def find_card(db: Connection, channel: str, external_id: str) -> Row:
    """The card under a messenger's id; raises ``NotFound``."""
    card = repository.find_by_external(db, channel, external_id)
    if card is None:
        raise errors.NotFound
    return card


def claim(db: Connection, wish: ClaimCards) -> list[Row]:
    """Cards to send now, leased to the caller."""
    repository.take_turn(db, wish.channel)
    return repository.claim(db, wish.channel, limit=wish.limit, lease_seconds=wish.lease_seconds)


def extend(db: Connection, card_id: UUID, lease: ExtendLease) -> bool:
    """Whoever sends the card keeps it for longer; ``False`` when the lease is not theirs any more."""
    repository.take_turn_of(db, card_id)
    return repository.extend(db, card_id, lease_until=lease.lease_until, seconds=lease.seconds)


def shown(db: Connection, card_id: UUID, said: CardShown) -> None:
    """The messenger took a revision; an older word than what is known, or a word of a lost message, changes nothing."""
    card = _sent(db, card_id, said.rev)
    if said.rev > card["shown_rev"] and said.external_id != card["lost_external_id"]:
        repository.mark_shown(db, card_id, rev=said.rev, external_id=said.external_id)


def failed(db: Connection, card_id: UUID, said: CardFailed) -> None:
    """Sending failed: again after a pause, or never. Only a leased card can fail: told twice, it counts once."""
    card = _sent(db, card_id, said.rev)
    if card["lease_until"] is None:
        return
    if not said.permanent:
        attempts = card["attempts"] + 1
        seconds = max(pause(attempts), said.retry_after or 0)
        repository.postpone(db, card_id, attempts=attempts, seconds=seconds, reason=said.reason)
    elif said.rev < card["wanted_rev"]:  # what was refused is not wanted any more
        repository.postpone(db, card_id, attempts=card["attempts"], seconds=0, reason=said.reason)
    else:
        _give_up(db, card, said.reason)


def _sent(db: Connection, card_id: UUID, rev: int) -> Row:
    card = repository.lock(db, card_id)
    if card is None:
        raise errors.NotFound
    if rev > card["wanted_rev"]:
        raise errors.InvalidBody(errors=[errors.FieldError("rev", "wrong_value")])
    return card


def _give_up(db: Connection, card: Row, reason: str) -> None:
    repository.give_up(db, card["id"], reason=reason)
    # the reason stays in the row: it may quote what a person wrote
    log.error("card given up", channel=card["channel"], card=str(card["id"]))


def callback(db: Connection, word: CardCallback) -> bool:
    """The messenger's later word about a message; the first one counts. ``False`` for a message not known (yet)."""
    card = repository.lock_by_external(db, word.channel, word.external_id)
    if card is None:
        return False
    undecided = card["external_id"] == word.external_id and card["delivered_at"] is None
    if undecided and word.status == "ok":
        repository.mark_delivered(db, card["id"])
    elif undecided:
        _lose(db, card, word.reason or "")
    return True


def _lose(db: Connection, card: Row, reason: str) -> None:
    losses = card["losses"] + 1
    repository.lose(db, card["id"], losses=losses, seconds=pause(losses), reason=reason)
    if reason in PERMANENT or losses >= MAX_ATTEMPTS:
        _give_up(db, card, reason)
