"""Shows the bot's messages in Telegram: a new one is sent, a known one is edited."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

from telegram import LinkPreviewOptions

from express_bot.channels.base import Removal
from express_bot.channels.dialogs.view import Link, View
from express_bot.channels.telegram.account import Account
from express_bot.channels.telegram.drawing import Places, Target, is_private, keyboard_of, text_of
from express_bot.channels.telegram.errors import (
    GONE,
    NOTHING_TO_DELETE,
    SAME,
    UNDELETABLE,
    explained,
    is_served,
    says,
)
from express_bot.channels.telegram.numbers import candidates
from express_bot.channels.telegram.words import say
from express_bot.contracts.messengers import CardTraces
from express_bot.settings import Settings

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


def message_id(chat: str, number: int) -> str:
    """The id of a message among all of the channel: Telegram counts anew in each chat."""
    return f"{chat}:{number}"


class TelegramSender:
    """Messages and their edits. ``heard`` is told after each call whether Telegram serves."""

    def __init__(self, settings: Settings, account: Account, heard: Callable[[bool], None] = lambda _: None) -> None:
        self._settings = settings
        self._account = account
        self._heard = heard

    async def show(self, chat: str, view: View, *, external_id: str | None) -> str:
        """Edits the known message; where that is not possible (it was deleted) a new one takes its place."""
        content = await self._content(chat, view)
        if external_id is not None and await self._is_edited(external_id, content):
            return external_id
        try:
            sent = await self._account.bot.send_message(chat_id=int(chat), **content)
        except Exception as failure:
            self._explain(failure)
        self._heard(True)
        return message_id(chat, sent.message_id)

    async def _is_edited(self, external_id: str, content: dict[str, Any]) -> bool:
        """``False`` when that message is gone or will not be edited; saying the same again is no failure."""
        chat, _, number = external_id.rpartition(":")
        try:
            await self._account.bot.edit_message_text(chat_id=int(chat), message_id=int(number), **content)
        except Exception as failure:
            if says(failure, GONE):
                return False
            if not says(failure, SAME):
                self._explain(failure, is_edit=True)
        self._heard(True)
        return True

    async def find(self, traces: CardTraces, turn: Callable[[], Awaitable[None]]) -> str | None:
        """The first of the numbers in question that proves to be a message of the bot's own in this chat."""
        for number in candidates(traces):
            await turn()
            if await self._is_ours(traces.chat, number):
                return message_id(traces.chat, number)
        return None

    async def _is_ours(self, chat: str, number: int) -> bool:
        """Only a message of the bot's own loses its buttons; what people have written cannot be edited by anybody."""
        try:
            await self._account.bot.edit_message_reply_markup(chat_id=int(chat), message_id=number)
        except Exception as failure:
            if says(failure, GONE):
                return False
            if not says(failure, SAME):
                self._explain(failure, is_edit=True)
        return True

    async def remove(self, chat: str, external_id: str) -> Removal:
        """Deletes it; what Telegram will not delete says where to look instead."""
        number = int(external_id.rpartition(":")[2])
        try:
            await self._account.bot.delete_message(chat_id=int(chat), message_id=number)
        except Exception as failure:
            if says(failure, NOTHING_TO_DELETE):
                return "gone"
            if not says(failure, UNDELETABLE):
                self._explain(failure, is_edit=True)
            return await self._marked(int(chat), number)
        return "removed"

    async def _marked(self, chat: int, number: int) -> Removal:
        mark = say("orphan.mark", self._settings.default_locale)
        try:
            await self._account.bot.edit_message_text(mark, chat_id=chat, message_id=number)
        except Exception as failure:
            if not says(failure, SAME):
                self._explain(failure, is_edit=True)
        return "marked"

    async def _content(self, chat: str, view: View) -> dict[str, Any]:
        text, entities = text_of(view)
        private, links = is_private(chat), [button.link for row in view.rows for button in row if button.link]
        needs_name = any(link.target == "chat" or not private for link in links)
        name = await self._name() if needs_name else ""
        places = Places(self._settings.public_url, self._settings.telegram_mini_app, name)

        def address(link: Link) -> Target:
            return places.address(link, private=private)

        keyboard = keyboard_of(view, address)
        return {"text": text, "entities": entities, "reply_markup": keyboard, "link_preview_options": NO_PREVIEW}

    async def _name(self) -> str:
        try:
            return await self._account.name()
        except Exception as failure:
            self._explain(failure, is_edit=True)

    def _explain(self, failure: Exception, *, is_edit: bool = False) -> NoReturn:
        self._heard(is_served(failure))
        raise explained(failure, is_edit=is_edit) from None
