"""The queue's application: tasks and when they run by themselves (procrastinate on PostgreSQL, design §5)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from procrastinate import App, JobContext, PsycopgConnector

from express_bot.observability.logs import logger
from express_bot.settings import Settings
from express_bot.worker import upkeep
from express_bot.worker.notify import Notify, Patience, is_hopeless
from express_bot.worker.relay import QUEUE, TASK

#: The queue's own bookkeeping may be lost in a crash of the database's machine: what a job did is then done once more,
#: and whatever left the house was written down durably, after it.
OPTIONS = "-c synchronous_commit=off -c timezone=UTC"

log = logger(__name__)


def create_app(settings: Settings, notify: Notify | None = None, wake: Callable[[str], None] = lambda _: None) -> App:
    """The queue with its tasks. Periodic ones run once per moment, however many workers there are.

    ``wake`` is told the channel of each message that may be shown now.
    """
    kwargs = {"options": OPTIONS}
    app = App(connector=PsycopgConnector(conninfo=settings.dsn(), kwargs=kwargs, min_size=1, max_size=4))
    _add_upkeep(app, settings)
    if notify is not None:
        _add_notify(app, settings, notify, wake)
    return app


def _add_upkeep(app: App, settings: Settings) -> None:
    @app.periodic(cron="* * * * *")
    @app.task(name="make_periods", queueing_lock="make_periods", pass_context=False)
    def make_periods(timestamp: int) -> None:  # noqa: ARG001 - the moment the queue planned it for
        upkeep.make_periods(settings)

    @app.periodic(cron="17 * * * *")
    @app.task(name="prune", queueing_lock="prune", pass_context=False)
    def prune(timestamp: int) -> None:  # noqa: ARG001
        upkeep.prune(settings)

    @app.periodic(cron="*/20 * * * *")
    @app.task(name="recount", queueing_lock="recount", pass_context=False)
    def recount(timestamp: int) -> None:  # noqa: ARG001
        upkeep.recount(settings)

    @app.periodic(cron="47 * * * *")
    @app.task(name="prune_files", queueing_lock="prune_files", pass_context=False)
    def prune_files(timestamp: int) -> None:  # noqa: ARG001
        upkeep.prune_files(settings)

    @app.periodic(cron="* * * * *")
    @app.task(name="check_files", queueing_lock="check_files", pass_context=False)
    def check_files(timestamp: int) -> None:  # noqa: ARG001
        upkeep.check_files(settings)


def _add_notify(app: App, settings: Settings, notify: Notify, wake: Callable[[str], None]) -> None:
    @app.task(name=TASK, queue=QUEUE, pass_context=True, retry=Patience(settings.retry_schedule))
    async def keep(context: JobContext, outbox_id: int) -> None:
        try:
            channels: Iterable[str] = await asyncio.to_thread(notify, outbox_id)
        except Exception as failure:
            log.warning("promise not kept", outbox_id=outbox_id, attempts=context.job.attempts, exc_info=failure)
            if not is_hopeless(failure, context.job.attempts):
                raise
            await asyncio.to_thread(notify.give_up, outbox_id, f"defect: {type(failure).__name__}")
            return
        for channel in channels:
            wake(channel)
