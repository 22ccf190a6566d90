"""eXpress as the gateway sees it: a verifier, a way in, a menu, and the work behind them.

The library takes most of a second to import, so it is imported in a thread while the gateway already answers; events
that come earlier wait in the inbox.
"""

from __future__ import annotations

import asyncio
import importlib
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry

from express_bot.channels.core_service import CoreService
from express_bot.channels.express.intake import Disabled, Intake
from express_bot.channels.express.menu import Menu
from express_bot.channels.express.verify import Verifier
from express_bot.channels.metrics import ChannelMetrics
from express_bot.core_client import CoreClient, CoreError
from express_bot.observability.logs import logger
from express_bot.settings import Settings, reveal

if TYPE_CHECKING:
    from express_bot.channels.express.runtime import Runtime

#: How long a synchronous request may wait for the library at the very start; its sender waits five seconds in all.
LOADING_SECONDS = 3
FIGURES_SECONDS = 15

log = logger(__name__)


class Express:
    """One process's share of the eXpress channel; any number of processes may work side by side."""

    def __init__(self, settings: Settings, registry: CollectorRegistry) -> None:
        """Opens nothing and imports nothing heavy; ``start`` does, inside the running loop."""
        self._settings = settings
        self._core = CoreClient(settings.flask_api_url, settings.service_key.get_secret_value(), "express")
        self._loading: asyncio.Task[Runtime] | None = None
        self._watching: asyncio.Task[None] | None = None
        self.metrics = ChannelMetrics(registry, "express")
        self.service = CoreService(self._core, "express")
        self.verifier = Verifier.of(settings)
        self.intake = Intake(self.service, self.metrics, self._wake)
        self.menu = Menu(self.service)

    async def start(self) -> None:
        """Lets the library be imported and the work begin, without waiting for either."""
        self._say_what_is_ignored()
        self._loading = asyncio.create_task(self._load(), name="express-loading")
        self._watching = asyncio.create_task(self._watch(), name="express-figures")

    async def stop(self) -> None:
        """Finishes what is being done, then lets go of everything."""
        if self._watching is not None:
            self._watching.cancel()
        if self._loading is not None:
            with suppress(Exception):
                await (await self._loading).stop()
        await self._core.close()

    @property
    def state(self) -> str:
        """For ``/health``: ``ok``, ``starting``, or ``down`` while the server cannot be reached."""
        runtime = self._runtime()
        if runtime is None:
            return "down" if self._loading is not None and self._loading.done() else "starting"
        return "ok" if runtime.line_is_good else "down"

    async def answer(self, document: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """The answer to a synchronous request of the app, with its status; raises ``Disabled``."""
        assert self._loading is not None, "started with the gateway"
        try:
            runtime = await asyncio.wait_for(asyncio.shield(self._loading), LOADING_SECONDS)
        except Exception as not_there:
            raise Disabled("disabled.leaving") from not_there
        return await runtime.answer(document)

    def _wake(self) -> None:
        runtime = self._runtime()
        if runtime is not None:
            runtime.wake()

    def _runtime(self) -> Runtime | None:
        loading = self._loading
        if loading is None or not loading.done() or loading.cancelled() or loading.exception() is not None:
            return None
        return loading.result()

    def _say_what_is_ignored(self) -> None:
        """Old configurations name things that the protocol does not have."""
        if reveal(self._settings.express_bot_token):
            log.warning("EXPRESS_BOT_TOKEN is not used: BotX has no static token")
        if (self._settings.express_botx_url or "").rstrip("/") != self._settings.cts_url:
            log.warning("the path of EXPRESS_BOTX_URL is not used", origin=self._settings.cts_url)

    async def _watch(self) -> None:
        """What waits in the core, for whoever looks at the counters."""
        while True:
            try:
                word = await self._core.get_health()
            except CoreError:
                word = {}
            details = word.get("details")
            if isinstance(details, dict):
                self.metrics.waits(details)
            await asyncio.sleep(FIGURES_SECONDS)

    async def _load(self) -> Runtime:
        try:
            module = await asyncio.to_thread(importlib.import_module, "express_bot.channels.express.runtime")
            runtime: Runtime = module.Runtime(self._settings, self.service, self.metrics)
        except Exception:
            log.exception("eXpress cannot be served")
            raise
        runtime.start()
        return runtime
