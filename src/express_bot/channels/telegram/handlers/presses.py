"""What people press: the conversation's business, except for what a button says by itself."""

from __future__ import annotations

from datetime import datetime

from telegram import CallbackQuery
from telegram.constants import ChatType

from express_bot.channels.core_service import CoreService
from express_bot.channels.dialogs import Dialogs, Incoming
from express_bot.channels.telegram import presses
from express_bot.channels.telegram.handlers.answers import NOTHING, Answers, Said
from express_bot.channels.telegram.people import PROVIDER, People
from express_bot.channels.telegram.sender import message_id
from express_bot.core_client import CoreError


class Presses:
    """Leads presses into the conversation and answers each of them."""

    def __init__(self, service: CoreService, people: People, dialogs: Dialogs, answers: Answers) -> None:
        self._service = service
        self._people = people
        self._dialogs = dialogs
        self._answers = answers

    async def pressed(self, query: CallbackQuery, event_id: str, at: datetime) -> bool:
        """A press. ``True`` when the conversation has settled the event, ``False`` when there was nothing to do."""
        data, message = query.data or presses.NOTHING, query.message
        if data == presses.NOTHING or message is None or message.chat.type != ChatType.PRIVATE:
            self._answers.give(query.id, NOTHING)
            return False
        place = message_id(str(message.chat.id), message.message_id)
        if presses.is_placed(data):
            await self._answers.around(query.id, self._reason(place, data))
            return False
        await self._answers.around(query.id, self._follow(query, place, event_id, at))
        return True

    async def _reason(self, place: str, data: str) -> Said:
        """Why that cannot be chosen; nothing when the message says something else by now."""
        try:
            card = await self._service.card(place)
        except CoreError as unknown:
            if unknown.status == 404:
                return NOTHING
            raise
        return Said(presses.reason_of(data, card["wanted"]) or "", is_alert=True)

    async def _follow(self, query: CallbackQuery, place: str, event_id: str, at: datetime) -> Said:
        chat = place.partition(":")[0]
        person = await self._people.know(query.from_user, chat)
        word = await self._dialogs.handle(
            Incoming(PROVIDER, chat, person, event_id, "press", at, token=query.data, message_id=place)
        )
        return Said(word or "")
