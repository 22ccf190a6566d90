"""The worker's process: ``python -m express_bot.worker``."""

from __future__ import annotations

import asyncio

from express_bot.observability.logs import configure
from express_bot.settings import get_settings
from express_bot.worker.runtime import run


def main() -> None:
    """Runs until told to stop; what it was doing is finished first."""
    settings = get_settings()
    configure(settings)
    asyncio.run(run(settings))


if __name__ == "__main__":
    main()
