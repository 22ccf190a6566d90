"""The worker's process: ``python -m express_bot.worker``."""

from __future__ import annotations

from express_bot.observability.logs import configure
from express_bot.settings import get_settings
from express_bot.worker import upkeep
from express_bot.worker.app import create_app

#: Calls under way get this long to finish when the worker is told to go.
GRACE = 20.0


def main() -> None:
    """Runs until told to stop; what it was doing is finished first."""
    settings = get_settings()
    configure(settings)
    upkeep.make_periods(settings)
    app = create_app(settings)
    with app.open():
        app.run_worker(
            concurrency=4,
            install_signal_handlers=True,
            shutdown_graceful_timeout=GRACE,
            delete_jobs="successful",
            listen_notify=True,
        )


if __name__ == "__main__":
    main()
