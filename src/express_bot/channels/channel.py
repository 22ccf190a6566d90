"""A messenger as the gateway sees it, whichever it is: started, asked how it is, and stopped.

Its library takes a good part of a second to import, so it is imported in a thread while the gateway already answers;
events that come earlier wait in the inbox.
"""

from __future__ import annotations

import asyncio
import importlib
from contextlib import suppress
from typing import Any, Protocol

from prometheus_client import CollectorRegistry

from express_bot.channels.core_service import CoreService
from express_bot.channels.metrics import ChannelMetrics
from express_bot.core_client import CoreClient, CoreError
from express_bot.observability.logs import logger
from express_bot.settings import Settings

FIGURES_SECONDS = 15

log = logger(__name__)


class Runtime(Protocol):
    """The part of a messenger that needs its library: ``Runtime(settings, service, metrics)`` of ``runtime.py``."""

    @property
    def line_is_good(self) -> bool:
        """Whether the messenger is there."""

    def start(self) -> None:
        """Begins with what is waiting since before the start."""

    def wake(self) -> None:
        """A fresh event is there."""

    async def stop(self) -> None:
        """Finishes what is being done; what waits stays in the core."""


class Channel:
    """One process's share of a messenger's channel; any number of processes may work side by side."""

    #: The channel's name and its folder beside this file.
    name: str

    def __init__(self, settings: Settings, registry: CollectorRegistry) -> None:
        """Opens nothing and imports nothing heavy; ``start`` does, inside the running loop."""
        self._settings = settings
        self._core = CoreClient(settings.flask_api_url, settings.service_key.get_secret_value(), self.name)
        self._loading: asyncio.Task[Any] | None = None
        self._watching: asyncio.Task[None] | None = None
        self.metrics = ChannelMetrics(registry, self.name)
        self.service = CoreService(self._core, self.name)

    async def start(self) -> None:
        """Lets the library be imported and the work begin, without waiting for either."""
        self._loading = asyncio.create_task(self._load(), name=f"{self.name}-loading")
        self._watching = asyncio.create_task(self._watch(), name=f"{self.name}-figures")

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

    def _wake(self) -> None:
        runtime = self._runtime()
        if runtime is not None:
            runtime.wake()

    def _runtime(self) -> Runtime | None:
        loading = self._loading
        if loading is None or not loading.done() or loading.cancelled() or loading.exception() is not None:
            return None
        runtime: Runtime = loading.result()
        return runtime

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
            module = await asyncio.to_thread(importlib.import_module, f"express_bot.channels.{self.name}.runtime")
            runtime: Runtime = module.Runtime(self._settings, self.service, self.metrics)
        except Exception:
            log.exception("the messenger cannot be served", channel=self.name)
            raise
        runtime.start()
        return runtime
