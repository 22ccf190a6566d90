"""The pace of a messenger, kept where cards are handed out: claims take turns, so it is exact over all processes.

What is counted is when a card is handed out; it is sent a moment later.
"""

from __future__ import annotations

from express_bot.core.db.session import Connection, Row
from express_bot.core.notifications import repository
from express_bot.domain.paces import PACES


def allowed(db: Connection, channel: str, wanted: int) -> int:
    """How many cards may be handed out now; none while the messenger has asked for a rest."""
    pace, used = PACES.get(channel), repository.used_pace(db, channel)
    if used is not None and used["resting"]:
        return 0
    if pace is None:
        return wanted
    return min(wanted, max(0, pace.per_second - (used["claimed"] if used else 0)))


def take_one(db: Connection, channel: str) -> bool:
    """Counts a call that is not about a card handed out, if there is room for it now."""
    if not allowed(db, channel, 1):
        return False
    if (pace := PACES.get(channel)) is not None:
        repository.use_pace(db, channel, count=1, keep=pace.per_second)
    return True


def seconds_between_new(channel: str) -> float | None:
    """How long a chat waits for its next new message; ``None``: not at all."""
    pace = PACES.get(channel)
    return pace.new_every if pace else None


def note(db: Connection, channel: str, cards: list[Row]) -> None:
    """These cards were handed out; nothing is written for a messenger without limits."""
    pace = PACES.get(channel)
    if pace is None or not cards:
        return
    repository.use_pace(db, channel, count=len(cards), keep=pace.per_second)
    new = [card["chat"] for card in cards if card["external_id"] is None]
    if new:
        repository.use_chat_paces(db, channel, new)


def rest(db: Connection, channel: str, seconds: int) -> None:
    """The messenger asked everybody to wait; the longest wish counts."""
    repository.rest(db, channel, seconds)
