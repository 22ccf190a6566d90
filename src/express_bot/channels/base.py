"""What every messenger offers to the house: one way to make a message of the bot say something."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Literal, Protocol

from express_bot.channels.dialogs.view import View
from express_bot.contracts.messengers import CardTraces

#: Where each messenger's sender stands; a new messenger is a copied folder and one line here. They are paths, because
#: a process imports only the messengers that it speaks to.
SENDERS = {
    "express": "express_bot.channels.express.sender:ExpressSender",
    "telegram": "express_bot.channels.telegram.sender:TelegramSender",
}


#: What became of a message that was to go: it went, it was gone before, it only points to the other one now (where the
#: messenger deletes nothing), or it stands as it was.
Removal = Literal["removed", "gone", "marked", "kept"]


class SendError(Exception):
    """The message was not shown, or nobody knows whether it was.

    ``permanent``: trying again would not help. ``retry_after``: seconds to wait, if anybody knows. ``no_address``: not
    this message but its chat is the trouble, nothing will be taken there. ``whole_channel``: the wait is everybody's.
    ``unknown``: the message may be there all the same.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        retry_after: int | None = None,
        no_address: bool = False,
        whole_channel: bool = False,
        unknown: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.retry_after = retry_after
        self.no_address = no_address
        self.whole_channel = whole_channel
        self.unknown = unknown


class Hopeless(Exception):
    """An event that will not be readable the next time either."""


class NotYet(Exception):
    """Nobody can deal with this event now; trying again later makes sense."""


class Sender(Protocol):
    """Shows messages in one messenger."""

    async def show(self, chat: str, view: View, *, external_id: str | None) -> str:
        """Makes a message say ``view``: the one known by ``external_id``, else a new one.

        Returns the messenger's id of the message; raises ``SendError``. Showing the same again is harmless, except that
        a new message whose first try had an unknown end may then stand there twice.
        """
        ...

    async def find(self, traces: CardTraces, turn: Callable[[], Awaitable[None]]) -> str | None:
        """A message that an earlier call for this card has left in its chat; ``None`` when nothing leads to one.

        ``turn`` waits before each call that counts to the messenger's pace. Raises ``SendError``, and what ``turn``
        raises.
        """
        ...

    async def remove(self, chat: str, external_id: str) -> Removal:
        """Takes a message of ours away that stands there a second time. Raises ``SendError`` if nobody knows."""
        ...
