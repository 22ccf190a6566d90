"""One piece of each kind of work, and what the core is told about its end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

from express_bot.channels.base import Hopeless, NotYet, Sender, SendError
from express_bot.channels.core_service import CoreService, InboxEvent, OwedCard
from express_bot.channels.dialogs.view import View
from express_bot.channels.metrics import ChannelMetrics
from express_bot.channels.pumps import LEASE_SECONDS, WORK_SECONDS
from express_bot.core_client import CoreError
from express_bot.observability.logs import logger

#: A core or a database that is being restarted is back before the last of these.
PAUSES = (0.2, 0.5, 1.0, 2.0, 3.0, 4.0)
#: What is being told must arrive so long before somebody else may have the same work in hand.
MARGIN_SECONDS = 2

log = logger(__name__)


async def patiently(tell: Callable[[], Awaitable[None]], *, until: float | None = None) -> None:
    """Tells the core how something ended, again while it or its database is away; raises ``CoreError`` in the end.

    Unheard, the end costs everybody the rest of the lease. After ``until`` (by the loop's clock) it is not told again.
    """
    for pause in PAUSES:
        try:
            return await tell()
        except CoreError as gone:
            if gone.status < 500 or (until is not None and asyncio.get_running_loop().time() + pause > until):
                raise
        await asyncio.sleep(pause)
    return await tell()


def is_away(refusal: CoreError) -> bool:
    """Whether the house itself was away: the core, its database, or what stands before it. A 500 is a defect."""
    return refusal.status in (502, 503, 504)


def lease_end() -> float:
    """When a lease taken now must be done with."""
    return asyncio.get_running_loop().time() + LEASE_SECONDS - MARGIN_SECONDS


class Dispatch(Protocol):
    """What a messenger does about its events."""

    async def handle(self, event: InboxEvent) -> None:
        """Deals with an event and marks it done. Raises ``Hopeless``, ``NotYet``, or whatever else went wrong."""
        ...


class EventWork:
    """An event of the inbox. ``owed`` is called after each: the conversation may have asked for a message."""

    def __init__(
        self, service: CoreService, dispatch: Dispatch, metrics: ChannelMetrics, owed: Callable[[], None]
    ) -> None:
        self._service = service
        self._dispatch = dispatch
        self._metrics = metrics
        self._owed = owed

    async def __call__(self, event: InboxEvent) -> None:
        """Deals with it; raises ``CoreError`` when the core could not even be told of a failure."""
        until = lease_end()
        try:
            async with asyncio.timeout(WORK_SECONDS):
                await self._dispatch.handle(event)
        except Hopeless as hopeless:
            await self._put_off(event, str(hopeless), permanent=True, until=until)
        except CoreError as refusal:
            await self._put_off(event, str(refusal), until=until, house=is_away(refusal))
        except (NotYet, TimeoutError) as failure:
            await self._put_off(event, str(failure) or type(failure).__name__, until=until)
        except Exception as defect:
            log.exception("event failed", kind=event.kind, attempts=event.attempts)
            await self._put_off(event, type(defect).__name__, until=until)
        else:
            self._metrics.event(event.kind, "done")
            self._owed()

    async def _put_off(
        self, event: InboxEvent, reason: str, *, until: float, permanent: bool = False, house: bool = False
    ) -> None:
        self._metrics.event(event.kind, "dead" if permanent else "put_off")
        log.warning("event not handled", kind=event.kind, reason=reason, permanent=permanent, attempts=event.attempts)
        await patiently(
            lambda: self._service.failed(event.event_id, reason[:300], permanent=permanent, house=house), until=until
        )


class CardWork:
    """A message that does not say yet what it should."""

    def __init__(self, service: CoreService, sender: Sender, metrics: ChannelMetrics) -> None:
        self._service = service
        self._sender = sender
        self._metrics = metrics

    async def __call__(self, card: OwedCard) -> None:
        """Shows it; raises ``CoreError`` when the core could not be told, and then it is shown again."""
        until = lease_end()
        try:
            external_id = await self._sender.show(card.chat, View.from_json(card.view), external_id=card.external_id)
        except SendError as failure:
            await self._put_off(card, failure, until=until)
        except Exception as defect:
            log.exception("message failed", attempts=card.attempts)
            await self._put_off(card, SendError(type(defect).__name__), until=until)
        else:
            self._metrics.sent("edited" if external_id == card.external_id else "sent")
            # what the core does not know is sent a second time, so this is told however late it is
            await patiently(lambda: self._service.shown(card, external_id))

    async def _put_off(self, card: OwedCard, failure: SendError, *, until: float) -> None:
        self._metrics.sent("given_up" if failure.permanent else "put_off")
        log.warning("message not shown", reason=failure.reason, permanent=failure.permanent, attempts=card.attempts)
        await patiently(
            lambda: self._service.not_shown(
                card,
                failure.reason[:300],
                permanent=failure.permanent,
                retry_after=failure.retry_after,
                no_address=failure.no_address,
                whole_channel=failure.whole_channel,
            ),
            until=until,
        )
