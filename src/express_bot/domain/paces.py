"""How fast each messenger may be spoken to: limits that its documentation names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """So many messages and edits in any second, and so many seconds between two new messages of one chat."""

    per_second: int
    new_every: float


#: Telegram: «avoid sending more than one message per second in a chat, 30 per second in all». An edit of a conversation
#: counts to the thirty, but is not held back per chat: a press has to be answered at once.
PACES = {"telegram": Pace(per_second=30, new_every=1.0)}
