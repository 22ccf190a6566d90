"""Lines of core and queue for the inspector, asked of the product while somebody looks at the page."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from contextlib import suppress

from express_bot.emulator.api.house import House
from express_bot.emulator.api.inputs import Refusal
from express_bot.emulator.feed import Feed

#: After something has happened here, and while nothing has: the app speaks to the product past the messenger.
SOON_SECONDS, IDLE_SECONDS = 0.7, 3.0
#: A product that is away is not asked so often.
AWAY_SECONDS = 5.0


class Trail:
    """Puts each line into the feed once."""

    def __init__(self, feed: Feed, house: House) -> None:
        self._feed = feed
        self._house = house
        self._known: Collection[str] = frozenset()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to look."""
        self._task = asyncio.create_task(self._follow(), name="trail")

    async def stop(self) -> None:
        """Looks no more."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _follow(self) -> None:
        while True:
            await self._feed.wait(IDLE_SECONDS)
            await asyncio.sleep(SOON_SECONDS)
            if self._feed.listeners and not await self.look():
                await asyncio.sleep(AWAY_SECONDS)

    async def look(self) -> bool:
        """Tells what is new; whether the product answered."""
        try:
            lines = await self._house.trail()
        except Refusal:
            return False
        for line in lines:
            if line["id"] not in self._known:
                self._feed.publish("trail", line["kind"], line=line)
        self._known = {line["id"] for line in lines}
        return True
