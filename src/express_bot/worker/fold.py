"""The fold of the statistics: what changed becomes part of the rollups within two seconds (design §7)."""

from __future__ import annotations

import asyncio

from express_bot.core.db.session import Pool
from express_bot.core.reference import ReferenceCache
from express_bot.core.statistics import upkeep
from express_bot.core.statistics.folding import BATCH
from express_bot.worker.rounds import Round

#: Hot counters are written once per fold, however many changes it takes in: often enough, and no oftener.
SECONDS = 1.0


class Fold(Round):
    """Batches one after another; a full one is followed at once. In several workers one folds at a time."""

    def __init__(self, pool: Pool) -> None:
        super().__init__("fold", SECONDS)
        self._pool = pool
        self._reference = ReferenceCache()

    async def turn(self) -> bool:
        """Whether there is more."""
        return await asyncio.to_thread(self._once) >= BATCH

    def _once(self) -> int:
        with self._pool.connection() as db:
            return upkeep.fold(db, self._reference.get(db))
