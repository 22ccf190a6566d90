"""The way in: every event is stored before it is accepted, and nothing is done about it here.

Knows nothing of HTTP and nothing of the library: the gateway's routes call it, the pumps do the work later.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from cachetools import TTLCache

from express_bot.channels.core_service import CoreService
from express_bot.channels.express import envelope
from express_bot.channels.express.arrivals import Arrivals
from express_bot.channels.express.sieve import Content
from express_bot.channels.metrics import ChannelMetrics
from express_bot.core_client import CoreError
from express_bot.observability.logs import logger

#: The server waits about five seconds for us.
STORING_SECONDS = 4
#: An early callback is rare; without a proof of its own nobody may fill the inbox with callbacks of nothing.
UNPROVEN_PER_MINUTE = 120

log = logger(__name__)


class Disabled(Exception):
    """The event was not taken; the messenger shows the sentence under this key of the catalog."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Intake:
    """Takes events for the inbox. ``wake`` is called when there is something new in it."""

    def __init__(self, service: CoreService, metrics: ChannelMetrics, wake: Callable[[], None]) -> None:
        self._service = service
        self._arrivals = Arrivals(service)
        self._metrics = metrics
        self._wake = wake
        self._unproven: TTLCache[str, None] = TTLCache(UNPROVEN_PER_MINUTE, 60)

    async def take(self, document: dict[str, Any], contents: Sequence[Content] = ()) -> None:
        """Stores one event for good, its files beside it; raises ``Disabled`` when that did not happen."""
        try:
            event = envelope.read(document)
        except envelope.UnknownEvent:
            self._metrics.event("unknown", "ignored")
            log.warning("unknown system event", name=_printable(document))
        except envelope.ForeignProtocol as foreign:
            log.error("the server speaks another protocol", version=repr(document.get("proto_version"))[:20])
            self._refuse("unknown", "protocol", foreign)
        except envelope.Unreadable as broken:
            log.warning("unreadable event", member=str(broken))
            self._refuse("unknown", "unreadable", broken)
        else:
            await self._store(event, document, contents)

    async def take_callback(self, document: dict[str, Any], *, proven: bool) -> None:
        """What became of a message we sent. It moves that message's state and nothing else, however often it comes.

        Raises ``Unreadable``, and ``Disabled`` while the core is away.
        """
        sync_id, status, reason = read_callback(document)
        try:
            async with asyncio.timeout(STORING_SECONDS):
                known = await self._service.delivered(sync_id, status, reason)
        except (CoreError, TimeoutError) as failure:
            self._not_stored(envelope.CALLBACK, failure)
        if known:
            self._metrics.event(envelope.CALLBACK, "done")
        elif proven or self._may_wait(sync_id):
            # It may be earlier than our own note of what we have sent, and on another instance.
            payload = {"sync_id": sync_id, "status": status, "reason": reason}
            await self._store(envelope.Envelope(f"callback:{sync_id}:{status}", envelope.CALLBACK, None, payload))
        else:
            self._metrics.event(envelope.CALLBACK, "dropped")

    def _may_wait(self, sync_id: str) -> bool:
        self._unproven.expire()
        if sync_id not in self._unproven and len(self._unproven) >= UNPROVEN_PER_MINUTE:
            return False
        self._unproven[sync_id] = None
        return True

    async def _store(
        self, event: envelope.Envelope, document: dict[str, Any] | None = None, contents: Sequence[Content] = ()
    ) -> None:
        try:
            async with asyncio.timeout(STORING_SECONDS):
                if document is not None:
                    event = await self._arrivals.keep(event, document, contents)
                fresh = await self._service.keep(
                    event.event_id, kind=event.kind, chat=event.chat, payload=event.payload
                )
        except (CoreError, TimeoutError) as failure:
            self._not_stored(event.kind, failure)
        self._metrics.event(event.kind, "fresh" if fresh else "duplicate")
        if fresh:
            self._wake()

    def _not_stored(self, kind: str, failure: Exception) -> NoReturn:
        status = failure.status if isinstance(failure, CoreError) else 503
        log.warning("event not stored", kind=kind, status=status, reason=str(failure))
        self._refuse(kind, {413: "too_large", 400: "unreadable", 422: "unreadable"}.get(status, "core"), failure)

    def _refuse(self, kind: str, key: str, cause: Exception) -> NoReturn:
        self._metrics.event(kind, key)
        raise Disabled(f"disabled.{key}") from cause


def read_callback(document: dict[str, Any]) -> tuple[str, str, str | None]:
    """Id, status and reason of a callback; raises ``Unreadable``."""
    sync_id, status, reason = envelope.uuid_of(document, "sync_id"), document.get("status"), document.get("reason")
    if status == "ok":
        return sync_id, "ok", None
    if status != "error" or not isinstance(reason, str):
        raise envelope.Unreadable("status")
    return sync_id, "error", reason[:200]


def _printable(document: dict[str, Any]) -> str:
    return str(document["command"]["body"])[:60]
