"""The worker: queue, rounds (relay, fold, rescue …), scheduler and senders in one process, and any number of those.

Nothing in here is lost when the process is killed: jobs and cards are leased, promises are rows.
"""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress

import psycopg
from procrastinate import App
from procrastinate.exceptions import ConnectorException
from prometheus_client import CollectorRegistry
from psycopg_pool import PoolTimeout

from express_bot.channels.metrics import ChannelMetrics
from express_bot.channels.outgoing import Outgoing
from express_bot.core.db.session import open_pool
from express_bot.observability.logs import logger
from express_bot.settings import Settings
from express_bot.worker import upkeep
from express_bot.worker.app import create_app
from express_bot.worker.fallback import Fallback
from express_bot.worker.fold import Fold
from express_bot.worker.notify import Notify
from express_bot.worker.relay import Relay
from express_bot.worker.rescue import BEAT_SECONDS, DEAD_SECONDS, Rescue
from express_bot.worker.rounds import Round
from express_bot.worker.scheduler import Scheduler
from express_bot.worker.watch import Watch

#: Jobs under way get this long to finish when the worker is told to go.
GRACE_SECONDS = 15.0
CONCURRENCY = 4
#: The relay's jobs are announced; this is for those that come back after a pause.
POLL_SECONDS = 1.0
#: The queue stops when its database goes away, and is started again.
AWAY_SECONDS = 1.0
AWAY = (ConnectorException, psycopg.Error, PoolTimeout, OSError)

log = logger(__name__)


class Worker:
    """One process's share of the background work."""

    def __init__(self, settings: Settings) -> None:
        """Opens the pool; everything else waits for ``run``."""
        self._settings = settings
        self._stopping = asyncio.Event()
        # each job, each round, and one to spare
        self._pool = open_pool(settings.dsn(), CONCURRENCY + 5, patient=True)
        registry = CollectorRegistry()
        self._senders = {
            channel: Outgoing(settings, channel, ChannelMetrics(registry, channel)) for channel in settings.messengers
        }
        self._rounds: list[Round] = [
            Relay(settings, self._pool),
            Fold(self._pool),
            Rescue(self._pool),
            Fallback(settings, self._pool),
            Watch(settings, self._pool),
        ]
        self._scheduler = Scheduler(settings)

    async def run(self) -> None:
        """Until a signal says stop; what is under way is finished first."""
        loop = asyncio.get_running_loop()
        for signum in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signum, self.stop)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._queue())
            tasks.create_task(asyncio.to_thread(self._scheduler.run))
            for each in self._rounds:
                tasks.create_task(each.run(self._stopping))
            for channel, sender in self._senders.items():
                tasks.create_task(self._send(channel, sender))
        self._pool.close()

    def stop(self) -> None:
        """Takes nothing more."""
        self._stopping.set()
        self._scheduler.stop()

    async def _queue(self) -> None:
        """The queue's worker, again whenever its database was away."""
        while not self._stopping.is_set():
            app = create_app(self._settings, Notify(self._settings, self._pool), self._wake)
            try:
                await self._work(app)
            except AWAY as gone:
                log.warning("the queue is away", reason=type(gone).__name__)
            if not self._stopping.is_set():
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), AWAY_SECONDS)

    async def _work(self, app: App) -> None:
        async with app.open_async():
            working = asyncio.create_task(
                app.run_worker_async(
                    concurrency=CONCURRENCY,
                    fetch_job_polling_interval=POLL_SECONDS,
                    update_heartbeat_interval=BEAT_SECONDS,
                    stalled_worker_timeout=DEAD_SECONDS,
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=GRACE_SECONDS,
                    delete_jobs="successful",
                )
            )
            stopped = asyncio.create_task(self._stopping.wait())
            await asyncio.wait((working, stopped), return_when=asyncio.FIRST_COMPLETED)
            stopped.cancel()
            if not working.done():
                working.cancel()
            with suppress(asyncio.CancelledError):
                await working

    async def _send(self, channel: str, sender: Outgoing) -> None:
        try:
            await sender.start()
        except Exception:
            log.exception("the messenger cannot be served", channel=channel)
        await self._stopping.wait()
        await sender.stop()

    def _wake(self, channel: str) -> None:
        sender = self._senders.get(channel)
        if sender is not None:
            sender.call()


async def run(settings: Settings) -> None:
    """One worker from its start to its end."""
    worker = Worker(settings)
    await asyncio.to_thread(_make_periods, settings)
    await worker.run()


def _make_periods(settings: Settings) -> None:
    """Before anything else: a fresh house has a period at once. Without a database the queue does it later."""
    try:
        upkeep.make_periods(settings)
    except psycopg.OperationalError as gone:
        log.warning("periods are made later", reason=type(gone).__name__)
