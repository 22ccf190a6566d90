"""One stored event, from the inbox to whoever deals with it."""

from __future__ import annotations

from pybotx import ChatCreatedEvent, IncomingMessage, SmartAppEvent
from pybotx.models.commands import BotCommand

from express_bot.channels.core_service import CoreService, InboxEvent
from express_bot.channels.express import envelope
from express_bot.channels.express.handlers import reading
from express_bot.channels.express.handlers.callbacks import Callbacks
from express_bot.channels.express.handlers.messages import Messages
from express_bot.channels.express.replies import Replies
from express_bot.channels.orphans import Orphans
from express_bot.observability.logs import logger

log = logger(__name__)


class Dispatch:
    """Every kind of event and what it leads to; a kind without a line here is noted and needs nothing."""

    def __init__(self, service: CoreService, messages: Messages, replies: Replies, callbacks: Callbacks) -> None:
        self._service = service
        self._messages = messages
        self._replies = replies
        self._callbacks = callbacks

    async def handle(self, event: InboxEvent) -> None:
        """Deals with an event and marks it done. Raises ``Hopeless``, ``NotYet``, or whatever else went wrong."""
        if not await self._is_settled(event):
            await self._service.done(event.event_id)

    async def _is_settled(self, event: InboxEvent) -> bool:
        """``True`` when whoever dealt with it has marked it done."""
        if event.kind == envelope.CALLBACK:
            await self._callbacks.heard(event)
        elif event.kind in Orphans.KINDS:
            await self._callbacks.orphans.handle(event)
        else:
            return await self._lead(reading.read(event.kind, event.payload), event)
        return False

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
