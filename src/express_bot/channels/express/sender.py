"""Shows the bot's messages in eXpress: a new one is sent, a known one is edited."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from email.utils import parsedate_to_datetime
from functools import partial
from typing import NoReturn
from uuid import UUID

import httpx
from pybotx import BubbleMarkup
from pybotx.client.exceptions.base import BaseClientError
from pybotx.client.exceptions.common import InvalidBotAccountError
from pybotx.client.exceptions.event import EventNotFoundError
from pybotx.client.exceptions.http import InvalidBotXResponseError
from pybotx.client.exceptions.message import MessageNotFoundError

from express_bot.channels.base import Removal, SendError
from express_bot.channels.dialogs.view import View
from express_bot.channels.express.bot import ExpressBot
from express_bot.channels.express.drawing import address_of, body_of, bubbles_of
from express_bot.channels.express.words import say
from express_bot.contracts.messengers import CardTraces
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
#: Something broke behind the door, or between the server and us: the message may have been taken before.
PERHAPS = frozenset({500, 502, 504})
MAX_PAUSE = 3600


class ExpressSender:
    """Direct notifications and edits. ``heard`` is told after each call whether the server serves."""

    def __init__(self, settings: Settings, bot: ExpressBot, heard: Callable[[bool], None] = lambda _: None) -> None:
        self._bot = bot
        self._heard = heard
        self._mark = say("orphan", settings.default_locale)
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

    async def chat_of(self, external_id: str) -> str | None:
        """Where a message stands; ``None`` when the server has no such message. Raises ``SendError``."""
        try:
            status = await self._bot.get_message_status(bot_id=self._bot.id, sync_id=UUID(external_id))
        except EventNotFoundError:
            return None
        except Exception as failure:
            self._explain(failure)
        return str(status.group_chat_id)

    async def find(self, traces: CardTraces, turn: Callable[[], Awaitable[None]]) -> str | None:  # noqa: ARG002 # no numbers to try
        """One that the server has spoken of. Beside a card that stands somewhere, its later words lead to the rest."""
        for external_id in traces.unknown if traces.external_id is None else ():
            if await self.chat_of(external_id) == traces.chat:
                return external_id
        return None

    async def remove(self, chat: str, external_id: str) -> Removal:  # noqa: ARG002 # ids are the server's, not a chat's
        """Deletes it; what the server will not delete says where to look instead."""
        try:
            await self._bot.delete_message(bot_id=self._bot.id, sync_id=UUID(external_id))
        except MessageNotFoundError:
            return "gone"
        except Exception as failure:
            return await self._marked(external_id, failure)
        return "removed"

    async def _marked(self, external_id: str, failure: Exception) -> Removal:
        if not explained(failure).permanent:
            self._explain(failure)
        try:
            await self._bot.edit_message(
                bot_id=self._bot.id, sync_id=UUID(external_id), body=self._mark, bubbles=BubbleMarkup()
            )
        except Exception as refused:
            self._explain(refused)
        return "marked"

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
        return SendError(type(failure).__name__, retry_after=UNKNOWN_PAUSE, unknown=True)
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
        return SendError("odd_answer", retry_after=UNKNOWN_PAUSE, unknown=True)
    pause = _pause(response.headers.get("Retry-After"))
    unknown = status in PERHAPS
    return SendError(f"status_{status}", retry_after=pause, whole_channel=pause is not None, unknown=unknown)


def _pause(told: str | None) -> int | None:
    """Seconds of a ``Retry-After``, which comes as a number or as a date."""
    if told is None:
        return None
    try:
        seconds = int(told) if told.strip().isdigit() else int(parsedate_to_datetime(told).timestamp() - time.time())
    except ValueError:
        return None
    return min(max(seconds, 1), MAX_PAUSE)
