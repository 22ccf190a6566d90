"""The inbox's story: an event is kept once, offered until somebody has handled it, given up after many failures."""

from __future__ import annotations

from collections.abc import Sequence

from express_bot.contracts import errors
from express_bot.contracts.messengers import ClaimEvents, ExtendLease, FailEvent, StoreEvent
from express_bot.core.db.session import Connection, Row
from express_bot.core.inbox import repository
from express_bot.core.notifications import repository as notifications
from express_bot.domain.retries import MAX_ATTEMPTS, PAUSES, pause
from express_bot.observability.logs import logger

#: The house was away when an event was handled: soon again, for it is back or else nobody hears this.
HOUSE_PAUSE = 2.0

log = logger(__name__)


def store(db: Connection, channel: str, event_id: str, event: StoreEvent) -> bool:
    """Keeps an event; ``False`` when the messenger has told it before. A chat that speaks can be written to."""
    if event.chat is not None:
        notifications.hear(db, channel, event.chat)
    return repository.insert(db, channel, event_id, kind=event.kind, chat=event.chat, payload=event.payload)


def claim(db: Connection, wish: ClaimEvents) -> list[Row]:
    """Events to handle now, leased to the caller."""
    repository.take_turn(db, wish.channel)
    return repository.claim(db, wish.channel, limit=wish.limit, lease_seconds=wish.lease_seconds)


def extend(db: Connection, channel: str, event_id: str, lease: ExtendLease) -> bool:
    """Whoever works on the event keeps it for longer; ``False`` when the lease is not theirs any more."""
    repository.take_turn(db, channel)
    return repository.extend(db, channel, event_id, lease_until=lease.lease_until, seconds=lease.seconds)


def finish(db: Connection, channel: str, event_id: str) -> None:
    """The event is handled, whoever handled it. Raises ``NotFound``."""
    if repository.finish(db, channel, event_id) is None:
        raise errors.NotFound


def fail(db: Connection, channel: str, event_id: str, failure: FailEvent, *, pauses: Sequence[float] = PAUSES) -> None:
    """Handling failed: again after a pause, or given up. Raises ``NotFound``.

    Only a leased event can fail: the same failure told twice counts once. A failure of our own house is not the
    event's: however long the core or the database is away, no event is buried by it.
    """
    event = repository.lock(db, channel, event_id)
    if event is None:
        raise errors.NotFound
    if event["state"] != "waiting" or event["lease_until"] is None:
        return
    if failure.house:
        repository.postpone(db, event["id"], attempts=event["attempts"], seconds=HOUSE_PAUSE, reason=failure.reason)
        return
    attempts = event["attempts"] + 1
    if failure.permanent or attempts >= MAX_ATTEMPTS:
        repository.bury(db, event["id"], attempts=attempts, reason=failure.reason)
        # the reason stays in the row: it may quote what a person wrote
        log.error("event given up", channel=channel, event_id=event_id, kind=event["kind"], attempts=attempts)
    else:
        seconds = pause(attempts, pauses)
        repository.postpone(db, event["id"], attempts=attempts, seconds=seconds, reason=failure.reason)
