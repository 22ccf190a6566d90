"""The part of eXpress that needs the library; imported in a thread once the gateway answers."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any

from pybotx.models.sync_smartapp_event import BotAPISyncSmartAppEvent, BotAPISyncSmartAppEventErrorResponse
from pydantic import ValidationError

from express_bot.channels.cards import CardPump
from express_bot.channels.core_door import HttpCoreDoor
from express_bot.channels.core_service import CoreService, InboxEvent
from express_bot.channels.dialogs import Dialogs
from express_bot.channels.express.bot import ExpressBot
from express_bot.channels.express.envelope import Unreadable
from express_bot.channels.express.files import Source
from express_bot.channels.express.handlers.callbacks import Callbacks
from express_bot.channels.express.handlers.dispatch import Dispatch
from express_bot.channels.express.handlers.messages import Messages
from express_bot.channels.express.people import People
from express_bot.channels.express.replies import Replies
from express_bot.channels.express.rpc import Rpc
from express_bot.channels.express.sender import ExpressSender
from express_bot.channels.metrics import ChannelMetrics
from express_bot.channels.orphans import Orphans
from express_bot.channels.pumps import LEASE_SECONDS, Pump
from express_bot.channels.works import EventWork
from express_bot.settings import Settings


class Runtime:
    """Bot, methods, conversation and pumps of one process, put together."""

    def __init__(self, settings: Settings, service: CoreService, metrics: ChannelMetrics) -> None:
        self.line_is_good = True
        self._bot = ExpressBot(settings)
        people = People(service, self._bot)
        source = Source(service, self._bot)
        self._rpc = Rpc(service, people, source)
        dialogs = Dialogs(HttpCoreDoor(service.core), lambda: datetime.now(UTC))
        sender = ExpressSender(settings, self._bot, self._hear)
        callbacks = Callbacks(service, sender, Orphans(service, sender, metrics))
        dispatch = Dispatch(
            service, Messages(people, dialogs, source), Replies(self._rpc, self._bot, metrics), callbacks
        )
        self._cards = CardPump(settings, service, sender, metrics)
        self._inbox: Pump[InboxEvent] = Pump(
            "inbox",
            take=lambda limit: service.claim_events(limit=limit, lease=LEASE_SECONDS),
            work=EventWork(service, dispatch, metrics, self._cards.call),
            metrics=metrics,
        )

    def start(self) -> None:
        """Begins with what is waiting since before the start."""
        self._cards.start()
        self._inbox.start()

    def wake(self) -> None:
        """A fresh event is there."""
        self._inbox.call()

    async def stop(self) -> None:
        """Finishes what is being done; what waits stays in the core."""
        await asyncio.gather(self._inbox.stop(), self._cards.stop())
        await self._bot.close()

    async def answer(self, document: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """A synchronous call of the app, answered at once; raises ``Unreadable``."""
        try:
            event = BotAPISyncSmartAppEvent.model_validate(_completed(document)).to_domain(document)
        except ValidationError as broken:
            raise Unreadable("no call of the app") from broken
        answer = await self._rpc.answer_request(event, self._bot)
        failed = isinstance(answer, BotAPISyncSmartAppEventErrorResponse)
        return 400 if failed else 200, answer.jsonable_dict()

    def _hear(self, good: bool) -> None:
        self.line_is_good = good


def _completed(document: dict[str, Any]) -> dict[str, Any]:
    """With the members that servers leave out and the library insists on."""
    payload, sender = document.get("payload"), document.get("sender_info")
    if not isinstance(payload, dict) or not isinstance(sender, dict):
        return document
    return document | {"payload": {"files": []} | payload, "sender_info": {"udid": None, "platform": None} | sender}
