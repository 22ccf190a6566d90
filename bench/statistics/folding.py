"""Folds like a worker does until it is told to stop: ``python folding.py DSN``."""

from __future__ import annotations

import asyncio
import signal
import sys

from express_bot.core.db.session import open_pool
from express_bot.worker.fold import Fold


async def main(dsn: str) -> None:
    """Turns as the worker's own round makes them."""
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    pool = open_pool(dsn, 2, patient=True)
    fold = Fold(pool)
    await fold.turn()
    print("ready", flush=True)
    await fold.run(stopping)
    pool.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
