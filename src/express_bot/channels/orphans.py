"""Messages that somebody sent who could not tell any more: found before they are sent again, or removed afterwards.

No messenger knows a key for a message, so a call whose end nobody knows may have left one behind. Where something leads
to it (a later word of the messenger, the numbers of its messages) it becomes the card's own, and nothing is sent twice.
What is found too late for that is taken away. Whose a message is, is decided by the core alone.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import partial

from express_bot.channels.base import NotYet, Sender, SendError
from express_bot.channels.core_service import CoreService, InboxEvent, OwedCard
from express_bot.channels.metrics import ChannelMetrics
from express_bot.contracts.messengers import DOUBT, ORPHAN, CardTraces
from express_bot.core_client import CoreError
from express_bot.observability.logs import logger

#: How long a search waits for its turn: before a message that somebody is waiting for, and afterwards.
BEFORE_SECONDS, AFTER_SECONDS = 3.0, 15.0
BEAT = 0.2
#: The core's word for a card that it does not have any more.
FORGOTTEN = 404

log = logger(__name__)


class Orphans:
    """What one process does about them."""

    #: Notes of our own in the inbox.
    KINDS = frozenset({ORPHAN, DOUBT})

    def __init__(self, service: CoreService, sender: Sender, metrics: ChannelMetrics) -> None:
        self._service = service
        self._sender = sender
        self._metrics = metrics

    async def of(self, card: OwedCard) -> str | None:
        """The message that an earlier call for this card has left; looking for it must not keep the card waiting."""
        if not card.doubts or card.external_id is not None:
            return None
        try:
            found = await self._search(await self._service.traces(card.id), BEFORE_SECONDS)
        except (CoreError, SendError, NotYet) as unclear:
            log.info("orphans not looked for", reason=str(unclear))
            return None
        if found is not None:
            self._count("adopted")
        return found

    async def judge(self, external_id: str, chat: str, heard_at: datetime) -> bool:
        """A message that no card knows: whether it is settled now, or about to be."""
        verdict = await self._service.judge(external_id, chat, heard_at)
        if verdict == "adopted":
            self._count(verdict)
        return verdict in ("adopted", "orphan")

    async def handle(self, event: InboxEvent) -> None:
        """A note that the core has left for us; raises ``NotYet`` and ``CoreError``."""
        try:
            if event.kind == ORPHAN:
                await self._remove(event.payload["chat"], event.payload["external_id"])
            else:
                await self._look_beside(event.payload["card"])
        except CoreError as refusal:
            if refusal.status != FORGOTTEN:
                raise
        except SendError as unclear:
            if not unclear.permanent:
                raise NotYet(unclear.reason) from unclear
            self._count("kept")

    async def _look_beside(self, card_id: str) -> None:
        """What stands beside a card that was sent again, one after another, as many as there were such calls."""
        traces = await self._service.traces(card_id)
        for _ in range(traces.doubts):
            found = await self._search(traces, AFTER_SECONDS)
            if found is None:
                return
            await self._remove(traces.chat, found)

    async def _search(self, traces: CardTraces, patience: float) -> str | None:
        return await self._sender.find(traces, partial(self._turn, patience))

    async def _remove(self, chat: str, external_id: str) -> None:
        await self._turn(AFTER_SECONDS)
        self._count(await self._sender.remove(chat, external_id))

    async def _turn(self, patience: float) -> None:
        """Until the messenger's pace leaves room for a call; raises ``NotYet``."""
        late = asyncio.get_running_loop().time() + patience
        while not await self._service.may_ask():
            if asyncio.get_running_loop().time() > late:
                raise NotYet("others have the messenger's pace")
            await asyncio.sleep(BEAT)

    def _count(self, outcome: str) -> None:
        self._metrics.orphan(outcome)
        log.info("orphan", outcome=outcome)
