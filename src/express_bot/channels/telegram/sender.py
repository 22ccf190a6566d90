"""Shows the bot's messages in Telegram: a new one is sent, a known one is edited."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from telegram import LinkPreviewOptions

from express_bot.channels.dialogs.view import Link, View
from express_bot.channels.telegram.account import Account
from express_bot.channels.telegram.drawing import Places, Target, is_private, keyboard_of, text_of
from express_bot.channels.telegram.errors import GONE, SAME, explained, is_served, says
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
