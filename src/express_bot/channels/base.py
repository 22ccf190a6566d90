"""What every messenger offers to the house: one way to make a message of the bot say something."""

from __future__ import annotations

from typing import Protocol

from express_bot.channels.dialogs.view import View

#: Where each messenger's sender stands; a new messenger is a copied folder and one line here. They are paths, because
#: a process imports only the messengers that it speaks to.
SENDERS = {
    "express": "express_bot.channels.express.sender:ExpressSender",
    "telegram": "express_bot.channels.telegram.sender:TelegramSender",
}


class SendError(Exception):
    """The message was not shown, or nobody knows whether it was.

    ``permanent``: trying again would not help. ``retry_after``: seconds to wait, if anybody knows. ``no_address``: not
    this message but its chat is the trouble, nothing will be taken there. ``whole_channel``: the wait is everybody's.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        retry_after: int | None = None,
        no_address: bool = False,
        whole_channel: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.retry_after = retry_after
        self.no_address = no_address
        self.whole_channel = whole_channel


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
