"""Answers to the app's asynchronous calls: worked out once, then sent until they leave or nobody waits any more."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
from pybotx import SmartAppEvent
from pybotx.client.exceptions.base import BaseClientError

from express_bot.channels.express.bot import ExpressBot
from express_bot.channels.express.rpc import Rpc
from express_bot.channels.express.sender import NEVER_SENT
from express_bot.channels.metrics import ChannelMetrics
from express_bot.observability.logs import logger

#: The app waits thirty seconds and then asks again with the same key: what was done is not done twice.
PAUSES = (0.5, 2.0, 5.0)

log = logger(__name__)


class Replies:
    """Gives answers. An answer that cannot be delivered is not worth doing the work again."""

    def __init__(self, rpc: Rpc, bot: ExpressBot, metrics: ChannelMetrics) -> None:
        self._rpc = rpc
        self._line = _Patient(bot)
        self._metrics = metrics

    async def give(self, event: SmartAppEvent) -> None:
        """Works the answer out and sends it to the chat and under the ref of its event."""
        try:
            await self._rpc.answer_event(event, self._line)  # type: ignore[arg-type]  # the library only sends by it
        except (BaseClientError, httpx.HTTPError) as lost:
            self._metrics.sent("answer_lost")
            log.warning("answer not delivered", reason=type(lost).__name__)
        else:
            self._metrics.sent("answered")


class _Patient:
    """The one thing that the library does with a bot here, done again while the call never left us."""

    def __init__(self, bot: ExpressBot) -> None:
        self._bot = bot

    async def send_smartapp_event(self, **event: Any) -> None:
        for pause in PAUSES:
            try:
                return await self._bot.send_smartapp_event(**event)
            except NEVER_SENT:
                await asyncio.sleep(pause)
        return await self._bot.send_smartapp_event(**event)
