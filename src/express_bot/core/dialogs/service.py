"""Conversations and their messages: one step is one transaction, and a message is sent until it says what it should.

Nothing here sends. A step wants cards; whoever speaks to the messenger claims them and tells how it went. A card that
changes while it is being sent is due again, and a repeated send is an edit, so nobody has to be careful in between.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from psycopg.errors import ForeignKeyViolation

from express_bot.contracts import errors
from express_bot.contracts.messengers import (
    CardCallback,
    CardFailed,
    CardShown,
    ClaimCards,
    ExtendLease,
    PutDialog,
    StepBeside,
    WantCard,
)
from express_bot.core.db.session import Connection, Row
from express_bot.core.dialogs import repository
from express_bot.core.inbox import repository as inbox
from express_bot.core.notifications import keeping, pacing
from express_bot.core.notifications import repository as notifications
from express_bot.core.orphans import service as orphans
from express_bot.domain.retries import MAX_ATTEMPTS, PAUSES, pause
from express_bot.observability.logs import logger

#: Words of a messenger that mean: this chat takes nothing any more.
CHAT_GONE = frozenset({"chat_not_found", "bot_is_not_a_chat_member"})

log = logger(__name__)


def read(
    db: Connection, channel: str, chat: str, *, user_id: UUID | None = None, spoken: Collection[str] = ()
) -> dict[str, Any]:
    """The dialog as ``contracts.messengers.Dialog``, with the other ones of this person in messengers that are spoken.

    Where nobody sends any more nothing may be left behind: it would wait for ever.
    """
    row = repository.find(db, channel, chat) or {"user_id": None, "state": {}, "version": 0, "at": None}
    known = {name: row[name] for name in ("user_id", "state", "version", "at")}
    others = repository.others_of(db, user_id, channel, chat, spoken) if user_id else []
    return known | {"cards": repository.cards_of(db, channel, chat), "others": others}


def put(db: Connection, channel: str, chat: str, step: PutDialog) -> int:
    """Takes a step, wants its cards and finishes its event; returns the dialog's version.

    A step of an event that is finished already changes nothing: somebody else has handled it.
    Raises ``VersionConflict`` when the dialog, or one that the step leaves something behind in, has moved on, and
    ``InvalidBody``.
    """
    if step.event_id and inbox.finish(db, channel, step.event_id) == "done":
        return _version(db, channel, chat)
    if step.elsewhere:  # two chats that step at once lock both in one order
        repository.lock_dialogs(db, [(channel, chat), *((other.channel, other.chat) for other in step.elsewhere)])
    version = _save(db, channel, chat, step)
    if version is None:
        raise errors.VersionConflict(version=_version(db, channel, chat))
    repository.await_chat(db, channel, chat)
    _want(db, channel, chat, step.cards, "cards")
    for number, other in enumerate(step.elsewhere):
        _leave_behind(db, step, other)
        _want(db, other.channel, other.chat, other.cards, f"elsewhere.{number}.cards")
    return version


def _leave_behind(db: Connection, step: PutDialog, other: StepBeside) -> None:
    """The other chat's next state, if it is the same person's and stands as it was read."""
    write = partial(repository.step_beside, version=other.version, user_id=step.user_id)
    if not write(db, other.channel, other.chat, state=other.state):
        raise errors.VersionConflict(version=step.version)


def _want(db: Connection, channel: str, chat: str, cards: list[WantCard], place: str) -> None:
    for number, card in enumerate(cards):
        if not repository.wish(db, channel, chat, card.id, card.view, awaited=True):
            raise errors.InvalidBody(errors=[errors.FieldError(f"{place}.{number}.id", "wrong_value")])


def _version(db: Connection, channel: str, chat: str) -> int:
    row = repository.find(db, channel, chat)
    return row["version"] if row else 0


def _save(db: Connection, channel: str, chat: str, step: PutDialog) -> int | None:
    write = partial(repository.update, version=step.version) if step.version else repository.insert
    try:
        return write(db, channel, chat, user_id=step.user_id, state=step.state, at=step.at)
    except ForeignKeyViolation as stranger:
        raise errors.InvalidBody(errors=[errors.FieldError("user_id", "wrong_value")]) from stranger


def find_card(db: Connection, channel: str, external_id: str) -> Row:
    """The card under a messenger's id; raises ``NotFound``."""
    card = repository.find_by_external(db, channel, external_id)
    if card is None:
        raise errors.NotFound
    return card


def claim(db: Connection, wish: ClaimCards) -> list[Row]:
    """Cards to send now, leased to the caller, as many as the messenger's pace allows."""
    repository.take_turn(db, wish.channel)
    limit = pacing.allowed(db, wish.channel, wish.limit)
    if limit == 0:
        return []
    patience = pacing.seconds_between_new(wish.channel)
    rows = repository.claim(db, wish.channel, limit=limit, lease_seconds=wish.lease_seconds, new_every=patience)
    pacing.note(db, wish.channel, rows)
    return rows


def extend(db: Connection, card_id: UUID, lease: ExtendLease) -> bool:
    """Whoever sends the card keeps it for longer; ``False`` when the lease is not theirs any more."""
    repository.take_turn_of(db, card_id)
    return repository.extend(db, card_id, lease_until=lease.lease_until, seconds=lease.seconds)


def shown(db: Connection, card_id: UUID, said: CardShown) -> None:
    """The messenger took a revision; an older word than what is known, or a word of a lost message, changes nothing."""
    card = _sent(db, card_id, said.rev)
    if said.rev > card["shown_rev"] and said.external_id != card["lost_external_id"]:
        repository.mark_shown(db, card_id, rev=said.rev, external_id=said.external_id)
        notifications.mark_shown(db, card_id, said.rev)
        orphans.after_shown(db, card, said)
    else:
        orphans.told_too_late(db, card, said.external_id)


def failed(db: Connection, card_id: UUID, said: CardFailed, *, pauses: Sequence[float] = PAUSES) -> None:
    """Sending failed: again after a pause, or never. Only a leased card can fail: told twice, it counts once."""
    card = _sent(db, card_id, said.rev)
    if card["lease_until"] is None:
        return
    if said.unknown:
        orphans.doubt(db, card_id)
    if said.whole_channel and said.retry_after:
        pacing.rest(db, card["channel"], said.retry_after)
    if not (said.permanent or said.no_address):
        attempts = card["attempts"] + 1
        seconds = max(pause(attempts, pauses), said.retry_after or 0)
        repository.postpone(db, card_id, attempts=attempts, seconds=seconds, reason=said.reason)
        notifications.count_failure(db, card_id, said.reason)
    elif said.rev < card["wanted_rev"] and not said.no_address:  # what was refused is not wanted any more
        repository.postpone(db, card_id, attempts=card["attempts"], seconds=0, reason=said.reason)
    else:
        _give_up(db, card, said.reason, no_address=said.no_address or said.reason in CHAT_GONE)


def _sent(db: Connection, card_id: UUID, rev: int) -> Row:
    card = repository.lock(db, card_id)
    if card is None:
        raise errors.NotFound
    if rev > card["wanted_rev"]:
        raise errors.InvalidBody(errors=[errors.FieldError("rev", "wrong_value")])
    return card


def _give_up(db: Connection, card: Row, reason: str, *, no_address: bool) -> None:
    repository.give_up(db, card["id"], reason=reason)
    keeping.undeliverable(db, card, reason, gone=no_address)
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
    notifications.mark_lost(db, card["id"], reason)
    if reason in CHAT_GONE or losses >= MAX_ATTEMPTS:
        _give_up(db, card, reason, no_address=reason in CHAT_GONE)
