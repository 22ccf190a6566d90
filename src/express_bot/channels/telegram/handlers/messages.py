"""What people write in a chat: the conversation's business."""

from __future__ import annotations

import re
from datetime import datetime

from telegram import Message
from telegram.constants import ChatType
from telegram.error import TelegramError

from express_bot.channels.base import NotYet
from express_bot.channels.dialogs import Dialogs, Incoming
from express_bot.channels.dialogs.incoming import Kind
from express_bot.channels.telegram.account import Account
from express_bot.channels.telegram.files import Source
from express_bot.channels.telegram.people import PROVIDER, People

#: «/start@the_bot»: said to one of several bots of a group.
_ADDRESSED = re.compile(r"/\w+@(\w+)")


class Messages:
    """Leads what people write into the conversation."""

    def __init__(self, people: People, dialogs: Dialogs, account: Account, source: Source) -> None:
        self._people = people
        self._source = source
        self._dialogs = dialogs
        self._account = account

    async def said(self, message: Message, event_id: str, at: datetime, *, tries: int = 0) -> bool:
        """A message. ``True`` when the conversation has settled the event, ``False`` when nobody answers.

        ``tries``: how often it has failed before.
        """
        user, private = message.from_user, message.chat.type == ChatType.PRIVATE
        files = self._source.of_message(message, event_id, tries=tries)
        kind, text = kind_of(message, has_files=bool(files))
        if message.write_access_allowed and private and user is not None:
            await self._people.know(user, str(message.chat.id))  # who allowed it in the app has an address now
        if kind is None or user is None or user.is_bot or not (private or kind == "command"):
            return False
        if not private and not await self._is_for_us(text):
            return False
        chat = str(message.chat.id)
        person = await self._people.know(user, chat if private else None)
        await self._dialogs.handle(
            Incoming(PROVIDER, chat, person, event_id, kind, at, text, files=files, is_personal=private)
        )
        return True

    async def _is_for_us(self, text: str) -> bool:
        """A command that names nobody, or us. Raises ``NotYet`` while nobody knows our name."""
        named = _ADDRESSED.match(text)
        if named is None:
            return True
        try:
            return named[1].lower() == (await self._account.name()).lower()
        except TelegramError as gone:
            raise NotYet("our own name is not known") from gone


def kind_of(message: Message, *, has_files: bool) -> tuple[Kind | None, str]:
    """Kind and text; no kind for what asks for no answer: a sticker, a place, somebody joined."""
    if has_files:
        return "file", (message.caption or "").strip()
    text = (message.text or "").strip()
    if not text:
        return None, ""
    return ("command" if text.startswith("/") else "text"), text
