"""eXpress as the gateway sees it: a verifier, a way in, a menu, and the work behind them."""

from __future__ import annotations

import asyncio
from typing import Any

from prometheus_client import CollectorRegistry

from express_bot.channels.channel import Channel
from express_bot.channels.express.intake import Disabled, Intake
from express_bot.channels.express.menu import Menu
from express_bot.channels.express.verify import Verifier
from express_bot.observability.logs import logger
from express_bot.settings import Settings, reveal

#: How long a synchronous request may wait for the library at the very start; its sender waits five seconds in all.
LOADING_SECONDS = 3

log = logger(__name__)


class Express(Channel):
    """The channel of one bot account at one eXpress server."""

    name = "express"

    def __init__(self, settings: Settings, registry: CollectorRegistry) -> None:
        super().__init__(settings, registry)
        self.verifier = Verifier.of(settings)
        self.intake = Intake(self.service, self.metrics, self._wake)
        self.menu = Menu(self.service)

    async def start(self) -> None:
        """Lets the library be imported and the work begin, without waiting for either."""
        self._say_what_is_ignored()
        await super().start()

    async def answer(self, document: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """The answer to a synchronous request of the app, with its status; raises ``Disabled``."""
        assert self._loading is not None, "started with the gateway"
        try:
            runtime = await asyncio.wait_for(asyncio.shield(self._loading), LOADING_SECONDS)
        except Exception as not_there:
            raise Disabled("disabled.leaving") from not_there
        status, answer = await runtime.answer(document)
        return status, answer

    def _say_what_is_ignored(self) -> None:
        """Old configurations name things that the protocol does not have."""
        if reveal(self._settings.express_bot_token):
            log.warning("EXPRESS_BOT_TOKEN is not used: BotX has no static token")
        if (self._settings.express_botx_url or "").rstrip("/") != self._settings.cts_url:
            log.warning("the path of EXPRESS_BOTX_URL is not used", origin=self._settings.cts_url)
