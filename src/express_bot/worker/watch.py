"""A look every half minute at whether notifications arrive; the administrators are told when they do not."""

from __future__ import annotations

import asyncio

from express_bot.core.clock import Clock
from express_bot.core.db.session import Pool
from express_bot.core.notifications import alerts
from express_bot.observability.logs import logger
from express_bot.settings import Settings
from express_bot.worker.rounds import Round

ROUND_SECONDS = 30.0

log = logger(__name__)


class Watch(Round):
    """Safe in any number of workers: an incident is told once."""

    def __init__(self, settings: Settings, pool: Pool) -> None:
        super().__init__("watch", ROUND_SECONDS)
        self._late_after = settings.notify_alert_seconds
        self._pool = pool
        self._clock = Clock(settings.demo_clock_file if settings.is_demo else None)

    async def turn(self) -> bool:
        """Never asks for another one at once."""
        await asyncio.to_thread(self._look)
        return False

    def _look(self) -> None:
        with self._pool.connection() as db, db.transaction():
            told = alerts.tell_of_delay(db, seconds=self._late_after, now=self._clock.now())
        if told:
            log.warning("notifications do not arrive", administrators=told)
