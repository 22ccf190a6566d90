"""The server's later words about messages that no card knew when they came."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from express_bot.channels.base import NotYet, SendError
from express_bot.channels.core_service import CoreService, InboxEvent
from express_bot.channels.express.sender import ExpressSender
from express_bot.channels.orphans import Orphans
from express_bot.observability.logs import logger

#: After this the message that an early callback spoke of is nobody's business any more.
CALLBACK_PATIENCE = timedelta(minutes=15)
CALLBACK_TRIES = 7

log = logger(__name__)


class Callbacks:
    """Each word waits until its message is known, or is known to stand there a second time."""

    def __init__(self, service: CoreService, sender: ExpressSender, orphans: Orphans) -> None:
        self._service = service
        self._sender = sender
        self.orphans = orphans

    async def heard(self, event: InboxEvent) -> None:
        """Returns when the word is dealt with, or when nobody will ever know; raises ``NotYet``."""
        word = event.payload
        if await self._service.delivered(word["sync_id"], word["status"], word["reason"]):
            return
        if word["status"] == "ok" and event.attempts and await self._is_settled(word["sync_id"], event.received_at):
            return
        age = datetime.now(UTC) - event.received_at
        if age < CALLBACK_PATIENCE and event.attempts < CALLBACK_TRIES:
            raise NotYet("message unknown")
        log.info("callback of an unknown message", status=word["status"])

    async def _is_settled(self, sync_id: str, heard_at: datetime) -> bool:
        """Asked a moment later: whoever sent it usually tells in the same second."""
        try:
            chat = await self._sender.chat_of(sync_id)
        except SendError as unclear:
            raise NotYet(unclear.reason) from unclear
        return chat is not None and await self.orphans.judge(sync_id, chat, heard_at)
