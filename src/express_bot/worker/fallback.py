"""What did not arrive in time goes over the person's other messenger, never over both at once (ux C4)."""

from __future__ import annotations

import asyncio

from express_bot.core.db.session import Pool
from express_bot.core.notifications import keeping
from express_bot.observability.logs import logger
from express_bot.settings import Settings
from express_bot.worker.rounds import Round

ROUND_SECONDS = 5.0

log = logger(__name__)


class Fallback(Round):
    """A look every few seconds; it matters only where people have two messengers."""

    def __init__(self, settings: Settings, pool: Pool) -> None:
        super().__init__("fallback", ROUND_SECONDS)
        self._settings = settings
        self._pool = pool

    async def turn(self) -> bool:
        if len(self._settings.messengers) > 1:
            await asyncio.to_thread(self._move)
        return False

    def _move(self) -> None:
        with self._pool.connection() as db, db.transaction():
            moved = keeping.move_overdue(
                db, seconds=self._settings.notify_fallback_seconds, channels=self._settings.messengers
            )
        if moved:
            log.warning("notifications go over the other messenger", count=moved)
