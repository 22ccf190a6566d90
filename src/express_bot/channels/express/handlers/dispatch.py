"""One stored event, from the inbox to whoever deals with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from pybotx import ChatCreatedEvent, IncomingMessage, SmartAppEvent
from pybotx.models.commands import BotCommand

from express_bot.channels.base import NotYet
from express_bot.channels.core_service import CoreService, InboxEvent
from express_bot.channels.express import envelope
from express_bot.channels.express.handlers import reading
from express_bot.channels.express.handlers.messages import Messages
from express_bot.channels.express.replies import Replies
from express_bot.channels.metrics import ChannelMetrics
from express_bot.observability.logs import logger

#: After this the message that an early callback spoke of is nobody's business any more.
CALLBACK_PATIENCE = timedelta(minutes=15)
CALLBACK_TRIES = 7

log = logger(__name__)


class Dispatch:
    """Every kind of event and what it leads to; a kind without a line here is noted and needs nothing."""

    def __init__(self, service: CoreService, messages: Messages, replies: Replies, metrics: ChannelMetrics) -> None:
        self._service = service
        self._messages = messages
        self._replies = replies
        self._metrics = metrics

    async def handle(self, event: InboxEvent) -> None:
        """Deals with an event and marks it done. Raises ``Hopeless``, ``NotYet``, or whatever else went wrong."""
        if event.kind == envelope.CALLBACK:
            settled = await self._late_word(event)
        else:
            settled = await self._lead(reading.read(event.kind, event.payload), event)
        if not settled:
            await self._service.done(event.event_id)

    async def _lead(self, command: BotCommand, event: InboxEvent) -> bool:
        """``True`` when whoever dealt with it has marked it done in the same transaction."""
        if isinstance(command, IncomingMessage):
            return await self._messages.said(command, event.event_id, event.received_at, tries=event.attempts)
        if isinstance(command, ChatCreatedEvent):
            return await self._messages.greeted(command, event.event_id, event.received_at)
        if isinstance(command, SmartAppEvent):
            await self._replies.give(command)
        else:
            log.info("event noted", kind=event.kind)
        return False

    async def _late_word(self, event: InboxEvent) -> bool:
        """A callback that came before our own note of the message."""
        word: dict[str, Any] = event.payload
        if await self._service.delivered(word["sync_id"], word["status"], word["reason"]):
            return False
        age = datetime.now(UTC) - event.received_at
        if age < CALLBACK_PATIENCE and event.attempts < CALLBACK_TRIES:
            raise NotYet("message unknown")
        log.info("callback of an unknown message", status=word["status"])
        return False
