"""Shows the bot's messages in eXpress: a new one is sent, a known one is edited."""

from __future__ import annotations

import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from functools import partial
from typing import NoReturn
from uuid import UUID

import httpx
from pybotx.client.exceptions.base import BaseClientError
from pybotx.client.exceptions.common import InvalidBotAccountError
from pybotx.client.exceptions.http import InvalidBotXResponseError

from express_bot.channels.base import SendError
from express_bot.channels.dialogs.view import View
from express_bot.channels.express.bot import ExpressBot
from express_bot.channels.express.drawing import address_of, body_of, bubbles_of
from express_bot.settings import Settings

#: The call never left us, so the message cannot be there.
NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
#: A server that took a message without a word may have shown it: the second try waits until that is less likely.
UNKNOWN_PAUSE = 30
#: Wrong secret or unknown bot: somebody has to repair that, and then everything owed goes out.
ACCOUNT_PAUSE = 60
#: The server has understood and will say the same again: this message (or this edit) is not possible.
REFUSALS = frozenset({400, 403, 404, 409, 410, 413, 422})
#: No other message will be taken there either: the chat is gone, or not ours to write to.
NOWHERE = frozenset({403, 404, 410})
MAX_PAUSE = 3600


class ExpressSender:
    """Direct notifications and edits. ``heard`` is told after each call whether the server serves."""

    def __init__(self, settings: Settings, bot: ExpressBot, heard: Callable[[bool], None] = lambda _: None) -> None:
        self._bot = bot
        self._heard = heard
        self._address = partial(address_of, links=settings.express_link_url, bot_id=str(bot.id))

    async def show(self, chat: str, view: View, *, external_id: str | None) -> str:
        """Edits the known message; where that is refused (it was deleted) a new one takes its place."""
        if external_id is not None:
            try:
                await self._edit(external_id, view)
            except SendError as refused:
                if not refused.permanent:
                    raise
            else:
                return external_id
        return await self._send(chat, view)

    async def _send(self, chat: str, view: View) -> str:
        try:
            sync_id = await self._bot.send_message(
                bot_id=self._bot.id, chat_id=UUID(chat), body=body_of(view), bubbles=self._bubbles(view)
            )
        except Exception as failure:
            self._explain(failure)
        self._heard(True)
        return str(sync_id)

    async def _edit(self, external_id: str, view: View) -> None:
        try:
            await self._bot.edit_message(
                bot_id=self._bot.id, sync_id=UUID(external_id), body=body_of(view), bubbles=self._bubbles(view)
            )
        except Exception as failure:
            self._explain(failure)
        self._heard(True)

    def _bubbles(self, view: View) -> object:
        return bubbles_of(view, self._address)

    def _explain(self, failure: Exception) -> NoReturn:
        self._heard(_is_served(failure))
        raise explained(failure) from failure


def _is_served(failure: Exception) -> bool:
    """Whether the server was there and well: a no is its word, an answer of class 500 is its silence."""
    if isinstance(failure, InvalidBotXResponseError):
        return failure.response.status_code < 500
    return not isinstance(failure, httpx.TransportError | InvalidBotAccountError)


def explained(failure: Exception) -> SendError:
    """What a failure of the library means for the message."""
    if isinstance(failure, NEVER_SENT):
        return SendError(type(failure).__name__)
    if isinstance(failure, httpx.TransportError):
        return SendError(type(failure).__name__, retry_after=UNKNOWN_PAUSE)
    if isinstance(failure, InvalidBotAccountError):
        return SendError("account_refused", retry_after=ACCOUNT_PAUSE)
    if isinstance(failure, InvalidBotXResponseError):
        return _of_answer(failure.response)
    if isinstance(failure, BaseClientError | ValueError):
        return SendError(type(failure).__name__, permanent=True)
    raise failure


def _of_answer(response: httpx.Response) -> SendError:
    status = response.status_code
    if status in REFUSALS:
        return SendError(f"status_{status}", permanent=True, no_address=status in NOWHERE)
    if status < 400:  # taken, but in words that we do not understand
        return SendError("odd_answer", retry_after=UNKNOWN_PAUSE)
    pause = _pause(response.headers.get("Retry-After"))
    return SendError(f"status_{status}", retry_after=pause, whole_channel=pause is not None)


def _pause(told: str | None) -> int | None:
    """Seconds of a ``Retry-After``, which comes as a number or as a date."""
    if told is None:
        return None
    try:
        seconds = int(told) if told.strip().isdigit() else int(parsedate_to_datetime(told).timestamp() - time.time())
    except ValueError:
        return None
    return min(max(seconds, 1), MAX_PAUSE)
