"""Getting events to the bot: in order within a chat, tried again when nobody answers, twice when told to."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, defaultdict
from typing import Any
from uuid import UUID

from express_bot.emulator.messenger.line import Answer, Line
from express_bot.emulator.world import World

KEPT = 200
#: Those with files in them are heavy.
KEPT_WITH_FILES = 4


class Deliveries:
    """Events on their way to ``POST /command``."""

    def __init__(self, world: World, line: Line) -> None:
        self._world = world
        self._line = line
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._recent: OrderedDict[UUID, dict[str, Any]] = OrderedDict()

    async def deliver(self, event: dict[str, Any], *, after: dict[str, Any] | None = None) -> Answer:
        """Deliver an event; returns the last answer. What it comes ``after`` takes the same turn, just before it."""
        self._keep(event)
        async with self._turns[str(event["from"]["group_chat_id"])]:
            if after:
                await self._line.post_until_answered("/command", after)
            answer = await self._line.post_until_answered("/command", event)
            if self._world.faults.duplicate_events:
                await self._line.post("/command", event)
        return answer

    async def again(self, sync_id: UUID) -> Answer | None:
        """Deliver a known event once more, exactly as it was."""
        event = self._recent.get(sync_id)
        return await self.deliver(event) if event else None

    def _keep(self, event: dict[str, Any]) -> None:
        self._recent[UUID(event["sync_id"])] = event
        with_files = [sync_id for sync_id, kept in self._recent.items() if kept["attachments"]]
        for sync_id in [*with_files[:-KEPT_WITH_FILES], *list(self._recent)[:-KEPT]]:
            self._recent.pop(sync_id, None)
