"""The queue's application: tasks and when they run by themselves (procrastinate on PostgreSQL, design §5)."""

from __future__ import annotations

from procrastinate import App, PsycopgConnector

from express_bot.settings import Settings
from express_bot.worker import upkeep


def create_app(settings: Settings) -> App:
    """The queue with its tasks. Periodic ones run once per moment, however many workers there are."""
    app = App(connector=PsycopgConnector(conninfo=settings.dsn(), min_size=1, max_size=3))

    @app.periodic(cron="* * * * *")
    @app.task(name="make_periods", queueing_lock="make_periods", pass_context=False)
    def make_periods(timestamp: int) -> None:  # noqa: ARG001 - the moment the queue planned it for
        upkeep.make_periods(settings)

    @app.periodic(cron="17 * * * *")
    @app.task(name="prune", queueing_lock="prune", pass_context=False)
    def prune(timestamp: int) -> None:  # noqa: ARG001
        upkeep.prune(settings)

    return app
