"""The Bot API's double with the manners of ``far_side.FarSide``: what is proven of one messenger is asked of the other.

It answers the real python-telegram-bot in the real one's words: 429 with ``retry_after``, class 500, «blocked by the
user».
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import defaultdict
from typing import Self

from aiohttp import web

from tests.faults.far_side import MANNERS, REST, SILENCE
from tests.faults.seen import Seen, Shown
from tests.telegram_double import TelegramDouble
from tests.telegram_double.rules import Document, Refusal

FIRST_CHAT = 920_000_001
OF_MESSAGES = ("/sendMessage", "/editMessageText", "/editMessageReplyMarkup", "/deleteMessage")


class TelegramFarSide:
    """``manner`` is how it is now; ``poison`` makes a person block the bot."""

    channel = "telegram"

    def __init__(self, *, latency: float = 0.0) -> None:
        self.latency = latency
        self.seen = Seen()
        self.answers: dict[str, int] = defaultdict(int)
        self.manner = "ok"
        self.silence = SILENCE
        self.is_mute = False
        """Nothing that leads to a message whose answer was lost is told."""
        self._numbers = itertools.count(FIRST_CHAT)
        self._double = _Double(self)
        self.url = self._double.url

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._double.close()

    def new_chat(self) -> str:
        """Somebody's chat with the bot."""
        return str(self._double.chat(next(self._numbers)).id)

    def poison(self, chat: str) -> None:
        """From now on that chat takes nothing."""
        self._double.chat(int(chat)).is_blocked = True

    def behave(self, manner: str) -> None:
        """From now on; what is silent stays so for those who have called already."""
        assert manner in MANNERS
        was, self.manner = self.manner, manner
        if manner == "refused" and was != "refused":
            self._double.close()
        elif manner != "refused" and was == "refused":
            self._double.open()

    @property
    def calls(self) -> int:
        """How many calls have come, whatever became of them."""
        return sum(self.answers.values())

    def speak_to(self, bot: str) -> None:
        """Telegram says no more of a message than its answer did."""

    async def trouble(self, manner: str) -> Refusal | None:
        """The answer that is no yes."""
        self.answers[manner] += 1
        if manner == "silent":
            await asyncio.sleep(SILENCE)
        if manner in ("silent", "503"):
            return Refusal(503, "Service Unavailable")
        if manner == "429":
            return Refusal(429, f"Too Many Requests: retry after {REST}", retry_after=REST)
        await asyncio.sleep(self.latency)
        return None


class _Double(TelegramDouble):
    """Asks for the manner before each call, and tells what was taken."""

    def __init__(self, far: TelegramFarSide) -> None:
        self._far = far
        super().__init__()

    async def _serve_call(self, request: web.Request) -> web.StreamResponse:
        if not request.path.endswith(OF_MESSAGES):  # a gateway that introduces its bot is no sign of a sender's life
            return await super()._serve_call(request)
        is_search = request.path.endswith("/editMessageReplyMarkup")
        manner = "503" if is_search and self._far.is_mute else self._far.manner
        refusal = await self._far.trouble(manner)
        if refusal is not None:
            return web.json_response(refusal.document, status=refusal.status)
        answer = await super()._serve_call(request)
        if manner == "taken" and request.path.endswith("/sendMessage"):
            await asyncio.sleep(self._far.silence)
        return answer

    def _send(self, form: Document) -> Document:
        message = super()._send(form)
        self._far.seen.shown.append(_shown(message))
        return message

    def _edit(self, form: Document) -> Document:
        message = super()._edit(form)
        self._far.seen.edits.append(_shown(message))
        return message

    def _delete(self, form: Document) -> bool:
        self._far.seen.deleted.add(f"{form['chat_id']}:{form['message_id']}")
        return super()._delete(form)


def _shown(message: Document) -> Shown:
    """A number is a message's in its chat alone; ids of ours name both."""
    chat = str(message["chat"]["id"])
    return Shown(time.monotonic(), chat, message["text"], f"{chat}:{message['message_id']}")
