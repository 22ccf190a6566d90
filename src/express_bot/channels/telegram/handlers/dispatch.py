"""One stored update, from the inbox to whoever deals with it."""

from __future__ import annotations

from express_bot.channels.core_service import CoreService, InboxEvent
from express_bot.channels.dialogs import Dialogs
from express_bot.channels.orphans import Orphans
from express_bot.channels.telegram.account import Account
from express_bot.channels.telegram.files import Source
from express_bot.channels.telegram.handlers import reading
from express_bot.channels.telegram.handlers.answers import Answers
from express_bot.channels.telegram.handlers.members import Members
from express_bot.channels.telegram.handlers.messages import Messages
from express_bot.channels.telegram.handlers.presses import Presses
from express_bot.channels.telegram.people import People


class Dispatch:
    """Every kind of update and what it leads to."""

    def __init__(
        self, service: CoreService, dialogs: Dialogs, account: Account, answers: Answers, orphans: Orphans
    ) -> None:
        people = People(service)
        self._orphans = orphans
        self._service = service
        self._messages = Messages(people, dialogs, account, Source(service, account))
        self._presses = Presses(service, people, dialogs, answers)
        self._members = Members(service, people)

    async def handle(self, event: InboxEvent) -> None:
        """Deals with an update and marks it done. Raises ``Hopeless``, ``NotYet``, or whatever else went wrong."""
        if not await self._is_settled(event):
            await self._service.done(event.event_id)

    async def _is_settled(self, event: InboxEvent) -> bool:
        """``True`` when the conversation has marked it done in the same transaction."""
        if event.kind in Orphans.KINDS:
            await self._orphans.handle(event)
            return False
        update = reading.read(event.payload)
        if update.message is not None:
            return await self._messages.said(update.message, event.event_id, event.received_at, tries=event.attempts)
        if update.callback_query is not None:
            return await self._presses.pressed(update.callback_query, event.event_id, event.received_at)
        if update.my_chat_member is not None:
            await self._members.changed(update.my_chat_member)
        return False
