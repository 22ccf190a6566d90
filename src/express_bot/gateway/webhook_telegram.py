"""Telegram's door: ``POST /webhook/telegram``.

The secret that we gave to Telegram is looked at before a byte of the body is read; an update is stored before it is
taken; the work is done later, elsewhere. Telegram brings again whatever it does not hear a 200 for.
"""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from express_bot.channels.telegram.channel import Telegram
from express_bot.channels.telegram.envelope import Unreadable
from express_bot.channels.telegram.intake import NotStored
from express_bot.contracts.errors import CoreUnavailable, JsonMalformed, ShuttingDown, Unauthenticated
from express_bot.domain.parsing import read_json
from express_bot.gateway.body import LIMIT, Body
from express_bot.gateway.drain import Drain
from express_bot.observability.logs import logger

PATH = "/webhook/telegram"
SECRET = b"x-telegram-bot-api-secret-token"
#: Reading a longer body than this takes long enough to keep others waiting.
READ_ASIDE = 256 << 10

log = logger(__name__)


class TelegramWebhook:
    """The one door of Telegram."""

    def __init__(self, telegram: Telegram, drain: Drain) -> None:
        self._telegram = telegram
        self._drain = drain

    def routes(self) -> list[Route]:
        """Open also where updates are fetched: one that still comes this way is as good."""
        return [Route(PATH, self._update, methods=["POST"])]

    async def _update(self, request: Request) -> Response:
        self._ensure_proven(request)
        if self._drain.leaving:
            raise ShuttingDown
        body = await Body(request.scope, request.receive, limit=LIMIT).whole()
        document = await asyncio.to_thread(read_json, body) if len(body) > READ_ASIDE else read_json(body)
        try:
            await self._telegram.intake.take(document)
        except Unreadable as broken:
            raise JsonMalformed from broken
        except NotStored as gone:
            raise CoreUnavailable from gone
        return JSONResponse({"ok": True}, headers={"Cache-Control": "no-store"})

    def _ensure_proven(self, request: Request) -> None:
        if not self._telegram.is_proven([value for name, value in request.scope["headers"] if name == SECRET]):
            self._telegram.metrics.event("call", "unverified")
            log.warning("unverified call", path=PATH)
            raise Unauthenticated
