"""The way in: every update is stored before it is accepted, and nothing is done about it here.

Knows nothing of HTTP and nothing of the library: the webhook and the poller call it, the pumps do the work later.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from express_bot.channels.core_service import CoreService
from express_bot.channels.metrics import ChannelMetrics
from express_bot.channels.telegram import envelope
from express_bot.core_client import CoreError
from express_bot.observability.logs import logger

STORING_SECONDS = 4
#: Answers of the core after which storing the same again would end the same way.
REFUSED = (400, 413, 422)

log = logger(__name__)


class NotStored(Exception):
    """The core is away: the update must come again."""


class Intake:
    """Takes updates for the inbox. ``wake`` is called when there is something new in it."""

    def __init__(self, service: CoreService, metrics: ChannelMetrics, wake: Callable[[], None]) -> None:
        self._service = service
        self._metrics = metrics
        self._wake = wake

    async def take(self, document: Any) -> None:
        """Stores one update for good. Raises ``Unreadable``, and ``NotStored`` while that is not possible."""
        try:
            event = envelope.read(document)
        except envelope.Ignored as nothing:
            self._metrics.event(nothing.kind, "ignored")
        except envelope.Unreadable as broken:
            self._metrics.event("unknown", "unreadable")
            log.warning("unreadable update", member=str(broken))
            raise
        else:
            await self._store(event)

    async def _store(self, event: envelope.Envelope) -> None:
        try:
            async with asyncio.timeout(STORING_SECONDS):
                fresh = await self._service.keep(
                    event.event_id, kind=event.kind, chat=event.chat, payload=event.payload
                )
        except (CoreError, TimeoutError) as failure:
            self._not_stored(event, failure)
            return
        self._metrics.event(event.kind, "fresh" if fresh else "duplicate")
        if fresh:
            self._wake()

    def _not_stored(self, event: envelope.Envelope, failure: Exception) -> None:
        """What can never be stored is let go, with a line in the log: told again, it would only stop the others."""
        status = failure.status if isinstance(failure, CoreError) else 503
        if status in REFUSED:
            self._metrics.event(event.kind, "refused")
            log.error("update cannot be kept", kind=event.kind, update=event.event_id, status=status)
            return
        self._metrics.event(event.kind, "core")
        log.warning("update not stored", kind=event.kind, status=status, reason=str(failure))
        raise NotStored from failure
