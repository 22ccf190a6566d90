"""Rounds: what a worker does again and again beside its jobs. Each is safe in any number of workers at once."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from contextlib import suppress

from express_bot.observability.logs import logger

#: While something is away asking at every beat would only fill the log.
AWAY_SECONDS = 2.0

log = logger(__name__)


class Round(ABC):
    """A turn every so many seconds until it is told to stop; a turn that fails is tried again."""

    def __init__(self, name: str, seconds: float) -> None:
        self._name = name
        self._seconds = seconds
        self._fails = False

    @abstractmethod
    async def turn(self) -> bool:
        """One turn; ``True`` asks for the next one at once."""

    async def run(self, stopping: asyncio.Event) -> None:
        """Turns until ``stopping``; never raises."""
        while not stopping.is_set():
            if not await self._safely():
                with suppress(TimeoutError):
                    async with asyncio.timeout(AWAY_SECONDS if self._fails else self._seconds):
                        await stopping.wait()

    async def _safely(self) -> bool:
        try:
            more = await self.turn()
        except Exception as failure:
            if not self._fails:
                log.warning("round failed", round=self._name, reason=f"{type(failure).__name__}: {failure}"[:300])
            self._fails = True
            return False
        self._fails = False
        return more
