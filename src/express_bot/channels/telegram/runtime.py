"""The part of Telegram that needs the library; imported in a thread once the gateway answers."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from itertools import chain, repeat

from telegram.error import TelegramError

from express_bot.channels.cards import CardPump
from express_bot.channels.core_door import HttpCoreDoor
from express_bot.channels.core_service import CoreService, InboxEvent
from express_bot.channels.dialogs import Dialogs
from express_bot.channels.metrics import ChannelMetrics
from express_bot.channels.orphans import Orphans
from express_bot.channels.pumps import LEASE_SECONDS, Pump
from express_bot.channels.telegram.account import Account
from express_bot.channels.telegram.handlers.answers import Answers
from express_bot.channels.telegram.handlers.dispatch import Dispatch
from express_bot.channels.telegram.intake import Intake
from express_bot.channels.telegram.introduction import PAUSES
from express_bot.channels.telegram.sender import TelegramSender
from express_bot.channels.telegram.updates import Updates
from express_bot.channels.works import EventWork
from express_bot.settings import Settings


class Runtime:
    """Account, conversation, pumps and the way updates come, put together for one process."""

    def __init__(self, settings: Settings, service: CoreService, metrics: ChannelMetrics) -> None:
        self._is_served = True
        self._account = Account(settings)
        self._answers = Answers(self._account, metrics)
        dialogs = Dialogs(HttpCoreDoor(service.core), lambda: datetime.now(UTC))
        sender = TelegramSender(settings, self._account, self._hear)
        orphans = Orphans(service, sender, metrics)
        dispatch = Dispatch(service, dialogs, self._account, self._answers, orphans)
        self._cards = CardPump(settings, service, sender, metrics)
        self._inbox: Pump[InboxEvent] = Pump(
            "inbox",
            take=lambda limit: service.claim_events(limit=limit, lease=LEASE_SECONDS),
            work=EventWork(service, dispatch, metrics, self._cards.call),
            metrics=metrics,
        )
        self._updates = Updates(settings, self._account, service, Intake(service, metrics, self.wake))

    @property
    def line_is_good(self) -> bool:
        """Messages leave and updates come."""
        return self._is_served and self._updates.is_reached

    def start(self) -> None:
        """Begins with what is waiting since before the start."""
        self._cards.start()
        self._inbox.start()
        self._updates.start()

    def wake(self) -> None:
        """A fresh event is there."""
        self._inbox.call()

    async def bot_name(self) -> str:
        """The bot's user name, as soon as Telegram has told it."""
        for pause in chain(PAUSES, repeat(PAUSES[-1])):
            with suppress(TelegramError):
                return await self._account.name()
            await asyncio.sleep(pause)
        raise AssertionError("the pauses have no end")

    async def stop(self) -> None:
        """Finishes what is being done; what waits stays in the core."""
        await self._updates.stop()
        await asyncio.gather(self._inbox.stop(), self._cards.stop())
        await self._answers.close()
        await self._account.close()

    def _hear(self, good: bool) -> None:
        self._is_served = good
