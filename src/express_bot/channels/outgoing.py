"""One messenger's way out, for a process that only sends: an account, a sender, and the pump between them and the core.

Any number of processes may send for the same messenger; the core hands each card to one of them.
"""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import Any, Protocol

from express_bot.channels.base import SENDERS, Sender
from express_bot.channels.cards import CardPump
from express_bot.channels.core_service import CoreService
from express_bot.channels.metrics import ChannelMetrics
from express_bot.core_client import CoreClient
from express_bot.observability.logs import logger
from express_bot.settings import Settings

#: Our account at each messenger, as its sender wants it: made of the settings, opens nothing before the first call.
ACCOUNTS = {
    "express": "express_bot.channels.express.bot:ExpressBot",
    "telegram": "express_bot.channels.telegram.account:Account",
}

log = logger(__name__)


class Account(Protocol):
    """What is opened is closed."""

    async def close(self) -> None:
        """Gives the connections back."""
        ...


class Outgoing:
    """Shows the cards of one messenger. Its library is imported in a thread, once it is known to be needed."""

    def __init__(self, settings: Settings, channel: str, metrics: ChannelMetrics) -> None:
        """Opens and imports nothing; ``start`` does."""
        self._settings = settings
        self._channel = channel
        self._metrics = metrics
        self._core = CoreClient(settings.flask_api_url, settings.service_key.get_secret_value(), channel)
        self._account: Account | None = None
        self._pump: CardPump | None = None

    async def start(self) -> None:
        """Begins with what is owed since before the start."""
        self._account, sender = await asyncio.to_thread(_opened, self._settings, self._channel)
        service = CoreService(self._core, self._channel)
        self._pump = CardPump(self._settings, service, sender, self._metrics, one_by_one=True)
        self._pump.start()
        log.info("sending", channel=self._channel)

    def call(self) -> None:
        """A card of this messenger may be due."""
        if self._pump is not None:
            self._pump.call()

    async def stop(self) -> None:
        """Finishes what is being sent; the rest stays in the core."""
        if self._pump is not None:
            await self._pump.stop()
        if self._account is not None:
            await self._account.close()
        await self._core.close()


def _opened(settings: Settings, channel: str) -> tuple[Account, Sender]:
    account = _named(ACCOUNTS[channel])(settings)
    return account, _named(SENDERS[channel])(settings, account)


def _named(path: str) -> Any:
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)
