"""One piece of each kind of work, and what the core is told about its end."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from typing import Protocol

from express_bot.channels.base import Hopeless, NotYet, Sender, SendError
from express_bot.channels.core_service import CoreService, InboxEvent, OwedCard
from express_bot.channels.dialogs.view import View
from express_bot.channels.journal import Journal
from express_bot.channels.leases import Hand, Lease
from express_bot.channels.metrics import ChannelMetrics
from express_bot.channels.orphans import Orphans
from express_bot.channels.pumps import WORK_SECONDS
from express_bot.channels.turns import Turns
from express_bot.core_client import CoreError
from express_bot.observability.logs import logger

#: A core that comes back is told before anybody else asks it for work, so no pause is long.
PAUSES = (0.2, 0.5)
#: A sender that does not come to an end by itself is given up, and what it did is not known.
SEND_SECONDS = 60
#: What was shown is told for so long: a core that does not hear of it has the message sent a second time.
SHOWN_SECONDS = 600

log = logger(__name__)


async def patiently(tell: Callable[[], Awaitable[None]], *, until: float) -> None:
    """Tells the core how something ended, again while it or its database is away; raises ``CoreError`` in the end.

    Unheard, the end costs everybody the rest of the lease. After ``until`` (by the loop's clock) it is not told again.
    """
    for pause in itertools.chain(PAUSES, itertools.repeat(PAUSES[-1])):
        try:
            return await tell()
        except CoreError as gone:
            if gone.status < 500 or asyncio.get_running_loop().time() + pause > until:
                raise
        await asyncio.sleep(pause)
    raise AssertionError("there is always another pause")


def is_away(refusal: CoreError) -> bool:
    """Whether the house itself was away: the core, its database, or what stands before it. A 500 is a defect."""
    return refusal.status in (502, 503, 504)


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
        self._hand = Hand(service.extend_event)

    async def __call__(self, event: InboxEvent) -> None:
        """Deals with it; raises ``CoreError`` when the core could not even be told of a failure."""
        if not self._hand.has(event.event_id, event.lease_until):
            async with self._hand.take(event.event_id, event.lease_until) as lease:
                await self._handle(event, lease)

    async def _handle(self, event: InboxEvent, lease: Lease) -> None:
        try:
            async with lease.limit(), asyncio.timeout(WORK_SECONDS):
                await self._dispatch.handle(event)
        except Hopeless as hopeless:
            await self._put_off(event, lease, str(hopeless), permanent=True)
        except CoreError as refusal:
            await self._put_off(event, lease, str(refusal), house=is_away(refusal))
        except (NotYet, TimeoutError) as failure:
            await self._put_off(event, lease, str(failure) or type(failure).__name__)
        except Exception as defect:
            log.exception("event failed", kind=event.kind, attempts=event.attempts)
            await self._put_off(event, lease, type(defect).__name__)
        else:
            self._metrics.event(event.kind, "done")
            self._owed()

    async def _put_off(
        self, event: InboxEvent, lease: Lease, reason: str, *, permanent: bool = False, house: bool = False
    ) -> None:
        if lease.is_over:  # it is, or soon will be, in other hands, and what they do with it is theirs to tell
            self._metrics.event(event.kind, "lost")
            log.warning("event left to others", kind=event.kind, reason=reason)
            return
        self._metrics.event(event.kind, "dead" if permanent else "put_off")
        log.warning("event not handled", kind=event.kind, reason=reason, permanent=permanent, attempts=event.attempts)
        await patiently(
            lambda: self._service.failed(event.event_id, reason[:300], permanent=permanent, house=house),
            until=lease.ends,
        )


class CardWork:
    """A message that does not say yet what it should."""

    def __init__(
        self,
        service: CoreService,
        sender: Sender,
        metrics: ChannelMetrics,
        journal: Journal,
        *,
        one_by_one: bool = False,
    ) -> None:
        """``one_by_one``: a new message is begun when the one before was taken or refused."""
        self._turns = Turns(one_by_one=one_by_one)
        self._orphans = Orphans(service, sender, metrics)
        self._service = service
        self._sender = sender
        self._metrics = metrics
        self._journal = journal
        self._hand = Hand(service.extend_card)

    async def __call__(self, card: OwedCard) -> None:
        """Shows it; raises ``CoreError`` when the core could not be told, and then it is shown again."""
        if not self._hand.has(card.id, card.lease_until):
            async with self._hand.take(card.id, card.lease_until) as lease:
                await self._show(card, lease)

    async def _show(self, card: OwedCard, lease: Lease) -> None:
        """A lost lease does not interrupt it: a message cannot be taken back, but often still be told in time."""
        try:
            async with self._turns.mine(new=card.external_id is None), asyncio.timeout(SEND_SECONDS):
                known = card.external_id or await self._orphans.of(card)
                external_id = await self._sender.show(card.chat, View.from_json(card.view), external_id=known)
                self._journal.note(card.id, card.rev, external_id)
        except SendError as failure:
            await self._put_off(card, lease, failure)
        except TimeoutError:
            await self._put_off(card, lease, SendError("too_slow", retry_after=SEND_SECONDS, unknown=True))
        except Exception as defect:
            log.exception("message failed", attempts=card.attempts)
            await self._put_off(card, lease, SendError(type(defect).__name__, unknown=True))
        else:
            self._metrics.sent("edited" if external_id == known else "sent")
            await self._tell(card, external_id, adopted=external_id == known != card.external_id)

    async def _tell(self, card: OwedCard, external_id: str, *, adopted: bool) -> None:
        said = {"adopted": True} if adopted else {}
        late = asyncio.get_running_loop().time() + SHOWN_SECONDS
        await patiently(lambda: self._service.shown(card.id, card.rev, external_id, **said), until=late)
        self._journal.told(card.id, card.rev)

    async def _put_off(self, card: OwedCard, lease: Lease, failure: SendError) -> None:
        if lease.is_over:
            self._metrics.sent("lost")
            log.warning("message left to others", reason=failure.reason)
            return
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
                unknown=failure.unknown,
            ),
            until=lease.ends,
        )
