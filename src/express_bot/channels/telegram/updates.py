"""How updates come, and whether they do: brought by Telegram or fetched from it."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from express_bot.channels.core_service import CoreService
from express_bot.channels.telegram.account import Account
from express_bot.channels.telegram.intake import Intake
from express_bot.channels.telegram.introduction import Introduction
from express_bot.channels.telegram.polling import Polling
from express_bot.observability.logs import logger
from express_bot.settings import Settings

log = logger(__name__)


class Updates:
    """One process's part in it."""

    def __init__(self, settings: Settings, account: Account, service: CoreService, intake: Intake) -> None:
        self.is_reached = True
        """Nothing speaks against it that updates find their way to us."""
        self._introduction = Introduction(settings, account, self._note)
        self._polling = Polling(account, service, intake, self._note) if settings.polls_telegram else None
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Introduces the bot and, where nobody brings updates, fetches them."""
        self._tasks.append(asyncio.create_task(self._introduction.give(), name="telegram-introduction"))
        if self._polling is not None:
            self._tasks.append(asyncio.create_task(self._polling.run(), name="telegram-polling"))
        for task in self._tasks:
            task.add_done_callback(_report)

    async def stop(self) -> None:
        """Fetches nothing more; what was fetched and not stored comes again."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError, Exception):
                await task

    def _note(self, reached: bool) -> None:
        self.is_reached = reached


def _report(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception() is not None:
        log.error("a task has ended", task=task.get_name(), exc_info=task.exception())
