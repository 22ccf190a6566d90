"""The relay: promises go from the outbox into the queue in batches, soon after they were made (design §2)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from express_bot.core.clock import Clock
from express_bot.core.db.session import Pool
from express_bot.core.notifications import repository
from express_bot.settings import Settings
from express_bot.worker.rounds import Round

QUEUE, TASK = "notifications", "notify"
#: How long a promise waits for the next pass at most, and how many go in one.
SECONDS = 0.25
BATCH = 500


def relay(settings: Settings, pool: Pool, clock: Clock | None = None) -> Callable[[], int]:
    """One pass: marks the oldest promises that are due, and puts their jobs into the queue; returns how many."""
    business = clock or Clock(settings.demo_clock_file if settings.is_demo else None)

    def once() -> int:
        with pool.connection() as db:
            return repository.relay(db, queue=QUEUE, task=TASK, now=business.now(), limit=BATCH)

    return once


class Relay(Round):
    """Passes one after another; a full batch is followed at once."""

    def __init__(self, settings: Settings, pool: Pool) -> None:
        super().__init__("relay", SECONDS)
        self._once = relay(settings, pool)

    async def turn(self) -> bool:
        """Whether there is more."""
        return await asyncio.to_thread(self._once) >= BATCH
